"""raw stoppages, shift calendar and roll changes -> core/line_events."""

from pyspark.sql import functions as F

from jobs.lake.lake import Lake
from jobs.run import Days
from pipelines.core.line_events import line_events
from schemas.core.line_events import CORE_LINE_EVENTS
from schemas.raw.roll_changes import RAW_ROLL_CHANGES
from schemas.raw.shift_calendar import RAW_SHIFT_CALENDAR
from schemas.raw.stoppages import RAW_STOPPAGES


def main(lake: Lake, days: Days) -> None:
    """Make those days of core/line_events; what reaches into them starts before."""
    events = line_events(
        lake.read(RAW_STOPPAGES, days),
        lake.read(RAW_SHIFT_CALENDAR, days),
        lake.read(RAW_ROLL_CHANGES, days),
        time_zone=lake.settings.time_zone,
        day_starts_at_h=lake.settings.day_starts_at_h,
    )
    lake.write(CORE_LINE_EVENTS, days, events.where(F.col("production_day").isin(*days)))
