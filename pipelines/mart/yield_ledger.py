"""The mass balance of every piece that a line took in: what was charged, and where it went."""

from pyspark.sql import Column, DataFrame, Window
from pyspark.sql import functions as F

from pipelines.mass_balance import SCALE_PCT, iron_lost_in_scale_t, to_the_milligram, total_t
from pipelines.ratios import pct
from pipelines.stacked import stacked
from pipelines.works import WORK, pieces_made, scrap_of_works, with_origins
from pipelines.works_of_parents import SEVERAL, by_parents
from schemas.core.coils import CORE_COILS
from schemas.core.materials import CORE_MATERIALS
from schemas.mart.yield_ledger import (
    EXPLAINED,
    MART_YIELD_LEDGER,
    NO_MASS_IN,
    NO_MASS_OUT,
    NO_SHARE,
    NO_SHARES,
    NO_WORK,
)

BOOKED = ("prime", "secondary", "ungraded", "scrapped")
"""Accounts of the pieces that came out: where none is booked, none came out."""

WEIGHED = ("cobble", "trim", "sample")
"""Accounts of weighed scrap: where none is booked, nobody knows that there was none."""


def yield_ledger(
    coils: DataFrame,
    materials: DataFrame,
    maps: DataFrame,
    *,
    closing_tolerance_pct: float = 0.5,
    scale_pct: float = SCALE_PCT,
) -> DataFrame:
    """One row per work (line, piece that went in, operation, day), and per piece that only scrap came of.

    Gives the days around those asked for too: scrap is weighed the day after, a piece may take two days.
    ``maps`` are those of core/length_maps: a welded piece is booked on the works of all its parents.
    """
    pieces = by_parents(pieces_made(materials), maps)
    booked = entries(pieces, scrap_of_works(materials, pieces), coils)
    within = [MART_YIELD_LEDGER.input(table) for table in (CORE_COILS, CORE_MATERIALS)]
    known = with_origins(works(booked), coils, materials, pieces, within)
    return closed(charged(known, scale_pct), closing_tolerance_pct)


def entries(pieces: DataFrame, scrap: DataFrame, coils: DataFrame) -> DataFrame:
    """The bookings of all works: one per piece (of a welded one, parent) that came out, and per weighing.

    A piece that came out and was then weighed as scrapped is taken back from its account by a second one.
    """
    numbers = (F.col("coil_id").alias("material_id"), F.lit("slab").alias("made_of"))
    reckoned = coils.select(*numbers, "head_crop_mass_t", "tail_crop_mass_t")
    out = pieces.withColumn("is_out", F.lit(True)).join(reckoned, on=["material_id", "made_of"], how="left")
    weighed = scrap.withColumn("is_out", F.lit(False))
    came_out_first = (F.col("account") == "scrapped") & F.col("account_out").isNotNull()
    taken_back = {"account": F.col("account_out"), "mass_t": -F.col("mass_t")}
    scrapped = weighed.where(came_out_first).withColumns(taken_back)
    return stacked(out, weighed, scrapped)


def works(booked: DataFrame) -> DataFrame:
    """One row per work: the sum of each account, and what is told of its heaviest piece."""
    is_out, made_at, mass = F.col("is_out"), F.col("made_at"), F.col("mass_t")
    told = ("material_id", "made_of", "order_id", "shift", "grade", "heat_id", "thickness_mm")
    heaviest = F.struct(F.coalesce(mass, F.lit(0.0)).alias("heaviest_t"), "made_at", *told)
    rows = booked.groupBy(*WORK).agg(
        *(F.coalesce(_sum(_on(name)), F.lit(0.0)).alias(f"{name}_mass_t") for name in BOOKED),
        *(_sum(_on(name)).alias(f"{name}_mass_t") for name in WEIGHED),
        *(_sum(F.col("scrap_kind") == f"{end} crop").alias(f"{end}_t") for end in ("head", "tail")),
        *(F.sum(f"{end}_crop_mass_t").alias(f"reckoned_{end}_t") for end in ("head", "tail")),
        F.coalesce(F.max(F.when(is_out, made_at)), F.max(made_at)).alias("worked_at"),
        F.count_if(is_out & mass.isNull() & ~F.col("lacks_share")).alias("pieces_without_mass"),
        F.count_if(is_out & F.col("lacks_share")).alias("pieces_without_share"),
        F.array_sort(F.collect_set(F.when(F.col("is_divided"), F.col("account")))).alias("divided"),
        F.bool_or(F.col("scrap_kind").isin("cobble", "scrapped piece")).alias("is_lost"),
        F.max(F.when(is_out, heaviest)).alias("piece"),
    )
    return rows.select("*", *(f"piece.{name}" for name in told)).drop("piece").withColumns(_crop())


def _sum(where: Column) -> Column:
    return F.sum(F.when(where, F.col("mass_t")))


def _on(account: str) -> Column:
    return F.col("account") == account


def _crop() -> dict[str, Column]:
    head, tail = F.coalesce("head_t", "reckoned_head_t"), F.coalesce("tail_t", "reckoned_tail_t")
    reckoned = [
        F.col(f"{end}_t").isNull() & F.col(f"reckoned_{end}_t").isNotNull() for end in ("head", "tail")
    ]
    return {
        "crop_mass_t": F.when(head.isNotNull() | tail.isNotNull(), total_t(head, tail)),
        "is_crop_reckoned": reckoned[0] | reckoned[1],
    }


def charged(ledger: DataFrame, scale_pct: float) -> DataFrame:
    """Adds the mass charged and the scale, where it was a slab.

    A piece that only scrap came of is charged where all of it was lost. A piece worked on two days is charged
    on the first with what came of it, and on the second with the rest.
    """
    worked_no = F.datediff("production_day", F.lit("1970-01-01"))
    days = Window.partitionBy("line", "piece_id", "operation").orderBy(worked_no)
    whole_slab = F.when(F.col("made_of") == "slab", F.col("slab_t")).when(
        F.col("made_of").isNull() & F.col("is_lost") & F.col("coil_t").isNull(), F.col("slab_t")
    )
    whole_coil = F.when(F.coalesce(F.col("made_of") == "coil", F.col("is_lost")), F.col("coil_t"))
    weighed = total_t(*(F.col(f"{name}_mass_t") for name in EXPLAINED if name != "scale"))
    rest = F.coalesce(whole_slab, whole_coil) - F.coalesce("came_before_t", F.lit(0.0))
    mass_in = F.when(F.col("goes_on"), F.col("came_t")).otherwise(rest)
    return (
        ledger.withColumn("came_t", weighed)
        .withColumn("came_before_t", F.sum("came_t").over(days.rangeBetween(-1, -1)))
        .withColumn("goes_on", F.count("came_t").over(days.rangeBetween(1, 1)) > 0)
        .withColumn("charged_mass_t", F.when(rest.isNotNull(), mass_in))
        .withColumn("scale_mass_t", F.when(~F.col("goes_on"), iron_lost_in_scale_t(whole_slab, scale_pct)))
    )


def closed(ledger: DataFrame, closing_tolerance_pct: float) -> DataFrame:
    """Adds what no account explains, and says which accounts are estimated or why no balance can be drawn."""
    mass_in = F.col("charged_mass_t")
    lacks_mass, lacks_share = F.col("pieces_without_mass") > 0, F.col("pieces_without_share") > 0
    explained = total_t(*(F.col(f"{name}_mass_t") for name in EXPLAINED))
    unaccounted = F.when(~lacks_mass & ~lacks_share, to_the_milligram(mass_in - explained))
    share = pct(F.col("unaccounted_mass_t"), mass_in)
    only_scrap = F.col("made_of").isNull() & ~F.col("is_lost")
    estimated = {
        "charged": F.col("goes_on") & mass_in.isNotNull(),
        "crop": F.col("is_crop_reckoned"),
        "scale": F.col("scale_mass_t").isNotNull(),
    }
    reasons = (
        F.when(only_scrap, NO_WORK)
        .when(F.col("made_of") == SEVERAL, NO_SHARES)
        .when(mass_in.isNull(), NO_MASS_IN),
        F.when(lacks_mass, NO_MASS_OUT),
        F.when(lacks_share, NO_SHARE),
    )
    return (
        ledger.withColumn("unaccounted_mass_t", unaccounted)
        .withColumn("unaccounted_pct", share)
        .withColumn("is_within_tolerance", F.abs(share) <= F.lit(closing_tolerance_pct))
        .withColumn("estimated", F.array_distinct(F.concat(_named(estimated), "divided")))
        .withColumn("not_computable", F.nullif(F.concat_ws("; ", *reasons), F.lit("")))
        .withColumn(
            "coil_id", F.when(F.col("made_of") == "slab", F.col("material_id")).otherwise(F.col("coil_id"))
        )
        .withColumns({name: F.coalesce(name, f"origin_{name}") for name in ("heat_id", "order_id", "grade")})
    )


def _named(estimated: dict[str, Column]) -> Column:
    return F.array_compact(F.array(*(F.when(is_, F.lit(account)) for account, is_ in estimated.items())))
