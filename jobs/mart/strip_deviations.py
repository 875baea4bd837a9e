"""core/coil_segments and core/strip_limits -> mart/strip_deviations."""

from jobs.lake.lake import Lake
from jobs.run import Days
from pipelines.mart.strip_deviations import strip_deviations
from schemas.core.coil_segments import CORE_COIL_SEGMENTS
from schemas.core.strip_limits import CORE_STRIP_LIMITS
from schemas.mart.strip_deviations import MART_STRIP_DEVIATIONS


def main(lake: Lake, days: Days) -> None:
    """Make those days of mart/strip_deviations, of the limited signals that the segments have."""
    segments, limits = lake.read(CORE_COIL_SEGMENTS, days), lake.read(CORE_STRIP_LIMITS, days)
    limited = {row.signal for row in limits.select("signal").distinct().collect()}
    signals = sorted(limited & set(segments.columns))
    nothing = lake.spark.createDataFrame([], MART_STRIP_DEVIATIONS.ddl)
    found = strip_deviations(segments, limits, signals) if signals else nothing
    lake.write(MART_STRIP_DEVIATIONS, days, found)
