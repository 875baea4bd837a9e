"""Rolls that mark the strip: once a turn, on their side, as far from the middle, until they are changed."""

from dataclasses import dataclass
from datetime import timedelta

import numpy as np
from numpy.typing import NDArray

from pipelines.reference_mill.eccentricity import period_m
from pipelines.reference_mill.line import STANDS
from pipelines.reference_mill.rolling_day import RollingDay
from pipelines.reference_mill.rolls import BACKUP_DAYS, SIDES, Roll, backup_changed_on, backup_roll, work_roll

Array = NDArray[np.float64]
Numbers = NDArray[np.int64]

WORK_STANDS = ((3, 4, 5, 6, 7), (0.08, 0.12, 0.2, 0.25, 0.35))
BACKUP_STANDS = range(4, STANDS + 1)
"""Stands whose rolls come to mark, and how often it is which: early stands' marks are rolled out."""

BEGINS_AFTER = (0.1, 0.8)
"""Share of the campaign."""

BACKUP_LASTS_DAYS = (0.2, 1.5)
"""A backup roll that marks is not left in for long."""

SEEN_SHARE, FROM_MIDDLE_MM, JITTERS_M = (0.35, 0.85), (-420.0, 420.0), 0.01


@dataclass(frozen=True)
class RollMark:
    """A roll with a mark on it, on a day. ``from_slab``: the first of the sequence that it marks.

    ``seen_share``: of its marks, what inspection can see at all. ``from_middle_mm``: across the roll.
    """

    mark_id: str
    stand: int
    position: str
    roll: Roll
    from_slab: int
    to_slab: int
    from_middle_mm: float
    seen_share: float

    @property
    def side(self) -> str:
        """Of the strip: a top roll marks the top."""
        return self.position.split()[0]


@dataclass(frozen=True)
class Marked:
    """The marks of a roll: slab and place of each, and what they have in common coil by coil."""

    slab_no: Numbers
    at_m: Array
    coils: Numbers
    period_m: Array
    first_m: Array
    from_edge_mm: Array


def roll_marks(rolled: RollingDay) -> tuple[RollMark, ...]:
    """The rolls that mark strips on a day."""
    return (*_of_work_rolls(rolled), *_of_backup_rolls(rolled))


def marked(rolled: RollingDay, mark: RollMark) -> Marked:
    """Where a roll marks the strips of a day; a strip that is too narrow, or rolled beside it, has no mark.

    A work roll is shifted along its axis from coil to coil, and its mark with it.
    """
    chance = rolled.mill.chance(rolled.day, f"marks {mark.mark_id}")
    from_edge_mm = rolled.true_width_mm / 2 + mark.from_middle_mm
    if mark.position.endswith("work"):
        from_edge_mm = from_edge_mm + rolled.behaves.shifting_mm[:, mark.stand - 1] * _shifts(mark)
    period, first_m = period_m(rolled, mark.stand, mark.roll), chance.random(len(rolled.length_m))
    first_m = first_m * period
    slab = np.arange(len(period))
    is_marked = (mark.from_slab <= slab) & (slab < mark.to_slab) & ~rolled.schedule.is_cobble
    is_marked &= (from_edge_mm > 10) & (from_edge_mm < rolled.true_width_mm - 10)
    turns = np.where(is_marked, np.ceil((rolled.length_m - first_m) / period), 0).astype(np.int64).clip(min=0)
    slab_no = np.repeat(slab, turns)
    turn = np.arange(len(slab_no)) - np.repeat(np.cumsum(turns) - turns, turns)
    at_m = first_m[slab_no] + turn * period[slab_no] + chance.normal(0, JITTERS_M, len(slab_no))
    coils = np.flatnonzero(turns)
    return Marked(
        slab_no,
        at_m.clip(0, rolled.length_m[slab_no] - 0.01),
        coils,
        period[coils],
        first_m[coils],
        from_edge_mm[coils],
    )


def _shifts(mark: RollMark) -> int:
    """The two work rolls of a stand are shifted against each other."""
    return 1 if mark.side == "top" else -1


def _of_work_rolls(rolled: RollingDay) -> list[RollMark]:
    marks = []
    for no, campaign in enumerate(rolled.campaigns):
        chance = rolled.mill.chance(rolled.day, "work rolls that mark", no)
        if chance.random() >= rolled.mill.roll_marks:
            continue
        stands, shares = WORK_STANDS
        stand, side = int(chance.choice(stands, p=shares)), str(chance.choice(SIDES))
        slabs = np.flatnonzero(rolled.slabs.campaign_no == no)
        first = slabs[int(chance.uniform(*BEGINS_AFTER) * len(slabs))]
        across, seen = chance.uniform(*FROM_MIDDLE_MM), chance.uniform(*SEEN_SHARE)
        roll = work_roll(campaign, stand, side)
        name = f"M{rolled.day:%y%m%d} {roll.roll_id}"
        last = int(slabs[-1]) + 1
        marks.append(
            RollMark(name, stand, f"{side} work", roll, int(first), last, float(across), float(seen))
        )
    return marks


def _of_backup_rolls(rolled: RollingDay) -> list[RollMark]:
    """Those whose last days have begun; which and when is decided for the whole life of a set of rolls."""
    marks = []
    for stand in BACKUP_STANDS:
        changed_on = backup_changed_on(rolled.day, stand)
        chance = rolled.mill.chance(changed_on, "backup rolls that mark", stand)
        if chance.random() >= rolled.mill.roll_marks:
            continue
        side, lasts_days = str(chance.choice(SIDES)), chance.uniform(*BACKUP_LASTS_DAYS)
        across, seen = chance.uniform(*FROM_MIDDLE_MM), chance.uniform(*SEEN_SHARE)
        until_s = ((changed_on + timedelta(days=BACKUP_DAYS)) - rolled.day).total_seconds()
        first = int(np.searchsorted(rolled.schedule.f1_in_s, until_s - 86_400 * lasts_days))
        last = len(rolled.length_m)
        if first < last:
            roll = backup_roll(rolled.day, stand, side)
            name = f"M{changed_on:%y%m%d} {roll.roll_id}"
            marks.append(
                RollMark(name, stand, f"{side} backup", roll, first, last, float(across), float(seen))
            )
    return marks
