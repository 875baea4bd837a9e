"""Intervals from a statistic along a piece: with hysteresis, with gaps closed, and its edges looked for."""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]

AS_LIKELY = 6.6
"""Twice the log likelihood that the place of a step may have less than the best one: 99 % of chi-square,
since a place is told less surely than a mean. Of 29 planted causes 26 began within, by 95 % (3.84) 23."""

MOST_ALIKE = 0.9
"""Correlation of neighbours."""


def intervals(values: Array, enter: float, leave: float, gap: int = 0) -> list[tuple[int, int]]:
    """Runs [first, end) of values above ``leave`` with one above ``enter``, no more than ``gap`` apart.

    What was not judged neither ends an interval nor makes one.

    >>> intervals(np.array([0, 2, 4, np.nan, 2, 0, 2, 0, 5.0]), enter=3, leave=1)
    [(1, 5), (8, 9)]
    >>> intervals(np.array([4, 0, 0, 4.0]), enter=3, leave=1, gap=2)
    [(0, 4)]
    """
    found: list[tuple[int, int]] = []
    first, last, peak = -1, -1, -np.inf
    for no, value in enumerate([*values.tolist(), -np.inf]):
        if value > leave:
            first, last, peak = (no if first < 0 else first), no, max(peak, value)
        elif not np.isnan(value) and first >= 0:
            if peak > enter:
                found.append((first, last + 1))
            first, peak = -1, -np.inf
    return _joined(found, gap)


def _joined(found: list[tuple[int, int]], gap: int) -> list[tuple[int, int]]:
    joined: list[tuple[int, int]] = []
    for first, end in found:
        if joined and first - joined[-1][1] <= gap:
            joined[-1] = joined[-1][0], end
        else:
            joined.append((first, end))
    return joined


class Stretch(NamedTuple):
    """A stretch [first, end), and the least and the greatest that either may be as well."""

    first: int
    end: int
    firsts: tuple[int, int]
    ends: tuple[int, int]


def stretch(values: Array) -> Stretch:
    """The stretch that lies highest above the rest, by the sum of squares between the two.

    A pair of ends is as likely as its sum of squares is near the best one, by the variance of what is left;
    neighbours that are alike count as fewer values, by ``(1 + r) / (1 - r)`` of their correlation.

    >>> stretch(np.array([0.1, -0.1, 3.0, np.nan, 2.8, 0.0, 0.2]))
    Stretch(first=2, end=5, firsts=(2, 2), ends=(5, 5))
    """
    is_there = np.isfinite(values)
    if is_there.sum() < 2:
        return Stretch(0, len(values), (0, 0), (len(values), len(values)))
    off = np.where(is_there, values - values[is_there].mean(), 0.0)
    sums, n = (np.concatenate([[0.0], np.cumsum(part)]) for part in (off, is_there.astype(float)))
    inside = n[None, :] - n[:, None]
    share = np.where((inside > 0) & (inside < n[-1]), inside * (1 - inside / n[-1]), np.inf)
    between = np.maximum(sums[None, :] - sums[:, None], 0.0) ** 2 / share
    first, end = (int(no) for no in np.unravel_index(np.argmax(between), between.shape))
    least = between[first, end] - AS_LIKELY * _noise(off[is_there], between[first, end])
    is_likely = (between >= least) & (inside > 0)
    firsts, ends = (np.flatnonzero(is_likely.any(axis=axis)) for axis in (1, 0))
    return Stretch(first, end, (int(firsts[0]), int(firsts[-1])), (int(ends[0]), int(ends[-1])))


def _noise(off: Array, between: float) -> float:
    """The variance of what a stretch leaves of values, of as many as are independent."""
    left = max(float((off**2).sum()) - between, 0.0)
    # Of neighbours, by their differences: a step within is one of many.
    alike = min(max(1 - float((np.diff(off) ** 2).sum()) / max(2 * left, 1e-12), 0.0), MOST_ALIKE)
    return left / max(len(off) - 3, 1) * (1 + alike) / (1 - alike)
