"""One strip cut into segments: the moments of every signal in each, from readings brought to their places."""

from collections.abc import Iterable, Mapping
from typing import NamedTuple

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from pipelines.segment_kernel import add_runs, find_runs
from pipelines.sensor_health import Codes, Health, count_health, worst_health

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

    def of(self, signal_no: int) -> "Moments":
        """Those of one signal, segment by segment."""
        return Moments(*(part[signal_no] for part in self))

    def in_order(self, of: list[int]) -> "Moments":
        """Those of these signals, one after the other."""
        n, mean, m2, least, most = self
        return Moments(n[of], mean[of], m2[of], least[of], most[of])

    def repeated(self, segments_n: int) -> "Moments":
        """Those of one segment, in as many."""
        n = np.repeat(self.n, segments_n, axis=1)
        mean, m2, least, most = (np.asarray(np.repeat(p, segments_n, axis=1), np.float64) for p in self[1:])
        return Moments(n, mean, m2, least, most)

    @classmethod
    def together(cls, parts: "Iterable[Moments]") -> "Moments":
        """Of several signals in the same segments; of one signal, strip after strip."""
        n, mean, m2, least, most = (np.concatenate(rows) for rows in zip(*parts, strict=True))
        return cls(n, mean, m2, least, most)


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
    codes: Mapping[str, Codes] | None = None,
) -> Segments:
    """The segments of a strip; ``station_of``: signal (column of the readings) -> where it was measured.

    ``codes``: signal -> health of its readings; without them only what is missing is told.
    """
    edges = edges_m(length_m, segment_m)
    segments_n = len(edges) - 1
    passed_n = {station: np.zeros(segments_n, np.int64) for station in placed.place_m}
    moments = Moments.none(len(station_of), segments_n)
    errors = Moments.none(len(placed.sigma_m), segments_n)
    health_n = np.zeros((len(station_of), segments_n, len(Health)), np.int64)
    row = 0
    for batch in readings.to_batches():
        rows = slice(row, row + len(batch))
        runs = {
            station: find_runs(place_m[rows], segment_m, length_m, passed_n[station])
            for station, place_m in placed.place_m.items()
        }
        for no, (signal, station) in enumerate(station_of.items()):
            _add(numbers(batch[signal]), runs[station], moments.of(no))
            if codes is not None:
                count_health(codes[signal][rows], *runs[station], health_n[no])
        for no, (station, sigma_m) in enumerate(placed.sigma_m.items()):
            _add(sigma_m[rows], runs[station], errors.of(no))
        row = rows.stop
    health = np.where(moments.n == 0, Health.MISSING, Health.GOOD) if codes is None else _worst(health_n)
    return Segments(edges[:-1], edges[1:], _greatest(errors), passed_n, moments, health.astype(np.int8))


def _worst(health_n: Counts) -> Codes:
    return worst_health(health_n.reshape(-1, len(Health))).reshape(health_n.shape[:2])


def _greatest(errors: Moments) -> Array:
    """The error of each segment, of the least certain station."""
    sigma_m = np.where(errors.n > 0, errors.mean, np.nan)
    return np.fmax.reduce(sigma_m, axis=0, initial=np.nan)


def _add(values: Array, runs: tuple[Counts, Counts], moments: Moments) -> None:
    n, mean, m2, least, most = moments
    add_runs(values, *runs, n, mean, m2, least, most)
