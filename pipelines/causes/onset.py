"""When a cause began to act: by the likelihood of a step in the defects of the coils exposed to it."""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from pipelines.causes.background import Background
from pipelines.causes.outcomes import Outcomes
from pipelines.fault_runs import AS_LIKELY

Array = NDArray[np.float64]
Flags = NDArray[np.bool_]

LEAST_GAIN = 8.0
"""Twice the gain in log likelihood, by the variance of counts, from which on a cause began within the window:
1 % of steady causes show as much at their best day."""


class Onset(NamedTuple):
    """The day from which a cause acts, the first one unless it surely ``is_new``, and the interval of it."""

    day: int
    is_new: bool
    earliest: int
    latest: int


def onset(one: Outcomes, base: Background, told: Flags, is_exposed: Flags) -> tuple[Array, Onset]:
    """The defects due of each coil if nothing acted; when the exposed of the ``told`` began to have more."""
    due = due_defects(one, base, told & ~is_exposed)
    return due, began_on(one, told & is_exposed, due, base.inflation(0, one))


def due_defects(one: Outcomes, base: Background, good: Flags) -> Array:
    """Defects of each coil at the rate of the coils of its stratum where the cause does not act."""
    strata_n = len(base.family_of)
    cases = np.bincount(base.stratum[good], one.counts[0, good], strata_n)
    metres = np.bincount(base.stratum[good], one.exposure[0, good], strata_n)
    usual = cases.sum() / max(metres.sum(), 1e-9)
    # A stratum that is all but exposed borrows from the others.
    borrowed_m = 1 / max(usual, 1e-9)
    rate = (cases + usual * borrowed_m) / (metres + borrowed_m)
    return np.asarray(rate[base.stratum] * one.exposure[0])


def began_on(one: Outcomes, bad: Flags, due: Array, inflation: float) -> Onset:
    """The day from which it acts, by the likelihood of a step, and whether it surely did not before."""
    first, days_n = int(one.day.min()), int(np.ptp(one.day)) + 1
    seen = np.bincount(one.day[bad] - first, one.counts[0, bad], days_n)
    expected = np.bincount(one.day[bad] - first, due[bad], days_n)
    after_n, after_due = np.cumsum(seen[::-1])[::-1], np.cumsum(expected[::-1])[::-1]
    with np.errstate(divide="ignore", invalid="ignore"):
        gain = np.where(
            (after_n > after_due) & (after_due > 0),
            after_n * np.log(after_n / after_due) - (after_n - after_due),
            0.0,
        )
    best = int(np.argmax(gain))
    before_n, before_due = seen[:best].sum(), expected[:best].sum()
    is_new = 2 * (gain[best] - gain[0]) / inflation > LEAST_GAIN and before_n < 1.3 * before_due + 2
    if not is_new:
        return Onset(first, False, first, first)
    likely = np.flatnonzero(2 * (gain[best] - gain) / inflation <= AS_LIKELY)
    return Onset(first + best, True, first + int(likely[0]), first + int(likely[-1]))
