"""What a line's time and output add up from: rows of a day, a line and a shift with amounts to be summed."""

from pyspark.sql import DataFrame
from pyspark.sql import functions as F

from pipelines.intervals import length_us, newly_covered_us
from pipelines.oee import at_ideal_rate_min
from pipelines.validity import holds_at, until_replaced
from pipelines.works import pieces_made

ROW = ("production_day", "line", "shift")
"""What the amounts are summed by."""


def times(events: DataFrame) -> DataFrame:
    """Planned and stopped microseconds of each shift and stoppage; of overlapping stoppages, what each adds.

    Within a planned shift a moment is planned stop, else unplanned stop, else production.
    """
    begins, ends = F.col("from_at"), F.col("to_at")
    is_shift, is_stop = (F.col("event_kind") == kind for kind in ("shift", "stoppage"))
    is_planned, is_scheduled = (F.coalesce(name, F.lit(False)) for name in ("is_planned", "is_scheduled"))
    order = ["from_at", "to_at", "event_id"]
    stopped = newly_covered_us(order, only=is_stop & is_scheduled)
    planned = newly_covered_us(order, only=is_stop & is_scheduled & is_planned)
    # On a day without a calendar nobody knows which time was planned: every stoppage counts.
    may_run = F.coalesce("is_scheduled", F.lit(True))
    is_failure = is_stop & F.col("is_start") & may_run & ~is_planned
    lasted = F.greatest(length_us(begins, F.col("event_to_at")), F.lit(0))
    return events.where(is_shift | is_stop).select(
        *ROW,
        F.when(is_shift, F.when(is_planned, length_us(begins, ends)).otherwise(0)).alias("shift_us"),
        planned.alias("planned_stop_us"),
        (stopped - planned).alias("stopped_us"),
        F.when(is_failure, 1).otherwise(0).alias("stoppages"),
        F.when(is_failure & F.col("event_to_at").isNotNull(), lasted).alias("repair_us"),
    )


def production(materials: DataFrame, coils: DataFrame, ideal_rates: DataFrame) -> DataFrame:
    """Pieces that left a line, their mass, and the minutes that they take at the standard rate."""
    mass, is_weighed = F.col("mass_t"), F.col("mass_t").isNotNull()
    return with_rate(with_class_thickness(pieces_made(materials), coils), ideal_rates).select(
        *ROW,
        "made_at",
        F.lit(1).alias("pieces"),
        F.when(is_weighed, 0).otherwise(1).alias("pieces_without_mass"),
        F.when(is_weighed & F.col("rate_t_h").isNull(), 1).otherwise(0).alias("pieces_without_rate"),
        mass.alias("output_mass_t"),
        F.when(F.col("account") == "prime", mass).otherwise(F.lit(0.0)).alias("good_mass_t"),
        F.when(F.col("account") != "ungraded", mass).alias("graded_mass_t"),
        at_ideal_rate_min(mass, F.col("rate_t_h")).alias("output_at_ideal_rate_min"),
    )


def with_class_thickness(pieces: DataFrame, coils: DataFrame) -> DataFrame:
    """Adds the thickness by which a piece belongs to a class of products: asked for, else measured.

    What was asked for does not slip into the neighbouring class by a hundredth of a millimetre.
    """
    asked_for = coils.select(F.col("coil_id").alias("material_id"), "target_thickness_mm")
    class_thickness = F.coalesce("target_thickness_mm", "thickness_mm")
    return pieces.join(asked_for, on="material_id", how="left").withColumn(
        "class_thickness_mm", class_thickness
    )


def with_rate(pieces: DataFrame, ideal_rates: DataFrame) -> DataFrame:
    """Adds the standard rate of the piece's class when it was made; the best one where classes overlap."""
    rates = until_replaced(ideal_rates, ["line", "product_class"], "valid_from_at", "valid_to_at")
    thickness = F.col("class_thickness_mm")
    of_class = (thickness >= F.col("from_thickness_mm")) & (thickness < F.col("to_thickness_mm"))
    held = holds_at(F.col("made_at"), F.col("valid_from_at"), F.col("valid_to_at"))
    rate = rates.select(
        F.col("line").alias("rated_line"),
        *("from_thickness_mm", "to_thickness_mm", "valid_from_at", "valid_to_at", "rate_t_h"),
    )
    rated = pieces.join(rate, (F.col("line") == F.col("rated_line")) & of_class & held, how="left")
    return rated.groupBy(*pieces.columns).agg(F.max("rate_t_h").alias("rate_t_h"))


def first_passes(yields: DataFrame) -> DataFrame:
    """Works of which it is known whether all became prime the first time, and those in which it did."""
    known = yields.where("is_first_pass is not null")
    return known.select(
        *ROW, "worked_at", F.lit(1).alias("works"), F.col("is_first_pass").cast("int").alias("first_passes")
    )


def in_shifts(rows: DataFrame, at: str, events: DataFrame) -> DataFrame:
    """The rows with the shift that the plant told, else that of the calendar at that moment; none outside."""
    calendar = events.where("event_kind = 'shift'").select(
        F.col("line").alias("shift_line"),
        F.col("production_day").alias("shift_day"),
        F.col("shift").alias("calendar_shift"),
        F.col("from_at").alias("shift_from_at"),
        F.col("to_at").alias("shift_to_at"),
    )
    same_day = (F.col("line") == F.col("shift_line")) & (F.col("production_day") == F.col("shift_day"))
    within = holds_at(F.col(at), F.col("shift_from_at"), F.col("shift_to_at"))
    found = rows.join(calendar, same_day & within, how="left")
    kept = [F.col(name) for name in rows.columns if name not in ("shift", at)]
    return found.select(*kept, F.coalesce("shift", "calendar_shift").alias("shift"))
