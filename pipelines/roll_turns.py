"""What one turn of each roll becomes on the finished strip, coil by coil."""

from collections.abc import Sequence

from pyspark.sql import DataFrame, Window
from pyspark.sql import functions as F

STRIP_SPEED = "strip_speed_m_s"


def roll_turns(coils: DataFrame, rolls: DataFrame, changes: DataFrame, parts: DataFrame) -> DataFrame:
    """One row per coil and roll in use: where it is, diameter, tonnes rolled before, period on the strip.

    Mass flow is the same everywhere: while a roll turns once, pi D of its surface passes, and of the finished
    strip as much more as the strip is faster than the roll. So forward slip and the reductions behind a stand
    are in the ratio of two measured speeds. ``period_m`` is missing where diameter or speed is.
    """
    used = _with_change(_rolls_in_use(coils, rolls), changes)
    return used.join(_speed_ratios(parts), on=["coil_id", "stand"], how="left").select(
        *("coil_id", "place", "stand", "position", "roll_id", "diameter_mm", "rolled_t"),
        (F.lit(3.141592653589793) * F.col("diameter_mm") / 1000 * F.col("strip_per_roll")).alias("period_m"),
    )


def _rolls_in_use(coils: DataFrame, rolls: DataFrame) -> DataFrame:
    listed = rolls.select("coil_id", F.explode("rolls").alias("place", "roll_id"))
    return listed.join(coils.select("coil_id", "line", "coiled_at", "mass_t"), on="coil_id").select(
        "*",
        F.substring_index("place", " ", 1).alias("stand"),
        F.expr("substring(place, instr(place, ' ') + 1)").alias("position"),
    )


def _with_change(used: DataFrame, changes: DataFrame) -> DataFrame:
    """The rolls with their diameter, and the tonnes they had rolled since they were put in."""
    put_in = changes.select(
        *("line", "stand", "position", "changed_at"),
        F.col("roll_in_id").alias("roll_id"),
        F.col("roll_in_diameter_mm").alias("diameter_mm"),
    )
    keys = ["line", "stand", "position", "roll_id"]
    latest = (
        used.join(put_in, on=keys)
        .where("changed_at <= coiled_at")
        .groupBy("coil_id", "place")
        .agg(
            F.max("changed_at").alias("changed_at"),
            F.max_by("diameter_mm", "changed_at").alias("diameter_mm"),
        )
    )
    since = Window.partitionBy(*keys, "changed_at").orderBy("coiled_at", "coil_id")
    before = since.rowsBetween(Window.unboundedPreceding, -1)
    known = used.join(latest, on=["coil_id", "place"], how="left")
    # Without its change nobody knows since when it rolls.
    rolled_t = F.when(F.col("changed_at").isNotNull(), F.coalesce(F.sum("mass_t").over(before), F.lit(0.0)))
    return known.withColumn("rolled_t", rolled_t)


def _speed_ratios(parts: DataFrame) -> DataFrame:
    """Coil and stand -> speed of the finished strip by that of the stand's rolls, in the body of the coil."""
    body = parts.where("part = 'body'")
    ratios = [
        F.struct(
            F.lit(name.removesuffix("_speed_m_s").upper()).alias("stand"),
            (F.col(f"{STRIP_SPEED}.mean") / F.nullif(F.col(f"{name}.mean"), F.lit(0.0))).alias(
                "strip_per_roll"
            ),
        )
        for name in _roll_speeds(parts.columns)
    ]
    return body.select("coil_id", F.inline(F.array(*ratios)))


def _roll_speeds(columns: Sequence[str]) -> list[str]:
    """Signals that are the speed of a stand's rolls, as F5 is the stand of f5_speed_m_s."""
    return [name for name in columns if name.endswith("_speed_m_s") and name != STRIP_SPEED]
