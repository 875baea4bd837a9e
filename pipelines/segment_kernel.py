"""Moments of a signal in every segment of a strip: one pass over runs of neighbouring readings, compiled.

Readings lie in the order of time, so those of a segment are neighbours: a run. A run's moments are found in
registers and merged into those of its segment, so it does not matter how many runs a segment has: a coil in
several files, a segment over two batches, a strip that moved back, all give the same.
"""

import numpy as np
from numba import float64, int64, njit, types
from numpy.typing import NDArray

Array = NDArray[np.float64]
Counts = NDArray[np.int64]

# Arrow's memory is not to be written to; what may be is taken for what may not.
_READINGS = types.Array(float64, 1, "C", readonly=True)
_COUNTS = int64[::1]


@njit(types.UniTuple(_COUNTS, 2)(_READINGS, float64, float64, _COUNTS), nogil=True, cache=True)
def find_runs(places: Array, segment_m: float, length_m: float, readings_n: Counts) -> tuple[Counts, Counts]:
    """Starts of the runs of readings that lie in one segment, with the end of the last; segment of each run.

    Segment k is [k segment_m, (k + 1) segment_m); what has no place in [0, length_m) lies in segment -1.
    ``readings_n`` gains the readings of each segment.
    """
    starts = np.empty(len(places) + 1, np.int64)
    segments = np.empty(len(places), np.int64)
    runs, last = 0, -2
    for row in range(len(places)):
        place, segment = places[row], -1
        if 0.0 <= place < length_m:
            segment = int(place / segment_m)
            # A quotient is rounded; the ends of a segment, which are products, decide.
            if place < segment * segment_m:
                segment -= 1
            elif place >= (segment + 1) * segment_m:
                segment += 1
            readings_n[segment] += 1
        if segment != last:
            starts[runs], segments[runs], last = row, segment, segment
            runs += 1
    starts[runs] = len(places)
    return starts[: runs + 1], segments[:runs]


@njit(
    types.void(_READINGS, _COUNTS, _COUNTS, int64, int64[:, :], *(4 * [float64[:, :]])),
    nogil=True,
    cache=True,
)
def add_runs(
    values: Array,
    starts: Counts,
    segments: Counts,
    signal_no: int,
    n: Counts,
    mean: Array,
    m2: Array,
    least: Array,
    most: Array,
) -> None:
    """Add the runs of one signal (NaN: not measured) to the moments of their segments.

    Moments are those of several signals (rows), of which this one is ``signal_no``, in segments (columns).
    ``m2`` is the sum of squared deviations from the mean. Within a run, deviations are from its first value,
    so that nothing cancels; runs merge exactly (Chan, Golub and LeVeque, Updating formulae and a pairwise
    algorithm for computing sample variances, Stanford 1979).
    """
    n, mean, m2 = n[signal_no], mean[signal_no], m2[signal_no]
    least, most = least[signal_no], most[signal_no]
    for run in range(len(segments)):
        segment, begin, end = segments[run], starts[run], starts[run + 1]
        while begin < end and np.isnan(values[begin]):
            begin += 1
        if segment < 0 or begin == end:
            continue
        first = low = high = values[begin]
        count, total, squares = 0, 0.0, 0.0
        for row in range(begin, end):
            value = values[row]
            # Choices between two numbers, not branches: which reading is the least cannot be foreseen.
            is_there = not np.isnan(value)
            deviation = value - first if is_there else 0.0
            count += is_there
            total += deviation
            squares += deviation * deviation
            low = value if value < low else low
            high = value if value > high else high
        both = n[segment] + count
        apart = first + total / count - mean[segment]
        m2[segment] += max(squares - total * total / count, 0.0)
        m2[segment] += apart * apart * n[segment] * (count / both)
        mean[segment] += apart * (count / both)
        n[segment] = both
        least[segment] = min(least[segment], low)
        most[segment] = max(most[segment], high)


@njit(
    types.void(
        types.Array(float64, 2, "C", readonly=True),
        _COUNTS,
        float64[:, ::1],
        float64,
        float64,
        int64[:, ::1],
        int64[:, :],
        *(4 * [float64[:, :]]),
    ),
    nogil=True,
    cache=True,
)
def add_signals(
    values: Array,
    at: Counts,
    places_m: Array,
    segment_m: float,
    length_m: float,
    readings_n: Counts,
    n: Counts,
    mean: Array,
    m2: Array,
    least: Array,
    most: Array,
) -> None:
    """Add the readings (columns) of signals (rows) to the moments of their segments.

    ``places_m``, ``readings_n``: of stations (rows), as `find_runs`; ``at``: the station of each signal.
    """
    for station_no in range(len(places_m)):
        starts, segments = find_runs(places_m[station_no], segment_m, length_m, readings_n[station_no])
        for no in np.flatnonzero(at == station_no):
            add_runs(values[no], starts, segments, int(no), n, mean, m2, least, most)
