"""Works: what a line made of one piece by one operation on one day, and what was weighed and known of it."""

from collections.abc import Sequence

from pyspark.sql import Column, DataFrame
from pyspark.sql import functions as F

from pipelines.intervals import length_us
from pipelines.stacked import stacked
from pipelines.works_of_parents import SEVERAL
from schemas.contract import Input

WORK = ("line", "piece_id", "operation", "production_day")
"""What names a work; scrap of a piece without any work has no operation."""


def pieces_made(materials: DataFrame) -> DataFrame:
    """Hot coils and cut pieces, each with the ``piece_id`` that it was made of and its ``account``.

    A piece whose parent was not delivered stands for its own parent.
    """
    is_hot_coil = F.col("material_kind") == "hot coil"
    account = F.when(F.col("quality") == "scrap", "scrapped").otherwise(
        F.coalesce("quality", F.lit("ungraded"))
    )
    return materials.where(F.col("material_kind").isin("hot coil", "piece")).select(
        *("line", "production_day", "operation", "material_id", "made_at", "mass_t"),
        *("order_id", "shift", "grade", "heat_id", "thickness_mm", "width_mm", "length_m"),
        *("parent_id", F.coalesce("parent_id", "material_id").alias("piece_id")),
        F.when(is_hot_coil, "slab").otherwise("coil").alias("made_of"),
        account.alias("account"),
    )


def scrap_of_works(materials: DataFrame, pieces: DataFrame) -> DataFrame:
    """Weighed scrap, each weighing once, with the work that it belongs to and its ``account``.

    It names the piece that went in or one that came out, and is weighed on the day of the work, the next, or
    the one before, in this order; of several works of that day, the nearest in time. A weighing without one
    keeps its own day and has no operation; where it names no piece it stands for itself. ``account_out`` is
    that of the piece that came out, where it is that piece that was weighed. Scrap of a welded piece is
    divided over its parents as the piece is: ``pieces`` are those of ``by_parents``.
    """
    scrap = materials.where(F.col("material_kind") == "scrap").select(
        *("line", "production_day", "material_id", "parent_id", "scrap_kind", "mass_t", "made_at")
    )
    nearest = F.struct(
        _days_apart().alias("days_apart"),
        F.abs(length_us(F.col("work.made_at"), F.col("scrap.made_at"))).alias("apart_us"),
        *(F.col(f"work.{name}") for name in ("operation", "piece_id", "production_day", "account_out")),
        *(F.col(f"work.{name}") for name in ("is_divided", "made_at")),
    )
    found = (
        scrap.alias("scrap")
        .join(_works_by_number(pieces).alias("work"), _is_of_work(), how="left")
        .groupBy(*(F.col(f"scrap.{name}") for name in scrap.columns))
        .agg(F.min(nearest).alias("work"))
    )
    return _divided(found, pieces).select(
        *("line", "material_id", "scrap_kind", "mass_t", "made_at", "is_divided"),
        *("work.operation", "work.account_out"),
        F.coalesce("of_piece_id", "work.piece_id", "parent_id", "material_id").alias("piece_id"),
        F.coalesce("work.production_day", "production_day").alias("production_day"),
        _account_of_scrap().alias("account"),
    )


def _divided(scrap: DataFrame, pieces: DataFrame) -> DataFrame:
    """The weighings, those of a welded piece once per parent with its share of the mass."""
    part = pieces.where("is_divided").select(
        *("line", "material_id", "made_at", F.col("piece_id").alias("of_piece_id"), "share")
    )
    same = [F.col("scrap.work.piece_id") == F.col("part.material_id"), F.col("scrap.work.is_divided")]
    same += [F.col("scrap.line") == F.col("part.line"), F.col("scrap.work.made_at") == F.col("part.made_at")]
    share = F.coalesce("part.share", F.lit(1.0))
    return (
        scrap.alias("scrap")
        .join(part.alias("part"), on=same, how="left")
        .select("scrap.*", "of_piece_id", share.alias("share"))
        .withColumn("mass_t", F.col("mass_t") * F.col("share"))
        .withColumn("is_divided", F.col("of_piece_id").isNotNull())
    )


def _account_of_scrap() -> Column:
    kind = F.col("scrap_kind")
    return F.when(kind.endswith("crop"), "crop").when(kind == "scrapped piece", "scrapped").otherwise(kind)


def _works_by_number(pieces: DataFrame) -> DataFrame:
    """Each work under the number that went in, and under those that came out; a welded piece as one."""
    came_out = F.when(~F.col("lacks_share"), F.col("material_id"))
    number = F.explode(F.array_compact(F.array_distinct(F.array("piece_id", came_out))))
    is_out = (F.col("number") != F.col("piece_id")) | (F.col("made_of") == SEVERAL)
    named = pieces.select(*WORK, "made_at", "made_of", "account", "is_divided", number.alias("number"))
    return named.withColumns(
        {
            "account_out": F.when(is_out, F.col("account")),
            "is_divided": is_out & F.col("is_divided"),
            "piece_id": F.when(is_out & F.col("is_divided"), F.col("number")).otherwise(F.col("piece_id")),
        }
    )


def _is_of_work() -> Column:
    same_line = F.col("work.line") == F.col("scrap.line")
    same_piece = F.col("work.number") == F.col("scrap.parent_id")
    return same_line & same_piece & _days_apart().isNotNull()


def _days_apart() -> Column:
    days = F.datediff("scrap.production_day", "work.production_day")
    return F.when(days == 0, 0).when(days == 1, 1).when(days == -1, 2)


def with_origins(
    works: DataFrame, coils: DataFrame, materials: DataFrame, pieces: DataFrame, within: Sequence[Input]
) -> DataFrame:
    """Adds what is told of the piece that went in: ``slab_t``, ``coil_t``, coil, heat, order and grade.

    ``within``: the windows of days of coils and of materials; what lies outside is not known to a night, and
    so to no longer run. A piece that has the number of its parent cannot tell what its parent weighed.
    """
    origins = zip(_origins(coils, materials, pieces), within, strict=True)
    every = stacked(
        *(
            origin.withColumns({"from_days": F.lit(-window.days_ahead), "to_days": F.lit(window.days_back)})
            for origin, window in origins
        )
    )
    apart = F.datediff("work.production_day", "origin.production_day")
    same_piece = F.col("work.piece_id") == F.col("origin.piece_id")
    is_known = same_piece & apart.between(F.col("origin.from_days"), F.col("origin.to_days"))
    added = [name for name in every.columns if name not in (*WORK, "from_days", "to_days")]
    # Works are the dear part: joined once, and what was told of each brought together behind it.
    return (
        works.alias("work")
        .join(every.alias("origin"), on=is_known, how="left")
        .groupBy(*(F.col(f"work.{name}").alias(name) for name in works.columns))
        .agg(*(F.max(f"origin.{name}").alias(name) for name in added))
    )


def _origins(coils: DataFrame, materials: DataFrame, pieces: DataFrame) -> tuple[DataFrame, DataFrame]:
    """What coils and materials tell of numbers of pieces that a line could take in, with the day of each."""
    mass, day = F.col("mass_t"), F.col("production_day")
    told = [F.col(name).alias(f"origin_{name}") for name in ("heat_id", "order_id", "grade")]
    is_slab = F.col("material_kind") == "slab"
    is_new_piece = (F.col("made_of") != "slab") & F.col("is_new_number")
    number = F.col("material_id").alias("piece_id")
    of_coils = stacked(
        coils.select(day, F.col("coil_id").alias("piece_id"), mass.alias("coil_t"), *told, "coil_id"),
        coils.select(day, F.col("slab_id").alias("piece_id"), F.col("slab_mass_t").alias("slab_t"), *told),
    )
    of_materials = stacked(
        materials.where(is_slab).select(day, number, mass.alias("slab_t"), *told),
        pieces.where(is_new_piece).select(day, number, F.col("whole_t").alias("coil_t"), *told),
    )
    return of_coils, of_materials
