"""The mode of a coil, what is rolled alike, and the wider ones that it falls back to."""

from itertools import pairwise

BORDERS_MM = (2.0, 2.5, 3.0, 4.0, 5.0, 6.0, 8.0, 10.0, 12.5, 15.0)
"""Of the classes of thickness in EN 10051; a class has its upper border."""

ALL = "all coils"


def coil_modes(grade_family: str | None, thickness_mm: float | None) -> tuple[str, ...]:
    """Grade family and class of thickness; the class alone, since speeds and tensions follow it; all coils.

    >>> coil_modes("HSLA", 4.0)
    ('HSLA, over 3 to 4 mm', 'all families, over 3 to 4 mm', 'all coils')
    >>> coil_modes(None, None)
    ('all coils',)
    """
    if thickness_mm is None:
        return (ALL,)
    name = thickness_class(thickness_mm)
    family = [f"{grade_family}, {name}"] if grade_family else []
    return (*family, f"all families, {name}", ALL)


def thickness_class(thickness_mm: float) -> str:
    """The class's name.

    >>> thickness_class(2.0), thickness_class(20.0)
    ('up to 2 mm', 'over 15 mm')
    """
    if thickness_mm <= BORDERS_MM[0]:
        return f"up to {BORDERS_MM[0]:g} mm"
    between = (f"over {over:g} to {to:g} mm" for over, to in pairwise(BORDERS_MM) if thickness_mm <= to)
    return next(between, f"over {BORDERS_MM[-1]:g} mm")
