"""Where the sensors of the finishing mill stand, as an Arrow table: the length counter is at F7."""

import numpy as np
import pyarrow as pa

from pipelines.reference_mill.arrow_tables import delivered_table, moments
from pipelines.reference_mill.before_rolling import LONG_AGO
from pipelines.reference_mill.line import (
    COILER_BEHIND_F7_M,
    COILING_PYROMETER_BEHIND_F7_M,
    ENTRY_PYROMETER_BEFORE_F1_M,
    FINISHING_PYROMETER_BEHIND_F7_M,
    GAUGES_BEHIND_F7_M,
    STAND_SPACING_M,
    STANDS,
)
from pipelines.reference_mill.mill import Mill
from pipelines.reference_mill.strip_readings import SIGNALS
from schemas.raw.sensors import RAW_SENSORS

F1_M = -(STANDS - 1) * STAND_SPACING_M

STATIONS: dict[str, tuple[float, str]] = {
    "entry pyrometer": (F1_M - ENTRY_PYROMETER_BEFORE_F1_M, "f1_speed_m_s"),
    **{f"F{no}": ((no - STANDS) * STAND_SPACING_M, f"f{no}_speed_m_s") for no in range(1, STANDS + 1)},
    **{
        f"looper {no}": ((no - STANDS + 0.5) * STAND_SPACING_M, f"f{no}_speed_m_s") for no in range(1, STANDS)
    },
    "length counter": (0.0, "strip_speed_m_s"),
    "exit gauges": (GAUGES_BEHIND_F7_M, "strip_speed_m_s"),
    "finishing pyrometer": (FINISHING_PYROMETER_BEHIND_F7_M, "strip_speed_m_s"),
    "coiling pyrometer": (COILING_PYROMETER_BEHIND_F7_M, "strip_speed_m_s"),
    "coiler": (COILER_BEHIND_F7_M, "strip_speed_m_s"),
}
"""Station -> metres from the length counter, and the signal that runs like the material there."""

STATION_OF = {
    "length_m": "length counter",
    "strip_speed_m_s": "length counter",
    "entry_temp_c": "entry pyrometer",
    "descaling_pressure_bar": "entry pyrometer",
    "finishing_temp_c": "finishing pyrometer",
    "cooling_water_m3_h": "finishing pyrometer",
    "coiling_temp_c": "coiling pyrometer",
    "coiler_tension_kn": "coiler",
    **dict.fromkeys(("thickness_mm", "width_mm", "crown_um", "wedge_um", "flatness_iu"), "exit gauges"),
}
"""Signal -> station, stands and loopers apart. The water is set by what the pyrometer behind F7 sees."""


def station_of(signal: str) -> str:
    """The station that a signal comes from.

    >>> station_of("f3_force_kn"), station_of("looper_3_angle_deg"), station_of("width_mm")
    ('F3', 'looper 3', 'exit gauges')
    """
    if signal in STATION_OF:
        return STATION_OF[signal]
    first, second, *_ = signal.split("_")
    return f"looper {second}" if first == "looper" else first.upper()


def sensor_table(mill: Mill) -> pa.Table:
    """Station, distance and speed of every signal of the finishing readings."""
    stations = [station_of(signal) for signal in SIGNALS]
    return delivered_table(
        RAW_SENSORS,
        {
            "line": ["HSM"] * len(SIGNALS),
            "signal": SIGNALS,
            "station": stations,
            "distance_m": [STATIONS[station][0] for station in stations],
            "speed_signal": [STATIONS[station][1] for station in stations],
            "valid_from_at": moments(mill, LONG_AGO, np.zeros(len(SIGNALS))),
            "valid_to_at": [None] * len(SIGNALS),
        },
    )
