"""core/coils, raw/finishing_readings and raw/sensors -> core/station_clocks."""

from functools import partial

from jobs.lake.delta import arrow_schema, as_in_lake
from jobs.lake.kernels import Readings, rows_of, write_by_kernel
from jobs.lake.lake import Lake
from jobs.rolled_coils import rolled_coils
from jobs.run import Days
from pipelines.core.coil_segments import signals_of
from pipelines.core.station_clocks import station_clocks
from schemas.core.coil_segments import COUNTER, segments_of
from schemas.core.coils import CORE_COILS
from schemas.core.station_clocks import CORE_STATION_CLOCKS
from schemas.raw.finishing_readings import RAW_FINISHING_READINGS


def main(lake: Lake, days: Days) -> None:
    """Make those days of core/station_clocks."""
    coils = rolled_coils(lake, days)
    rows = rows_of(lake, CORE_COILS, days).select(["coil_id", "rolling_started_at"]).to_pylist()
    delivered = as_in_lake(lake.settings.lake, RAW_FINISHING_READINGS)
    signals = signals_of(segments_of(delivered))
    columns = ["sampled_at", "system", COUNTER, *signals]
    readings = Readings(delivered, by="coil_id", keys=tuple(coils), columns=columns)
    kernel = partial(
        station_clocks,
        coils=coils,
        started_at={row["coil_id"]: row["rolling_started_at"] for row in rows},
        signals=signals,
        schema=arrow_schema(CORE_STATION_CLOCKS),
    )
    write_by_kernel(lake, CORE_STATION_CLOCKS, days, readings, kernel)
