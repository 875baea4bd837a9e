"""core/coils and raw/finishing_readings -> core/coil_segments."""

from functools import partial

from jobs.lake.kernels import Readings, rows_of, write_by_kernel
from jobs.lake.lake import Lake
from jobs.run import Days
from pipelines.core.coil_segments import Coil, coil_segments
from schemas.core.coil_segments import CORE_COIL_SEGMENTS, COUNTER, SIGNALS
from schemas.core.coils import CORE_COILS
from schemas.raw.finishing_readings import RAW_FINISHING_READINGS


def main(lake: Lake, days: Days) -> None:
    """Make those days of core/coil_segments."""
    rows = rows_of(lake, CORE_COILS, days).select(["coil_id", "production_day", "length_m"])
    coils = {row["coil_id"]: Coil(row["production_day"], row["length_m"]) for row in rows.to_pylist()}
    columns = ["sampled_at", COUNTER, *(signal.name for signal in SIGNALS)]
    readings = Readings(RAW_FINISHING_READINGS, by="coil_id", keys=tuple(coils), columns=columns)
    kernel = partial(coil_segments, coils=coils, segment_m=lake.settings.segment_m)
    write_by_kernel(lake, CORE_COIL_SEGMENTS, days, readings, kernel)
