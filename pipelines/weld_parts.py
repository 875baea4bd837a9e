"""Cut pieces by their parts: a welded piece has a row per part of a parent, any other piece one."""

from pyspark.sql import Column, DataFrame, Window
from pyspark.sql import functions as F

from pipelines.position_errors import CONTRADICTION_SHARE, OVERLAP_M
from pipelines.rivals import MOST_NAMED, decimal_text, in_metres
from pipelines.weld_shares import with_mass_shares

PIECE = ["line", "piece_id", "finished_at"]


def parts_of_pieces(cuts: DataFrame, welds: DataFrame) -> DataFrame:
    """One row per part of raw/welds, and one per piece of raw/cuts that has none there.

    What a part does not tell is as the piece. ``is_part``: whether raw/welds tells of it.
    """
    same = [F.col(f"part.{name}") == F.col(f"piece.{name}") for name in PIECE]
    is_part = F.col("part.piece_id").isNotNull()
    own = ("parent_id", "parent_from_m", "parent_to_m")
    as_the_piece = (*PIECE, "production_day", "is_turned", "thickness_mm", "width_mm")
    of_piece = (("parent_id", "named_parent_id"), ("mass_t", "piece_mass_t"), ("length_m", "length_m"))
    return (
        cuts.alias("piece")
        .join(welds.alias("part"), on=same, how="full")
        .select(
            *(F.coalesce(f"part.{name}", f"piece.{name}").alias(name) for name in as_the_piece),
            *(F.when(is_part, F.col(f"part.{n}")).otherwise(F.col(f"piece.{n}")).alias(n) for n in own),
            *(F.col(f"part.{name}").alias(name) for name in ("piece_from_m", "piece_to_m", "mass_t")),
            *(F.col(f"piece.{name}").alias(as_name) for name, as_name in of_piece),
            F.coalesce("part.part_no", F.lit(1).cast("bigint")).alias("part_no"),
            *(F.col("piece.operation").alias("operation"), is_part.alias("is_part")),
            F.col("piece.piece_id").isNotNull().alias("has_piece"),
        )
        .withColumn("parent_m", parent_metres())
    )


def parent_metres() -> Column:
    """Length of the interval on the parent; one that ends where it starts, or before, is none."""
    is_interval = F.col("parent_from_m") < F.col("parent_to_m")
    return F.when(is_interval, F.col("parent_to_m") - F.col("parent_from_m"))


def placed_parts(parts: DataFrame) -> DataFrame:
    """Adds the part's metres on its piece, ``from_m`` and ``to_m``, and at how many of its ends it is welded.

    Where they are not told, ``is_placed`` is false, and they are those of the piece. Adds the part's share of
    the piece's mass, and why it could be another (``weld_doubt``). ``length_m`` is that of the part, where it
    was measured.
    """
    return with_doubt(with_place(along_the_piece(parts)))


def along_the_piece(parts: DataFrame) -> DataFrame:
    """Adds the order of the parts and their metres: each ends where the next begins, the last at the tail.

    Metres stretch evenly to the piece's measured length. A part that is alone is the whole piece.
    """
    piece = Window.partitionBy(*PIECE)
    along = piece.orderBy("piece_from_m", "part_no")
    begins, is_alone = F.col("piece_from_m"), F.col("parts_n") == 1
    is_first, is_last = F.col("place_no") == 1, F.col("place_no") == F.col("parts_n")
    is_head = is_first & F.coalesce(begins <= OVERLAP_M, is_alone)
    measured_m = F.when(F.col("length_m") > 0, F.col("length_m"))
    tail_m = F.max(F.when(is_last & (F.col("piece_to_m") > 0), F.col("piece_to_m")))
    stretch = F.coalesce(F.col("piece_m") / F.col("tail_m"), F.lit(1.0))
    return (
        parts.withColumns(
            {
                "parts_n": F.count(F.lit(1)).over(piece),
                "place_no": F.row_number().over(along),
                "next_m": F.lead("piece_from_m").over(along),
            }
        )
        .withColumn("tail_m", tail_m.over(piece))
        .withColumn("told_m", F.coalesce(measured_m, "tail_m"))
        .withColumn("piece_m", F.coalesce("told_m", F.when(is_alone, F.col("parent_m"))))
        .withColumn("from_m", F.when(is_head, 0.0).otherwise(begins * stretch))
        .withColumn("to_m", F.when(is_last, F.col("piece_m")).otherwise(F.col("next_m") * stretch))
        .withColumn("welds_n", F.when(is_alone, 0).when(is_first | is_last, 1).otherwise(2))
    )


def with_place(parts: DataFrame) -> DataFrame:
    """Adds whether the parts cover the piece once, their lengths, and their shares of the mass.

    Where they leave a gap, overlap, have no length or add up to another piece, none has a place.
    """
    ends, piece_m = F.col("piece_to_m"), F.col("piece_m")
    is_first, is_last = F.col("place_no") == 1, F.col("place_no") == F.col("parts_n")
    begins_well = ~is_first | (F.col("from_m") == 0)
    meets = F.abs(ends - F.col("next_m")) <= OVERLAP_M
    adds_up = F.abs(ends - piece_m) <= CONTRADICTION_SHARE * piece_m
    is_forward = (F.col("from_m") < F.col("to_m")) & F.coalesce(F.col("piece_from_m") < ends, F.lit(True))
    ends_well = F.coalesce(F.when(is_last, adds_up).otherwise(meets), F.lit(True))
    fits = F.coalesce(is_forward & begins_well & ends_well, F.lit(False))
    all_fit = F.min(fits.cast("int")).over(Window.partitionBy(*PIECE)) == 1
    is_told = F.col("is_placed") & F.col("told_m").isNotNull()
    placed_m = F.when(is_told, F.col("to_m") - F.col("from_m"))
    length_m = F.when(F.col("is_part"), placed_m).otherwise(F.col("length_m"))
    return with_mass_shares(parts.withColumn("is_placed", all_fit).withColumn("length_m", length_m), PIECE)


def with_doubt(parts: DataFrame) -> DataFrame:
    """Adds why the parts could be others; without a place a part could be anywhere on the piece.

    Where raw/cuts names a parent that raw/welds does not, nobody knows what each of them gave.
    """
    piece, is_placed, named = Window.partitionBy(*PIECE), F.col("is_placed"), F.col("named_parent_id")
    is_named = F.coalesce(named.isNull() | (named == F.col("parent_id")), F.lit(False))
    interval = in_metres(F.col("piece_from_m"), F.col("piece_to_m"))
    part = F.concat(F.coalesce("parent_id", F.lit("?")), F.lit(" ("), interval, F.lit(")"))
    told = F.array_sort(F.collect_set(part).over(piece))
    share_pct = F.when(~F.col("is_part"), 100.0).when(F.col("is_named"), F.col("mass_share_pct"))
    return (
        parts.withColumn("is_named", F.max(is_named.cast("int")).over(piece) == 1)
        .withColumn("told", F.concat_ws(", ", F.slice(told, 1, MOST_NAMED)))
        .withColumn("weld_doubt", F.when(F.col("is_part"), F.nullif(_doubts(), F.lit(""))))
        .withColumn("mass_share_pct", share_pct)
        .withColumn("from_m", F.when(is_placed, F.col("from_m")).otherwise(0.0))
        .withColumn("to_m", F.when(is_placed, F.col("to_m")).otherwise(F.col("piece_m")))
    )


def _doubts() -> Column:
    piece_m = decimal_text(F.col("piece_m"))
    no_piece = "raw/cuts has no piece ", F.col("piece_id"), " of that time"
    not_once = "the parts of ", F.col("piece_id"), " do not cover its ", piece_m, " m once: ", F.col("told")
    other = "raw/cuts names ", F.col("named_parent_id"), " as parent, raw/welds ", F.col("told")
    return F.concat_ws(
        "; ",
        F.when(~F.col("has_piece"), _sentence(*no_piece)),
        F.when(~F.col("is_placed"), _sentence(*not_once)),
        F.when(~F.col("is_named"), _sentence(*other)),
    )


def _sentence(*parts: str | Column) -> Column:
    return F.concat(*(F.lit(part) if isinstance(part, str) else part for part in parts))
