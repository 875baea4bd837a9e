"""Every piece of material, from slab to finished piece and scrap."""

from pyspark.sql import Column, DataFrame
from pyspark.sql import functions as F

from pipelines.stacked import stacked
from pipelines.validity import with_quality


def materials(
    coils: DataFrame, slabs: DataFrame, cuts: DataFrame, scrap: DataFrame, quality_codes: DataFrame
) -> DataFrame:
    """One row per piece and the time at which it came to be: slabs, hot coils, cut pieces, weighed scrap.

    Coils are those of core/coils; the rest is as delivered. A kind leaves empty what it cannot have.
    """
    return stacked(from_slabs(slabs), from_coils(coils), from_cuts(cuts, quality_codes), from_scrap(scrap))


def from_slabs(slabs: DataFrame) -> DataFrame:
    """Slabs as they left the furnace, which stands as their line."""
    return slabs.select(
        *_piece("slab", "slab_id", "discharged_at"),
        F.coalesce("furnace", F.lit("furnace")).alias("line"),
        "slab_id",
        *("heat_id", "order_id", "grade", "thickness_mm", "width_mm", "length_m", "mass_t"),
    )


def from_coils(coils: DataFrame) -> DataFrame:
    """Hot coils as coiled; their parent is the slab."""
    return coils.select(
        *_piece("hot coil", "coil_id", "coiled_at"),
        "line",
        F.col("slab_id").alias("parent_id"),
        F.lit("rolling").alias("operation"),
        *("slab_id", "heat_id", "order_id", "shift", "grade"),
        *("thickness_mm", "width_mm", "length_m", "mass_t", "quality_code", "quality"),
    )


def from_cuts(cuts: DataFrame, quality_codes: DataFrame) -> DataFrame:
    """Pieces that the finishing lines made; their parent is the piece that they were cut from."""
    return with_quality(cuts, quality_codes, "finished_at").select(
        *_piece("piece", "piece_id", "finished_at"),
        *("line", "parent_id", "operation", "order_id", "shift", "grade"),
        *("thickness_mm", "width_mm", "length_m", "mass_t", "quality_code", "quality"),
    )


def from_scrap(scrap: DataFrame) -> DataFrame:
    """Weighings of scrap; their parent is the piece that the scrap came from."""
    return scrap.select(
        *_piece("scrap", "weighing_id", "weighed_at"),
        *("line", F.col("material_id").alias("parent_id"), "scrap_kind", "mass_t"),
    )


def _piece(kind: str, material_id: str, made_at: str) -> tuple[Column, ...]:
    return (
        F.lit(kind).alias("material_kind"),
        F.col(material_id).alias("material_id"),
        F.col(made_at).alias("made_at"),
        F.col("production_day"),
    )
