"""core/coils, raw slabs, cuts, scrap and quality codes -> core/materials."""

from jobs.lake.lake import Lake
from jobs.run import Days
from pipelines.core.materials import materials
from schemas.core.coils import CORE_COILS
from schemas.core.materials import CORE_MATERIALS
from schemas.raw.cuts import RAW_CUTS
from schemas.raw.quality_codes import RAW_QUALITY_CODES
from schemas.raw.scrap import RAW_SCRAP
from schemas.raw.slabs import RAW_SLABS


def main(lake: Lake, days: Days) -> None:
    """Make those days of core/materials."""
    sources = (CORE_COILS, RAW_SLABS, RAW_CUTS, RAW_SCRAP, RAW_QUALITY_CODES)
    lake.write(CORE_MATERIALS, days, materials(*(lake.read(source, days) for source in sources)))
