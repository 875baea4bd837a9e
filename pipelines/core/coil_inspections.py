"""Inspected metres of hot coils, side by side, each metre of a side in one state of a system."""

from pyspark.sql import Column, DataFrame, Window
from pyspark.sql import functions as F

from pipelines.inspected_pieces import coil_m, on_pieces, pieces_on_coils, side_on_coil
from pipelines.inspection_counter import stretch, with_counted_length
from pipelines.mill_days import MillDays

INTERVAL = ["inspection_system", "material_id", "side", "from_m"]
OF_SIDE = ["coil_id", "production_day", "side", "inspection_system"]
SIDE_ID = "of_side"
"""All of it in one column: the embedded engine cannot plan windows over several, of which a filter leaves one
day."""

WORST_FIRST = {"off": 3, "degraded": 2, "working": 1}
"""Where two intervals claim a metre, the worse state holds; one that was not told is better than all."""

LEAST_M = 0.001


def coil_inspections(
    coils: DataFrame,
    maps: DataFrame,
    inspections: DataFrame,
    *,
    time_zone: str = "UTC",
    day_starts_at_h: int = 6,
) -> DataFrame:
    """One row per coil, side, system and interval in which the state was the same and not off.

    An interval without an end lasts to where the next one of its side begins; the last one then tells
    nothing. What is of no known piece, or could be of several, is left out: nobody knows which metres were
    inspected. Gives the days around those asked for too.
    """
    days = MillDays(time_zone, day_starts_at_h)
    named = on_pieces(_ended(inspections), INTERVAL, "inspected_at", pieces_on_coils(coils, maps), days)
    return _parted(_on_coil(with_counted_length(named.where("piece_doubt is null"), inspections)))


def _ended(inspections: DataFrame) -> DataFrame:
    along = Window.partitionBy("inspection_system", "material_id", "side", "production_day").orderBy("from_m")
    ended = inspections.withColumn("to_m", F.coalesce("to_m", F.lead("from_m").over(along)))
    return ended.where("to_m is not null")


def _on_coil(named: DataFrame) -> DataFrame:
    """The intervals in metres of the coil, cut at the ends of their piece."""
    metres = F.coalesce(stretch(), F.lit(1.0))
    one, other = (coil_m(F.col(at) * metres) for at in ("from_m", "to_m"))
    ranks = (F.when(F.col("state") == state, F.lit(no)) for state, no in WORST_FIRST.items())
    side_id = F.concat_ws("/", *(F.col(name).cast("string") for name in OF_SIDE))
    placed = named.withColumns({"one": one, "other": other, "side": side_on_coil()})
    return placed.select(
        *OF_SIDE,
        side_id.alias(SIDE_ID),
        F.greatest(F.least("one", "other"), F.lit(0.0)).alias("from_m"),
        F.greatest("one", "other").alias("to_m"),
        F.coalesce(*ranks, F.lit(0)).alias("rank"),
    ).where(F.col("side").isNotNull() & (F.col("to_m") - F.col("from_m") > LEAST_M))


def _parted(intervals: DataFrame) -> DataFrame:
    """Intervals that do not overlap: cut at every border, the worst state of each part, neighbours joined."""
    borders = intervals.select(
        *OF_SIDE, SIDE_ID, F.explode(F.array("from_m", "to_m")).alias("begins_m")
    ).distinct()
    along = Window.partitionBy(SIDE_ID).orderBy("begins_m")
    parts = borders.withColumn("ends_m", F.lead("begins_m").over(along)).where("ends_m is not null")
    lies_in = (F.col("from_m") <= F.col("begins_m")) & (F.col("ends_m") <= F.col("to_m"))
    states = (
        parts.join(intervals.drop(*OF_SIDE), on=SIDE_ID)
        .where(lies_in)
        .groupBy(*OF_SIDE, SIDE_ID, "begins_m", "ends_m")
        .agg(F.max("rank").alias("rank"))
        .where(F.col("rank") < WORST_FIRST["off"])
    )
    return _neighbours_joined(states)


def _neighbours_joined(states: DataFrame) -> DataFrame:
    along = Window.partitionBy(SIDE_ID).orderBy("begins_m")
    goes_on = (F.lag("ends_m").over(along) == F.col("begins_m")) & (
        F.lag("rank").over(along) == F.col("rank")
    )
    is_new = F.when(F.coalesce(goes_on, F.lit(False)), 0).otherwise(1)
    return (
        states.withColumn("is_new", is_new)
        .withColumn("run", F.sum("is_new").over(along))
        .groupBy(*OF_SIDE, SIDE_ID, "run", "rank")
        .agg(F.min("begins_m").alias("from_m"), F.max("ends_m").alias("to_m"))
        .withColumn("state", _state())
        .drop("run", "rank", SIDE_ID)
    )


def _state() -> Column:
    return F.coalesce(*(F.when(F.col("rank") == no, F.lit(state)) for state, no in WORST_FIRST.items()))
