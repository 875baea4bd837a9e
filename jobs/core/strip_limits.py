"""core/coils and raw tables -> core/strip_limits."""

from jobs.lake.lake import Lake
from jobs.run import Days
from pipelines.core.strip_limits import strip_limits
from schemas.core.strip_limits import CORE_STRIP_LIMITS


def main(lake: Lake, days: Days) -> None:
    """Make those days of core/strip_limits."""
    inputs = [lake.read(declared.table, days) for declared in CORE_STRIP_LIMITS.made_from]
    lake.write(CORE_STRIP_LIMITS, days, strip_limits(*inputs))
