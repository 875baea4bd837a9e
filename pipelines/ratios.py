"""Shares and rates that are missing, not infinite, where there is nothing to divide by."""

from pyspark.sql import Column
from pyspark.sql import functions as F


def per(amount: Column, base: Column) -> Column:
    """``amount / base``, missing where the base is zero.

    >>> df = spark.createDataFrame([(90.0, 60.0), (90.0, 0.0)], "electricity_kwh double, mass_t double")
    >>> df.select(per(F.col("electricity_kwh"), F.col("mass_t")).alias("electricity_kwh_t")).show()
    +-----------------+
    |electricity_kwh_t|
    +-----------------+
    |              1.5|
    |             NULL|
    +-----------------+
    <BLANKLINE>
    """
    # F.try_divide is for whole numbers only on the embedded engine.
    return amount / F.nullif(base, F.lit(0.0))


def pct(part: Column, whole: Column) -> Column:
    """The part in percent of the whole, missing where the whole is zero.

    >>> df = spark.createDataFrame([(21.5, 22.0)], "mass_out_t double, mass_in_t double")
    >>> df.select(F.round(pct(F.col("mass_out_t"), F.col("mass_in_t")), 2).alias("metallic_yield_pct")).show()
    +------------------+
    |metallic_yield_pct|
    +------------------+
    |             97.73|
    +------------------+
    <BLANKLINE>
    """
    return F.lit(100.0) * per(part, whole)
