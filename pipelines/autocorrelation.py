"""How far a coil follows the one before: limits that take points for independent are wrong where it does."""

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]

LEAST = 0.1
"""Below it the limits of an individuals chart are less than 5 % too narrow."""

MAD_PER_SIGMA = 0.6745
FURTHEST_SIGMAS = 3.0


def centre_and_spread(values: Array) -> tuple[float, float]:
    """Median, and median absolute deviation as a standard deviation."""
    centre = float(np.median(values))
    return centre, float(np.median(np.abs(values - centre))) / MAD_PER_SIGMA


def lag_one(values: Array) -> float:
    """Correlation of each value with the next; what lies further out than three sigma counts as three.

    0 where all values but few are the same.

    >>> round(lag_one(np.array([1.0, 2, 3, 4, 5, 4, 3, 2, 1])), 2)
    0.54
    """
    centre, spread = centre_and_spread(values)
    if not spread > 0:
        return 0.0
    held = np.clip((values - centre) / spread, -FURTHEST_SIGMAS, FURTHEST_SIGMAS)
    held -= held.mean()
    return float((held[1:] * held[:-1]).sum() / (held**2).sum())


def matters(correlation: float, values_n: int) -> bool:
    """True where it is more than chance (two standard errors, 1 / sqrt(n)) and moves limits."""
    return abs(correlation) > max(LEAST, 2 / np.sqrt(values_n))


def forecast(values: Array, centre: float, spread: float, correlation: float) -> Array:
    """What an autoregressive process of first order expects of each value, given the one before.

    The first is expected at the centre. A value further out than three sigma is carried on as three, so that
    one outlier does not make its neighbour one too.

    >>> forecast(np.array([12.0, 10.0, 90.0, 10.0]), 10.0, 2.0, 0.5).tolist()
    [10.0, 11.0, 10.0, 13.0]
    """
    furthest = FURTHEST_SIGMAS * spread
    before = np.concatenate([[0.0], np.clip(values[:-1] - centre, -furthest, furthest)])
    expected: Array = centre + correlation * before
    return expected
