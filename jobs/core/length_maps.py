"""core/coils, raw slabs, cuts, welds and scrap -> core/length_maps."""

from pyspark.sql import functions as F

from jobs.lake.lake import Lake
from jobs.run import Days
from pipelines.core.length_maps import length_maps
from schemas.core.coils import CORE_COILS
from schemas.core.length_maps import CORE_LENGTH_MAPS
from schemas.raw.cuts import RAW_CUTS
from schemas.raw.scrap import RAW_SCRAP
from schemas.raw.slabs import RAW_SLABS
from schemas.raw.welds import RAW_WELDS


def main(lake: Lake, days: Days) -> None:
    """Make those days of core/length_maps; slabs of earlier days are read beside them."""
    sources = (CORE_COILS, RAW_SLABS, RAW_CUTS, RAW_WELDS, RAW_SCRAP)
    maps = length_maps(*(lake.read(source, days) for source in sources))
    lake.write(CORE_LENGTH_MAPS, days, maps.where(F.col("production_day").isin(*days)))
