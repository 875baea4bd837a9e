"""How the finished strip moves past its length counter: from the counter, and from speeds where it fails.

Speeds give the shape of the motion, the counter its size: between two readings of the counter that agree
with the speeds the counter holds, and the speeds say what is between. A counter that stands, jumps or is
missing is bridged by the speeds.
"""

from typing import NamedTuple

import numpy as np
from numba import float64, njit, types
from numpy.typing import NDArray

from pipelines.medians import median

Array = NDArray[np.float64]

# Arrow's memory is not to be written to; what may be is taken for what may not.
_READINGS = types.Array(float64, 1, "C", readonly=True)

BLOCKS = 200
"""Parts of a strip in which counter and speed are compared."""

LEAST_COUNTED = 8
"""Readings of the counter below which it tells nothing."""

SPEED_SHARE = 0.005
"""What a way by speed is off after calibration, one standard deviation: slip follows speed and tension."""

SLOPE_SHARE = 0.02
"""The same without any speed, by the counter's own slope: nobody saw how the strip sped up."""

DOUBTED_SPEED_SHARE = 0.03
"""Beyond this, and the counter's last digits, a step of the counter is not believed."""

COUNTER_SIGMA_M = 0.05
"""Of a single reading of the counter."""

RESTARTS_BELOW_M = 5.0


class Motion(NamedTuple):
    """Metres of strip past the counter at every reading, before the head negative; its error, one sigma."""

    at_m: Array
    sigma_m: Array
    is_counted: bool


def finished_speed_m_s(time_s: Array, speeds_m_s: list[Array]) -> Array | None:
    """The median of up to three speeds, each scaled to the first; None where there is no speed.

    The first is the nearest to the counter. One that fails is outvoted; where none reads, the gap is
    filled along time.
    """
    first = speeds_m_s[0] if speeds_m_s else np.full(len(time_s), np.nan)
    scaled = [first, *(values * speed_ratio(first, values) for values in speeds_m_s[1:3])]
    rows = np.sort(np.array([values for values in scaled if not np.isnan(values).all()]), axis=0)
    if not rows.size:
        return None
    count = (~np.isnan(rows)).sum(axis=0)
    column = np.arange(len(time_s))
    median = (
        rows[np.maximum(count - 1, 0) // 2, column] + rows[np.minimum(count // 2, len(rows) - 1), column]
    ) / 2
    known = ~np.isnan(median)
    return np.maximum(np.interp(time_s, time_s[known], median[known]), 0.0)


# Too short to let go of the interpreter for.
@njit(float64(_READINGS, _READINGS), cache=True)
def speed_ratio(numerator_m_s: Array, denominator_m_s: Array) -> float:
    """The median ratio of two speeds while both run; NaN where they never do."""
    step = max(1, len(numerator_m_s) // (4 * BLOCKS))
    above, below = numerator_m_s[::step], denominator_m_s[::step]
    runs = (above > 0.05) & (below > 0.05)
    return median(above[runs] / below[runs]) if runs.any() else np.nan


def way_m(time_s: Array, speed_m_s: Array) -> Array:
    """The integral of speed over time, from 0, by trapezes; a clock that steps back adds nothing."""
    step_s = np.maximum(np.diff(time_s), 0.0)
    return np.concatenate([[0.0], np.cumsum(step_s * (speed_m_s[1:] + speed_m_s[:-1]) / 2)])


def motion(time_s: Array, counter_m: Array | None, speed_m_s: Array | None) -> Motion | None:
    """The motion by the counter, else by speed alone (from 0 at the first reading), else None."""
    knots = _counted(counter_m) if counter_m is not None else np.empty(0, dtype=np.int64)
    if counter_m is None or len(knots) < LEAST_COUNTED:
        if speed_m_s is None:
            return None
        way = way_m(time_s, speed_m_s)
        return Motion(way, np.zeros(len(way)), False)
    share = SPEED_SHARE
    if speed_m_s is None:
        share, speed_m_s = SLOPE_SHARE, _speed_of_counter(time_s, counter_m, knots)
    way = way_m(time_s, speed_m_s)
    way = way * _metres_per_way(way[knots], counter_m[knots])
    return _through(way, way[knots], _without_shifts(way[knots], counter_m[knots]), share)


def counted_m(time_s: Array, counter_m: Array) -> float:
    """Where the counter ended, without its jumps; 0 where it did not count.

    Of fewer than LEAST_COUNTED readings nobody can tell which one jumps: the greatest.
    """
    knots = _counted(counter_m)
    if len(knots) < LEAST_COUNTED:
        return float(np.fmax.reduce(counter_m, initial=0.0))
    way = way_m(time_s, _speed_of_counter(time_s, counter_m, knots))[knots]
    return float(_without_shifts(way * _metres_per_way(way, counter_m[knots]), counter_m[knots]).max())


def _counted(counter_m: Array) -> NDArray[np.int64]:
    """Readings at which the counter has moved on; of one that waits for the head, the last waiting one."""
    valid = np.flatnonzero(~np.isnan(counter_m))
    if len(valid) < LEAST_COUNTED:
        return valid[:0]
    moved = np.flatnonzero(np.diff(counter_m[valid])) + 1
    if not len(moved):
        return valid[:0]
    knots = valid[np.concatenate([[moved[0] - 1], moved])]
    values = counter_m[knots]
    restarts = np.flatnonzero((np.diff(values) < -RESTARTS_BELOW_M) & (values[1:] < RESTARTS_BELOW_M))
    # What stands before a restart is the coil before. A last reading of the next coil is no restart.
    restarts = restarts[restarts < len(knots) // 2]
    return knots[restarts[-1] + 1 :] if len(restarts) else knots


def _speed_of_counter(time_s: Array, counter_m: Array, knots: NDArray[np.int64]) -> Array:
    """The counter's own slope, without its jumps: the median of nine neighbours."""
    lasted_s = np.maximum(np.diff(time_s[knots]), 1e-9)
    # Head and tail cut the first and the last step short: an end is told by its neighbours.
    slope = np.pad(np.diff(counter_m[knots]) / lasted_s, 4, mode="reflect")
    smooth = np.median(np.lib.stride_tricks.sliding_window_view(slope, 9), axis=1)
    middle_s = (time_s[knots[1:]] + time_s[knots[:-1]]) / 2
    return np.maximum(np.interp(time_s, middle_s, smooth), 0.0)


def _metres_per_way(way: Array, counter_m: Array) -> float:
    """Metres counted per metre by speed: the median over parts of the strip, deaf to jumps."""
    at = np.linspace(0, len(way) - 1, min(BLOCKS, len(way) - 1) + 1).round().astype(np.int64)
    ways = np.diff(way[at])
    runs = ways > 0
    return median(np.diff(counter_m[at])[runs] / ways[runs]) if runs.any() else 1.0


def _without_shifts(way: Array, counter_m: Array) -> Array:
    """What the counter would read without the steps that the speeds contradict: there the speeds hold.

    A jump there and back cancels out; metres that the counter has lost or won are given back from there on.
    """
    ways = np.diff(way)
    off_m = ways - np.diff(counter_m)
    usual_m = 1.4826 * median(np.abs(off_m))
    is_shifted = np.abs(off_m) > 2 * _last_digit_m(counter_m) + 6 * usual_m + DOUBTED_SPEED_SHARE * ways
    shift_m = np.concatenate([[0.0], np.cumsum(np.where(is_shifted, off_m, 0.0))])
    # The next two agree with each other: then it is the first reading that is wrong.
    return counter_m + shift_m - (shift_m[1] if is_shifted[0] and not is_shifted[1] else 0.0)


def _through(way: Array, ways: Array, counted_m: Array, share: float) -> Motion:
    """Through every reading of the counter; beyond the first and the last by speed."""
    counted_m = np.maximum.accumulate(counted_m)
    at_m = np.interp(way, ways, counted_m)
    at_m += np.minimum(way - ways[0], 0.0) + np.maximum(way - ways[-1], 0.0)
    after = np.searchsorted(ways, way)
    before_m = np.where(after > 0, way - ways[np.maximum(after - 1, 0)], np.inf)
    ahead_m = np.where(after < len(ways), ways[np.minimum(after, len(ways) - 1)] - way, np.inf)
    bridged_m = share * np.minimum(before_m, ahead_m)
    return Motion(at_m, np.hypot(bridged_m, COUNTER_SIGMA_M), True)


def _last_digit_m(counter_m: Array) -> float:
    """What the counter's last digit is worth.

    >>> _last_digit_m(np.array([0.4, 5.2, 10.3]))
    0.1
    """
    few = counter_m[:: max(1, len(counter_m) // BLOCKS)]
    scaled = (few * 10**no for no in range(4))
    digits = (no for no, values in enumerate(scaled) if np.abs(values - np.rint(values)).max() <= 1e-6)
    return 10.0 ** -next(digits, 4)
