"""Modes: what is rolled alike and is judged together, a grade family in a class of thickness."""

from bisect import bisect_left
from collections.abc import Sequence
from itertools import pairwise

from pyspark.sql import Column
from pyspark.sql import functions as F

BORDERS_MM = (2.0, 2.5, 3.0, 4.0, 5.0, 6.0, 8.0, 10.0, 12.5, 15.0)
"""Of the classes of thickness in EN 10051; a class has its upper border."""

STRATA_BORDERS_MM = (2.0, 3.0, 4.0, 6.0, 10.0)
"""Of wider classes: coils are compared within them, so each needs some with a defect and some without."""

CHART_BORDERS_MM = (2.0, 4.0, 8.0)
"""Of the widest: a chart's limits, and what fits a capability, need many coils of a few weeks."""

ALL = "all coils"
UNKNOWN = "not known"


def coil_modes(grade_family: str | None, thickness_mm: float | None) -> tuple[str, ...]:
    """Grade family and class of thickness; the class alone, since speeds and tensions follow it; all coils.

    >>> coil_modes("HSLA", 4.0)
    ('HSLA, over 3 to 4 mm', 'all families, over 3 to 4 mm', 'all coils')
    >>> coil_modes(None, None)
    ('all coils',)
    """
    if thickness_mm is None:
        return (ALL,)
    name = class_names(BORDERS_MM)[bisect_left(BORDERS_MM, thickness_mm)]
    family = [f"{grade_family}, {name}"] if grade_family else []
    return (*family, f"all families, {name}", ALL)


def chart_mode(grade_family: Column, thickness_mm: Column) -> Column:
    """The name of the mode that coils are charted in; what is missing is a mode of its own.

    >>> df = spark.sql("select 'HSLA' as family, mm from values (2.0D), (2.1D), (9.0D), (null) as t(mm)")
    >>> modes = df.select(chart_mode(F.col("family"), F.col("mm")).alias("mode"))
    >>> [row.mode for row in modes.collect()]
    ['HSLA, up to 2 mm', 'HSLA, over 2 to 4 mm', 'HSLA, over 8 mm', 'HSLA, thickness not known']
    """
    *bounded, last = class_names(CHART_BORDERS_MM)
    thickness = F.when(thickness_mm > CHART_BORDERS_MM[-1], last)
    for to_mm, name in zip(CHART_BORDERS_MM, bounded, strict=True):
        thickness = thickness.when(thickness_mm <= to_mm, name)
    family = F.coalesce(grade_family, F.lit(f"family {UNKNOWN}"))
    return F.concat_ws(", ", family, thickness.otherwise(f"thickness {UNKNOWN}"))


def class_names(borders_mm: Sequence[float]) -> tuple[str, ...]:
    """The names of the classes between borders, in order.

    >>> class_names((2.0, 4.0))
    ('up to 2 mm', 'over 2 to 4 mm', 'over 4 mm')
    """
    between = (f"over {over_mm:g} to {to_mm:g} mm" for over_mm, to_mm in pairwise(borders_mm))
    return (f"up to {borders_mm[0]:g} mm", *between, f"over {borders_mm[-1]:g} mm")
