"""From readings in time to their places on the strip: metres of the finished hot strip from its head.

The strip moves past its length counter (strip_motion); every station looks at another place of it
(station_offsets); what the stations see of head and tail (strip_edges) calibrates both, and tells a station
whose clock is not the counter's.
"""

from collections.abc import Iterable, Mapping
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from pipelines.station_offsets import COUNTER, Sensor, Station, offsets, speeds, stations
from pipelines.strip_calibration import UNSEEN, Edge, Fitted, Skew, Strip, calibrated, fitted
from pipelines.strip_edges import edges
from pipelines.strip_motion import Motion, finished_speed_m_s, motion
from pipelines.strip_witnesses import witnessed

Array = NDArray[np.float64]

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
    every, time_s = tuple(sensors), readings[TIME]
    line, measured = stations(every), speeds(every, readings)
    running = [speed.signal for speed in measured]
    run = _run(time_s, readings, running)
    if run is None:
        return _nowhere(line, len(time_s))
    looks = offsets(line, measured, readings)
    # A speed follows the mill, not the strip: it has no edge where the strip begins.
    signals = {name: values for name, values in readings.items() if name not in running}
    every_edge = {station.name: _edges(station, run, signals) for station in line}
    seen = witnessed(every_edge, looks, run.moved.at_m)
    strip = calibrated(run.moved, _surest(line, seen), looks, length_m if length_m and length_m > 0 else None)
    if strip is None:
        return _nowhere(line, len(time_s))
    found = {name: fitted(looks[name], its, strip) for name, its in seen.items()}
    placed = {name: _placed(fit, run, strip) for name, fit in found.items()}
    return Placed(
        {name: place_m for name, (place_m, _) in placed.items()},
        {name: sigma_m for name, (_, sigma_m) in placed.items()},
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


def _edges(station: Station, run: _Run, signals: Mapping[str, Array]) -> list[Edge]:
    """Head and tail as the station saw them, so far as it did."""
    seen = edges(run.time_s, [signals[name] for name in station.signals if name in signals])
    found = []
    for is_head, at_s, sigma_s in ((True, *seen[:2]), (False, *seen[2:])):
        if np.isfinite(at_s):
            moved_m, moved_sigma_m, speed_m_s = (
                float(np.interp(at_s, run.time_s, values))
                for values in (run.moved.at_m, run.moved.sigma_m, run.speed_m_s)
            )
            sigma_m = float(np.hypot(max(speed_m_s, 0.01) * sigma_s, moved_sigma_m)) + 1e-3
            found.append(Edge(station.name, is_head, at_s, moved_m, speed_m_s, sigma_m))
    return found


def _surest(line: tuple[Station, ...], seen: dict[str, list[Edge]]) -> list[Edge]:
    """The edges that calibrate the strip: of one station a place, and of those behind the mill if there are.

    What stands at one place sees head and tail between the same readings: it knows no more than one of them.
    """
    at = {station.distance_m: seen[station.name] for station in line if seen[station.name]}
    behind = [edge for distance_m, its in at.items() if distance_m >= 0 for edge in its]
    return behind or [edge for its in at.values() for edge in its]


def _placed(fit: Fitted, run: _Run, strip: Strip) -> tuple[Array, Array]:
    """Place and sigma at every reading; the station's own sight of head and tail says when it has strip."""
    late_s = fit.skew.late_s if fit.skew.is_applied else 0.0
    at_m = np.interp(run.time_s - late_s, run.time_s, strip.at_m) if late_s else strip.at_m
    place_m, speed_m_s = at_m + fit.offset_m, run.speed_m_s
    has_head, has_tail = place_m >= 0, place_m < strip.length_m
    for edge in fit.seen:
        if edge.is_head:
            has_head = run.time_s >= edge.at_s
        else:
            has_tail = run.time_s <= edge.at_s
    inside = np.clip(place_m, 0.0, np.nextafter(strip.length_m, 0.0))
    sigma_m = np.sqrt(
        strip.sigma_m**2 + fit.error[0, 0] - 2 * speed_m_s * fit.error[0, 1] + speed_m_s**2 * fit.error[1, 1]
    )
    has_strip = has_head & has_tail
    return np.where(has_strip, inside, np.nan), np.where(has_strip, sigma_m, np.nan)


def _head_s(fit: Fitted, run: _Run, strip: Strip) -> float:
    late_s = fit.skew.late_s if fit.skew.is_applied else 0.0
    return float(np.interp(-fit.offset_m, strip.at_m, run.time_s + late_s, left=np.nan, right=np.nan))


def _nowhere(line: tuple[Station, ...], count: int) -> Placed:
    unknown = {station.name: np.full(count, np.nan) for station in line}
    return Placed(unknown, dict(unknown), dict.fromkeys(unknown, UNSEEN), dict.fromkeys(unknown, np.nan))
