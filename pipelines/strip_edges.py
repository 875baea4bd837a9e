"""When the head of a strip reaches a station and when its tail leaves it, as the station's own signals show.

A signal shows the strip where it reads anything at all (a pyrometer, a gauge), or where it stands far from
its level without strip (a roll force). A signal that does neither tells nothing.
"""

from collections.abc import Iterable, Sequence
from typing import NamedTuple

import numpy as np
from numba import boolean, float64, int64, njit, types
from numpy.typing import NDArray

from pipelines.medians import median

Array = NDArray[np.float64]

# Arrow's memory is not to be written to; what may be is taken for what may not.
_READINGS = types.Array(float64, 1, "C", readonly=True)
_ENDS = types.UniTuple(int64, 2)

STEADY = 3
"""Readings in a row that must show the strip: a single one is a ghost."""

LEAST_READINGS = 12
LOOKED_AT = 400
"""Readings that tell the levels of a signal."""

STEP_PER_SPREAD = 3.0
"""How far without strip a signal must stand from where it is with strip, per what it varies there."""

SHARP_S = 0.5
"""The step is over in this time or in two readings: what comes slowly is no edge."""


class Edges(NamedTuple):
    """Seconds, NaN where not seen; sigma is one standard deviation, from the time between two readings."""

    head_s: float
    head_sigma_s: float
    tail_s: float
    tail_sigma_s: float


NOT_SEEN = Edges(np.nan, np.nan, np.nan, np.nan)


def edges(time_s: Array, shown: Iterable[Sequence[int]]) -> Edges:
    """What the signals of one station show together: the median, so that one broken sensor is outvoted.

    ``shown``: of each signal the first and the last reading with strip (`first_and_last`).

    >>> time_s, pyrometer_c = np.arange(16.0), np.repeat([np.nan, 880.0, np.nan], [3, 9, 4])
    >>> edges(time_s, first_and_last(time_s, pyrometer_c[None]).tolist())
    Edges(head_s=2.5, head_sigma_s=0.2886751345948129, tail_s=11.5, tail_sigma_s=0.2886751345948129)
    """
    seen = list(shown)
    heads = sorted(first for first, _ in seen if first > 0)
    tails = sorted(last for _, last in seen if 0 <= last < len(time_s) - 1)
    return Edges(
        *(_between(time_s, heads[(len(heads) - 1) // 2] - 1) if heads else NOT_SEEN[:2]),
        *(_between(time_s, tails[len(tails) // 2]) if tails else NOT_SEEN[:2]),
    )


def _between(time_s: Array, before: int) -> tuple[float, float]:
    """The moment between a reading and the next: anywhere between them with equal chance."""
    from_s, to_s = float(time_s[before]), float(time_s[before + 1])
    return (from_s + to_s) / 2, (to_s - from_s) / 12**0.5


@njit(int64(types.Array(float64, 1, "A", readonly=True), float64, float64), nogil=True, cache=True)
def _steady(values: Array, level: float, half: float) -> int:
    """The first reading of `STEADY` in a row that are nearer to the level than half a step; else -1."""
    in_row = 0
    for row in range(len(values)):
        in_row = in_row + 1 if abs(values[row] - level) < half else 0
        if in_row == STEADY:
            return row - STEADY + 1
    return -1


@njit(_ENDS(_READINGS, float64, float64), nogil=True, cache=True)
def _ends(values: Array, level: float, half: float) -> tuple[int, int]:
    """The first reading with strip, and the last; both are -1 where there is none."""
    first = _steady(values, level, half)
    return first, len(values) - 1 - _steady(values[::-1], level, half) if first >= 0 else -1


@njit(types.UniTuple(float64, 4)(_READINGS), nogil=True, cache=True)
def _levels(values: Array) -> tuple[float, float, float, float]:
    """The level with strip, before it, after it, and how far the signal varies with strip (10 to 90 %)."""
    few = values[:: max(1, len(values) // LOOKED_AT)]
    few = few[~np.isnan(few)]
    middle = few[len(few) // 4 : -len(few) // 4]
    if len(middle) < STEADY:
        return 0.0, 0.0, 0.0, np.inf
    on, first, last = median(middle), median(values[:2]), median(values[-2:])
    # F1 is without strip for a third of the time: what is nearer to idling than to the middle is none.
    with_strip = few[np.abs(few - on) <= max(abs(first - on), abs(last - on)) / 2]
    if not len(with_strip):
        return 0.0, 0.0, 0.0, np.inf
    high, low = len(with_strip) * 9 // 10, len(with_strip) // 10
    parted = np.partition(with_strip, high)
    spread = parted[high] - np.partition(parted[: high + 1], low)[low]
    # A constant signal has no spread, and no step either.
    return on, first, last, max(spread, 1e-9 * abs(on))


@njit(boolean(_READINGS, int64, int64, float64, float64), nogil=True, cache=True)
def _is_sharp(values: Array, edge: int, outward: int, on: float, half: float) -> bool:
    outside = values[min(max(edge + outward, 0), len(values) - 1)]
    inside = values[min(max(edge - outward, 0), len(values) - 1)]
    return edge >= 0 and abs(outside - on) > 1.5 * half and abs(inside - on) < half


@njit(_ENDS(_READINGS, _READINGS), nogil=True, cache=True)
def _first_and_last(time_s: Array, values: Array) -> tuple[int, int]:
    """The first and the last reading with strip, -1 where the signal does not tell."""
    if np.isnan(values[0]) or np.isnan(values[-1]):
        return _ends(values, 0.0, np.inf)
    on, off_first, off_last, spread = _levels(values)
    steps = np.array([abs(off_first - on), abs(off_last - on)])
    has_edge = steps > STEP_PER_SPREAD * spread
    if not has_edge.any():
        return -1, -1
    half = steps[has_edge].min() / 2
    first, last = _ends(values, on, half)
    width = max(2, round(SHARP_S * len(values) / max(time_s[-1] - time_s[0], SHARP_S)))
    has_first = has_edge[0] and _is_sharp(values, first, -width, on, half)
    has_last = has_edge[1] and _is_sharp(values, last, width, on, half)
    return first if has_first else -1, last if has_last else -1


@njit(int64[:, ::1](_READINGS, types.Array(float64, 2, "C", readonly=True)), nogil=True, cache=True)
def first_and_last(time_s: Array, values: Array) -> NDArray[np.int64]:
    """Of signals (rows) the first and the last reading (columns) with strip, -1 where one does not tell."""
    ends = np.full((len(values), 2), -1)
    if len(time_s) >= LEAST_READINGS:
        for no in range(len(values)):
            ends[no] = _first_and_last(time_s, values[no])
    return ends
