"""Yield: what share of each piece that a line took in became product, and became it the first time."""

from pyspark.sql import Column, DataFrame
from pyspark.sql import functions as F

from pipelines.mass_balance import theoretical_mass_t, total_t
from pipelines.ratios import pct
from pipelines.works import WORK, pieces_made
from pipelines.works_of_parents import by_parents
from schemas.mart.coil_yields import NO_QUALITY
from schemas.mart.yield_ledger import NO_MASS_OUT, NO_SHARE, NO_WORK, OUTPUTS

REWORK = "re-coiling"
"""The operation that makes no new product: a coil is wound again because it was not good enough."""

SCRAP = ("crop", "cobble", "trim", "sample", "scrapped")
"""The accounts of the ledger that left the line as scrap."""


def coil_yields(ledger: DataFrame, materials: DataFrame, maps: DataFrame) -> DataFrame:
    """One row per row of the ledger: metallic, prime and first-pass yield; missing where not to be told.

    ``materials`` and ``maps`` (core/length_maps) of the day and the next, which tells which hot coils had to
    be wound again.
    """
    pieces = by_parents(pieces_made(materials), maps)
    output = total_t(*(F.col(f"{name}_mass_t") for name in OUTPUTS))
    left = output + total_t(*(F.col(f"{name}_mass_t") for name in SCRAP))
    mass_in, is_told, is_graded = F.col("charged_mass_t"), _is_told(), F.col("ungraded_mass_t") == 0
    prime = F.when(is_told & is_graded, F.col("prime_mass_t"))
    deviation = F.col("dimensioned_mass_t") - F.col("theoretical_mass_t")
    reasons = (F.col("not_computable"), F.when(~is_graded, NO_QUALITY))
    return (
        ledger.join(by_dimensions(pieces), on=["line", "piece_id", "worked_at"], how="left")
        .join(wound_again(pieces), on="coil_id", how="left")
        .withColumn("output_mass_t", F.when(is_told, output))
        .withColumn("metallic_yield_pct", pct(F.col("output_mass_t"), mass_in))
        .withColumn("prime_yield_pct", pct(prime, mass_in))
        .withColumn("prime_share_pct", pct(prime, left))
        .withColumn("is_first_pass", first_pass())
        .withColumn("theoretical_deviation_pct", pct(deviation, F.col("theoretical_mass_t")))
        .withColumn("not_computable", F.nullif(F.concat_ws("; ", *reasons), F.lit("")))
    )


def _is_told() -> Column:
    missing = F.coalesce("not_computable", F.lit(""))
    return ~missing.rlike("|".join((NO_MASS_OUT, NO_SHARE, NO_WORK)))


def first_pass() -> Column:
    """True where something came out and all of it was prime, without rework, cobble or scrapped pieces."""
    is_rework = (F.col("operation") == REWORK) | ((F.col("operation") == "rolling") & F.col("is_wound_again"))
    is_lost = total_t(*(F.col(f"{name}_mass_t") for name in ("secondary", "cobble", "scrapped"))) > 0
    return (
        F.when(F.coalesce(is_rework, F.lit(False)) | is_lost, F.lit(False))
        .when(F.col("ungraded_mass_t") > 0, F.lit(None))
        .when(F.col("prime_mass_t") > 0, F.lit(True))
    )


def by_dimensions(pieces: DataFrame) -> DataFrame:
    """Theoretical mass of what came out of each work, where all of it was measured and weighed."""
    theoretical = theoretical_mass_t(F.col("thickness_mm"), F.col("width_mm"), F.col("length_m"))
    is_known = theoretical.isNotNull() & F.col("mass_t").isNotNull()
    every = F.count_if(~is_known) == 0
    return (
        pieces.groupBy(*WORK)
        .agg(
            F.max("made_at").alias("worked_at"),
            F.when(every, F.sum(theoretical)).alias("theoretical_mass_t"),
            F.when(every, F.sum("mass_t")).alias("dimensioned_mass_t"),
        )
        .drop("operation", "production_day")
    )


def wound_again(pieces: DataFrame) -> DataFrame:
    """The numbers of the coils that had to be wound again, each once."""
    reworked = pieces.where((F.col("operation") == REWORK) & F.col("parent_id").isNotNull())
    return reworked.select(
        F.col("parent_id").alias("coil_id"), F.lit(True).alias("is_wound_again")
    ).distinct()
