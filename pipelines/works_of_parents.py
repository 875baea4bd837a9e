"""The pieces that came out on the works of all that they were made of: a welded piece divided by its mass."""

from pyspark.sql import DataFrame, Window
from pyspark.sql import functions as F

NUMBER = ("line", "material_id", "made_at")
SEVERAL = "several"
"""What a piece was made of where nobody knows what each parent gave: it stands for itself."""


def by_parents(pieces: DataFrame, maps: DataFrame) -> DataFrame:
    """The rows of ``pieces_made``, each once per part in core/length_maps, with its ``share`` of the piece.

    ``mass_t`` and ``length_m`` are those of the share, ``whole_t`` is the mass of the piece; ``is_divided``
    marks the parents of a piece of several. Where shares are not known, the piece stands for itself with all
    of its mass, and each parent has a row without one (``lacks_share``). ``is_new_number`` is false where the
    piece could bear the number of a parent.
    """
    as_told = {
        "of_piece_id": F.col("piece_id"),
        "share": F.lit(1.0),
        "is_divided": F.lit(False),
        "is_itself": F.lit(False),
        "is_new_number": F.col("piece_id") != F.col("material_id"),
    }
    mapped = pieces.join(shares(maps), on=list(NUMBER), how="left")
    is_mapped = F.col("is_mapped") & (F.col("made_of") == "coil")
    of_parents = mapped.withColumns(
        {name: F.when(is_mapped, F.col(name)).otherwise(told) for name, told in as_told.items()}
    )
    return of_parents.withColumns(
        {
            "piece_id": F.coalesce("of_piece_id", "material_id"),
            "parent_id": F.when(is_mapped, F.col("of_piece_id")).otherwise(F.col("parent_id")),
            "made_of": F.when(F.col("is_itself"), F.lit(SEVERAL)).otherwise(F.col("made_of")),
            "whole_t": F.col("mass_t"),
            "mass_t": F.col("mass_t") * F.col("share"),
            "length_m": F.col("length_m") * F.col("share"),
            "lacks_share": F.col("share").isNull(),
        }
    ).drop("is_mapped", "is_itself", "of_piece_id")


def shares(maps: DataFrame) -> DataFrame:
    """One row per part of a piece with its parent and its share of the mass, missing where it is not known.

    A piece whose shares are not known has one more row, of all of it, without a parent.
    """
    piece = Window.partitionBy(*NUMBER)
    parent, is_whole = F.col("of_piece_id"), F.col("is_whole")
    named = F.coalesce(parent, F.lit(""))
    could_be_its = parent.isNull() | (parent == F.col("material_id"))
    told = _with_share(maps).withColumns(
        {
            "is_known": F.max(F.col("share").isNull().cast("int")).over(piece) == 0,
            "is_of_several": F.min(named).over(piece) != F.max(named).over(piece),
            "is_new_number": F.max(could_be_its.cast("int")).over(piece) == 0,
            "place": F.row_number().over(piece.orderBy("part_no")),
        }
    )
    stands_for_itself = (F.col("place") == 1) & ~F.col("is_known")
    also_whole = F.when(stands_for_itself, F.array(F.lit(False), F.lit(True))).otherwise(
        F.array(F.lit(False))
    )
    return (
        told.withColumn("is_whole", F.explode(also_whole))
        .where(F.col("is_known") | is_whole | parent.isNotNull())
        .select(
            *(*NUMBER, "is_new_number", F.lit(True).alias("is_mapped")),
            F.when(~is_whole, parent).alias("of_piece_id"),
            F.when(is_whole, 1.0).when(F.col("is_known"), F.col("share")).alias("share"),
            (F.col("is_known") & F.col("is_of_several")).alias("is_divided"),
            (is_whole | (parent.isNull() & F.col("is_of_several"))).alias("is_itself"),
        )
    )


def _with_share(maps: DataFrame) -> DataFrame:
    # Rows of before there were welds have no part, and one parent.
    share = F.when(F.col("part_no").isNull(), 1.0).otherwise(F.col("mass_share_pct") / 100)
    return maps.where(F.col("child_kind") == "piece").select(
        *("line", F.col("child_id").alias("material_id"), "made_at", "part_no"),
        *(F.col("parent_id").alias("of_piece_id"), share.alias("share")),
    )
