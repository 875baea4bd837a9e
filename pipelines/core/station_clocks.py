"""Readings of whole coils -> core/station_clocks: heads, errors and clocks of the stations."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

import numpy as np
import pyarrow as pa

from pipelines.core.coil_segments import Coil
from pipelines.station_offsets import Sensor
from pipelines.strip_places import Placed
from pipelines.strip_segments import Array
from pipelines.strip_sensors import located
from pipelines.strip_systems import systems

COILS_AT_ONCE = 200


def station_clocks(
    strips: Iterable[tuple[str, pa.Table]],
    coils: Mapping[str, Coil],
    started_at: Mapping[str, datetime | None],
    signals: Sequence[str],
    schema: pa.Schema,
) -> Iterator[pa.RecordBatch]:
    """A row per coil and station, as batches; ``strips``: coil -> all its readings in order of time.

    ``started_at``: when another system says that the head entered the first stand. The median of
    ``head_at`` there less this, over a day's coils, is the skew between both systems' clocks.
    """
    rows: list[dict[str, Any]] = []
    coils_n = 0
    for coil_id, readings in strips:
        if len(readings):
            told = {"coil_id": coil_id, "rolling_started_at": started_at[coil_id]}
            rows += [told | row for row in _rows(coils[coil_id], readings, signals)]
            coils_n += 1
        if coils_n == COILS_AT_ONCE:
            yield pa.RecordBatch.from_pylist(rows, schema)
            rows, coils_n = [], 0
    if rows:
        yield pa.RecordBatch.from_pylist(rows, schema)


def _rows(coil: Coil, readings: pa.Table, signals: Sequence[str]) -> Iterator[dict[str, Any]]:
    apart = systems(readings, signals, coil.sensors)
    placed = located(apart.together, coil.length_m, apart.sensors)
    first_at = readings["sampled_at"][0].as_py()
    for station, sensor in {sensor.station: sensor for sensor in apart.sensors}.items():
        yield {"production_day": coil.production_day} | _told(placed, station, sensor, first_at)


def _told(placed: Placed, station: str, sensor: Sensor, first_at: datetime) -> dict[str, Any]:
    head_s, skew = placed.head_s[station], placed.skew_s[station]
    head_sigma_m, middle_sigma_m, tail_sigma_m = _along(placed.place_m[station], placed.sigma_m[station])
    return {
        "station": station,
        "distance_m": sensor.distance_m,
        "head_at": first_at + timedelta(seconds=head_s) if np.isfinite(head_s) else None,
        "head_sigma_m": _known(head_sigma_m),
        "middle_sigma_m": _known(middle_sigma_m),
        "tail_sigma_m": _known(tail_sigma_m),
        "late_s": _known(skew.late_s),
        "late_sigma_s": _known(skew.sigma_s),
        "is_applied": skew.is_applied,
    }


def _along(place_m: Array, sigma_m: Array) -> tuple[float, float, float]:
    """The error of the first place, in the middle, and of the last; NaN where there are none."""
    seen = ~np.isnan(sigma_m)
    if not seen.any():
        return np.nan, np.nan, np.nan
    place_m, sigma_m = place_m[seen], sigma_m[seen]
    middle_m = (place_m[0] + place_m[-1]) / 2
    return float(sigma_m[0]), float(np.interp(middle_m, place_m, sigma_m)), float(sigma_m[-1])


def _known(value: float) -> float | None:
    return float(value) if np.isfinite(value) else None
