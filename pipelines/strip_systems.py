"""Readings of several systems on one strip: each takes its own samples, by a clock of its own.

What one system measures is missing in the samples of the others. That is no gap: a signal is judged and
counted by the samples of the systems that deliver it, and placed as if all had sampled together.
"""

from collections.abc import Mapping, Sequence
from typing import NamedTuple

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from pipelines.station_offsets import Sensor, named_apart
from pipelines.strip_segments import Array, numbers
from schemas.core.coil_segments import COUNTER

Mask = NDArray[np.bool_]

SYSTEM = "system"


class Systems(NamedTuple):
    """``together``: the readings as if every system had sampled whenever one did.

    ``sensors``: each at a station that is at one place and read by one group of systems. ``rows``: station ->
    samples of its group; empty where there is one system.
    """

    together: pa.Table
    sensors: tuple[Sensor, ...]
    rows: Mapping[str, Mask]

    def own(self, told: Mapping[str, NDArray], otherwise: float) -> dict[str, NDArray]:
        """What is told of each station at its own samples; at those of others otherwise."""
        return {s: np.where(self.rows[s], told[s], otherwise) if self.rows else told[s] for s in told}


def systems(readings: pa.Table, signals: Sequence[str], sensors: Sequence[Sensor]) -> Systems:
    """The systems that the readings of one coil come from, in the order of time.

    Without ``sensors`` nothing is brought to its place, and the systems are taken for one.
    """
    several = SYSTEM in readings.column_names and pc.count_distinct(readings[SYSTEM], mode="all").as_py() > 1
    if not several or not sensors:
        return Systems(readings, named_apart(sensors), {})
    names = readings[SYSTEM].fill_null("").to_numpy()
    delivering = {s: _delivering(names, numbers(readings[s])) for s in [COUNTER, *signals]}
    parted = named_apart(_parted(delivering, sensors))
    rows = {sensor.station: np.isin(names, delivering[sensor.signal]) for sensor in parted}
    return Systems(_together(readings, names, delivering), parted, rows)


def _delivering(names: NDArray[np.object_], values: Array) -> tuple[str, ...]:
    """The systems that have values of a signal; all where none has."""
    return tuple(sorted(set(names[~np.isnan(values)]) or set(names)))


def _parted(delivering: Mapping[str, tuple[str, ...]], sensors: Sequence[Sensor]) -> tuple[Sensor, ...]:
    """A sensor for every signal; stations of several groups of systems are parted, for each has its clock."""
    known = {sensor.signal: sensor for sensor in sensors}
    counter = known[COUNTER]
    every = [known.get(signal, counter._replace(signal=signal)) for signal in delivering]
    groups: dict[str, set[tuple[str, ...]]] = {}
    for sensor in every:
        groups.setdefault(sensor.station, set()).add(delivering[sensor.signal])
    return tuple(
        sensor
        if len(groups[sensor.station]) == 1
        else sensor._replace(station=f"{sensor.station} ({', '.join(delivering[sensor.signal])})")
        for sensor in every
    )


def _together(
    readings: pa.Table, names: NDArray[np.object_], delivering: Mapping[str, tuple[str, ...]]
) -> pa.Table:
    """Every signal at every sample: between two samples of its own systems in proportion to time."""
    time_us = readings["sampled_at"].cast(pa.int64()).to_numpy().astype(np.float64)
    columns = {"sampled_at": readings["sampled_at"]}
    for signal, its_systems in delivering.items():
        own, values = np.isin(names, its_systems), numbers(readings[signal])
        columns[signal] = pa.array(np.where(own, values, np.interp(time_us, time_us[own], values[own])))
    return pa.table(columns)
