"""core/coils and the readings of caster, furnace and mills -> core/coil_segments."""

from functools import partial

from jobs.lake.delta import as_in_lake
from jobs.lake.kernels import Readings, rows_of, write_by_kernel
from jobs.lake.lake import Lake
from jobs.lake.lookups import Lookup, lookup
from jobs.run import Days
from pipelines.coil_origins import Upstream
from pipelines.core.coil_segments import Coil, coil_segments, signals_of
from pipelines.station_offsets import Sensor
from pipelines.strip_sensors import sensors_at
from schemas.contract import Table
from schemas.core.coil_segments import COUNTER, segments_of
from schemas.core.coils import CORE_COILS
from schemas.core.length_maps import CORE_LENGTH_MAPS
from schemas.raw.casting_readings import RAW_CASTING_READINGS
from schemas.raw.finishing_readings import RAW_FINISHING_READINGS
from schemas.raw.furnace_readings import RAW_FURNACE_READINGS
from schemas.raw.roughing_passes import RAW_ROUGHING_PASSES
from schemas.raw.sensors import RAW_SENSORS
from schemas.raw_table import delivered


def main(lake: Lake, days: Days) -> None:
    """Make those days of core/coil_segments."""
    coils = _coils(lake, days)
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


def _coils(lake: Lake, days: Days) -> dict[str, Coil]:
    """The coils, each with the sensors that held when it was coiled."""
    sensors = rows_of(lake, RAW_SENSORS, days).to_pylist()
    rows = rows_of(lake, CORE_COILS, days)
    columns = ["coil_id", "production_day", "line", "coiled_at", "length_m"]
    coils, known = {}, dict[tuple[Sensor, ...], tuple[Sensor, ...]]()
    for row in rows.select(columns).to_pylist():
        held = sensors_at(sensors, row["line"], row["coiled_at"])
        coils[row["coil_id"]] = Coil(row["production_day"], row["length_m"], known.setdefault(held, held))
    return coils
