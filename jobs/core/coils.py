"""raw coils, slabs, heats, orders and quality codes -> core/coils."""

from jobs.lake.lake import Lake
from jobs.run import Days
from pipelines.core.coils import coils
from schemas.core.coils import CORE_COILS
from schemas.raw.coils import RAW_COILS
from schemas.raw.heats import RAW_HEATS
from schemas.raw.orders import RAW_ORDERS
from schemas.raw.quality_codes import RAW_QUALITY_CODES
from schemas.raw.slabs import RAW_SLABS


def main(lake: Lake, days: Days) -> None:
    """Make those days of core/coils."""
    sources = (RAW_COILS, RAW_SLABS, RAW_HEATS, RAW_ORDERS, RAW_QUALITY_CODES)
    lake.write(CORE_COILS, days, coils(*(lake.read(source, days) for source in sources)))
