"""What the plant promises and watches, as Arrow tables: dimensional tolerances and limits of signals.

Thickness tolerances are those of EN 10051:2010, category A; the others add their share to them, rounded to
0.01 mm. Limits of signals are the plant's own.
"""

from itertools import pairwise

import numpy as np
import pyarrow as pa

from pipelines.reference_mill.arrow_tables import delivered_table, moments
from pipelines.reference_mill.before_rolling import LONG_AGO
from pipelines.reference_mill.grades import CATEGORIES, GRADES
from pipelines.reference_mill.mill import Mill
from schemas.raw.grade_limits import RAW_GRADE_LIMITS
from schemas.raw.tolerances import RAW_TOLERANCES

THICKNESSES_MM = (0.0, 2.0, 2.5, 3.0, 4.0, 5.0, 6.0, 8.0, 10.0, 12.5, 15.0)
WIDTHS_MM = (0.0, 1200.0, 1500.0, 1800.0, 2200.0)
HALF_WIDTH_MM = (
    (0.17, 0.19, 0.21, None),
    (0.18, 0.21, 0.23, 0.25),
    (0.20, 0.22, 0.24, 0.26),
    (0.22, 0.24, 0.26, 0.27),
    (0.24, 0.26, 0.28, 0.29),
    (0.26, 0.28, 0.29, 0.31),
    (0.29, 0.30, 0.31, 0.35),
    (0.32, 0.33, 0.34, 0.40),
    (0.35, 0.36, 0.37, 0.43),
    (0.37, 0.38, 0.40, 0.46),
)
"""Of the band of category A, thickness class by width class."""

WIDER_MM = {"width with mill edges": (20, 20, 20, 20), "width with trimmed edges": (3, 5, 6, 6)}

FAMILIES = tuple(dict.fromkeys(grade.family for grade in GRADES))
TIGHT_FAMILIES = ("HSLA",)
CLASSES_MM = (0.0, 2.0, 4.0, 25.0)
"""Borders of the thickness classes of the limits."""

LIMITS: dict[str, tuple[str | None, tuple[tuple[float, float], ...]]] = {
    "finishing_temp_c": ("target_finishing_temp_c", ((-25, 25), (-25, 25), (-30, 30))),
    "coiling_temp_c": ("target_coiling_temp_c", ((-30, 30), (-30, 30), (-35, 35))),
    "crown_um": (None, ((10, 70), (10, 80), (10, 90))),
    "wedge_um": (None, ((-35, 35), (-40, 40), (-45, 45))),
    "flatness_iu": (None, ((-25, 40), (-25, 40), (-30, 45))),
}
"""Signal -> the target that its limits count from, and the limits class by class."""


def half_width_mm(category_a_mm: float, more_pct: int) -> float:
    """Half the band of a category, rounded half up as the standard's own tables are.

    >>> [half_width_mm(0.22, pct) for pct in (0, 15, 30, 40)]
    [0.22, 0.25, 0.29, 0.31]
    """
    # In whole hundredths of a percent of 0.01 mm, so that no half is lost to binary fractions.
    return (round(100 * category_a_mm) * (100 + more_pct) + 50) // 100 / 100


def tolerance_table(mill: Mill) -> pa.Table:
    """Tolerances on thickness and width of every category."""
    rows = [row for letter in CATEGORIES for row in (*_thickness_rows(*letter), *_width_rows(*letter))]
    names = "tolerance_class strength_over_mpa strength_to_mpa dimension thickness_over_mm thickness_to_mm"
    names += " width_over_mm width_to_mm lower_mm upper_mm"
    columns = dict(zip(names.split(), zip(*rows, strict=True), strict=True))
    return delivered_table(
        RAW_TOLERANCES, columns | {"edition": ["EN 10051:2010"] * len(rows)} | _always(mill, len(rows))
    )


Row = tuple[str, float, float, str, float, float, float, float, float, float]


def _thickness_rows(letter: str, over_mpa: float, to_mpa: float, more_pct: int) -> list[Row]:
    of_class = (f"EN 10051 {letter}", over_mpa, to_mpa, "thickness")
    return [
        (*of_class, *thick_mm, *wide_mm, -half_width_mm(half_mm, more_pct), half_width_mm(half_mm, more_pct))
        for thick_mm, halves_mm in zip(pairwise(THICKNESSES_MM), HALF_WIDTH_MM, strict=True)
        for wide_mm, half_mm in zip(pairwise(WIDTHS_MM), halves_mm, strict=True)
        if half_mm is not None
    ]


def _width_rows(letter: str, over_mpa: float, to_mpa: float, _: int) -> list[Row]:
    every_mm = (THICKNESSES_MM[0], THICKNESSES_MM[-1])
    return [
        (f"EN 10051 {letter}", over_mpa, to_mpa, dimension, *every_mm, *wide_mm, 0.0, upper_mm)
        for dimension, uppers_mm in WIDER_MM.items()
        for wide_mm, upper_mm in zip(pairwise(WIDTHS_MM), uppers_mm, strict=True)
    ]


def grade_limit_table(mill: Mill) -> pa.Table:
    """Limits of temperature and shape by grade family and thickness class."""
    rows = [
        (family, signal, *border_mm, target, *_tightened(family, signal, limits[no]))
        for family in FAMILIES
        for signal, (target, limits) in LIMITS.items()
        for no, border_mm in enumerate(pairwise(CLASSES_MM))
    ]
    names = (
        "grade_family signal thickness_over_mm thickness_to_mm target_field least_of_signal most_of_signal"
    )
    columns = dict(zip(names.split(), zip(*rows, strict=True), strict=True))
    return delivered_table(RAW_GRADE_LIMITS, columns | _always(mill, len(rows)))


def _tightened(family: str, signal: str, limits: tuple[float, float]) -> tuple[float, float]:
    """Niobium steels get their strength from their temperatures: five kelvin less on either side."""
    is_tight = family in TIGHT_FAMILIES and signal.endswith("_temp_c")
    return (limits[0] + 5, limits[1] - 5) if is_tight else limits


def _always(mill: Mill, rows: int) -> dict[str, object]:
    return {"valid_from_at": moments(mill, LONG_AGO, np.zeros(rows)), "valid_to_at": [None] * rows}
