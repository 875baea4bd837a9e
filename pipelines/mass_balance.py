"""Masses that follow from others: by dimensions, by the iron in scale, and what no account explains."""

from functools import reduce
from operator import add

from pyspark.sql import Column
from pyspark.sql import functions as F

STEEL_T_M3 = 7.85
"""Density by which dimensions are made into mass: EN 10025-1 reckons structural steel with 7,850 kg/m3."""

SCALE_PCT = 1.5
"""Mass of the scale per mass of the slab, 1.1 % in iron. Reheating costs 1.5 to 3 % of the steel (Abuluwefa,
McGill University, 1992); makers of new furnaces state 0.7 to 1.5 %."""

IRON_IN_SCALE = 0.75
"""Share of iron in the mass of scale: 0.777 in FeO, 0.724 in Fe3O4, 0.699 in Fe2O3."""


def theoretical_mass_t(thickness_mm: Column, width_mm: Column, length_m: Column) -> Column:
    """Length x width x thickness x density.

    >>> df = spark.sql("select 3.0d as h, 1250.0d as w, 720.0d as l")
    >>> mass_t = theoretical_mass_t(F.col("h"), F.col("w"), F.col("l"))
    >>> df.select(F.round(mass_t, 3).alias("mass_t")).show()
    +------+
    |mass_t|
    +------+
    |21.195|
    +------+
    <BLANKLINE>
    """
    return thickness_mm * width_mm * length_m * F.lit(STEEL_T_M3 * 1e-6)


def length_by_mass_m(mass_t: Column, thickness_mm: Column, width_mm: Column) -> Column:
    """The length that a piece of that mass and section has; missing where one of them is missing or 0.

    >>> df = spark.sql("select 21.195d as t, 3.0d as h, 1250.0d as w")
    >>> length_m = length_by_mass_m(F.col("t"), F.col("h"), F.col("w"))
    >>> df.select(F.round(length_m, 3).alias("length_m")).show()
    +--------+
    |length_m|
    +--------+
    |   720.0|
    +--------+
    <BLANKLINE>
    """
    metre_t = theoretical_mass_t(thickness_mm, width_mm, F.lit(1.0))
    return F.when((mass_t > 0) & (metre_t > 0), mass_t / metre_t)


def iron_lost_in_scale_t(slab_mass_t: Column, scale_pct: float) -> Column:
    """Iron that leaves a slab as scale, where ``scale_pct`` is the mass of the scale per mass of the slab.

    >>> df = spark.sql("select 20.0d as slab_mass_t")
    >>> lost_t = iron_lost_in_scale_t(F.col("slab_mass_t"), scale_pct=1.5)
    >>> df.select(F.round(lost_t, 3).alias("scale_mass_t")).show()
    +------------+
    |scale_mass_t|
    +------------+
    |       0.225|
    +------------+
    <BLANKLINE>
    """
    return slab_mass_t * F.lit(scale_pct * IRON_IN_SCALE / 100)


def total_t(*masses_t: Column) -> Column:
    """The sum of those masses that are known.

    >>> df = spark.sql("select 1.5d as crop_mass_t, cast(null as double) as trim_mass_t")
    >>> df.select(total_t(F.col("crop_mass_t"), F.col("trim_mass_t")).alias("mass_t")).show()
    +------+
    |mass_t|
    +------+
    |   1.5|
    +------+
    <BLANKLINE>
    """
    return reduce(add, (F.coalesce(mass, F.lit(0.0)) for mass in masses_t))


def to_the_milligram(mass_t: Column) -> Column:
    """The mass without what adding up in another order would change: a zero is a zero on every engine.

    >>> df = spark.sql("select 0.3d - 0.1d - 0.2d as mass_t")
    >>> df.select(to_the_milligram(F.col("mass_t")).alias("mass_t")).show()
    +------+
    |mass_t|
    +------+
    |   0.0|
    +------+
    <BLANKLINE>
    """
    return F.round(mass_t, 9) + F.lit(0.0)
