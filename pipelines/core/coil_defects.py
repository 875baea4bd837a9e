"""Surface defects at their place on the hot coil: detections placed, and those of one defect joined."""

from pyspark.sql import Column, DataFrame, Window
from pyspark.sql import functions as F

from pipelines.inspected_pieces import coil_m, on_pieces, pieces_on_coils, side_on_coil
from pipelines.inspection_counter import counter_sigma_m, stretch, with_counted_length
from pipelines.mill_days import MillDays
from pipelines.rivals import decimal_text, in_metres
from schemas.core.coil_defects import CORE_COIL_DEFECTS

DETECTION = ["inspection_system", "material_id", "detection_no"]
BEYOND_SIGMAS = 3.0
"""A box that lies further behind the end of its piece than so many standard deviations is not on it."""

UNCOMPARED_SHARE = 0.01
"""The same where the counter could not be compared: counters agree to 0.1 %, and a tail may be cut."""

ACROSS, ALONG = ("from_edge_mm", "to_edge_mm"), ("from_m", "to_m")


def coil_defects(
    coils: DataFrame,
    maps: DataFrame,
    detections: DataFrame,
    inspections: DataFrame,
    *,
    time_zone: str = "UTC",
    day_starts_at_h: int = 6,
) -> DataFrame:
    """One row per defect, each detection in one of them; ``detections`` and ``inspections`` are raw tables.

    A detection whose piece or place is not known, could be several, or lies outside the strip has no place,
    and says why. Gives the days around those asked for too.
    """
    days = MillDays(time_zone, day_starts_at_h)
    named = on_pieces(detections, DETECTION, "detected_at", pieces_on_coils(coils, maps), days)
    return joined(placed(with_counted_length(named, inspections)))


def placed(named: DataFrame) -> DataFrame:
    """Detections with their places on the hot coil; ``doubt`` says why one has none, or could be another."""
    ends = named.withColumn("stretch", stretch()).withColumns(
        {
            "at_m": F.col("from_m") * F.coalesce("stretch", F.lit(1.0)),
            "end_m": F.coalesce("to_m", "from_m") * F.coalesce("stretch", F.lit(1.0)),
        }
    )
    return _on_coil(ends.withColumn("nowhere", _nowhere()))


def _nowhere() -> Column:
    """Why a box has no place on its piece; missing where it has one."""
    piece_m, at_m = F.col("piece_m"), F.col("at_m")
    spare_m = F.when(F.col("stretch").isNotNull(), BEYOND_SIGMAS * counter_sigma_m(piece_m)).otherwise(
        UNCOMPARED_SHARE * piece_m
    )
    beyond = F.concat(
        in_metres(at_m, F.col("end_m")),
        F.lit(" lies outside a strip of "),
        decimal_text(piece_m),
        F.lit(" m"),
    )
    return (
        F.when(F.col("piece_doubt").isNotNull(), F.col("piece_doubt"))
        .when(F.col("slope").isNull(), F.lit("the piece's place on the coil is not known"))
        .when(at_m.isNull(), F.lit("its place was not delivered"))
        .when(F.col("end_m") < at_m, F.lit("its box ends before it begins"))
        .when(F.col("end_m") > piece_m + spare_m, beyond)
    )


def _on_coil(ends: DataFrame) -> DataFrame:
    """Metres of the piece as metres of the coil, cut at the piece's end; sides turned back."""
    is_placed = F.col("nowhere").isNull()
    one, other = coil_m(F.col("at_m")), coil_m(F.col("end_m"))
    sigma_m = F.sqrt(F.pow(counter_sigma_m(F.col("at_m")), F.lit(2)) + F.pow("piece_sigma_m", F.lit(2)))
    is_compared, across_known = (
        is_placed & F.col("stretch").isNotNull(),
        F.coalesce("is_hot_coil", F.lit(True)),
    )
    no_side = F.when(
        F.col("side").isNotNull() & F.col("slope").isNotNull() & F.col("is_side_flipped").isNull(),
        F.lit("nobody told whether the strip was turned over"),
    )
    doubts = F.concat_ws("; ", "nowhere", no_side)
    return ends.withColumns(
        {
            "defect_id": F.concat_ws("/", *(F.col(name).cast("string") for name in DETECTION)),
            "from_m": F.when(is_placed, F.greatest(F.least(one, other), F.lit(0.0))),
            "to_m": F.when(is_placed, F.greatest(one, other, F.lit(0.0))),
            "sigma_m": F.when(is_compared, sigma_m * F.abs("slope")),
            "side": side_on_coil(),
            "from_edge_mm": F.when(across_known, F.col("from_edge_mm")),
            "to_edge_mm": F.when(across_known, F.col("to_edge_mm")),
            "doubt": F.nullif(doubts, F.lit("")),
        }
    )


def joined(detections: DataFrame) -> DataFrame:
    """One row per defect: boxes of one side of a coil that hang together, told as by the most confident.

    Boxes hang together where they overlap along the strip and across it. Each grouping by one of the two may
    part what the other held together, so both are taken twice. What has no place is a defect of its own.
    """
    is_alone = F.col("from_m").isNull() | F.col("side").isNull()
    # In one column: the embedded engine cannot plan windows over several, of which a filter leaves one day.
    of_side = F.concat_ws("/", F.col("production_day").cast("string"), "coil_id", "side")
    boxes = detections.withColumn("of_side", F.when(is_alone, F.col("defect_id")).otherwise(of_side))
    group = ["of_side"]
    for no, (begins, ends) in enumerate((ALONG, ACROSS, ALONG, ACROSS)):
        boxes, group = _overlapping(boxes, group, begins, ends, f"group_{no}")
    best = Window.partitionBy(*group).orderBy(F.col("confidence_pct").desc_nulls_last(), "defect_id")
    return (
        boxes.withColumn("detections_n", F.count("*").over(Window.partitionBy(*group)))
        .withColumn("place", F.row_number().over(best))
        .where("place = 1")
        .select(*CORE_COIL_DEFECTS.field_names)
    )


def _overlapping(
    boxes: DataFrame, group: list[str], begins: str, ends: str, name: str
) -> tuple[DataFrame, list[str]]:
    """The boxes with the number of the run of overlapping ones in their group; an unknown end is anywhere."""
    from_, to = F.coalesce(begins, F.lit(0.0)), F.coalesce(ends, F.lit(float("inf")))
    along = Window.partitionBy(*group).orderBy(from_, "defect_id")
    reached = F.max(to).over(along.rowsBetween(Window.unboundedPreceding, -1))
    is_new = F.coalesce(from_ > reached, F.lit(True)).cast("int")
    numbered = boxes.withColumn("is_new", is_new).withColumn(name, F.sum("is_new").over(along))
    return numbered.drop("is_new"), [*group, name]
