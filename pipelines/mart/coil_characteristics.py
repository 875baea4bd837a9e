"""What a coil is charted and judged by: means of its parts, less what was asked for, and head-end hits."""

from collections.abc import Sequence

from pyspark.sql import Column, DataFrame
from pyspark.sql import functions as F

from pipelines.modes import chart_mode
from pipelines.stacked import stacked
from schemas.contract import Field
from schemas.mart.coil_characteristics import HIT_SHARE
from schemas.raw.setups import RAW_SETUPS
from schemas.raw.tolerances import RAW_TOLERANCES

PARTS = ("head", "body", "tail")

HIT_BY_M, HELD_M = 10.0, 10.0
"""A head hits where it is in range from the one metre on, for as many as the other says."""

PERCENT_UNITS = ("kN", "kN·m", "m/s")
"""Of signals that grow with the product: how far they are off counts in percent of the set-up."""


def coil_characteristics(
    coils: DataFrame,
    parts: DataFrame,
    segments: DataFrame,
    limits: DataFrame,
    setups: DataFrame,
    signals: Sequence[str],
) -> DataFrame:
    """One row per coil and characteristic; ``signals``: at least one, measured, and limited or set up.

    A coil whose limits could not be told has no row of them: core/strip_limits says why.
    """
    measured = _long(parts.where(F.col("part").isin(*PARTS)), signals, "part")
    held = limits.where("not_computable is null").drop("production_day").withColumn("asked_by", _asked_by())
    heads = _long(segments.where((F.col("from_m") < HIT_BY_M + HELD_M) & (F.col("to_m") > HIT_BY_M)), signals)
    to_setup = _to_setup(measured.where("part = 'head'"), setups)
    found = stacked(_limited(measured, held), _head_hits(heads, held), to_setup, _setup_hits(to_setup))
    coil = coils.select(
        *("coil_id", "production_day", "line", "coiled_at"),
        chart_mode(F.col("grade_family"), F.coalesce("target_thickness_mm", "thickness_mm")).alias("mode"),
    )
    return found.join(coil, on="coil_id")


def _long(rows: DataFrame, signals: Sequence[str], *keep: str) -> DataFrame:
    """A row per signal: its unit, its mean, what is wrong with it."""
    told = F.explode(
        F.array(
            *(
                F.struct(
                    F.lit(name).alias("signal"),
                    F.lit(Field(name, "double", "", None).unit).alias("unit"),
                    F.col(f"{name}.mean").alias("mean"),
                    F.col(f"{name}.flag").alias("flag"),
                )
                for name in signals
            )
        )
    )
    return rows.select("coil_id", *keep, told.alias("told")).select("coil_id", *keep, "told.*")


def _asked_by() -> Column:
    is_absolute = F.col("target_of_signal").isNull()
    return (
        F.when(F.col("source") == RAW_TOLERANCES.path, "order")
        .when(is_absolute, "limits")
        .otherwise("target")
    )


def _named(last: Column) -> Column:
    return F.concat_ws(", ", "signal", "part", last)


def _limited(measured: DataFrame, limits: DataFrame) -> DataFrame:
    """Where ends are free of a limit, head and tail are charted without it."""
    from_m = F.coalesce("target_of_signal", F.lit(0.0))
    is_absolute = F.col("asked_by") == "limits"
    holds = (F.col("part") == "body") | (F.col("free_ends_m") == 0)
    compared = F.when(~is_absolute, F.concat(F.lit("less "), F.col("asked_by")))
    return measured.join(limits, on=["coil_id", "signal"]).select(
        *("coil_id", "signal", "part", "source", "unit"),
        _named(compared).alias("characteristic"),
        F.when(is_absolute, "mean").otherwise("difference").alias("kind"),
        (F.col("mean") - from_m).alias("value_of_characteristic"),
        F.when(holds, F.col("least_of_signal") - from_m).alias("least_of_characteristic"),
        F.when(holds, F.col("most_of_signal") - from_m).alias("most_of_characteristic"),
        F.when(F.col("mean").isNull(), "not measured").alias("not_computable"),
    )


def _head_hits(heads: DataFrame, limits: DataFrame) -> DataFrame:
    """Whether each measured segment of the stretch lies in range; those of a faulty sensor say nothing."""
    mean = F.when(F.col("flag").isNull(), F.col("mean"))
    is_below = F.coalesce(mean < F.col("least_of_signal"), F.lit(False))
    is_above = F.coalesce(mean > F.col("most_of_signal"), F.lit(False))
    is_hit = F.when(mean.isNotNull(), F.when(is_below | is_above, 0.0).otherwise(1.0))
    return (
        heads.join(limits, on=["coil_id", "signal"])
        .withColumn("is_hit", is_hit)
        .groupBy("coil_id", "signal", "source", "asked_by")
        .agg(F.min("is_hit").alias("value_of_characteristic"))
        .withColumn("part", F.lit("head"))
        .withColumn("characteristic", _named(F.concat(F.lit("hit of "), F.col("asked_by"))))
        .withColumn("kind", F.lit("hit"))
        .withColumn("unit", F.lit(HIT_SHARE))
        .withColumn("not_computable", F.when(F.col("value_of_characteristic").isNull(), "not measured"))
        .drop("asked_by")
    )


def _to_setup(heads: DataFrame, setups: DataFrame) -> DataFrame:
    """How far the head, which nothing corrects yet, is off its set-up."""
    setup, within = F.col("setup_of_signal"), F.col("hit_within_of_signal")
    is_percent = F.col("unit").isin(*PERCENT_UNITS)
    per = F.when(is_percent, F.nullif(setup, F.lit(0.0)) / 100).otherwise(1.0)
    asked = setups.select("coil_id", "signal", "setup_of_signal", "hit_within_of_signal")
    return heads.join(asked, on=["coil_id", "signal"]).select(
        *("coil_id", "signal", "part"),
        F.lit(RAW_SETUPS.path).alias("source"),
        F.when(is_percent, "%").otherwise(F.col("unit")).alias("unit"),
        _named(F.lit("less set-up")).alias("characteristic"),
        F.when(is_percent, "percent").otherwise("difference").alias("kind"),
        ((F.col("mean") - setup) / per).alias("value_of_characteristic"),
        (-within / per).alias("least_of_characteristic"),
        (within / per).alias("most_of_characteristic"),
        F.when(F.col("mean").isNull(), "not measured")
        .when(per.isNull(), "the set-up is 0")
        .alias("not_computable"),
    )


def _setup_hits(to_setup: DataFrame) -> DataFrame:
    is_hit = F.abs("value_of_characteristic") <= F.col("most_of_characteristic")
    return to_setup.where("most_of_characteristic is not null").select(
        *("coil_id", "signal", "part", "source", "not_computable"),
        _named(F.lit("hit of set-up")).alias("characteristic"),
        F.lit("hit").alias("kind"),
        F.lit(HIT_SHARE).alias("unit"),
        is_hit.cast("double").alias("value_of_characteristic"),
    )
