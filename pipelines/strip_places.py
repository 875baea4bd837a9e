"""From readings in time to their places on the strip: metres of the finished hot strip from its head.

The strip moves past its length counter (strip_motion); every station looks at another place of it
(station_offsets); what the stations see of head and tail (strip_edges) calibrates both, and tells a station
whose clock is not the counter's.
"""

from collections.abc import Collection, Iterable, Iterator, Mapping
from math import hypot, isfinite
from typing import NamedTuple

import numpy as np
from numba import float64, njit, types
from numpy.typing import NDArray

from pipelines.station_offsets import COUNTER, Sensor, Station, offsets, speeds, stations
from pipelines.strip_calibration import UNSEEN, Edge, Fitted, Skew, Strip, calibrated, fitted
from pipelines.strip_edges import Edges, edges, first_and_last
from pipelines.strip_motion import Motion, finished_speed_m_s, motion
from pipelines.strip_witnesses import witnessed

Array = NDArray[np.float64]

# What may be written to is taken for what may not.
_READINGS = types.Array(float64, 1, "C", readonly=True)

TIME = "sampled_s"


class Placed(NamedTuple):
    """Station -> where on the strip each reading was taken.

    ``place_m``: metres from the head, in [0, length), NaN while no strip is under the station or where it
    cannot be told. ``sigma_m``: one standard deviation of its error. ``skew_s``: by how much the station's
    clock is late against the counter's, with its error; the places allow for it only where ``is_applied``.
    ``head_s``: when the head reached the station, by the station's clock; NaN where the readings do not say.
    """

    place_m: dict[str, Array]
    sigma_m: dict[str, Array]
    skew_s: dict[str, Skew]
    head_s: dict[str, float]


def places(readings: Mapping[str, Array], length_m: float | None, sensors: Iterable[Sensor]) -> Placed:
    """The places of one coil's readings, in time order: ``sampled_s``, and any signals that ``sensors`` name.

    ``length_m`` is the coil's measured length; None, NaN and 0 say that it is not known. The counter is
    ``length_m`` of the readings. Without counter the speeds are integrated and calibrated to the length; with
    neither, every place is NaN.

    Raises StationError where the sensors of one station stand at different places.
    """
    # As the compiled loops take them: neighbours in memory.
    readings = {name: np.ascontiguousarray(values, np.float64) for name, values in readings.items()}
    every, time_s = tuple(sensors), readings[TIME]
    line, measured = stations(every), speeds(every, readings)
    running = [speed.signal for speed in measured]
    run = _run(time_s, readings, running)
    if run is None:
        return _nowhere(line, len(time_s))
    looks = offsets(line, measured, readings)
    # A speed follows the mill, not the strip: it has no edge where the strip begins.
    signals = {name: values for name, values in readings.items() if name not in running}
    seen = witnessed(_edges(line, run, signals), looks, run.moved.at_m)
    strip = calibrated(run.moved, _surest(line, seen), looks, length_m if length_m and length_m > 0 else None)
    if strip is None:
        return _nowhere(line, len(time_s))
    found = {name: fitted(looks[name], its, strip) for name, its in seen.items()}
    places_m, sigmas_m = _placed(found.values(), run, strip)
    return Placed(
        dict(zip(found, places_m, strict=True)),
        dict(zip(found, sigmas_m, strict=True)),
        {name: fit.skew for name, fit in found.items()},
        {name: _head_s(fit, run, strip) for name, fit in found.items()},
    )


class _Run(NamedTuple):
    """How the strip runs past the counter, before calibration."""

    time_s: Array
    moved: Motion
    speed_m_s: Array


def _run(time_s: Array, readings: Mapping[str, Array], speed_signals: list[str]) -> _Run | None:
    speed_m_s = finished_speed_m_s(time_s, [readings[name] for name in speed_signals])
    moved = motion(time_s, readings.get(COUNTER), speed_m_s)
    if moved is None:
        return None
    if speed_m_s is None:
        way_m, took_s = np.diff(moved.at_m), np.diff(time_s)
        slope = np.divide(way_m, took_s, out=np.zeros(len(way_m)), where=took_s > 0)
        speed_m_s = np.concatenate([slope, slope[-1:]])
    return _Run(time_s, moved, speed_m_s)


def _edges(line: Iterable[Station], run: _Run, signals: Mapping[str, Array]) -> dict[str, list[Edge]]:
    """Station -> head and tail as it saw them, so far as it did."""
    values = np.array(list(signals.values())).reshape(len(signals), len(run.time_s))
    ends = dict(zip(signals, first_and_last(run.time_s, values).tolist(), strict=True))
    shown = {station.name: [ends[name] for name in station.signals if name in ends] for station in line}
    return {name: list(_seen(name, edges(run.time_s, its), run)) for name, its in shown.items()}


def _seen(station: str, seen: Edges, run: _Run) -> Iterator[Edge]:
    for is_head, at_s, sigma_s in ((True, *seen[:2]), (False, *seen[2:])):
        if isfinite(at_s):
            moved_m, moved_sigma_m, speed_m_s = _at(
                at_s, run.time_s, run.moved.at_m, run.moved.sigma_m, run.speed_m_s
            )
            sigma_m = hypot(max(speed_m_s, 0.01) * sigma_s, moved_sigma_m) + 1e-3
            yield Edge(station, is_head, at_s, moved_m, speed_m_s, sigma_m)


def _surest(line: tuple[Station, ...], seen: dict[str, list[Edge]]) -> list[Edge]:
    """The edges that calibrate the strip: of one station a place, and of those behind the mill if there are.

    What stands at one place sees head and tail between the same readings: it knows no more than one of them.
    """
    at = {station.distance_m: seen[station.name] for station in line if seen[station.name]}
    behind = [edge for distance_m, its in at.items() if distance_m >= 0 for edge in its]
    return behind or [edge for its in at.values() for edge in its]


# Too short to let go of the interpreter for.
@njit(types.UniTuple(float64, 3)(float64, *(4 * [_READINGS])), cache=True)
def _at(
    at_s: float, time_s: Array, at_m: Array, sigma_m: Array, speed_m_s: Array
) -> tuple[float, float, float]:
    """The motion, its error and the speed at a moment between the first reading and the last."""
    before = np.searchsorted(time_s, at_s, side="right") - 1
    if before == len(time_s) - 1:
        return at_m[before], sigma_m[before], speed_m_s[before]
    share = (at_s - time_s[before]) / (time_s[before + 1] - time_s[before])
    return (
        at_m[before] + share * (at_m[before + 1] - at_m[before]),
        sigma_m[before] + share * (sigma_m[before + 1] - sigma_m[before]),
        speed_m_s[before] + share * (speed_m_s[before + 1] - speed_m_s[before]),
    )


def _placed(fits: Collection[Fitted], run: _Run, strip: Strip) -> tuple[Array, Array]:
    """Places and sigmas of stations (rows) at readings (columns)."""
    seen = [{edge.is_head: edge.at_s for edge in fit.seen} for fit in fits]
    return _under_strip(
        run.time_s,
        strip.at_m,
        strip.sigma_m,
        run.speed_m_s,
        strip.length_m,
        np.array([(fit.offset_m, fit.skew.late_s if fit.skew.is_applied else 0.0) for fit in fits]),
        np.array([fit.error for fit in fits]),
        np.array([(its.get(True, np.nan), its.get(False, np.nan)) for its in seen]),
    )


@njit(
    types.UniTuple(float64[:, ::1], 2)(
        *(4 * [_READINGS]), float64, float64[:, ::1], float64[:, :, ::1], float64[:, ::1]
    ),
    nogil=True,
    cache=True,
)
def _under_strip(
    time_s: Array,
    at_m: Array,
    sigma_m: Array,
    speed_m_s: Array,
    length_m: float,
    looks: Array,
    errors: Array,
    ends_s: Array,
) -> tuple[Array, Array]:
    """Places and sigmas of the readings from head to tail, NaN of the others.

    ``looks``: of each station its offset and its lateness; ``errors``: their covariances. ``ends_s``: when it
    saw head and tail, which says when it has strip; NaN where it did not, then the places do.
    """
    shape = len(looks), len(time_s)
    places_m, sigmas_m = np.full(shape, np.nan), np.full(shape, np.nan)
    last_m = np.nextafter(length_m, 0.0)
    for no in range(len(looks)):
        (offset_m, late_s), (head_s, tail_s), error = looks[no], ends_s[no], errors[no]
        its_m = at_m + offset_m
        if late_s:
            its_m = np.interp(time_s - late_s, time_s, at_m) + offset_m
        for row in range(len(time_s)):
            place_m, speed = its_m[row], speed_m_s[row]
            has_head = place_m >= 0 if np.isnan(head_s) else time_s[row] >= head_s
            has_tail = place_m < length_m if np.isnan(tail_s) else time_s[row] <= tail_s
            if has_head and has_tail:
                places_m[no, row] = min(max(place_m, 0.0), last_m)
                variance = sigma_m[row] ** 2 + error[0, 0] - 2 * speed * error[0, 1] + speed**2 * error[1, 1]
                sigmas_m[no, row] = np.sqrt(variance)
    return places_m, sigmas_m


def _head_s(fit: Fitted, run: _Run, strip: Strip) -> float:
    late_s = fit.skew.late_s if fit.skew.is_applied else 0.0
    return float(np.interp(-fit.offset_m, strip.at_m, run.time_s + late_s, left=np.nan, right=np.nan))


def _nowhere(line: tuple[Station, ...], count: int) -> Placed:
    unknown = {station.name: np.full(count, np.nan) for station in line}
    return Placed(unknown, dict(unknown), dict.fromkeys(unknown, UNSEEN), dict.fromkeys(unknown, np.nan))
