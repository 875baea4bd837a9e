"""The median of a few hundred readings, compiled: numpy's own costs twenty times as much in getting ready."""

import numpy as np
from numba import float64, njit, types
from numpy.typing import NDArray

Array = NDArray[np.float64]


# Too short to let go of the interpreter for.
@njit(float64(types.Array(float64, 1, "A", readonly=True)), cache=True)
def median(values: Array) -> float:
    """The middle value, or the mean of the middle two; NaN of none, and of what holds a NaN.

    >>> median(np.array([3.0, 1.0, 2.0])), median(np.array([4.0, 1.0])), median(np.array([]))
    (2.0, 2.5, nan)
    """
    if len(values) == 0 or np.isnan(values).any():
        return np.nan
    middle = len(values) // 2
    # In order up to the middle alone: a whole sort takes twice as long.
    parted = np.partition(values, middle)
    return float(parted[middle] if len(values) % 2 else (parted[:middle].max() + parted[middle]) / 2)
