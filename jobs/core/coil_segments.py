"""core/coils and the readings of caster, furnace and mills -> core/coil_segments."""

from functools import partial

from jobs.lake.delta import as_in_lake
from jobs.lake.kernels import Readings, write_by_kernel
from jobs.lake.lake import Lake
from jobs.lake.lookups import Lookup, lookup
from jobs.rolled_coils import rolled_coils
from jobs.run import Days
from pipelines.coil_origins import Upstream
from pipelines.core.coil_segments import coil_segments, signals_of
from schemas.contract import Table
from schemas.core.coil_segments import COUNTER, segments_of
from schemas.core.length_maps import CORE_LENGTH_MAPS
from schemas.raw.casting_readings import RAW_CASTING_READINGS
from schemas.raw.finishing_readings import RAW_FINISHING_READINGS
from schemas.raw.furnace_readings import RAW_FURNACE_READINGS
from schemas.raw.roughing_passes import RAW_ROUGHING_PASSES
from schemas.raw_table import delivered


def main(lake: Lake, days: Days) -> None:
    """Make those days of core/coil_segments."""
    coils = rolled_coils(lake, days)
    delivered_readings = as_in_lake(lake.settings.lake, RAW_FINISHING_READINGS)
    segments = segments_of(delivered_readings)
    columns = ["sampled_at", "system", COUNTER, *signals_of(segments)]
    readings = Readings(delivered_readings, by="coil_id", keys=tuple(coils), columns=columns)
    upstream = Upstream(
        lookup(lake, CORE_LENGTH_MAPS, days, CORE_LENGTH_MAPS.field_names),
        *(_delivered(lake, table, days) for table in UPSTREAM),
    )
    segment_m = lake.settings.segment_m
    kernel = partial(coil_segments, coils=coils, segment_m=segment_m, upstream=upstream, table=segments)
    write_by_kernel(lake, segments, days, readings, kernel)


UPSTREAM = (RAW_CASTING_READINGS, RAW_FURNACE_READINGS, RAW_ROUGHING_PASSES)


def _delivered(lake: Lake, table: Table, days: Days) -> Lookup:
    return lookup(lake, table, days, [field.name for field in delivered(table)])
