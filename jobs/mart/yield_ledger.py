"""core/coils, core/materials and core/length_maps -> mart/yield_ledger."""

from pyspark.sql import functions as F

from jobs.lake.lake import Lake
from jobs.run import Days
from pipelines.mart.yield_ledger import yield_ledger
from schemas.core.coils import CORE_COILS
from schemas.core.length_maps import CORE_LENGTH_MAPS
from schemas.core.materials import CORE_MATERIALS
from schemas.mart.yield_ledger import MART_YIELD_LEDGER


def main(lake: Lake, days: Days) -> None:
    """Make those days of mart/yield_ledger; the days around them tell what belongs to them."""
    ledger = yield_ledger(
        lake.read(CORE_COILS, days),
        lake.read(CORE_MATERIALS, days),
        lake.read(CORE_LENGTH_MAPS, days),
        closing_tolerance_pct=lake.settings.closing_tolerance_pct,
    )
    lake.write(MART_YIELD_LEDGER, days, ledger.where(F.col("production_day").isin(*days)))
