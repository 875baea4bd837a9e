"""Intervals from a statistic along a piece: with hysteresis, with gaps closed, and its edges looked for."""

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]


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


def stretch(values: Array) -> tuple[int, int]:
    """The stretch [first, end) that lies highest above the rest, by the sum of squares between the two.

    >>> stretch(np.array([0.1, -0.1, 3.0, np.nan, 2.8, 0.0, 0.2]))
    (2, 5)
    """
    is_there = np.isfinite(values)
    if is_there.sum() < 2:
        return 0, len(values)
    off = np.where(is_there, values - values[is_there].mean(), 0.0)
    sums, n = (np.concatenate([[0.0], np.cumsum(part)]) for part in (off, is_there.astype(float)))
    inside = n[None, :] - n[:, None]
    share = np.where((inside > 0) & (inside < n[-1]), inside * (1 - inside / n[-1]), np.inf)
    above = np.maximum(sums[None, :] - sums[:, None], 0.0)
    first, end = np.unravel_index(np.argmax(above**2 / share), share.shape)
    return int(first), int(end)
