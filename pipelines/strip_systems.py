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

from pipelines.station_offsets import Sensor
from pipelines.strip_segments import Array, Placed, numbers
from schemas.core.coil_segments import COUNTER

Mask = NDArray[np.bool_]

SYSTEM = "system"


class Systems(NamedTuple):
    """``sensors``: each at a station of one group of systems; ``rows``: station -> samples of its group.

    ``together``: the readings as if every system had sampled whenever one did.
    """

    sensors: tuple[Sensor, ...]
    rows: Mapping[str, Mask]
    together: pa.Table

    def own(self, placed: Placed) -> Placed:
        """The places of each station's own samples alone."""
        place_m = {s: np.where(self.rows[s], at_m, np.nan) for s, at_m in placed.place_m.items()}
        sigma_m = {s: np.where(self.rows[s], error_m, np.nan) for s, error_m in placed.sigma_m.items()}
        return Placed(place_m, sigma_m)


def systems(readings: pa.Table, signals: Sequence[str], sensors: Sequence[Sensor]) -> Systems | None:
    """The systems that these readings come from, where they are several."""
    if SYSTEM not in readings.column_names or pc.count_distinct(readings[SYSTEM], mode="all").as_py() < 2:
        return None
    names = readings[SYSTEM].fill_null("").to_numpy()
    delivering = {s: _delivering(names, numbers(readings[s])) for s in [COUNTER, *signals]}
    parted = _parted(delivering, sensors)
    rows = {sensor.station: np.isin(names, delivering[sensor.signal]) for sensor in parted}
    return Systems(parted, rows, _together(readings, names, delivering))


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
