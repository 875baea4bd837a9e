"""The Pareto of stopped time by cause."""

from pyspark.sql import DataFrame, Window
from pyspark.sql import functions as F

from pipelines.intervals import length_us, minutes
from pipelines.ratios import pct
from schemas.mart.line_efficiency import WHOLE_DAY
from schemas.mart.stoppage_causes import MISSING

CAUSE = ("category", "equipment", "reason", "is_planned")


def stoppage_causes(events: DataFrame, efficiency: DataFrame) -> DataFrame:
    """One row per day, line and cause; the longest stopped has rank 1, then the most frequent, then by name.

    Stoppages count whether or not the line was meant to run, and those that overlap count each.
    """
    production = efficiency.where(F.col("shift") == WHOLE_DAY).select(
        "production_day", "line", "actual_production_min"
    )
    return ranked(by_cause(events)).join(production, on=["production_day", "line"], how="left")


def by_cause(events: DataFrame) -> DataFrame:
    """Stoppages and stopped minutes of each cause on each day of a line."""
    named = {name: F.coalesce(name, F.lit(MISSING)) for name in ("category", "equipment", "reason")}
    stopped_us = F.sum(length_us(F.col("from_at"), F.col("to_at")))
    return (
        events.where("event_kind = 'stoppage'")
        .withColumns({**named, "is_planned": F.coalesce("is_planned", F.lit(False))})
        .groupBy("production_day", "line", *CAUSE)
        .agg(F.count_if("is_start").alias("stoppages"), minutes(stopped_us).alias("stopped_min"))
    )


def ranked(causes: DataFrame) -> DataFrame:
    """Adds the place of each cause in the Pareto of its line's day, and its share of the stopped minutes."""
    day = Window.partitionBy("production_day", "line")
    longest_first = day.orderBy(F.desc("stopped_min"), F.desc("stoppages"), *CAUSE)
    return causes.withColumn("rank", F.row_number().over(longest_first)).withColumn(
        "share_of_stopped_pct", pct(F.col("stopped_min"), F.sum("stopped_min").over(day))
    )
