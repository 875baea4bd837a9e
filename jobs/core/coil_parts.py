"""core/coil_segments -> core/coil_parts."""

from functools import partial

from jobs.lake.delta import as_in_lake
from jobs.lake.kernels import Readings, write_by_kernel
from jobs.lake.lake import Lake
from jobs.rolled_coils import rolled_coils
from jobs.run import Days
from pipelines.core.coil_parts import coil_parts
from schemas.contract import MOMENTS
from schemas.core.coil_parts import parts_of
from schemas.core.coil_segments import CORE_COIL_SEGMENTS


def main(lake: Lake, days: Days) -> None:
    """Make those days of core/coil_parts."""
    coils = rolled_coils(lake, days)
    segments = as_in_lake(lake.settings.lake, CORE_COIL_SEGMENTS)
    table = parts_of(segments)
    signals = [field.name for field in table.fields if field.type == MOMENTS]
    readings = Readings(segments, by="coil_id", keys=tuple(coils), columns=["from_m", "to_m", *signals])
    write_by_kernel(lake, table, days, readings, partial(coil_parts, coils=coils, table=table))
