"""How far to believe a signal in a segment, by the health of its readings there."""

import numpy as np
from numba import float64, int8, int64, njit, void
from numpy.typing import NDArray

from pipelines.segment_kernel import find_runs
from pipelines.sensor_health import Codes, Counts, Health

Array = NDArray[np.float64]

HEALTHS = len(Health)
LEAST_SHARE = 0.25
"""Of a segment's readings, to be told of it."""


@njit(void(int8[::1], int64[::1], int64[::1], int64[:, ::1]), nogil=True, cache=True)
def count_health(codes: Codes, starts: Counts, segments: Counts, counts: Counts) -> None:
    """Add readings to ``counts`` (segment by `Health`): run k is [starts[k], starts[k + 1]) in segments[k].

    A run outside of every segment has -1.
    """
    for run in range(len(segments)):
        if segments[run] >= 0:
            for row in range(starts[run], starts[run + 1]):
                counts[segments[run], codes[row]] += 1


def worst_health(counts: Counts, least_share: float = LEAST_SHARE) -> Codes:
    """The health of each segment: the worst that, with what is worse still, has this share of its readings.

    A segment without any reading is missing.

    >>> worst_health(np.array([[10, 0, 0, 0], [6, 0, 2, 2], [9, 1, 0, 0], [0, 0, 0, 0]])).tolist()
    [0, 2, 0, 3]
    """
    return _worst(counts, least_share)


@njit(int8[::1](int64[:, ::1], float64), nogil=True, cache=True)
def _worst(counts: Counts, least_share: float) -> Codes:
    worst = np.zeros(len(counts), np.int8)
    for segment in range(len(counts)):
        readings_n, or_worse_n = counts[segment].sum(), 0
        for code in range(counts.shape[1] - 1, 0, -1):
            or_worse_n += counts[segment, code]
            if readings_n == 0 or or_worse_n >= max(least_share * readings_n, 1):
                worst[segment] = code
                break
    return worst


@njit(
    int8[:, ::1](int8[:, ::1], int64[::1], float64[:, ::1], float64, float64, int64), nogil=True, cache=True
)
def worst_of_signals(
    codes: Codes, at: Counts, places_m: Array, segment_m: float, length_m: float, segments_n: int
) -> Codes:
    """The health of signals (rows) in segments (columns); ``at``: the station of each signal."""
    worst, passed_n = np.empty((len(codes), segments_n), np.int8), np.zeros(segments_n, np.int64)
    for station_no in range(len(places_m)):
        starts, segments = find_runs(places_m[station_no], segment_m, length_m, passed_n)
        for no in np.flatnonzero(at == station_no):
            counts = np.zeros((segments_n, HEALTHS), np.int64)
            count_health(codes[no], starts, segments, counts)
            worst[no] = _worst(counts, LEAST_SHARE)
    return worst
