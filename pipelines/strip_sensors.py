"""Sensors of one coil: where its signals were measured, and how far to believe them."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any, NamedTuple

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from pipelines import strip_places
from pipelines.sensor_health import Mask, learned
from pipelines.station_offsets import Sensor
from pipelines.strip_segments import Array, Counts, Placed, numbers, seconds
from schemas.core.coil_segments import COUNTER

AT_COUNTER = "length counter"
NO_SIGNALS = ("sampled_at", "system")
COUNTER_ALONE = Sensor(COUNTER, AT_COUNTER, 0.0)
FEWEST_COILS = 3
"""Coils that tell together how long a signal may keep one value; fewer are judged each by itself."""


def sensors_at(rows: Iterable[Mapping[str, Any]], line: str, at: datetime) -> tuple[Sensor, ...]:
    """The sensors of raw/sensors that held on a line at a moment; the length counter is always among them.

    Of the intervals of a signal that hold the one that began last decides.
    """
    holding = (
        row
        for row in rows
        if row["line"] == line
        and row["valid_from_at"] <= at
        and (row["valid_to_at"] is None or at < row["valid_to_at"])
    )
    latest = {row["signal"]: row for row in sorted(holding, key=lambda row: row["valid_from_at"])}
    held = [
        Sensor(row["signal"], row["station"], row["distance_m"], row["speed_signal"])
        for row in latest.values()
    ]
    return tuple(held) if any(sensor.signal == COUNTER for sensor in held) else (COUNTER_ALONE, *held)


def station_of(signals: Iterable[str], sensors: Iterable[Sensor]) -> dict[str, str]:
    """Signal -> its station; that of the length counter where no sensor says."""
    stations = {sensor.signal: sensor.station for sensor in sensors}
    return {signal: stations.get(signal, stations.get(COUNTER, AT_COUNTER)) for signal in signals}


def unplaced_n(measured: NDArray[np.bool_], signals: Sequence[str], sensors: Iterable[Sensor]) -> Counts:
    """In each segment the signals measured anywhere on the coil that no sensor tells the place of.

    ``measured``: signals (rows) in segments (columns).
    """
    told = {sensor.signal for sensor in sensors}
    lost = measured[[signal not in told for signal in signals]].any(axis=1)
    return np.full(measured.shape[1], lost.sum())


def placed(readings: pa.Table, length_m: float | None, sensors: Sequence[Sensor]) -> Placed:
    """Every station's places of one coil's readings in time's order; without sensors the counter as it reads.

    Errors are those of the stations at and behind the counter, where the strip has its own metres; of all
    if there are none.
    """
    if not sensors:
        return Placed({AT_COUNTER: numbers(readings[COUNTER])}, {})
    if not len(readings):
        return Placed({sensor.station: np.empty(0) for sensor in sensors}, {})
    found = located(readings, length_m, sensors)
    behind = {sensor.station for sensor in sensors if sensor.distance_m >= 0}
    told = {name: sigma_m for name, sigma_m in found.sigma_m.items() if name in behind or not behind}
    return Placed(found.place_m, told)


def located(readings: pa.Table, length_m: float | None, sensors: Sequence[Sensor]) -> strip_places.Placed:
    """Where each reading of one coil was taken, with the stations' clocks; seconds count from the first."""
    signals = {name: numbers(readings[name]) for name in readings.column_names if name not in NO_SIGNALS}
    return strip_places.places({strip_places.TIME: seconds(readings)} | signals, length_m, sensors)


def with_strip(placed_at: Placed, sensors: Iterable[Sensor]) -> dict[str, Mask]:
    """Station -> readings with strip under it; between two stands only while both have it.

    A looper hangs until the next stand has bitten. A stand is where a speed is measured before the counter.
    """
    every = tuple(sensors)
    has_place = ~np.isnan(np.array(list(placed_at.place_m.values())))
    own = dict(zip(placed_at.place_m, has_place, strict=True))
    at = {sensor.station: sensor.distance_m for sensor in every}
    speeds = {sensor.speed_signal for sensor in every}
    stands = sorted((s.distance_m, s.station) for s in every if s.signal in speeds and s.distance_m <= 0)
    masks = dict(own)
    for station, distance_m in at.items():
        before = [name for at_m, name in stands if at_m < distance_m]
        behind = [name for at_m, name in stands if at_m > distance_m]
        if before and behind and distance_m not in {at_m for at_m, _ in stands}:
            masks[station] = own[station] & own[before[-1]] & own[behind[0]]
    return masks


class Judged(NamedTuple):
    """The signals of one coil as `sensor_health.learned` takes them, and what it tells of each."""

    values: Array
    at: Counts
    has_strip: NDArray[np.bool_]
    plausible_n: Counts
    steps: Array


def judged(readings: pa.Table, at: Mapping[str, str], has_strip: Mapping[str, Mask]) -> Judged:
    """The signals with what their own readings tell; ``at``: signal -> station.

    In one table, for one compiled look at all: tasks of one process take turns with the interpreter, and each
    turn costs as much as the look at one signal.
    """
    values = np.array([numbers(readings[signal]) for signal in at])
    station_no = {station: no for no, station in enumerate(has_strip)}
    stations, masks = np.array([station_no[its] for its in at.values()]), np.array(list(has_strip.values()))
    return Judged(values, stations, masks, *learned(values, stations, masks))


def plausible_n(strips: Sequence[Judged]) -> Counts | None:
    """Of each signal the readings that it may keep one value, as these coils tell together; None of too few.

    A sensor that is frozen for a whole coil is found by what it does on others.
    """
    if len(strips) < FEWEST_COILS:
        return None
    return np.sort([strip.plausible_n for strip in strips], axis=0)[len(strips) // 2]
