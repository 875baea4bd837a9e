"""How much further on a station looks along the finished strip than the length counter, by geometry.

Upstream of the counter the strip is thicker and slower: by the conservation of mass a metre there becomes as
many metres of finished strip as the speed grows on the way (width constant). Downstream nothing is rolled.
"""

from collections.abc import Collection, Iterable, Mapping
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from pipelines.strip_motion import speed_ratio

Array = NDArray[np.float64]

COUNTER = "length_m"

DISTANCE_SIGMA_M = 0.1
"""Of a distance between two stations."""

SLIP_SHARE = 0.04
"""Roll speeds stand for strip speeds; forward slip is 2 to 10 % and differs from stand to stand."""

UNKNOWN_ELONGATION, ELONGATION_SIGMA = 2.0, 1.5
"""Of the way above the first speed that is measured: a stand or more may lie between."""


class Sensor(NamedTuple):
    """A signal and where it is measured: metres behind the length counter, before it negative.

    ``speed_signal``: a signal that runs like the material at the station, if any.
    """

    signal: str
    station: str
    distance_m: float
    speed_signal: str | None = None


class Station(NamedTuple):
    """The signals that are measured at one place."""

    name: str
    distance_m: float
    signals: tuple[str, ...]


class Speed(NamedTuple):
    """A signal that runs like the strip, and the place at which it is measured."""

    signal: str
    distance_m: float
    is_of_counter: bool


class Offset(NamedTuple):
    """Metres of finished strip, and its error (one sigma)."""

    at_m: float
    sigma_m: float


class StationError(ValueError):
    """A station that is at two places."""


def named_apart(sensors: Iterable[Sensor]) -> tuple[Sensor, ...]:
    """The sensors, each at a station that is at one place.

    Of a station at several distances nobody knows which is right: each distance has a station of its own,
    with the distance in its name, so that every signal lies where its own row says.

    >>> [s.station for s in named_apart([Sensor("a", "F1", -33.0), Sensor("b", "F1", -34.9)])]
    ['F1 at -33.0 m', 'F1 at -34.9 m']
    """
    every = tuple(sensors)
    distances: dict[str, set[float]] = {}
    for sensor in every:
        distances.setdefault(sensor.station, set()).add(sensor.distance_m)
    if all(len(its) == 1 for its in distances.values()):
        return every
    # A plant may have a station of the new name, too: that is looked at again.
    return named_apart(
        sensor._replace(station=f"{sensor.station} at {sensor.distance_m} m")
        if len(distances[sensor.station]) > 1
        else sensor
        for sensor in every
    )


def stations(sensors: Iterable[Sensor]) -> tuple[Station, ...]:
    """The stations, from the last to the first along the line.

    Raises StationError where the sensors of one station have different distances; `named_apart` mends that.
    """
    grouped: dict[str, list[Sensor]] = {}
    for sensor in sensors:
        grouped.setdefault(sensor.station, []).append(sensor)
    found = [_station(name, its) for name, its in grouped.items()]
    return tuple(sorted(found, key=lambda station: -station.distance_m))


def _station(name: str, sensors: list[Sensor]) -> Station:
    distances = sorted({sensor.distance_m for sensor in sensors})
    if len(distances) > 1:
        raise StationError(
            f"The sensors of a station stand at one place, but those of {name!r} stand at"
            f" {' and '.join(map(str, distances))} m; name the stations apart in raw/sensors."
        )
    return Station(name, distances[0], tuple(sensor.signal for sensor in sensors))


def speeds(sensors: Iterable[Sensor], delivered: Collection[str]) -> tuple[Speed, ...]:
    """The delivered signals that some sensor names as its speed, the nearest to the counter first.

    A speed that has no row of its own is measured where the nearest sensor that names it stands.
    """
    every = tuple(sensors)
    at = {sensor.signal: sensor for sensor in every}
    counter = at[COUNTER].speed_signal if COUNTER in at else None
    found = {}
    for sensor in sorted(every, key=lambda sensor: abs(sensor.distance_m)):
        name = sensor.speed_signal
        if name is not None and name in delivered and name not in found:
            found[name] = Speed(name, at.get(name, sensor).distance_m, name == counter)
    return tuple(sorted(found.values(), key=lambda speed: (abs(speed.distance_m), not speed.is_of_counter)))


def offsets(
    line: Iterable[Station], measured: Iterable[Speed], readings: Mapping[str, Array]
) -> dict[str, Offset]:
    """Station -> how much further on it looks.

    A speed tells how fast the strip runs from where it is measured to where the next one is. Roll speeds are
    compared with a roll speed: the counter's own, often of the strip itself, only where there is no other.
    """
    before = [speed for speed in measured if speed.distance_m <= 0]
    rolls = [speed for speed in before if not speed.is_of_counter] or before
    ratios = [speed_ratio(readings[rolls[0].signal], readings[speed.signal]) for speed in rolls]
    known = [
        (speed.distance_m, ratio) for speed, ratio in zip(rolls, ratios, strict=True) if np.isfinite(ratio)
    ]
    return {station.name: _offset(station.distance_m, known) for station in line}


def _offset(distance_m: float, elongations: list[tuple[float, float]]) -> Offset:
    """Elongations hold from their place downstream; they come from the counter upstream."""
    if distance_m >= 0:
        return Offset(-distance_m, DISTANCE_SIGMA_M)
    at_m, rest_from_m, last = 0.0, 0.0, 1.0
    for place_m, elongation in elongations:
        upper_m = max(place_m, distance_m)
        if upper_m < rest_from_m:
            at_m, rest_from_m = at_m + (rest_from_m - upper_m) * elongation, upper_m
        if place_m >= distance_m:
            last = elongation
    rest_m = (rest_from_m - distance_m) * last
    sigma_m = SLIP_SHARE * at_m + ELONGATION_SIGMA * rest_m
    return Offset(at_m + UNKNOWN_ELONGATION * rest_m, float(np.hypot(sigma_m, DISTANCE_SIGMA_M)))
