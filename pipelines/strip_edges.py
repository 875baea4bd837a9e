"""When the head of a strip reaches a station and when its tail leaves it, as the station's own signals show.

A signal shows the strip where it reads anything at all (a pyrometer, a gauge), or where it stands far from
its level without strip (a roll force). A signal that does neither tells nothing.
"""

from collections.abc import Iterable
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from pipelines.medians import median

Array = NDArray[np.float64]

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


def edges(time_s: Array, signals: Iterable[Array]) -> Edges:
    """What the signals of one station show together: the median, so that one broken sensor is outvoted.

    >>> edges(np.arange(16.0), [np.repeat([np.nan, 880.0, np.nan], [3, 9, 4])])
    Edges(head_s=2.5, head_sigma_s=0.2886751345948129, tail_s=11.5, tail_sigma_s=0.2886751345948129)
    """
    if len(time_s) < LEAST_READINGS:
        return NOT_SEEN
    seen = [_first_and_last(time_s, values) for values in signals]
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


def _first_and_last(time_s: Array, values: Array) -> tuple[int, int]:
    """The first and the last reading with strip, -1 where the signal does not tell."""
    is_missing = np.isnan(values)
    if is_missing[0] or is_missing[-1]:
        return _ends(~is_missing)
    on, off_first, off_last, spread = _levels(values)
    steps = np.abs([off_first - on, off_last - on])
    has_edge = steps > STEP_PER_SPREAD * spread
    if not has_edge.any():
        return -1, -1
    half = steps[has_edge].min() / 2
    first, last = _ends(np.abs(values - on) < half)
    width = max(2, round(SHARP_S * len(values) / max(time_s[-1] - time_s[0], SHARP_S)))
    is_sharp = [
        edge >= 0 and _is_sharp(values, edge, way * width, on, half) for edge, way in ((first, -1), (last, 1))
    ]
    return first if has_edge[0] and is_sharp[0] else -1, last if has_edge[1] and is_sharp[1] else -1


def _ends(shows: NDArray[np.bool_]) -> tuple[int, int]:
    steady = shows[2:] & shows[1:-1] & shows[:-2]
    if not steady.any():
        return -1, -1
    return int(steady.argmax()), len(shows) - 1 - int(steady[::-1].argmax())


def _levels(values: Array) -> tuple[float, float, float, float]:
    """The level with strip, before it, after it, and how far the signal varies with strip (10 to 90 %)."""
    few = values[:: max(1, len(values) // LOOKED_AT)]
    few = few[~np.isnan(few)]
    middle = few[len(few) // 4 : -len(few) // 4]
    if len(middle) < STEADY:
        return 0.0, 0.0, 0.0, np.inf
    on, first, last = (median(part) for part in (middle, values[:2], values[-2:]))
    # F1 is without strip for a third of the time: what is nearer to idling than to the middle is none.
    with_strip = np.sort(few[np.abs(few - on) <= max(abs(first - on), abs(last - on)) / 2])
    if not len(with_strip):
        return 0.0, 0.0, 0.0, np.inf
    spread = float(with_strip[len(with_strip) * 9 // 10] - with_strip[len(with_strip) // 10])
    # A constant signal has no spread, and no step either.
    return on, first, last, max(spread, 1e-9 * abs(on))


def _is_sharp(values: Array, edge: int, outward: int, on: float, half: float) -> bool:
    outside = values[min(max(edge + outward, 0), len(values) - 1)]
    inside = values[min(max(edge - outward, 0), len(values) - 1)]
    return bool(abs(outside - on) > 1.5 * half and abs(inside - on) < half)
