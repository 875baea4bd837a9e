"""Metres out of range: runs of segments whose mean lies beyond a limit, as intervals of the strip."""

from collections.abc import Iterable

from pyspark.sql import DataFrame, Window
from pyspark.sql import functions as F

LIMIT = ("coil_id", "signal", "source")


def strip_deviations(segments: DataFrame, limits: DataFrame, signals: Iterable[str]) -> DataFrame:
    """One row per interval of a coil in which one of the ``signals`` (at least one) was beyond a limit.

    A segment is judged by its mean, where it lies wholly between the free ends. An interval goes on over
    segments without a measurement, as nothing says that the signal came back, and ends at a measured one
    in range or beyond the other limit.
    """
    return _intervals(_judged(_measured(segments, signals), limits))


def _measured(segments: DataFrame, signals: Iterable[str]) -> DataFrame:
    """One row per segment and signal that was measured in it."""
    of_signals = [
        F.struct(
            F.lit(signal).alias("signal"),
            F.col(f"{signal}.mean").alias("mean"),
            F.col(f"{signal}.flag").isNotNull().alias("is_flagged"),
        )
        for signal in signals
    ]
    segment = ("coil_id", "production_day", "segment_no", "from_m", "to_m", "length_m")
    by_signal = segments.select(*segment, F.explode(F.array(*of_signals)).alias("measured"))
    return by_signal.select(*segment, "measured.*").where("mean is not null")


def _judged(measured: DataFrame, limits: DataFrame) -> DataFrame:
    """The measured segments in which a limit of the signal holds, and the side of it on which they lie."""
    limit = limits.where(F.col("not_computable").isNull()).drop("production_day")
    return (
        measured.join(F.broadcast(limit), on=["coil_id", "signal"])
        .where("from_m >= free_ends_m and to_m <= length_m - free_ends_m")
        .withColumn(
            "side",
            F.when(F.col("mean") < F.col("least_of_signal"), "below")
            .when(F.col("mean") > F.col("most_of_signal"), "above")
            .otherwise("within"),
        )
    )


def _intervals(judged: DataFrame) -> DataFrame:
    of_limit = Window.partitionBy(*LIMIT)
    along = of_limit.orderBy("segment_no")
    side, length_m = F.col("side"), F.col("to_m") - F.col("from_m")
    is_new = F.coalesce(side != F.lag("side").over(along), F.lit(True))
    limit = F.when(side == "below", F.col("least_of_signal")).otherwise(F.col("most_of_signal"))
    return (
        judged.withColumn("judged_m", F.sum(length_m).over(of_limit))
        .withColumn("is_new", is_new.cast("int"))
        .withColumn("interval_no", F.sum("is_new").over(along))
        .where(side != "within")
        .withColumn("length_m", length_m)
        .withColumn("limit_of_signal", limit)
        .withColumn("beyond_of_signal", F.abs(F.col("mean") - limit))
        .groupBy(*LIMIT, "interval_no", "production_day", "side", "limit_of_signal", "judged_m")
        .agg(
            F.min("from_m").alias("from_m"),
            F.max("to_m").alias("to_m"),
            F.max_by("mean", "beyond_of_signal").alias("worst_of_signal"),
            F.sum(F.col("beyond_of_signal") * F.col("length_m")).alias("beyond_m"),
            F.sum("length_m").alias("measured_m"),
            F.sum(F.when(F.col("is_flagged"), F.col("length_m")).otherwise(0.0)).alias("flagged_m"),
        )
        .withColumn("mean_beyond_of_signal", F.col("beyond_m") / F.col("measured_m"))
    )
