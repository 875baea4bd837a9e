"""Surface defects on hot coil, slab and strand, with the process faults at their place."""

from functools import reduce

from pyspark.sql import Column, DataFrame, Window
from pyspark.sql import functions as F

from pipelines.places_upstream import MOVED, places_upstream

WIDENED_SIGMAS = 2.0
"""Two places whose distance is within so many standard deviations of its error may be one."""

STEPS_OF = {"strand": ("casting",), "slab": ("reheating", "roughing")}
"""The steps that work on a piece; any other works on the hot strip."""

OF_DEFECT = ("coil_id", "production_day", "side", "defect_class")
KEY = ["defect_id", "piece_kind"]
SUSPECT = ("step", "detector", "fault_from_m")
SEVERAL = " process faults lie at this place"


def defect_traces(defects: DataFrame, maps: DataFrame, faults: DataFrame) -> DataFrame:
    """One row per defect, piece that it lay on, and process fault of that piece's steps at its place.

    A fault lies at a defect where both, widened by two standard deviations of the error of their distance,
    meet on the hot coil; where none does, one row says so. Faults of sensors are none of the process.
    """
    found = _on_route(defects, maps).join(_suspects(defects, faults), on=KEY, how="left")
    of_place = Window.partitionBy(*KEY)
    nearest = of_place.orderBy(F.asc_nulls_last("distance_m"), F.desc_nulls_last("strength_ratio"), *SUSPECT)
    several = F.when(F.col("suspects_n") > 1, F.concat(F.col("suspects_n").cast("string"), F.lit(SEVERAL)))
    return (
        found.withColumn("suspects_n", F.count("step").over(of_place))
        .withColumn("suspect_no", F.when(F.col("step").isNull(), 0).otherwise(F.row_number().over(nearest)))
        .withColumn("is_ambiguous", F.col("doubt").isNotNull() | (F.col("suspects_n") > 1))
        .withColumn("doubt", F.nullif(F.concat_ws("; ", "doubt", several), F.lit("")))
    )


def _on_route(defects: DataFrame, maps: DataFrame) -> DataFrame:
    """The defects on hot coil, slab and strand; what the map of a step does not tell says so."""
    on_coil = defects.select(
        *("defect_id", *OF_DEFECT, "from_m", "to_m", "sigma_m", "doubt"),
        F.col("defect_id").alias("place_id"),
        F.col("coil_id").alias("piece_id"),
    )
    on_slab = places_upstream(on_coil, maps.where("child_kind = 'hot coil'"))
    on_strand = places_upstream(on_slab, maps.where("child_kind = 'slab'"))
    on_each = ((on_coil, "hot coil"), (on_slab, "slab"), (on_strand, "strand"))
    columns = ("defect_id", *OF_DEFECT, *MOVED)
    return reduce(
        DataFrame.union,
        (place.select(*columns, F.lit(kind).alias("piece_kind")) for place, kind in on_each),
    )


def _suspects(defects: DataFrame, faults: DataFrame) -> DataFrame:
    """Defects with the process faults at their place on the hot coil, and the piece that each fault is of."""
    apart_m = F.greatest(
        F.col("fault.from_m") - F.col("defect.to_m"), F.col("defect.from_m") - F.col("fault.to_m"), F.lit(0.0)
    )
    sigma_m = F.sqrt(_known_square("defect.sigma_m") + _known_square("fault.sigma_m"))
    is_there = (F.col("defect.coil_id") == F.col("fault.coil_id")) & (apart_m <= WIDENED_SIGMAS * sigma_m)
    of_process = faults.where(~F.col("is_sensor")).alias("fault")
    return (
        defects.alias("defect")
        .join(of_process, is_there)
        .select(
            *("defect.defect_id", "fault.step", "fault.detector", "fault.signals", "fault.strength_ratio"),
            F.col("fault.from_m").alias("fault_from_m"),
            apart_m.alias("distance_m"),
            _piece_of_step().alias("piece_kind"),
        )
    )


def _piece_of_step() -> Column:
    kind = F.lit("hot coil")
    for piece, steps in STEPS_OF.items():
        kind = F.when(F.col("fault.step").isin(*steps), F.lit(piece)).otherwise(kind)
    return kind


def _known_square(name: str) -> Column:
    """Of an error that is not known, nothing: a place is not widened by what nobody can tell."""
    return F.coalesce(F.col(name) * F.col(name), F.lit(0.0))
