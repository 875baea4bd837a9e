"""Modes: what is rolled alike and is judged together, a grade family in a class of thickness."""

from itertools import pairwise

from pyspark.sql import Column
from pyspark.sql import functions as F

BORDERS_MM = (2.0, 4.0, 8.0)
"""Of the classes of ordered thickness; a class has its upper border, as those of limits have."""

UNKNOWN = "not known"


def mode(grade_family: Column, thickness_mm: Column) -> Column:
    """The mode's name; what is missing is a mode of its own.

    >>> df = spark.sql("select 'HSLA' as family, mm from values (2.0D), (2.1D), (9.0D), (null) as t(mm)")
    >>> [row.mode for row in df.select(mode(F.col("family"), F.col("mm")).alias("mode")).collect()]
    ['HSLA, up to 2 mm', 'HSLA, 2 to 4 mm', 'HSLA, over 8 mm', 'HSLA, thickness not known']
    """
    thin = F.when(thickness_mm <= BORDERS_MM[0], f"up to {BORDERS_MM[0]:g} mm")
    for over_mm, to_mm in pairwise(BORDERS_MM):
        thin = thin.when(thickness_mm <= to_mm, f"{over_mm:g} to {to_mm:g} mm")
    thickness = thin.when(thickness_mm > BORDERS_MM[-1], f"over {BORDERS_MM[-1]:g} mm").otherwise(
        f"thickness {UNKNOWN}"
    )
    return F.concat_ws(", ", F.coalesce(grade_family, F.lit(f"family {UNKNOWN}")), thickness)
