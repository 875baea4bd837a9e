"""mart/yield_ledger -> mart/yield_losses."""

from jobs.lake.lake import Lake
from jobs.run import Days
from pipelines.mart.yield_losses import yield_losses
from schemas.mart.yield_ledger import MART_YIELD_LEDGER
from schemas.mart.yield_losses import MART_YIELD_LOSSES


def main(lake: Lake, days: Days) -> None:
    """Make those days of mart/yield_losses."""
    lake.write(MART_YIELD_LOSSES, days, yield_losses(lake.read(MART_YIELD_LEDGER, days)))
