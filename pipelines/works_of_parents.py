"""The pieces that came out on the works of all that they were made of: a welded piece divided by its mass."""

from pyspark.sql import DataFrame, Window
from pyspark.sql import functions as F

from pipelines.stacked import stacked

NUMBER = ("line", "material_id", "made_at")
SEVERAL = "several"
"""What a piece was made of where nobody knows what each parent gave: it stands for itself."""


def by_parents(pieces: DataFrame, maps: DataFrame) -> DataFrame:
    """The rows of ``pieces_made``, each once per parent in core/length_maps, with its ``share`` of the piece.

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
    """One row per piece and parent with its share of the mass, missing where it is not known.

    A piece whose shares are not known has one more row, of all of it, without a parent.
    """
    told = per_parent(maps)
    is_known, parent = F.col("share").isNotNull(), F.col("of_piece_id")
    columns = (*NUMBER, "is_new_number", "of_piece_id", "share")
    of_parents = told.where(is_known | parent.isNotNull()).select(
        *columns,
        (is_known & (F.col("parents_n") > 1)).alias("is_divided"),
        (parent.isNull() & (F.col("parents_n") > 1)).alias("is_itself"),
    )
    nobody = {"of_piece_id": F.lit(None).cast("string"), "share": F.lit(1.0)}
    itself = told.where(~is_known).withColumns(nobody).select(*columns).distinct()
    flags = {"is_divided": F.lit(False), "is_itself": F.lit(True)}
    return stacked(of_parents, itself.withColumns(flags)).withColumn("is_mapped", F.lit(True))


def per_parent(maps: DataFrame) -> DataFrame:
    """One row per piece and parent: what share of the piece it gave, in one part or in several."""
    piece = Window.partitionBy(*NUMBER)
    could_be_its = F.col("of_piece_id").isNull() | (F.col("of_piece_id") == F.col("material_id"))
    share = F.when(
        F.col("unknown_n") == 0, F.when(F.col("parents_n") == 1, 1.0).otherwise(F.col("pct") / 100)
    )
    return (
        maps.where(F.col("child_kind") == "piece")
        .select(
            *("line", F.col("child_id").alias("material_id"), "made_at"),
            F.col("parent_id").alias("of_piece_id"),
            # Rows of before there were welds have no part, and one parent.
            F.when(F.col("part_no").isNull(), 100.0)
            .otherwise(F.col("mass_share_pct"))
            .alias("mass_share_pct"),
        )
        .groupBy(*NUMBER, "of_piece_id")
        .agg(
            F.sum("mass_share_pct").alias("pct"),
            F.count_if(F.col("mass_share_pct").isNull()).alias("unknown_n"),
        )
        .withColumn("parents_n", F.count(F.lit(1)).over(piece))
        .withColumn("is_new_number", F.max(could_be_its.cast("int")).over(piece) == 0)
        .withColumn("share", share)
    )
