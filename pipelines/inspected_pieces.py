"""The piece that an inspection names, and the metres of the hot coil that its metres were.

A hot coil is itself; a piece of a finishing line lies on its coil by the maps of core/length_maps, one work
after another. ``coil_m = starts_at_m + slope * piece_m``; the slope of a reversed piece is below zero.
"""

from datetime import timedelta
from functools import reduce

from pyspark.sql import Column, DataFrame, Window
from pyspark.sql import functions as F

from pipelines.mill_days import MillDays
from schemas.core.coil_defects import LOOK_BACK_DAYS

MOST_WORKS = 3
"""Works of finishing lines, one after another, through which a piece is followed."""

COILED_WITHIN = timedelta(hours=1)
"""After the first metre of a strip was inspected, its coil is known."""

MAP = ("piece_m", "starts_at_m", "slope", "is_hot_coil", "is_side_flipped", "piece_sigma_m")
PIECE = ("line", "material_id", "made_at", "child_from_m")


def pieces_on_coils(coils: DataFrame, maps: DataFrame) -> DataFrame:
    """One row per hot coil and piece, with its map to the coil; missing where that is not known.

    ``piece_sigma_m``: error of the map in metres of the piece. ``piece_doubt``: why it is in doubt.
    A number may go from piece to piece: what bore it last before is the parent.
    """
    cuts = maps.where("child_kind = 'piece'")
    levels = [_hot(coils)]
    for _ in range(MOST_WORKS):
        levels.append(_made_of(cuts, levels[-1]))
    rows = reduce(DataFrame.unionByName, levels)
    last = Window.partitionBy(*PIECE).orderBy(F.col("parent_made_at").desc_nulls_last(), "coil_id")
    return rows.withColumn("place", F.row_number().over(last)).where("place = 1").drop("place")


def _hot(coils: DataFrame) -> DataFrame:
    return coils.select(
        *("line", F.col("coil_id").alias("material_id"), F.col("coiled_at").alias("made_at")),
        *("production_day", "coil_id", F.col("production_day").alias("coil_day")),
        *(F.lit(0.0).alias("child_from_m"), F.col("length_m").alias("piece_m")),
        *(F.lit(0.0).alias("starts_at_m"), F.lit(1.0).alias("slope")),
        *(F.lit(True).alias("is_hot_coil"), F.lit(False).alias("is_side_flipped")),
        *(F.lit(0.0).alias("piece_sigma_m"), F.lit(None).cast("string").alias("piece_doubt")),
        F.lit(None).cast("timestamp").alias("parent_made_at"),
    )


def _made_of(cuts: DataFrame, parents: DataFrame) -> DataFrame:
    """The pieces of these parents, on the parents' coils."""
    own = (F.col("parent_to_m") - F.col("parent_from_m")) / (F.col("child_to_m") - F.col("child_from_m"))
    slope = F.when(F.col("is_reversed"), -own).otherwise(own)
    begins = F.when(F.col("is_reversed"), F.col("parent_to_m")).otherwise(F.col("parent_from_m"))
    starts_at_m = begins - slope * F.col("child_from_m")
    doubts = F.concat_ws("; ", F.when(F.col("is_ambiguous"), F.col("doubt")), "above_doubt")
    sigma_m = F.sqrt(F.pow("sigma_m", F.lit(2)) + F.pow(F.col("above_sigma_m") / own, 2))
    made = cuts.join(_above(parents), on="parent_id").where("parent_made_at < made_at")
    return made.select(
        *("line", F.col("child_id").alias("material_id"), "made_at"),
        *("production_day", "coil_id", "coil_day"),
        *("child_from_m", F.col("child_to_m").alias("piece_m")),
        (F.col("above_m") + F.col("above_slope") * starts_at_m).alias("starts_at_m"),
        (F.col("above_slope") * slope).alias("slope"),
        F.lit(False).alias("is_hot_coil"),
        (F.col("is_side_flipped") != F.col("above_flipped")).alias("is_side_flipped"),
        *(sigma_m.alias("piece_sigma_m"), F.nullif(doubts, F.lit("")).alias("piece_doubt")),
        "parent_made_at",
    )


def _above(parents: DataFrame) -> DataFrame:
    """The rows of ``pieces_on_coils`` as parents of what was made of them."""
    named = {"material_id": "parent_id", "made_at": "parent_made_at", "starts_at_m": "above_m"}
    named |= {"slope": "above_slope", "is_side_flipped": "above_flipped"}
    named |= {"piece_sigma_m": "above_sigma_m", "piece_doubt": "above_doubt"}
    return parents.select("coil_id", "coil_day", *(F.col(name).alias(above) for name, above in named.items()))


def on_pieces(rows: DataFrame, key: list[str], at: str, pieces: DataFrame, days: MillDays) -> DataFrame:
    """The rows of an inspection with the piece that each names, by ``pieces_on_coils``; each row once.

    ``at``: when the row came about. A piece of the row's own line is meant before one of another line.
    ``production_day`` becomes the later one of the row's and the piece's. Where no piece bears the number,
    or several do, the map is missing and ``piece_doubt`` says so.
    """
    row = rows.withColumnsRenamed({"production_day": "seen_day", "line": "seen_line"})
    candidate = pieces.withColumnsRenamed({"production_day": "piece_day", "material_id": "piece_id"})
    day = F.greatest("seen_day", "piece_day")
    is_near = (F.datediff("piece_day", "seen_day") <= 1) & (F.datediff(day, "coil_day") <= LOOK_BACK_DAYS)
    bears_it = (F.col("material_id") == F.col("piece_id")) & is_near
    of_row, first = (
        Window.partitionBy(*key),
        Window.partitionBy(*key).orderBy("made_at", "line", "starts_at_m"),
    )
    is_of_line = F.coalesce(F.col("line") == F.col("seen_line"), F.lit(False)).cast("int")
    meant = (
        row.join(candidate, on=bears_it, how="left")
        .withColumn("is_of_line", is_of_line)
        .withColumn("is_meant", F.col("is_of_line") == F.max("is_of_line").over(of_row))
        .where("is_meant")
        .withColumn("pieces_n", F.count("piece_id").over(of_row))
        .withColumn("coils_n", F.size(F.collect_set("coil_id").over(of_row)))
        .withColumn("place", F.row_number().over(first))
        .where("place = 1")
    )
    is_known = F.col("pieces_n") > 0
    return _judged(meant.withColumn("production_day", F.when(is_known, day).otherwise(_known_on(at, days))))


def _known_on(at: str, days: MillDays) -> Column:
    """The day on which it is known that there is no such piece: after a day's last hour the next one."""
    is_late = F.col(at) >= days.end_of(F.col("seen_day")) - F.lit(COILED_WITHIN)
    return F.when(is_late, F.date_add("seen_day", 1)).otherwise(F.col("seen_day"))


def _judged(meant: DataFrame) -> DataFrame:
    """Without a map where it could be several pieces; without a coil where it could be of several coils."""
    is_one = F.col("pieces_n") == 1
    number, count = F.col("material_id"), F.col("pieces_n").cast("string")
    doubt = (
        F.when(F.col("pieces_n") == 0, F.concat(number, F.lit(" is no coil or piece that is known")))
        .when(~is_one, F.concat(F.lit("could be any of "), count, F.lit(" pieces of the number "), number))
        .otherwise(F.col("piece_doubt"))
    )
    return meant.withColumn("piece_doubt", doubt).withColumns(
        {name: F.when(is_one, F.col(name)) for name in MAP}
        | {"coil_id": F.when(F.col("coils_n") == 1, F.col("coil_id"))}
    )


def coil_m(piece_m: Column) -> Column:
    """Metres of the coil, of metres of a piece that ``on_pieces`` named; beyond its end they are its end.

    >>> df = spark.sql("select 100.0d as at_m, 300.0d as piece_m, 700.0d as starts_at_m, -1.0d as slope")
    >>> df.select(coil_m(F.col("at_m")).alias("coil_m")).show()
    +------+
    |coil_m|
    +------+
    | 600.0|
    +------+
    <BLANKLINE>
    """
    on_piece_m = F.least(piece_m, F.coalesce(F.col("piece_m"), piece_m))
    return F.col("starts_at_m") + F.col("slope") * on_piece_m


def side_on_coil() -> Column:
    """The side of the coil that the piece's side was; missing where nobody told whether it was turned."""
    side = F.col("side")
    turned = F.when(side == "top", "bottom").when(side == "bottom", "top")
    return F.when(F.col("is_side_flipped"), turned).when(~F.col("is_side_flipped"), side)
