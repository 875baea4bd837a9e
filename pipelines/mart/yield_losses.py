"""The Pareto of the mass that did not become prime, by cause."""

from pyspark.sql import Column, DataFrame, Window
from pyspark.sql import functions as F

from pipelines.mass_balance import to_the_milligram
from pipelines.ratios import pct
from schemas.mart.yield_losses import BREAKDOWNS, CAUSES, MISSING

GROUP = ("production_day", "line", "breakdown", "breakdown_value")


def yield_losses(ledger: DataFrame) -> DataFrame:
    """One row per day, line, breakdown, its value and cause with a loss; every breakdown has the same losses.

    The greatest loss has rank 1; equal ones keep the order of the ledger's accounts.
    """
    return ranked(by_cause(ledger))


def by_cause(ledger: DataFrame) -> DataFrame:
    """Pieces, lost mass and charged mass of each cause, for each value of each breakdown."""
    mass, mass_in = F.col("loss.mass_t"), F.col("charged_mass_t")
    lost = to_the_milligram(F.coalesce(F.sum(mass), F.lit(0.0)))
    lost_of_charged = F.sum(F.when(mass_in.isNotNull(), mass))
    return (
        ledger.withColumn("of", F.explode(F.array(*map(_breakdown, BREAKDOWNS))))
        .withColumn("loss", F.explode(F.array(*map(_loss, CAUSES))))
        .groupBy("production_day", "line", "of.breakdown", "of.breakdown_value", "loss.cause", "loss.place")
        .agg(
            F.count_if(mass != 0).alias("pieces"),
            lost.alias("lost_mass_t"),
            pct(lost_of_charged, F.sum(mass_in)).alias("share_of_charged_pct"),
            F.bool_or(F.coalesce(F.col("loss.is_estimated") & (mass != 0), F.lit(False))).alias(
                "is_estimated"
            ),
        )
        .where("lost_mass_t <> 0")
    )


def ranked(losses: DataFrame) -> DataFrame:
    """Adds the place of each cause in the Pareto of its breakdown value, its share and the cumulated one."""
    value = Window.partitionBy(*GROUP)
    greatest_first = value.orderBy(F.desc("lost_mass_t"), "place")
    so_far = F.sum("lost_mass_t").over(
        greatest_first.rowsBetween(Window.unboundedPreceding, Window.currentRow)
    )
    total = F.sum("lost_mass_t").over(value)
    # Where gains outweigh losses, a share of them says nothing.
    all_lost = F.when(total > 0, total)
    return (
        losses.withColumn("rank", F.row_number().over(greatest_first))
        .withColumn("share_of_losses_pct", pct(F.col("lost_mass_t"), all_lost))
        .withColumn("cumulated_share_pct", pct(so_far, all_lost))
    )


def _breakdown(name: str) -> Column:
    value = {
        "all": F.lit("all"),
        "shift": F.col("shift"),
        "grade": F.col("grade"),
        "order": F.col("order_id"),
    }
    return F.struct(
        F.lit(name).alias("breakdown"), F.coalesce(value[name], F.lit(MISSING)).alias("breakdown_value")
    )


def _loss(cause: str) -> Column:
    return F.struct(
        F.lit(cause).alias("cause"),
        F.lit(CAUSES.index(cause)).alias("place"),
        F.col(f"{cause}_mass_t").alias("mass_t"),
        F.array_contains("estimated", cause).alias("is_estimated"),
    )
