"""What one turn of each roll becomes on the finished strip, coil by coil."""

from collections.abc import Sequence

from pyspark.sql import DataFrame
from pyspark.sql import functions as F

STRIP_SPEED = "strip_speed_m_s"
OF_ROLLS = ("roll_places", "roll_ids", "roll_t")


def roll_turns(conditions: DataFrame, changes: DataFrame, parts: DataFrame) -> DataFrame:
    """One row per coil and roll in use: where it is, diameter, tonnes rolled before, period on the strip.

    Mass flow is the same everywhere: while a roll turns once, pi D of its surface passes, and of the finished
    strip as much more as the strip is faster than the roll. So forward slip and the reductions behind a stand
    are in the ratio of two measured speeds. ``period_m`` is missing where diameter or speed is.
    """
    used = _with_diameter(_rolls_in_use(conditions), changes)
    return used.join(_speed_ratios(parts), on=["coil_id", "stand"], how="left").select(
        *("coil_id", "place", "stand", "position", "roll_id", "diameter_mm", "rolled_t"),
        (F.lit(3.141592653589793) * F.col("diameter_mm") / 1000 * F.col("strip_per_roll")).alias("period_m"),
    )


def _rolls_in_use(conditions: DataFrame) -> DataFrame:
    listed = conditions.select("coil_id", "line", "coiled_at", F.inline(F.arrays_zip(*OF_ROLLS)))
    return listed.select(
        *("coil_id", "line", "coiled_at", F.col("roll_places").alias("place")),
        *(F.col("roll_ids").alias("roll_id"), F.col("roll_t").alias("rolled_t")),
        F.substring_index("roll_places", " ", 1).alias("stand"),
        F.expr("substring(roll_places, instr(roll_places, ' ') + 1)").alias("position"),
    )


def _with_diameter(used: DataFrame, changes: DataFrame) -> DataFrame:
    """The rolls with their diameter as last ground before the coil."""
    put_in = changes.select(
        *("line", "stand", "position", "changed_at"),
        F.col("roll_in_id").alias("roll_id"),
        F.col("roll_in_diameter_mm").alias("diameter_mm"),
    )
    ground = (
        used.join(put_in, on=["line", "stand", "position", "roll_id"])
        .where("changed_at <= coiled_at")
        .groupBy("coil_id", "place")
        .agg(F.max_by("diameter_mm", "changed_at").alias("diameter_mm"))
    )
    return used.join(ground, on=["coil_id", "place"], how="left")


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
