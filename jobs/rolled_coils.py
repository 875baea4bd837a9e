"""What kernels know of the coils of some days beside their readings."""

from jobs.lake.kernels import rows_of
from jobs.lake.lake import Lake
from jobs.run import Days
from pipelines.core.coil_segments import Coil
from pipelines.station_offsets import Sensor
from pipelines.strip_sensors import sensors_at
from schemas.core.coils import CORE_COILS
from schemas.raw.sensors import RAW_SENSORS


def rolled_coils(lake: Lake, days: Days) -> dict[str, Coil]:
    """The coils, each with the sensors that held when it was coiled."""
    sensors = rows_of(lake, RAW_SENSORS, days).to_pylist()
    rows = rows_of(lake, CORE_COILS, days)
    columns = ["coil_id", "production_day", "line", "coiled_at", "length_m"]
    coils, known = {}, dict[tuple[Sensor, ...], tuple[Sensor, ...]]()
    for row in rows.select(columns).to_pylist():
        held = sensors_at(sensors, row["line"], row["coiled_at"])
        coils[row["coil_id"]] = Coil(row["production_day"], row["length_m"], known.setdefault(held, held))
    return coils
