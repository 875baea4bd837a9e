"""What can cause which defects: signals and the side that is bad, equipment, faults of the process."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Menu:
    """Of a defect class. Signals are those of conditions.py, with True where high values are bad."""

    signals: tuple[tuple[str, bool], ...]
    equipment: tuple[str, ...] = ()
    fault: str | None = None
    """Kind of process fault on whose metres it comes about."""

    only_in: tuple[str, ...] = ()
    """Grade families that can be prone to it alone."""

    starts_or_ends_campaign: str | None = None
    """Whether the first or the last coils of a campaign can be prone to it."""

    old_backup_rolls: bool = False


MENUS = {
    "sliver": Menu(
        (("casting_speed_m_min", True), ("mould_level_mm", True), ("superheat_c", False), ("al_pct", True)),
        ("strand",),
        "mould level burst",
        ("ultra-low carbon", "low carbon"),
    ),
    "longitudinal crack": Menu(
        (("superheat_c", True), ("p_pct", True), ("s_pct", True), ("casting_speed_m_min", True)),
        ("strand",),
        "mould level burst",
        ("structural", "HSLA"),
    ),
    "edge crack": Menu(
        (("n_pct", True), ("nb_pct", True), ("furnace_stay_min", True), ("finishing_temp_c", False)),
        ("furnace",),
        "cold slab end",
        ("HSLA", "structural"),
    ),
    "rolled-in scale": Menu(
        (
            ("descaling_pressure_bar", False),
            ("furnace_stay_min", True),
            ("finishing_temp_c", True),
            ("transport_s", True),
        ),
        ("furnace", "F1 top work", "F2 bottom work", "F3 top work"),
        "skid marks",
        ("structural", "HSLA"),
        "last",
    ),
    "scratch": Menu((("coiling_temp_c", False), ("finishing_temp_c", False)), ("coiler",)),
    "stain": Menu(
        (("coiling_temp_c", False), ("descaling_pressure_bar", True)),
        (),
        "cooling bank loss",
        ("ultra-low carbon", "low carbon"),
        "first",
        old_backup_rolls=True,
    ),
}
"""Defect class -> what can cause it. Roll marks have their own: roll_marks.py."""

KINDS = (
    "threshold",
    "dose",
    "interaction",
    "some grades",
    "equipment",
    "sequence",
    "delayed",
    "local",
)


def kinds_of(menu: Menu) -> tuple[str, ...]:
    """The kinds of causes that a class can have.

    >>> kinds_of(MENUS["scratch"])
    ('threshold', 'dose', 'interaction', 'equipment', 'delayed')
    """
    can_be = {
        "some grades": bool(menu.only_in),
        "equipment": bool(menu.equipment),
        "sequence": bool(menu.starts_or_ends_campaign),
        "local": bool(menu.fault),
    }
    return tuple(kind for kind in KINDS if can_be.get(kind, True))
