"""Charts that remember: EWMA and tabular CUSUM, for small shifts that last.

Points are how far a value lies from the centre line, in standard deviations, in order. S. W. Roberts (1959),
Technometrics 1; E. S. Page (1954), Biometrika 41; in the form of D. C. Montgomery, Introduction to
Statistical Quality Control, chapter 9.
"""

import numpy as np
from numba import njit
from numpy.typing import NDArray

Array = NDArray[np.float64]

LAMBDA, EWMA_SIGMAS = 0.2, 2.962
"""500 points in control from one false alarm to the next (Lucas and Saccucci 1990, Technometrics 32)."""

ALLOWANCE, DECISION = 0.5, 5.0
"""Reference value k and decision interval h: made for a shift of one sigma; 465 points in control."""


@njit(nogil=True, cache=True)
def ewma(points: Array, weight: float = LAMBDA) -> Array:
    """Exponentially weighted moving average, from the centre line on; ``weight``: of the newest point.

    >>> ewma(np.array([1.0, 1.0]), 0.1).round(3).tolist()
    [0.1, 0.19]
    """
    averages = np.empty(len(points))
    average = 0.0
    for no in range(len(points)):
        average += weight * (points[no] - average)
        averages[no] = average
    return averages


def ewma_limits(points_n: int, weight: float = LAMBDA, sigmas: float = EWMA_SIGMAS) -> Array:
    """How far the average may lie from the centre line, point by point: exact from the first one on.

    >>> ewma_limits(2, 0.1, 2.7).round(3).tolist()
    [0.27, 0.363]
    """
    points = np.arange(1, points_n + 1)
    limits: Array = sigmas * np.sqrt(weight / (2 - weight) * (1 - (1 - weight) ** (2 * points)))
    return limits


@njit(nogil=True, cache=True)
def cusum(
    points: Array, allowance: float = ALLOWANCE, decision: float = DECISION, restarts: bool = False
) -> tuple[Array, Array]:
    """Upper and lower cumulative sum, both positive; a signal is a sum greater than ``decision``.

    ``restarts``: a sum starts anew behind its signal, as it does where somebody acts on it.

    >>> [side.tolist() for side in cusum(np.array([3.0, 4.0, -1.0]))]
    [[2.5, 6.0, 4.5], [0.0, 0.0, 0.5]]
    """
    above, below = np.empty(len(points)), np.empty(len(points))
    upper, lower = 0.0, 0.0
    for no in range(len(points)):
        if restarts and upper > decision:
            upper = 0.0
        if restarts and lower > decision:
            lower = 0.0
        upper = max(0.0, upper + points[no] - allowance)
        lower = max(0.0, lower - points[no] - allowance)
        above[no], below[no] = upper, lower
    return above, below
