"""OEE, rates, specific energy and reliability of a line, by day and by shift."""

from pyspark.sql import Column, DataFrame, Window
from pyspark.sql import functions as F

from pipelines.intervals import minutes
from pipelines.line_amounts import ROW, first_passes, in_shifts, production, times
from pipelines.oee import oee_pct
from pipelines.ratios import pct, per
from pipelines.stacked import stacked
from schemas.mart.line_efficiency import (
    NO_BUSY_TIME,
    NO_CALENDAR,
    NO_OUTPUT,
    NO_PRODUCTION_TIME,
    NO_QUALITY,
    NO_RATE,
    WHOLE_DAY,
)

MINUTES_PER_H = 60.0
SPECIFIC = ("electricity_kwh_t", "gas_m3_t", "water_m3_t")
"""What was drawn, per tonne: the name less its last word is what was drawn."""


def line_efficiency(
    events: DataFrame,
    coils: DataFrame,
    materials: DataFrame,
    yields: DataFrame,
    energy: DataFrame,
    ideal_rates: DataFrame,
) -> DataFrame:
    """One row per production day, line and shift, and one for the whole day; OEE by ISO 22400-2.

    What belongs to no shift counts in the whole day only. Without a standard rate there is no effectiveness.
    """
    drawn = energy.select(
        *("production_day", "line", "from_at", "electricity_kwh", "gas_m3", "water_m3"),
        F.lit(None).cast("string").alias("shift"),
    )
    amounts = (
        times(events),
        in_shifts(production(materials, coils, ideal_rates), "made_at", events),
        in_shifts(first_passes(yields), "worked_at", events),
        in_shifts(drawn, "from_at", events),
    )
    return with_throughput(with_oee(added_up(amounts)))


def added_up(amounts: tuple[DataFrame, ...]) -> DataFrame:
    """The amounts of every shift, and of the whole day; one that nobody gave is missing."""
    every = stacked(*amounts)
    shift_and_day = F.array_compact(F.array("shift", F.lit(WHOLE_DAY)))
    summed = [F.sum(name).alias(name) for name in every.columns if name not in ROW]
    rows = every.withColumn("shift", F.explode(shift_and_day))
    return rows.groupBy(*ROW).agg(*summed, F.count("repair_us").alias("repairs"))


def with_oee(sums: DataFrame) -> DataFrame:
    """Adds times, the three factors with their product, rates, specific energy and what is missing."""
    busy, output = F.col("planned_busy_min"), F.col("output_mass_t")
    producing, stops = F.col("actual_production_min"), F.col("stoppages")
    is_rated = (F.col("pieces_without_rate") == 0) & (output > 0)
    has_quality = F.coalesce("graded_mass_t", F.lit(0.0)) > 0
    return (
        sums.withColumns(
            {name: F.coalesce(name, F.lit(0)) for name in ("pieces", "pieces_without_mass", "stoppages")}
        )
        .withColumn("planned_busy_min", minutes(F.col("shift_us") - F.col("planned_stop_us")))
        .withColumn("planned_stop_min", minutes(F.col("planned_stop_us")))
        .withColumn("stopped_min", minutes(F.col("stopped_us")))
        .withColumn("actual_production_min", busy - F.col("stopped_min"))
        .withColumn("output_at_ideal_rate_min", F.when(is_rated, F.col("output_at_ideal_rate_min")))
        .withColumn("availability_pct", pct(producing, busy))
        .withColumn("effectiveness_pct", pct(F.col("output_at_ideal_rate_min"), producing))
        .withColumn("quality_ratio_pct", F.when(has_quality, pct(F.col("good_mass_t"), output)))
        .withColumn(
            "oee_pct", oee_pct(*map(F.col, ("availability_pct", "effectiveness_pct", "quality_ratio_pct")))
        )
        .withColumn("rate_source", F.when(is_rated, "raw/ideal_rates"))
        .withColumn("rate_t_h", per(output * MINUTES_PER_H, producing))
        .withColumns({name: per(F.col(name.removesuffix("_t")), output) for name in SPECIFIC})
        .withColumn("mtbf_h", per(producing / MINUTES_PER_H, stops.cast("double")))
        .withColumn("mttr_min", per(minutes(F.col("repair_us")), F.col("repairs").cast("double")))
        .withColumn("not_computable", missing_figures())
    )


def missing_figures() -> Column:
    """Which factors of the OEE are missing, and why."""
    busy, producing = F.col("planned_busy_min"), F.col("actual_production_min")
    has_output = F.coalesce("output_mass_t", F.lit(0.0)) > 0
    reasons = (
        F.when(busy.isNull(), NO_CALENDAR)
        .when(busy == 0, NO_BUSY_TIME)
        .when(producing == 0, NO_PRODUCTION_TIME),
        F.when(~has_output, NO_OUTPUT),
        F.when(F.col("pieces_without_rate") > 0, NO_RATE),
        F.when(has_output & F.col("quality_ratio_pct").isNull(), NO_QUALITY),
    )
    return F.nullif(F.concat_ws("; ", *reasons), F.lit(""))


def with_throughput(rows: DataFrame) -> DataFrame:
    """Adds the first-pass yield of the line, and the product of those of all lines of the day or shift."""
    all_lines = Window.partitionBy("production_day", "shift")
    share = per(F.col("first_passes").cast("double"), F.col("works").cast("double"))
    rolled = F.product(F.col("first_pass_yield_pct") / 100.0).over(all_lines) * 100.0
    return rows.withColumn("first_pass_yield_pct", share * 100.0).withColumn(
        "rolled_throughput_yield_pct", rolled
    )
