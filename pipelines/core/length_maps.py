"""The genealogy as maps of lengths: strand to slab, slab to hot coil, coil to finished pieces."""

from functools import reduce
from operator import or_

from pyspark.sql import Column, DataFrame
from pyspark.sql import functions as F

from pipelines import position_errors as errors
from pipelines.cut_maps import cut_pieces
from pipelines.mass_balance import SCALE_PCT, iron_lost_in_scale_t, length_by_mass_m, total_t
from pipelines.rivals import decimal_text, in_metres, with_rivals
from pipelines.stacked import stacked
from schemas.core.length_maps import SLAB_DAYS

MINUTE_US = 60_000_000
PLACE = ("parent_from_m", "parent_to_m", "sigma_m")


def length_maps(
    coils: DataFrame, slabs: DataFrame, cuts: DataFrame, welds: DataFrame, scrap: DataFrame
) -> DataFrame:
    """One row per slab, hot coil and part of a cut piece; what is not known of its place says why.

    Gives the slabs of all days that it is given. Coils are those of core/coils; scrap is what was weighed.
    """
    cast = cast_slabs(slabs)
    every = stacked(cast, rolled_coils(coils, cast, scrap), cut_pieces(cuts, welds))
    is_unknown = reduce(or_, (F.col(name).isNull() for name in ("parent_id", "child_to_m", *PLACE)))
    unknown = F.when(is_unknown & F.col("could_be").isNull(), F.col("missing"))
    return every.select(
        *("child_id", "child_kind", "made_at", "production_day", "line", "part_no", "child_from_m"),
        *("child_to_m", "parent_id", "mass_share_pct"),
        *("operation", "cast_at", "is_reversed", "is_side_flipped"),
        # An interval and its error hold together or not at all.
        *(F.when(~is_unknown, F.col(name)).alias(name) for name in PLACE),
        F.col("could_be").isNotNull().alias("is_ambiguous"),
        F.coalesce("could_be", unknown).alias("doubt"),
    )


def cast_slabs(slabs: DataFrame) -> DataFrame:
    """Slabs on their strands: metres of the strand shrink or stretch evenly to the slab's length."""
    strand_m = F.col("cast_to_m") - F.col("cast_from_m")
    by_mass_m = length_by_mass_m(F.col("mass_t"), F.col("thickness_mm"), F.col("width_mm"))
    length_m = F.coalesce(_positive("length_m"), F.when(strand_m > 0, strand_m), by_mass_m)
    is_contradiction = F.abs(F.col("length_m") - strand_m) > errors.CONTRADICTION_SHARE * strand_m
    told = F.concat(F.lit("the strand says "), decimal_text(strand_m), F.lit(" m, the slab "))
    cut_m = F.lit(errors.TORCH_CUT_M)
    contradiction = F.when(is_contradiction, F.concat(told, decimal_text(F.col("length_m")), F.lit(" m")))
    return _with_neighbours(slabs).select(
        *(F.col("slab_id").alias("child_id"), F.lit("slab").alias("child_kind")),
        *(F.col("discharged_at").alias("made_at"), "production_day"),
        F.coalesce("furnace", F.lit("furnace")).alias("line"),
        length_m.alias("child_to_m"),
        F.concat(F.lit("strand "), F.col("strand")).alias("parent_id"),
        # An interval that ends where it starts, or before, is none.
        F.when(strand_m > 0, F.col("cast_from_m")).alias("parent_from_m"),
        F.when(strand_m > 0, F.col("cast_to_m")).alias("parent_to_m"),
        *(F.lit(False).alias("is_reversed"), F.lit(False).alias("is_side_flipped")),
        *(F.lit("casting").alias("operation"), "cast_at", "mass_t"),
        *_in_one_part(),
        errors.over_the_length(cut_m, cut_m, F.lit(0.0), length_m).alias("sigma_m"),
        _missing(strand=F.col("strand"), cast_interval=F.when(strand_m > 0, strand_m), length=length_m),
        F.nullif(F.concat_ws("; ", contradiction, "rivals"), F.lit("")).alias("could_be"),
    )


def _in_one_part() -> tuple[Column, ...]:
    """What is made of one parent begins at its own head."""
    part_no = F.lit(1).cast("bigint").alias("part_no")
    return part_no, F.lit(0.0).alias("child_from_m"), F.lit(100.0).alias("mass_share_pct")


def _with_neighbours(slabs: DataFrame) -> DataFrame:
    """The slabs with those that claim the same metres of the same strand at about the same time."""
    overlap_m = F.least(F.col("own.cast_to_m"), F.col("other.cast_to_m")) - F.greatest(
        F.col("own.cast_from_m"), F.col("other.cast_from_m")
    )
    apart_us = F.abs(F.unix_micros("own.cast_at") - F.unix_micros("other.cast_at"))
    days = F.datediff("own.production_day", "other.production_day")
    is_rival = (
        (F.col("own.strand") == F.col("other.strand"))
        & days.between(0, SLAB_DAYS)
        & (overlap_m > errors.OVERLAP_M)
        # Without both times nobody knows that the counter started anew between them.
        & F.coalesce(apart_us <= errors.SAME_CAST_MIN * MINUTE_US, F.lit(True))
    )
    interval = in_metres(F.col("other.cast_from_m"), F.col("other.cast_to_m"))
    name = F.concat(F.col("other.slab_id"), F.lit(" ("), interval, F.lit(")"))
    says = F.concat(F.lit("strand "), F.col("own.strand"), F.lit(" has the same metres for "))
    return with_rivals(slabs, ["slab_id"], is_rival, name, says)


def rolled_coils(coils: DataFrame, cast: DataFrame, scrap: DataFrame) -> DataFrame:
    """Hot coils on their slabs: crops of head and tail fall off by mass, the rest is rolled out evenly.

    A sample is cut from the tail, the outer wrap of the coil. Scale is lost evenly along the slab.
    """
    balanced = _with_balance(_with_slab(_with_crops(coils, scrap), cast))
    rolled_t = F.col("whole_t") - F.col("head_t") - F.col("tail_t")
    length_m = F.col("coil_m")
    metre_t = F.when(rolled_t > 0, rolled_t) / length_m
    head_m, tail_m = (F.col(name) / metre_t for name in ("head_sigma_t", "tail_sigma_t"))
    return _with_siblings(balanced).select(
        *(F.col("coil_id").alias("child_id"), F.lit("hot coil").alias("child_kind")),
        *(F.col("coiled_at").alias("made_at"), "production_day", "line"),
        *(length_m.alias("child_to_m"), F.col("slab_id").alias("parent_id")),
        *(place.alias(name) for place, name in zip(_on_slab(), PLACE[:2], strict=True)),
        *(F.lit(False).alias("is_reversed"), F.lit(False).alias("is_side_flipped")),
        F.lit("rolling").alias("operation"),
        *_in_one_part(),
        errors.over_the_length(head_m, tail_m, F.lit(0.0), length_m).alias("sigma_m"),
        _missing(slab=F.col("slab_id"), length_of_the_slab=F.col("slab_m"), length=length_m, mass=rolled_t),
        F.nullif(F.concat_ws("; ", _mismatch(), "rivals"), F.lit("")).alias("could_be"),
    )


def _on_slab() -> tuple[Column, Column]:
    """Begin and end of the coil on the slab; missing where two coils share the slab, as nobody says how."""
    is_alone = F.col("rivals").isNull()
    per_t = F.col("slab_m") / F.when(is_alone & (F.col("whole_t") > 0), F.col("whole_t"))
    return F.col("head_t") * per_t, (F.col("whole_t") - F.col("tail_t")) * per_t


def _mismatch() -> Column:
    """What the coil and its crops weigh against the slab that they are said to come from."""
    differs = F.abs(F.col("whole_t") - F.col("slab_t")) > errors.CONTRADICTION_SHARE * F.col("slab_t")
    says = F.lit("another slab or a part that was not weighed: coil and crops weigh ")
    weights = (decimal_text(F.col("whole_t")), F.lit(" t, the slab "), decimal_text(F.col("slab_t")))
    return F.when(differs, F.concat(says, *weights, F.lit(" t")))


def _with_crops(coils: DataFrame, scrap: DataFrame) -> DataFrame:
    """The coils with their crops and sample as weighed; a weighing names the coil or its slab."""
    same = ["line", "production_day", "material_id"]
    numbers = coils.select(
        *("line", "production_day", "coil_id"),
        F.explode(F.array_distinct(F.array("coil_id", "slab_id"))).alias("material_id"),
    )
    weighed = [
        F.sum(F.when(F.col("scrap_kind") == kind, F.col("mass_t"))).alias(f"weighed_{name}_t")
        for kind, name in (("head crop", "head"), ("tail crop", "tail"), ("sample", "sample"))
    ]
    by_coil = numbers.join(scrap.select(*same, "scrap_kind", "mass_t"), on=same).groupBy("coil_id")
    return coils.join(by_coil.agg(*weighed), on="coil_id", how="left")


def _with_slab(coils: DataFrame, cast: DataFrame) -> DataFrame:
    """The coils with length and mass of their slab, which left the furnace on their day or shortly before."""
    slab = cast.select(
        *(F.col("child_id").alias("slab_id"), F.col("child_to_m").alias("slab_m")),
        *(F.col("mass_t").alias("slab_t"), F.col("production_day").alias("slab_day")),
    ).alias("slab")
    days = F.datediff("coil.production_day", "slab.slab_day")
    is_its_slab = (F.col("coil.slab_id") == F.col("slab.slab_id")) & days.between(0, SLAB_DAYS)
    return coils.alias("coil").join(slab, is_its_slab, how="left").select("coil.*", "slab_m", "slab_t")


def _with_balance(coils: DataFrame) -> DataFrame:
    """The coils with the mass at either end that is not in them, its error, and the mass of the whole bar."""
    piece_t = F.coalesce("slab_t", "mass_t")
    by_mass_m = length_by_mass_m(F.col("mass_t"), F.col("thickness_mm"), F.col("width_mm"))
    ends = {}
    for end in ("head", "tail"):
        weighed, reckoned = F.col(f"weighed_{end}_t"), F.col(f"{end}_crop_mass_t")
        sigma_t = F.when(weighed.isNotNull(), errors.SCRAP_SCALE_T).when(
            reckoned.isNotNull(), errors.RECKONED_CROP_SHARE * reckoned
        )
        ends[f"{end}_crop_t"] = F.coalesce(weighed, reckoned, errors.USUAL_CROP_SHARE * piece_t)
        ends[f"{end}_sigma_t"] = F.coalesce(sigma_t, errors.USUAL_CROP_SIGMA_SHARE * piece_t)
    sampled_t = total_t(F.col("weighed_sample_t"))
    together_t = F.col("mass_t") + F.col("head_t") + F.col("tail_t")
    left_t = F.col("slab_t") - iron_lost_in_scale_t(F.col("slab_t"), SCALE_PCT)
    return (
        coils.withColumns(ends)
        .withColumn("head_t", F.col("head_crop_t"))
        .withColumn("tail_t", F.col("tail_crop_t") + sampled_t)
        .withColumn("whole_t", F.coalesce(together_t, left_t))
        .withColumn("coil_m", F.coalesce(_positive("length_m"), by_mass_m))
    )


def _with_siblings(coils: DataFrame) -> DataFrame:
    """The coils with those of the same day that are said to come from the same slab."""
    same_day = F.col("own.production_day") == F.col("other.production_day")
    is_rival = same_day & (F.col("own.slab_id") == F.col("other.slab_id"))
    says = F.concat(F.lit("slab "), F.col("own.slab_id"), F.lit(" is said to have become also "))
    return with_rivals(coils, ["coil_id"], is_rival, F.col("other.coil_id"), says)


def _missing(**parts: Column) -> Column:
    """Which of these were not delivered, or make no sense."""
    names = [F.when(part.isNull(), F.lit(name.replace("_", " "))) for name, part in parts.items()]
    return F.concat(F.lit("not known: "), F.concat_ws(", ", *names)).alias("missing")


def _positive(name: str) -> Column:
    return F.when(F.col(name) > 0, F.col(name))
