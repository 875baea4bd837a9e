"""mart/yield_ledger and core/materials -> mart/coil_yields."""

from jobs.lake.lake import Lake
from jobs.run import Days
from pipelines.mart.coil_yields import coil_yields
from schemas.core.materials import CORE_MATERIALS
from schemas.mart.coil_yields import MART_COIL_YIELDS
from schemas.mart.yield_ledger import MART_YIELD_LEDGER


def main(lake: Lake, days: Days) -> None:
    """Make those days of mart/coil_yields."""
    ledger, materials = lake.read(MART_YIELD_LEDGER, days), lake.read(CORE_MATERIALS, days)
    lake.write(MART_COIL_YIELDS, days, coil_yields(ledger, materials))
