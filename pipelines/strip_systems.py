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
    if not _are_several(readings) or not sensors:
        return Systems(readings, named_apart(sensors), {})
    names = system_names(readings)
    delivering = {s: _delivering(names, numbers(readings[s])) for s in [COUNTER, *signals]}
    parted = named_apart(_parted(delivering, sensors))
    rows = {sensor.station: np.isin(names, delivering[sensor.signal]) for sensor in parted}
    return Systems(_together(readings, names, delivering), parted, rows)


def by_systems(readings: pa.Table, signals: Sequence[str]) -> list[tuple[tuple[str, ...], Mask]]:
    """Signals that the same systems deliver, and the samples of these systems."""
    if not _are_several(readings):
        return [(tuple(signals), np.ones(len(readings), np.bool_))]
    names = system_names(readings)
    groups: dict[tuple[str, ...], list[str]] = {}
    for signal in signals:
        groups.setdefault(_delivering(names, numbers(readings[signal])), []).append(signal)
    return [(tuple(its), np.isin(names, delivering)) for delivering, its in groups.items()]


def counted(readings: pa.Table, counter: str) -> Array:
    """A counter at every sample: of systems that do not deliver it, between two samples of those that do.

    Evenly between them, as these neighbours are a moment apart; over a longer silence, or where the counter
    started anew, it is not told.
    """
    values = numbers(readings[counter])
    if not _are_several(readings):
        return values
    names, time_us = system_names(readings), readings["sampled_at"].cast(pa.int64()).to_numpy()
    own, told = np.isin(names, _delivering(names, values)), ~np.isnan(values)
    if told.sum() < 2:
        return values
    at_us, at = time_us[told], values[told]
    steps_us = np.diff(at_us)
    usual_us = np.median(steps_us[steps_us > 0]) if steps_us.any() else 0
    is_silent = (steps_us > 2 * usual_us) | (np.diff(at) < 0)
    # The step that a sample lies in; before the first and behind the last there is none.
    step = np.searchsorted(at_us, time_us, side="right")
    is_lost = np.concatenate([[True], is_silent, [True]])[step]
    between = np.where(is_lost, np.nan, np.interp(time_us, at_us, at))
    return np.where(own, values, between)


def system_names(readings: pa.Table) -> NDArray[np.object_]:
    """The system of each sample, empty where none is named."""
    if SYSTEM not in readings.column_names:
        return np.full(len(readings), "", object)
    return np.asarray(readings[SYSTEM].fill_null("").to_numpy(), object)


def _are_several(readings: pa.Table) -> bool:
    return SYSTEM in readings.column_names and pc.count_distinct(readings[SYSTEM], mode="all").as_py() > 1


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
