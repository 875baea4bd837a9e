"""Readings that are missing, frozen or jumping: flags, never deletions.

What is frozen depends on the signal: one with noise repeats itself for a reading or two, a coarse one for
longer, a set-point always. How long is plausible is learned from the signal's own runs of equal values.
"""

from enum import IntEnum

import numpy as np
from numba import boolean, float64, int8, int64, njit, types, void
from numpy.typing import NDArray

from pipelines.medians import median

Array = NDArray[np.float64]
Codes = NDArray[np.int8]
Counts = NDArray[np.int64]
Mask = NDArray[np.bool_]


class Health(IntEnum):
    """What is wrong with a reading; the greater the worse."""

    GOOD = 0
    JUMPING = 1
    FROZEN = 2
    MISSING = 3


FLAGS = tuple("" if health == Health.GOOD else health.name.lower() for health in Health)
"""What a segment's flag says of a health, in their order; nothing of a good one."""


FALSE_ALARMS = 1e-4
"""Runs of a healthy signal that are longer than plausible, per coil and signal."""

LEAST_RUNS = 20
"""A signal that changes less often on a coil is constant by nature, as far as the coil can tell."""

SHORTEST_FROZEN = 5
USUAL_RUNS = 8
"""A slow, coarse signal stands at its turning points this many times as long as at its usual places."""

NEVER = int(np.iinfo(np.int64).max)

JUMP_SIGMAS = 6.0
LONGEST_JUMP = 5
"""Readings: what stays away longer is a step, and may be real."""

NEIGHBOURS = 5
"""Readings on each side of a jump that tell whether the process swings there."""

RUNS_TOLD_APART = 2_048
STEPS_LOOKED_AT = 512

_READINGS = types.Array(float64, 1, "C", readonly=True)
_MASK = types.Array(boolean, 1, "C", readonly=True)
_MANY_READINGS = types.Array(float64, 2, "C", readonly=True)
_MANY_MASKS = types.Array(boolean, 2, "C", readonly=True)


def health(values: Array, has_strip: Mask | None = None, plausible_n: int | None = None) -> Codes:
    """The health of each reading of one signal of one coil, in the order of time, NaN where it is missing.

    ``has_strip``: readings with strip under the sensor, all by default; the others are good, and teach
    nothing. ``plausible_n``: readings that the signal may keep one value, as other coils tell
    (`longest_plausible`); without it, as these readings tell: then what never moves is taken for a set-point.

    >>> health(np.array([3.1, 3.3, np.nan, 3.2, 77.0, 3.4, 3.0]), plausible_n=3).tolist()
    [0, 0, 3, 0, 1, 0, 0]
    """
    values, seen = _told(values, has_strip)
    own, step = _learned(values, seen)
    codes = np.zeros(len(values), np.int8)
    _mark(values, seen, step, own if plausible_n is None else plausible_n, codes)
    return codes


def longest_plausible(values: Array, has_strip: Mask | None = None) -> int:
    """Readings that a signal may keep one value to the last bit; `NEVER` judged where it hardly changes.

    A healthy signal repeats itself by chance: the share of runs that go on after one reading says how likely.
    The median over a night's coils tells a sensor that is frozen for a whole coil.

    >>> longest_plausible(np.tile([1.0, 2.0, 2.0, 3.0], 50)), longest_plausible(np.ones(50)) == NEVER
    (13, True)
    """
    longest, _ = _learned(*_told(values, has_strip))
    return int(longest)


def _told(values: Array, has_strip: Mask | None) -> tuple[Array, Mask]:
    """As the compiled loops take them: neighbours in memory."""
    seen = np.ones(len(values), np.bool_) if has_strip is None else has_strip
    return np.ascontiguousarray(values, np.float64), np.ascontiguousarray(seen, np.bool_)


@njit(types.UniTuple(int64, 2)(_READINGS, _MASK, int64[::1], float64[::1]), nogil=True, cache=True)
def _look(values: Array, has_strip: Mask, runs_n: Counts, steps: Array) -> tuple[int, int]:
    """Count the runs by their length, take steps from all over the strip; how many steps, the longest run."""
    every = max(1, len(values) // len(steps))
    last, run, longest, known, row_of_step = np.nan, 0, 0, 0, 0
    for row in range(len(values)):
        value = values[row]
        if not has_strip[row] or np.isnan(value):
            continue
        if value == last:
            run += 1
            continue
        if run:
            runs_n[min(run, len(runs_n) - 1)] += 1
            longest = max(longest, run)
            if row >= row_of_step and known < len(steps):
                steps[known], known, row_of_step = abs(value - last), known + 1, row + every
        last, run = value, 1
    if run:
        runs_n[min(run, len(runs_n) - 1)] += 1
    return known, min(max(longest, run), len(runs_n) - 1)


@njit(int64(int64[::1]), nogil=True, cache=True)
def _longest_plausible(runs_n: Counts) -> int:
    """Beyond chance, and beyond what a run that holds half of the readings makes usual.

    ``runs_n``: runs by their length, up to the longest.
    """
    count, readings_n = 0, 0
    for length in range(len(runs_n)):
        count += runs_n[length]
        readings_n += runs_n[length] * length
    usual, held_n = 0, 0
    while held_n < readings_n / 2:
        usual += 1
        held_n += runs_n[usual] * usual
    if count < LEAST_RUNS or usual == RUNS_TOLD_APART - 1:
        return NEVER
    goes_on = max(count - runs_n[1], 1) / count
    if goes_on == 1:
        return NEVER
    # Of so many runs, one as long as this begins by chance in FALSE_ALARMS coils.
    by_chance = 1 + np.log(FALSE_ALARMS / count) / np.log(goes_on)
    return max(SHORTEST_FROZEN, int(by_chance), USUAL_RUNS * (usual - 1))


@njit(types.Tuple((int64, float64))(_READINGS, _MASK), nogil=True, cache=True)
def _learned(values: Array, has_strip: Mask) -> tuple[int, float]:
    """Readings that may keep one value, by how long runs of equal values are; the median step."""
    runs_n, steps = np.zeros(RUNS_TOLD_APART, np.int64), np.empty(STEPS_LOOKED_AT)
    known, longest = _look(values, has_strip, runs_n, steps)
    return _longest_plausible(runs_n[: longest + 1]), median(steps[:known]) if known else 0.0


@njit(
    types.Tuple((int64[::1], float64[::1]))(_MANY_READINGS, int64[::1], _MANY_MASKS), nogil=True, cache=True
)
def learned(values: Array, at: Counts, has_strip: Mask) -> tuple[Counts, Array]:
    """What the readings of one coil tell of each signal: how many may keep one value, and the median step.

    ``values``: signals (rows) at readings (columns), NaN where missing. ``has_strip``: stations (rows) at
    readings; ``at``: the station of each signal.
    """
    plausible_n, steps = np.empty(len(values), np.int64), np.empty(len(values))
    for no in range(len(values)):
        plausible_n[no], steps[no] = _learned(values[no], has_strip[at[no]])
    return plausible_n, steps


@njit(float64(_READINGS, int64[::1], int64, int64), nogil=True, cache=True)
def _swing(values: Array, present: Counts, begin: int, end: int) -> float:
    """One sigma of the readings beside [begin, end), by medians: how they lie apart, or how they step.

    The less of the two. Where the process swings both are large; where a sensor jumps again and again most
    readings still lie together; on a ramp they step little.
    """
    before = values[present[max(begin - NEIGHBOURS, 0) : begin]]
    behind = values[present[end : end + NEIGHBOURS]]
    near = np.concatenate((before, behind))
    apart = median(np.abs(near - median(near)))
    steps = median(np.abs(np.concatenate((np.diff(before), np.diff(behind)))))
    return 1.4826 * min(apart, steps)


@njit(void(_READINGS, _MASK, float64, int64, int8[::1]), nogil=True, cache=True)
def _mark(values: Array, has_strip: Mask, step: float, longest: int, codes: Codes) -> None:
    """Missing, frozen (one value for more than ``longest``), jumping (away by many a ``step``, and back)."""
    # A median step is 1 / 1.4826 of a sigma.
    least = JUMP_SIGMAS * (1.4826 * step)
    present, count = np.empty(len(values), np.int64), 0
    for row in range(len(values)):
        if has_strip[row]:
            if np.isnan(values[row]):
                codes[row] = 3
            else:
                present[count], count = row, count + 1
    begin, jump_to = 0, 0
    for no in range(1, count + 1):
        if no == count or values[present[no]] != values[present[begin]]:
            if no - begin > longest:
                codes[present[begin:no]] = 2
            begin = no
        if no >= count or no < jump_to or least == 0:
            continue
        before = values[present[no - 1]]
        away = abs(values[present[no]] - before)
        if away > least:
            for back in range(no + 1, min(no + LONGEST_JUMP + 1, count)):
                if abs(values[present[back]] - before) <= min(least, away / 2):
                    if away > JUMP_SIGMAS * _swing(values, present[:count], no, back):
                        codes[present[no:back]] = 1
                    jump_to = back + 1
                    break


@njit(int8[:, ::1](_MANY_READINGS, int64[::1], _MANY_MASKS, float64[::1], int64[::1]), nogil=True, cache=True)
def marked(values: Array, at: Counts, has_strip: Mask, steps: Array, longest: Counts) -> Codes:
    """The health of the readings, signals (rows) at readings (columns).

    ``steps``: as `learned`. ``longest``: how many readings of each signal may keep one value.
    """
    codes = np.zeros(values.shape, np.int8)
    for no in range(len(values)):
        _mark(values[no], has_strip[at[no]], steps[no], longest[no], codes[no])
    return codes
