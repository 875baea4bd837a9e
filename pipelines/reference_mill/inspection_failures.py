"""When the surface inspection does not see: off, on one side or both, or degraded; and on which metres."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from pipelines.reference_mill.rolling_day import RollingDay
from pipelines.reference_mill.speed import position_at

Array = NDArray[np.float64]

CAMERA_BEHIND_F7_M = 8.0
SIDES = ("top", "bottom")
KINDS = (
    (SIDES, "off", True, 0.2),
    (SIDES, "off", False, 0.2),
    (("top",), "off", False, 0.2),
    (("bottom",), "off", False, 0.2),
    (SIDES, "degraded", False, 0.2),
)
"""Sides, state, whether nothing is told of the coils meanwhile, and how often it is this."""

MOST_A_DAY, USUAL_MIN, SPREAD = 3, 20.0, 0.9


@dataclass(frozen=True)
class Failure:
    """A time in which the cameras of some sides are in a state, in seconds from the day's start."""

    sides: tuple[str, ...]
    state: str
    is_silent: bool
    from_s: float
    to_s: float


@dataclass(frozen=True)
class Stretch:
    """The metres of a coil that passed the cameras during a failure."""

    failure: Failure
    slab_no: int
    from_m: float
    to_m: float


def failures(rolled: RollingDay) -> list[Failure]:
    """The failures of a day, one after another."""
    chance = rolled.mill.chance(rolled.day, "inspection failures")
    count = int(chance.binomial(MOST_A_DAY, rolled.mill.dirt.inspection_failure / 2))
    first_s, last_s = float(rolled.cone_from_s[0]), float(rolled.coiled_s[-1])
    # Each in a part of the day of its own, so that they never meet.
    part_s = (last_s - first_s) / max(count, 1)
    found = []
    for no in range(count):
        sides, state, is_silent, _ = KINDS[int(chance.choice(len(KINDS), p=[share for *_, share in KINDS]))]
        lasts_s = min(60 * USUAL_MIN * np.exp(SPREAD * chance.standard_normal()), 0.8 * part_s)
        from_s = first_s + no * part_s + chance.random() * (part_s - lasts_s)
        found.append(Failure(sides, state, is_silent, float(from_s), float(from_s + lasts_s)))
    return found


def stretches(rolled: RollingDay) -> list[Stretch]:
    """Which metres of which coils each failure struck."""
    found = []
    for failure in failures(rolled):
        during = (rolled.coiled_s > failure.from_s) & (rolled.cone_from_s < failure.to_s)
        for no in np.flatnonzero(during & ~rolled.schedule.is_cobble).tolist():
            since_s = np.array([failure.from_s, failure.to_s]) - rolled.cone_from_s[no]
            place_m = position_at(rolled.cone, no, since_s.clip(0, rolled.cone.at_s[no, -1]))[0]
            from_m, to_m = (place_m - CAMERA_BEHIND_F7_M).clip(0, rolled.length_m[no]).tolist()
            if from_m < to_m:
                found.append(Stretch(failure, no, from_m, to_m))
    return found
