"""core/coils, slabs, heats, roll changes and stoppages -> core/coil_conditions."""

from functools import partial

from jobs.lake.kernels import Readings, write_by_kernel
from jobs.lake.lake import Lake
from jobs.lake.lookups import Lookup, lookup
from jobs.run import Days
from pipelines.core.coil_conditions import Beside, coil_conditions
from schemas.contract import Table
from schemas.core.coil_conditions import CORE_COIL_CONDITIONS
from schemas.core.coils import CORE_COILS
from schemas.raw.coils import RAW_COILS
from schemas.raw.heats import RAW_HEATS
from schemas.raw.roll_changes import RAW_ROLL_CHANGES
from schemas.raw.slabs import RAW_SLABS
from schemas.raw.stoppages import RAW_STOPPAGES
from schemas.raw_table import delivered

BESIDE = (RAW_COILS, RAW_SLABS, RAW_HEATS, RAW_ROLL_CHANGES, RAW_STOPPAGES)


def main(lake: Lake, days: Days) -> None:
    """Make those days of core/coil_conditions, a line in one task: coils are told by those before them."""
    lines = [row["line"] for row in lake.read(CORE_COILS, days).select("line").distinct().collect()]
    coils = Readings(CORE_COILS, by="line", keys=tuple(lines), columns=CORE_COILS.field_names)
    beside = Beside(*(_delivered(lake, table, days) for table in BESIDE))
    kernel = partial(coil_conditions, days=tuple(days), beside=beside)
    write_by_kernel(lake, CORE_COIL_CONDITIONS, days, coils, kernel)


def _delivered(lake: Lake, table: Table, days: Days) -> Lookup:
    return lookup(lake, table, days, [field.name for field in delivered(table)])
