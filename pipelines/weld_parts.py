"""Cut pieces by their parts: a welded piece has a row per part of a parent, any other piece one."""

from pyspark.sql import Column, DataFrame, Window
from pyspark.sql import functions as F

from pipelines.position_errors import CONTRADICTION_SHARE, OVERLAP_M
from pipelines.rivals import MOST_NAMED, decimal_text, in_metres
from pipelines.stacked import stacked
from pipelines.weld_shares import with_mass_shares

PIECE = ["line", "piece_id", "finished_at"]
OF_THE_PART = ("parent_id", "parent_from_m", "parent_to_m", "is_turned", "length_m")
IN_A_PIECE = ("part_no", "from_m", "to_m", "is_placed", "welds_n", "mass_share_pct", "weld_doubt")


def with_parts(cuts: DataFrame, welds: DataFrame) -> DataFrame:
    """One row per part of raw/welds, and one per piece of raw/cuts that has none there.

    Adds ``part_no``, the part's metres on its piece, ``from_m`` and ``to_m`` (the whole piece where they are
    not told: ``is_placed`` is false), at how many of its ends it is welded, its share of the piece's mass,
    and why it could be another (``weld_doubt``). ``length_m`` is the part's own, where it was measured.
    """
    is_welded = welds.select(*PIECE, F.lit(True).alias("is_welded")).distinct()
    whole = cuts.join(is_welded, on=PIECE, how="left").where(F.col("is_welded").isNull())
    parts = with_doubt(with_place(along_the_piece(_parts(cuts, welds))))
    columns = (*PIECE, "production_day", "operation", *OF_THE_PART, *IN_A_PIECE)
    return stacked(_in_one_part(whole).select(*columns), parts.select(*columns))


def parent_metres() -> Column:
    """Length of the interval on the parent; one that ends where it starts, or before, is none."""
    is_interval = F.col("parent_from_m") < F.col("parent_to_m")
    return F.when(is_interval, F.col("parent_to_m") - F.col("parent_from_m"))


def _in_one_part(cuts: DataFrame) -> DataFrame:
    measured_m = F.when(F.col("length_m") > 0, F.col("length_m"))
    return cuts.withColumns(
        {
            "part_no": F.lit(1).cast("bigint"),
            "from_m": F.lit(0.0),
            "to_m": F.coalesce(measured_m, parent_metres()),
            "is_placed": F.lit(True),
            "welds_n": F.lit(0),
            "mass_share_pct": F.lit(100.0),
            "weld_doubt": F.lit(None).cast("string"),
        }
    )


def _parts(cuts: DataFrame, welds: DataFrame) -> DataFrame:
    """The parts with what raw/cuts tells of their piece; what a part does not tell is as the piece."""
    same = [F.col(f"part.{name}") == F.col(f"piece.{name}") for name in PIECE]
    own = (*PIECE, "production_day", "part_no", "parent_id", "parent_from_m", "parent_to_m", "mass_t")
    as_the_piece = ("is_turned", "thickness_mm", "width_mm")
    of_piece = (("parent_id", "named_parent_id"), ("mass_t", "piece_mass_t"), ("operation", "operation"))
    return (
        welds.alias("part")
        .join(cuts.alias("piece"), on=same, how="left")
        .select(
            *(F.col(f"part.{name}").alias(name) for name in (*own, "piece_from_m", "piece_to_m")),
            *(F.coalesce(f"part.{name}", f"piece.{name}").alias(name) for name in as_the_piece),
            *(F.col(f"piece.{name}").alias(as_name) for name, as_name in of_piece),
            F.col("piece.piece_id").isNotNull().alias("has_piece"),
            F.when(F.col("piece.length_m") > 0, F.col("piece.length_m")).alias("measured_m"),
        )
    )


def along_the_piece(parts: DataFrame) -> DataFrame:
    """Adds the order of the parts and their metres: each ends where the next begins, the last at the tail.

    Metres stretch evenly to the piece's measured length. A part that is alone is the whole piece.
    """
    piece = Window.partitionBy(*PIECE)
    along = piece.orderBy("piece_from_m", "part_no")
    begins, is_alone = F.col("piece_from_m"), F.col("parts_n") == 1
    is_first, is_last = F.col("place_no") == 1, F.col("place_no") == F.col("parts_n")
    is_head = is_first & F.coalesce(begins <= OVERLAP_M, is_alone)
    tail_m = F.max(F.when(is_last & (F.col("piece_to_m") > 0), F.col("piece_to_m")))
    stretch = F.coalesce(F.col("piece_m") / F.col("tail_m"), F.lit(1.0))
    return (
        parts.withColumn("parts_n", F.count(F.lit(1)).over(piece))
        .withColumn("place_no", F.row_number().over(along))
        .withColumn("next_m", F.lead("piece_from_m").over(along))
        .withColumn("tail_m", tail_m.over(piece))
        .withColumn("piece_m", F.coalesce("measured_m", "tail_m"))
        .withColumn("from_m", F.when(is_head, 0.0).otherwise(begins * stretch))
        .withColumn("to_m", F.when(is_last, F.col("piece_m")).otherwise(F.col("next_m") * stretch))
        .withColumn("welds_n", F.when(is_alone, 0).when(is_first | is_last, 1).otherwise(2))
    )


def with_place(parts: DataFrame) -> DataFrame:
    """Adds whether the parts cover the piece once, their metres on piece and parent, and shares of the mass.

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
    length_m = F.when(F.col("is_placed"), F.col("to_m") - F.col("from_m"))
    placed = parts.withColumn("is_placed", all_fit)
    return with_mass_shares(placed.withColumns({"length_m": length_m, "parent_m": parent_metres()}), PIECE)


def with_doubt(parts: DataFrame) -> DataFrame:
    """Adds why the parts could be others; without a place a part could be anywhere on the piece.

    Where raw/cuts names a parent that raw/welds does not, nobody knows what each of them gave.
    """
    piece, is_placed, named = Window.partitionBy(*PIECE), F.col("is_placed"), F.col("named_parent_id")
    is_named = F.coalesce(named.isNull() | (named == F.col("parent_id")), F.lit(False))
    interval = in_metres(F.col("piece_from_m"), F.col("piece_to_m"))
    part = F.concat(F.coalesce("parent_id", F.lit("?")), F.lit(" ("), interval, F.lit(")"))
    told = F.array_sort(F.collect_set(part).over(piece))
    return (
        parts.withColumn("is_named", F.max(is_named.cast("int")).over(piece) == 1)
        .withColumn("told", F.concat_ws(", ", F.slice(told, 1, MOST_NAMED)))
        .withColumn("weld_doubt", F.nullif(F.concat_ws("; ", *_doubts()), F.lit("")))
        .withColumn("mass_share_pct", F.when(F.col("is_named"), F.col("mass_share_pct")))
        .withColumn("from_m", F.when(is_placed, F.col("from_m")).otherwise(0.0))
        .withColumn("to_m", F.when(is_placed, F.col("to_m")).otherwise(F.col("piece_m")))
    )


def _doubts() -> tuple[Column, ...]:
    piece_m = decimal_text(F.col("piece_m"))
    no_piece = "raw/cuts has no piece ", F.col("piece_id"), " of that time"
    not_once = "the parts of ", F.col("piece_id"), " do not cover its ", piece_m, " m once: ", F.col("told")
    other = "raw/cuts names ", F.col("named_parent_id"), " as parent, raw/welds ", F.col("told")
    return (
        F.when(~F.col("has_piece"), _sentence(*no_piece)),
        F.when(~F.col("is_placed"), _sentence(*not_once)),
        F.when(~F.col("is_named"), _sentence(*other)),
    )


def _sentence(*parts: str | Column) -> Column:
    return F.concat(*(F.lit(part) if isinstance(part, str) else part for part in parts))
