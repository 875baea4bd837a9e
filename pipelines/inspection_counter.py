"""Metres of an inspection's own length counter as metres of the piece: stretched to the piece's length."""

from pyspark.sql import Column, DataFrame
from pyspark.sql import functions as F

from pipelines.position_errors import CONTRADICTION_SHARE, COUNTER_SHARE, INSPECTION_END_M


def with_counted_length(rows: DataFrame, inspections: DataFrame) -> DataFrame:
    """The rows with ``counted_m``: how long their piece was by the counter of their inspection system.

    That is where the last interval of the piece ends, whatever the state was in it. ``rows`` have their
    ``production_day``; the inspection ended on that day or the one before.
    """
    counted = inspections.groupBy(
        "inspection_system", "material_id", F.col("production_day").alias("counted_day")
    ).agg(F.max("to_m").alias("ends_m"))
    own = ("inspection_system", "material_id")
    same = [F.col(f"row.{name}") == F.col(f"counted.{name}") for name in own]
    apart = F.datediff("row.production_day", "counted.counted_day").between(0, 1)
    found = rows.alias("row").join(counted.alias("counted"), on=[*same, apart])
    lengths = found.groupBy(*(F.col(f"row.{name}").alias(name) for name in (*own, "production_day"))).agg(
        F.max_by("ends_m", "counted_day").alias("counted_m")
    )
    return rows.join(lengths, on=[*own, "production_day"], how="left")


def stretch() -> Column:
    """Metres of the piece per metre of the counter; missing where the two lengths cannot be of one thing.

    They are not where one was not told, or where they differ by 5 %: then the inspection did not see all.

    >>> df = spark.sql("select 700.0d as piece_m, 703.5d as counted_m union all select 700.0d, 400.0d")
    >>> df.select(F.round(stretch(), 4).alias("stretch")).orderBy("stretch").show()
    +-------+
    |stretch|
    +-------+
    |   NULL|
    |  0.995|
    +-------+
    <BLANKLINE>
    """
    piece_m, counted_m = F.col("piece_m"), F.col("counted_m")
    are_of_one_thing = F.abs(piece_m - counted_m) <= CONTRADICTION_SHARE * piece_m
    return F.when(are_of_one_thing & (counted_m > 0), piece_m / counted_m)


def counter_sigma_m(at_m: Column) -> Column:
    """Error of a place on the piece by a counter that was stretched: of an end, and of the piece's length.

    >>> df = spark.sql("select 0.0d as at_m union all select 700.0d")
    >>> df.select(F.round(counter_sigma_m(F.col("at_m")), 2).alias("sigma_m")).orderBy("sigma_m").show()
    +-------+
    |sigma_m|
    +-------+
    |    0.2|
    |   0.73|
    +-------+
    <BLANKLINE>
    """
    return F.sqrt(F.lit(INSPECTION_END_M**2) + F.lit(COUNTER_SHARE**2) * at_m * at_m)
