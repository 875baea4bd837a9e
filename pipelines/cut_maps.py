"""Where the pieces of the finishing lines were on the coil or piece that they were made from."""

from pyspark.sql import Column, DataFrame
from pyspark.sql import functions as F

from pipelines import position_errors as errors
from pipelines.rivals import decimal_text, in_metres, with_rivals
from pipelines.weld_parts import PIECE, parts_of_pieces, placed_parts

TURNS_ROUND = ("dividing", "cropping", "temper rolling", "re-coiling")
"""What uncoils a coil and coils it again: what went onto the reel first, the head, was the tail before."""

ELONGATES = "temper rolling"
PART = [*PIECE, "part_no"]


def cut_pieces(cuts: DataFrame, welds: DataFrame) -> DataFrame:
    """Finished pieces on their parents, a welded one part by part; metres stretch evenly from what was cut.

    A piece without an interval could be any part of its parent, one without an operation lie either way
    round, one whose number or metres another claims too could be that one, and so could parts that do not
    cover their piece once: all are told, none is chosen.
    """
    parent_m = F.col("parent_m")
    # Rivals first: they are looked for again and again, and need no place.
    parts = placed_parts(_with_twins(_with_claims(parts_of_pieces(cuts, welds))))
    doubts = ("weld_doubt", _no_part(parent_m), _no_direction(), _two_lengths(parent_m), "claims", "twins")
    return parts.select(
        *(F.col("piece_id").alias("child_id"), F.lit("piece").alias("child_kind")),
        *(F.col("finished_at").alias("made_at"), "production_day", "line", "part_no"),
        *(F.col("from_m").alias("child_from_m"), F.col("to_m").alias("child_to_m"), "parent_id"),
        F.when(parent_m.isNotNull(), F.col("parent_from_m")).alias("parent_from_m"),
        F.when(parent_m.isNotNull(), F.col("parent_to_m")).alias("parent_to_m"),
        F.when(F.col("operation").isin(*TURNS_ROUND), F.lit(True)).alias("is_reversed"),
        *(F.col("is_turned").alias("is_side_flipped"), "operation", "mass_share_pct"),
        F.when(F.col("is_placed"), _sigma_m(parent_m)).alias("sigma_m"),
        F.lit("not known: the piece that it was made from").alias("missing"),
        F.when(F.col("parent_id").isNotNull(), F.nullif(F.concat_ws("; ", *doubts), F.lit(""))).alias(
            "could_be"
        ),
    )


def _sigma_m(parent_m: Column) -> Column:
    """Shear and counter on the parent, welds on the piece, and an elongation that was not measured.

    Counter and elongation add up from the head of the parent.
    """
    length_m = F.col("to_m") - F.col("from_m")
    shear_m = F.lit(errors.SHEAR_CUT_M)
    on_parent = errors.over_the_length(shear_m, shear_m, F.col("parent_from_m"), F.col("parent_to_m"))
    is_guess = F.col("length_m").isNull() & (F.col("operation") == ELONGATES)
    elongated = F.when(is_guess, errors.UNMEASURED_ELONGATION_SHARE * length_m).otherwise(0.0)
    welds = F.col("welds_n") * F.lit(errors.WELD_M**2)
    return F.sqrt(F.pow(on_parent * length_m / parent_m, 2) + (elongated * elongated + welds) / 3)


def _no_part(parent_m: Column) -> Column:
    says = F.concat(F.lit("any part of "), F.col("parent_id"), F.lit(": its interval was not delivered"))
    return F.when(parent_m.isNull(), says)


def _no_direction() -> Column:
    says = "either way round: the operation was not delivered"
    return F.when(F.col("operation").isNull(), F.lit(says))


def _two_lengths(parent_m: Column) -> Column:
    differs = F.abs(F.col("length_m") - parent_m) > errors.CONTRADICTION_SHARE * parent_m
    cut, measured = decimal_text(parent_m), decimal_text(F.col("length_m"))
    return F.when(
        differs, F.concat(F.lit("cut as "), cut, F.lit(" m or measured as "), measured, F.lit(" m"))
    )


def _with_claims(parts: DataFrame) -> DataFrame:
    """The parts with those of the same work that claim metres of the same parent."""
    overlap_m = F.least(F.col("own.parent_to_m"), F.col("other.parent_to_m")) - F.greatest(
        F.col("own.parent_from_m"), F.col("other.parent_from_m")
    )
    is_rival = _same_work() & (overlap_m > errors.OVERLAP_M)
    says = F.concat(F.lit("these metres of "), F.col("own.parent_id"), F.lit(" are also "))
    return with_rivals(parts, PART, is_rival, _other_piece(), says).withColumnRenamed("rivals", "claims")


def _with_twins(parts: DataFrame) -> DataFrame:
    """The parts with pieces of the same day that bear the same number, which may go from piece to piece."""
    same_number = (F.col("own.piece_id") == F.col("other.piece_id")) & _same("production_day")
    both_new = (F.col("own.parent_id") != F.col("own.piece_id")) & (
        F.col("other.parent_id") != F.col("other.piece_id")
    )
    is_rival = same_number & (both_new | _same_work())
    says = F.concat(F.lit("the number "), F.col("own.piece_id"), F.lit(" is also of "))
    return with_rivals(parts, PIECE, is_rival, _other_piece(), says).withColumnRenamed("rivals", "twins")


def _same_work() -> Column:
    operation = F.col("own.operation").eqNullSafe(F.col("other.operation"))
    return _same("parent_id") & _same("line") & _same("production_day") & operation


def _same(name: str) -> Column:
    return F.col(f"own.{name}") == F.col(f"other.{name}")


def _other_piece() -> Column:
    at = F.date_format("other.finished_at", "yyyy-MM-dd HH:mm:ss")
    interval = in_metres(F.col("other.parent_from_m"), F.col("other.parent_to_m"))
    of = F.concat(F.lit(" of "), F.coalesce("other.parent_id", F.lit("?")))
    return F.concat(F.col("other.piece_id"), F.lit(" ("), interval, of, F.lit(", "), at, F.lit(" UTC)"))
