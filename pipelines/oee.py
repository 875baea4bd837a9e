"""The OEE index of ISO 22400-2 and what it is made of.

Availability is the actual production time per planned busy time; effectiveness the planned run time per item
x produced quantity per actual production time; the quality ratio the good per produced quantity.
"""

from pyspark.sql import Column
from pyspark.sql import functions as F

from pipelines.ratios import per


def oee_pct(availability_pct: Column, effectiveness_pct: Column, quality_ratio_pct: Column) -> Column:
    """The product of the three factors; missing where one of them is.

    >>> df = spark.createDataFrame([(90.0, 90.0, 95.0), (90.0, None, 95.0)], "a double, e double, q double")
    >>> df.select(F.round(oee_pct(F.col("a"), F.col("e"), F.col("q")), 2).alias("oee_pct")).show()
    +-------+
    |oee_pct|
    +-------+
    |  76.95|
    |   NULL|
    +-------+
    <BLANKLINE>
    """
    return availability_pct * effectiveness_pct * quality_ratio_pct / F.lit(10_000.0)


def at_ideal_rate_min(mass_t: Column, rate_t_h: Column) -> Column:
    """The time that a mass takes at the standard rate of its product class: planned run time x quantity.

    >>> df = spark.createDataFrame([(30.0, 900.0)], "mass_t double, rate_t_h double")
    >>> df.select(at_ideal_rate_min(F.col("mass_t"), F.col("rate_t_h")).alias("ideal_min")).show()
    +---------+
    |ideal_min|
    +---------+
    |      2.0|
    +---------+
    <BLANKLINE>
    """
    return per(F.lit(60.0) * mass_t, rate_t_h)
