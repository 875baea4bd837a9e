"""mart/coil_characteristics -> mart/process_capability."""

from jobs.lake.lake import Lake
from jobs.run import Days
from pipelines.mart.process_capability import process_capability
from schemas.mart.coil_characteristics import MART_COIL_CHARACTERISTICS
from schemas.mart.process_capability import MART_PROCESS_CAPABILITY


def main(lake: Lake, days: Days) -> None:
    """Make those days of mart/process_capability."""
    characteristics = lake.read(MART_COIL_CHARACTERISTICS, days)
    lake.write(MART_PROCESS_CAPABILITY, days, process_capability(characteristics, days))
