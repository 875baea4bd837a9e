"""Strips of the reference mill as its sensors saw them, with their true places."""

from datetime import date
from typing import NamedTuple

import numpy as np

from pipelines.reference_mill import CLEAN, Mill
from pipelines.reference_mill.rolling_day import rolling_day
from pipelines.reference_mill.sensor_faults import sensor_faults, spoil
from pipelines.reference_mill.sensor_table import STATIONS, station_of
from pipelines.reference_mill.speed import SENSORS, position_at
from pipelines.reference_mill.strip_readings import SIGNALS, strip_readings
from pipelines.station_offsets import Sensor

DAY = date(2026, 11, 20)
PLANT = [Sensor(signal, station_of(signal), *STATIONS[station_of(signal)]) for signal in SIGNALS]
SEEN_BY = {
    "entry pyrometer": "entry",
    **{f"F{no}": f"F{no}" for no in range(1, 8)},
    "exit gauges": "gauges",
    "finishing pyrometer": "finishing",
    "coiling pyrometer": "coiling",
    "coiler": "coiler",
}


class Strip(NamedTuple):
    """Readings, measured length, station -> true places (NaN without strip), the faults of its sensors."""

    readings: dict
    length_m: float
    truth: dict
    faults: list


def strips(seed, hz, coils, dirt=CLEAN):
    """The first coils of a day, read at moments of their own."""
    mill = Mill(coils_a_day=30, readings_hz=hz, seed=seed, dirt=dirt)
    rolled, chance = rolling_day(mill, DAY), np.random.default_rng([seed, 7])
    for coil in rolled.coils[:coils].tolist():
        time_s = np.arange(chance.random() / hz, rolled.cone.at_s[coil, -1], 1 / hz)
        seen = strip_readings(rolled, coil, time_s)
        faults = [fault for fault in sensor_faults(rolled) if fault.coil == coil]
        for fault in faults:
            spoil(seen, time_s, fault)
        readings = {name: np.ascontiguousarray(seen[:, no]) for no, name in enumerate(SIGNALS)}
        at_m = position_at(rolled.cone, coil, time_s)[0][:, None] + rolled.offsets_m[coil]
        length_m = float(rolled.length_m[coil])
        at_m[(at_m < 0) | (at_m >= length_m)] = np.nan
        truth = {station: at_m[:, SENSORS.index(sensor)] for station, sensor in SEEN_BY.items()}
        measured_m = round(length_m * chance.normal(1, 0.0006), 1)
        yield Strip(readings | {"sampled_s": time_s}, measured_m, truth, faults)
