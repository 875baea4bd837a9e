"""Shifts, stoppages and roll changes of every line, cut at shift and production-day borders."""

from datetime import timedelta

from pyspark.sql import Column, DataFrame, Window
from pyspark.sql import functions as F

from pipelines.intervals import INSTANT, cut_at_days, length_us, minutes
from pipelines.mill_days import MillDays
from pipelines.stacked import stacked
from pipelines.validity import until_replaced
from schemas.core.line_events import ENDS_BEFORE_IT_STARTS, LASTS_TOO_LONG, LONGEST_EVENT_DAYS, NO_END


def line_events(
    stoppages: DataFrame,
    shift_calendar: DataFrame,
    roll_changes: DataFrame,
    *,
    time_zone: str = "UTC",
    day_starts_at_h: int = 6,
) -> DataFrame:
    """One row per event and the part of it within one shift and production day; parts are half-open.

    Gives the days around those asked for too: what reaches into a day starts before it.
    """
    days = MillDays(time_zone, day_starts_at_h)
    shifts = cut_at_days(shift_events(shift_calendar), days, longest_days=1)
    stoppages, changes = stoppage_events(stoppages), roll_change_events(roll_changes)
    parts = cut_at_days(stacked(stoppages, changes), days, LONGEST_EVENT_DAYS)
    events = cut_at_shifts(parts, shift_spans(shifts, days))
    length = minutes(length_us(F.col("from_at"), F.col("to_at")))
    shifts = shifts.withColumn("is_scheduled", F.col("is_planned"))
    return stacked(shifts, events).withColumn("duration_min", length)


def shift_events(shift_calendar: DataFrame) -> DataFrame:
    """The shifts of the calendar; where two overlap, the earlier one ends as the later one begins."""
    calendar = until_replaced(shift_calendar, ["line"], "from_at", "to_at")
    return calendar.select(*_event("shift", F.col("shift"), "from_at", "to_at"), "shift", "is_planned")


def stoppage_events(stoppages: DataFrame) -> DataFrame:
    """The stoppages of the log, whether or not its times make sense."""
    told = ("equipment", "reason", "category", "is_planned")
    return stoppages.select(*_event("stoppage", F.col("stoppage_id"), "from_at", "to_at"), *told)


def roll_change_events(roll_changes: DataFrame) -> DataFrame:
    """Roll changes, which have a moment and no length; the reason says which roll came for which."""
    place = F.concat_ws(" ", "stand", "position")
    rolls = F.concat_ws(" for ", F.coalesce("roll_in_id", F.lit("?")), F.coalesce("roll_out_id", F.lit("?")))
    return roll_changes.select(
        *_event("roll change", place, "changed_at", "changed_at"),
        F.col("stand").alias("equipment"),
        F.col("position").alias("category"),
        rolls.alias("reason"),
    )


def _event(kind: str, event_id: Column, from_at: str, to_at: str) -> tuple[Column, ...]:
    begins, ends = F.col(from_at), F.col(to_at)
    return (
        F.col("line"),
        F.lit(kind).alias("event_kind"),
        event_id.alias("event_id"),
        begins.alias("from_at"),
        F.when(ends.isNotNull(), F.greatest(begins, ends)).alias("to_at"),
        ends.alias("event_to_at"),
        _fault(begins, ends).alias("fault"),
    )


def _fault(begins: Column, ends: Column) -> Column:
    followed_to = begins + F.lit(timedelta(days=LONGEST_EVENT_DAYS))
    return (
        F.when(ends.isNull(), F.lit(NO_END))
        .when(ends < begins, F.lit(ENDS_BEFORE_IT_STARTS))
        .when(ends > followed_to, F.lit(LASTS_TOO_LONG))
    )


def shift_spans(shifts: DataFrame, days: MillDays) -> DataFrame:
    """The days of the calendar as spans ``[at, ends_at)`` without gap: shifts, and the time between them."""
    place = ["line", "production_day"]
    lasting = shifts.where(F.col("from_at") < F.col("to_at"))
    begins = lasting.select(*place, F.col("from_at").alias("at"), "shift", "is_planned")
    free = [F.lit(None).cast("string").alias("shift"), F.lit(False).alias("is_planned")]
    ends = lasting.select(*place, F.col("to_at").alias("at"), *free)
    starts = shifts.select(*place, days.start_of(F.col("production_day")).alias("at"), *free)
    # Where a shift begins as another ends, the free span between them has no length.
    in_order = Window.partitionBy(*place).orderBy("at", F.col("shift").asc_nulls_first())
    next_begins = F.coalesce(F.lead("at").over(in_order), days.end_of(F.col("production_day")))
    spans = stacked(begins, ends, starts).withColumn("ends_at", next_begins)
    return spans.where(F.col("at") < F.col("ends_at"))


def cut_at_shifts(parts: DataFrame, spans: DataFrame) -> DataFrame:
    """The part of each event within each span; on a day without a calendar the event stays whole."""
    begins, ends = F.col("part.from_at"), F.col("part.to_at")
    same_line = F.col("part.line") == F.col("span.line")
    same_day = F.col("part.production_day") == F.col("span.production_day")
    # An instant lies in the span that it starts in.
    reaches_to = F.greatest(ends, begins + F.lit(INSTANT))
    meets = (F.col("span.at") < reaches_to) & (F.col("span.ends_at") > begins)
    starts_here = F.coalesce(F.col("span.at") <= begins, F.lit(True))
    cut = {
        "from_at": F.greatest(begins, F.col("span.at")),
        "to_at": F.least(ends, F.col("span.ends_at")),
        "is_start": F.col("part.is_start") & starts_here,
        "shift": F.col("span.shift"),
        "is_scheduled": F.col("span.is_planned"),
    }
    kept = [F.col(f"part.{name}") for name in parts.columns if name not in cut]
    joined = parts.alias("part").join(spans.alias("span"), same_line & same_day & meets, how="left")
    return joined.select(*kept, *(column.alias(name) for name, column in cut.items()))
