"""The median of a few hundred readings, compiled: numpy's own costs twenty times as much in getting ready."""

import numpy as np
from numba import float64, njit, types
from numpy.typing import NDArray

Array = NDArray[np.float64]


@njit(float64(types.Array(float64, 1, "A", readonly=True)), nogil=True, cache=True)
def median(values: Array) -> float:
    """The middle value, or the mean of the middle two; NaN of none, and of what holds a NaN.

    >>> median(np.array([3.0, 1.0, 2.0])), median(np.array([4.0, 1.0])), median(np.array([]))
    (2.0, 2.5, nan)
    """
    ordered = np.sort(values)
    if len(ordered) == 0 or np.isnan(ordered[-1]):
        return np.nan
    middle = len(ordered) // 2
    return float(ordered[middle] if len(ordered) % 2 else (ordered[middle - 1] + ordered[middle]) / 2)
