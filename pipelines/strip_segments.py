"""One strip cut into segments: the moments of every signal in each, from readings brought to their places."""

from collections.abc import Mapping
from typing import NamedTuple

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from pipelines.segment_health import worst_of_signals
from pipelines.segment_kernel import add_runs, add_signals, find_runs
from pipelines.sensor_health import Codes, Health

Array = NDArray[np.float64]
Counts = NDArray[np.int64]


class Moments(NamedTuple):
    """Of signals (rows) in segments (columns): n, mean, squared deviations from it, least, greatest."""

    n: Counts
    mean: Array
    m2: Array
    least: Array
    most: Array

    @classmethod
    def none(cls, signals_n: int, segments_n: int) -> "Moments":
        """Nothing measured yet."""
        shape = signals_n, segments_n
        sums = np.zeros(shape), np.zeros(shape)
        return cls(np.zeros(shape, np.int64), *sums, np.full(shape, np.inf), np.full(shape, -np.inf))

    def of(self, signals: int | slice, segments: slice = slice(None)) -> "Moments":
        """Those of one signal or of some, in all segments or in some; in the same memory."""
        at = signals, segments
        return Moments(self.n[at], self.mean[at], self.m2[at], self.least[at], self.most[at])


class Placed(NamedTuple):
    """Station -> its place on the strip at each reading, in metres from the head, and the error of the place.

    A place is NaN while no strip is at the station; errors (one standard deviation) where they are known.
    """

    place_m: Mapping[str, Array]
    sigma_m: Mapping[str, Array]


class Segments(NamedTuple):
    """A strip in segments [from_m, to_m).

    ``passed_n``: station -> readings while a segment was there, valid or not. ``sigma_m``: the error of a
    segment's readings' places, of the least certain station; NaN where not known.
    """

    from_m: Array
    to_m: Array
    sigma_m: Array
    passed_n: Mapping[str, Counts]
    moments: Moments
    health: Codes
    """Of signals (rows) in segments (columns)."""


def edges_m(length_m: float, segment_m: float) -> Array:
    """Where the half-open segments begin that cover [0, length_m), and its end.

    >>> edges_m(2.5, 1.0).tolist()
    [0.0, 1.0, 2.0, 2.5]
    """
    starts = np.arange(np.ceil(length_m / segment_m) + 1) * segment_m
    return np.append(starts[starts < length_m], length_m)


def numbers(column: pa.Array | pa.ChunkedArray) -> Array:
    """The values, NaN for what is missing; an array that lacks none keeps its memory."""
    return column.to_numpy() if isinstance(column, pa.ChunkedArray) else column.to_numpy(zero_copy_only=False)


def seconds(readings: pa.Table) -> Array:
    """When readings were sampled, counted from the first."""
    sampled_us = readings["sampled_at"].cast(pa.int64()).to_numpy()
    return np.asarray((sampled_us - sampled_us[:1]) / 1e6, dtype=np.float64)


def cut(
    readings: pa.Table,
    placed: Placed,
    station_of: Mapping[str, str],
    length_m: float,
    segment_m: float,
    moments: Moments | None = None,
) -> Segments:
    """The segments of a strip whose sensors nobody judged: of their health only what is missing is told.

    ``station_of``: signal (column of the readings) -> where it was measured. ``moments``: where those of the
    strip are added up, a part of those of many.
    """
    edges = edges_m(length_m, segment_m)
    segments_n = len(edges) - 1
    passed_n = {station: np.zeros(segments_n, np.int64) for station in placed.place_m}
    moments = moments or Moments.none(len(station_of), segments_n)
    errors = Moments.none(len(placed.sigma_m), segments_n)
    row = 0
    for batch in readings.to_batches():
        rows = slice(row, row + len(batch))
        runs = {
            station: find_runs(place_m[rows], segment_m, length_m, passed_n[station])
            for station, place_m in placed.place_m.items()
        }
        for no, (signal, station) in enumerate(station_of.items()):
            _add(numbers(batch[signal]), runs[station], no, moments)
        for no, (station, sigma_m) in enumerate(placed.sigma_m.items()):
            _add(sigma_m[rows], runs[station], no, errors)
        row = rows.stop
    health = np.where(moments.n == 0, Health.MISSING, Health.GOOD).astype(np.int8)
    return Segments(edges[:-1], edges[1:], _greatest(errors), passed_n, moments, health)


def _add(values: Array, runs: tuple[Counts, Counts], signal_no: int, moments: Moments) -> None:
    n, mean, m2, least, most = moments
    add_runs(values, *runs, signal_no, n, mean, m2, least, most)


def cut_judged(
    values: Array,
    codes: Codes,
    placed: Placed,
    station_of: Mapping[str, str],
    length_m: float,
    segment_m: float,
    moments: Moments | None = None,
) -> Segments:
    """The segments of a strip with the health of its signals.

    ``values``, ``codes``: what signals (rows, as ``station_of``) read (columns), and its health. Each step is
    compiled for all signals at once, as in `strip_sensors.judged`. ``moments``: as in `cut`.
    """
    edges = edges_m(length_m, segment_m)
    segments_n = len(edges) - 1
    station_no = {station: no for no, station in enumerate(placed.place_m)}
    at, told_at = (
        np.array([station_no[s] for s in its], np.int64) for its in (station_of.values(), placed.sigma_m)
    )
    places_m = np.array(list(placed.place_m.values()))
    passed_n, again_n = np.zeros((2, len(places_m), segments_n), np.int64)
    moments = moments or Moments.none(len(station_of), segments_n)
    errors = Moments.none(len(placed.sigma_m), segments_n)
    sigmas_m = np.array(list(placed.sigma_m.values())).reshape(len(told_at), places_m.shape[1])
    add_signals(values, at, places_m, segment_m, length_m, passed_n, *moments)
    add_signals(sigmas_m, told_at, places_m, segment_m, length_m, again_n, *errors)
    health = worst_of_signals(codes, at, places_m, segment_m, length_m, segments_n)
    passed_of = dict(zip(placed.place_m, passed_n, strict=True))
    return Segments(edges[:-1], edges[1:], _greatest(errors), passed_of, moments, health)


def _greatest(errors: Moments) -> Array:
    """The error of each segment, of the least certain station."""
    sigma_m = np.where(errors.n > 0, errors.mean, np.nan)
    return np.fmax.reduce(sigma_m, axis=0, initial=np.nan)
