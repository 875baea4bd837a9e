"""mart/yield_ledger, core/materials and core/length_maps -> mart/coil_yields."""

from jobs.lake.lake import Lake
from jobs.run import Days
from pipelines.mart.coil_yields import coil_yields
from schemas.core.length_maps import CORE_LENGTH_MAPS
from schemas.core.materials import CORE_MATERIALS
from schemas.mart.coil_yields import MART_COIL_YIELDS
from schemas.mart.yield_ledger import MART_YIELD_LEDGER


def main(lake: Lake, days: Days) -> None:
    """Make those days of mart/coil_yields."""
    sources = (MART_YIELD_LEDGER, CORE_MATERIALS, CORE_LENGTH_MAPS)
    lake.write(MART_COIL_YIELDS, days, coil_yields(*(lake.read(source, days) for source in sources)))
