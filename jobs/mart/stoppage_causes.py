"""core/line_events and mart/line_efficiency -> mart/stoppage_causes."""

from jobs.lake.lake import Lake
from jobs.run import Days
from pipelines.mart.stoppage_causes import stoppage_causes
from schemas.core.line_events import CORE_LINE_EVENTS
from schemas.mart.line_efficiency import MART_LINE_EFFICIENCY
from schemas.mart.stoppage_causes import MART_STOPPAGE_CAUSES


def main(lake: Lake, days: Days) -> None:
    """Make those days of mart/stoppage_causes."""
    events, efficiency = lake.read(CORE_LINE_EVENTS, days), lake.read(MART_LINE_EFFICIENCY, days)
    lake.write(MART_STOPPAGE_CAUSES, days, stoppage_causes(events, efficiency))
