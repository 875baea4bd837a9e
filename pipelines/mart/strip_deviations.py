"""Metres out of range: runs of segments whose mean lies beyond a limit, as intervals of the strip."""

from collections.abc import Iterable

from pyspark.sql import DataFrame, Window
from pyspark.sql import functions as F

LIMIT = ("coil_id", "signal", "source")
SEGMENT = ("coil_id", "production_day", "segment_no", "from_m", "to_m", "length_m")


def strip_deviations(segments: DataFrame, limits: DataFrame, signals: Iterable[str]) -> DataFrame:
    """One row per interval of a coil in which one of the ``signals`` (at least one) was beyond a limit.

    A segment is judged by its mean, where it lies wholly between the free ends. An interval goes on over
    segments without a measurement, as nothing says that the signal came back, and ends at a measured one
    in range or beyond the other limit.
    """
    judged = _judged(_measured(segments, signals), limits)
    # Few limits are ever broken: to put only their segments in order is most of the time saved.
    return _intervals(judged.join(F.broadcast(_broken(judged)), on=list(LIMIT)))


def _measured(segments: DataFrame, signals: Iterable[str]) -> DataFrame:
    """A row per segment and signal that was measured in it."""
    told = (
        F.struct(
            F.lit(signal).alias("signal"),
            F.col(f"{signal}.mean").alias("mean"),
            F.col(f"{signal}.flag").isNotNull().alias("is_flagged"),
        )
        for signal in signals
    )
    each = segments.select(*SEGMENT, F.explode(F.array(*told)).alias("told"))
    return each.select(*SEGMENT, "told.signal", "told.mean", "told.is_flagged").where("mean is not null")


def _judged(measured: DataFrame, limits: DataFrame) -> DataFrame:
    """The measured segments of a signal in which a limit holds, and the side of it on which they lie."""
    holding = limits.where("not_computable is null").drop("production_day")
    mean = F.col("mean")
    return (
        measured.join(F.broadcast(holding), on=["coil_id", "signal"])
        .where("from_m >= free_ends_m and to_m <= length_m - free_ends_m")
        .withColumn(
            "side",
            F.when(mean < F.col("least_of_signal"), "below")
            .when(mean > F.col("most_of_signal"), "above")
            .otherwise("within"),
        )
    )


def _broken(judged: DataFrame) -> DataFrame:
    """The limits that some segment lies beyond, and the metres of the coil that they judge."""
    return (
        judged.groupBy(*LIMIT)
        .agg(
            F.sum(F.col("to_m") - F.col("from_m")).alias("judged_m"),
            F.count(F.when(F.col("side") != "within", 1)).alias("beyond_n"),
        )
        .where("beyond_n > 0")
        .drop("beyond_n")
    )


def _intervals(judged: DataFrame) -> DataFrame:
    along = Window.partitionBy(*LIMIT).orderBy("segment_no")
    side, length_m = F.col("side"), F.col("to_m") - F.col("from_m")
    is_new = F.coalesce(side != F.lag("side").over(along), F.lit(True))
    limit = F.when(side == "below", F.col("least_of_signal")).otherwise(F.col("most_of_signal"))
    return (
        judged.withColumn("is_new", is_new.cast("int"))
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
