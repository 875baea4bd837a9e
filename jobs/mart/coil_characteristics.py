"""core/coil_parts and coil_segments, core/strip_limits and raw/setups -> mart/coil_characteristics."""

from jobs.lake.lake import Lake
from jobs.run import Days
from pipelines.mart.coil_characteristics import coil_characteristics
from schemas.core.coil_parts import CORE_COIL_PARTS
from schemas.core.coil_segments import CORE_COIL_SEGMENTS
from schemas.core.coils import CORE_COILS
from schemas.core.strip_limits import CORE_STRIP_LIMITS
from schemas.mart.coil_characteristics import MART_COIL_CHARACTERISTICS
from schemas.raw.setups import RAW_SETUPS


def main(lake: Lake, days: Days) -> None:
    """Make those days of mart/coil_characteristics, of signals that are measured, and limited or set up."""
    parts, segments = lake.read(CORE_COIL_PARTS, days), lake.read(CORE_COIL_SEGMENTS, days)
    limits, setups = lake.read(CORE_STRIP_LIMITS, days), lake.read(RAW_SETUPS, days)
    asked = {
        row.signal for row in limits.select("signal").union(setups.select("signal")).distinct().collect()
    }
    signals = sorted(asked & set(parts.columns) & set(segments.columns))
    nothing = lake.spark.createDataFrame([], MART_COIL_CHARACTERISTICS.ddl)
    found = (
        coil_characteristics(lake.read(CORE_COILS, days), parts, segments, limits, setups, signals)
        if signals
        else nothing
    )
    lake.write(MART_COIL_CHARACTERISTICS, days, found)
