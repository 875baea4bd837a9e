"""Campaigns and rolls. Which rolls are in follows from the date alone: nothing is carried from day to day."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from math import ceil

import numpy as np
from numpy.typing import NDArray

from pipelines.reference_mill.line import (
    NEWEST_BACKUP_ROLL_MM,
    NEWEST_WORK_ROLL_MM,
    OLDEST_BACKUP_ROLL_MM,
    OLDEST_WORK_ROLL_MM,
    STANDS,
)
from pipelines.reference_mill.mill import Mill

FIRST_DAY = date(2020, 1, 1)
"""From which campaigns and changes of rolls are counted."""

CAMPAIGN_KM = 58.0
"""Strip behind F7 after which the work rolls are worn."""

USUAL_KM_A_COIL = 0.68
PAIRS = 6
"""Pairs of work rolls that take turns in a stand while the others are ground."""

GRIND_MM = 0.45
BACKUP_GRIND_MM = 2.5
BACKUP_DAYS = 21
SIDES = ("top", "bottom")


@dataclass(frozen=True)
class Roll:
    """A roll in a stand."""

    roll_id: str
    diameter_mm: float


def campaigns_a_day(mill: Mill) -> int:
    """Campaigns that a day has numbers for; a number that no campaign takes is left out."""
    return ceil(mill.coils_a_day * USUAL_KM_A_COIL / CAMPAIGN_KM) + 2


def campaign_no(mill: Mill, day: date, no_in_day: int) -> int:
    """The number of a campaign, counted on from day to day since 2020."""
    return (day - FIRST_DAY).days * campaigns_a_day(mill) + no_in_day + 1


def work_roll(campaign: int, stand: int, side: str) -> Roll:
    """The work roll of a campaign: each use of a pair costs a grind, and a worn-out pair is replaced.

    >>> work_roll(42, 7, "top")
    Roll(roll_id='WR-7001', diameter_mm=696.85)
    """
    use, pair = divmod(campaign, PAIRS)
    newest, oldest = NEWEST_WORK_ROLL_MM[stand - 1], OLDEST_WORK_ROLL_MM[stand - 1]
    generation, grinds = divmod(use, int((newest - oldest) / GRIND_MM))
    number = 1000 * stand + 2 * (generation * PAIRS + pair) % 1000 + 1 + SIDES.index(side)
    return Roll(f"WR-{number}", round(float(newest - GRIND_MM * grinds), 2))


def backup_roll(day: date, stand: int, side: str) -> Roll:
    """The backup roll of a day: two sets a stand take turns every three weeks.

    >>> backup_roll(date(2026, 11, 20), 1, "top").roll_id
    'BR-103'
    """
    change, turn = divmod(_backup_changes(day, stand), 2)
    generation, grinds = divmod(
        change, int((NEWEST_BACKUP_ROLL_MM - OLDEST_BACKUP_ROLL_MM) / BACKUP_GRIND_MM)
    )
    number = 100 * stand + 2 * (generation * 2 + turn) % 100 + 1 + SIDES.index(side)
    return Roll(f"BR-{number}", round(NEWEST_BACKUP_ROLL_MM - BACKUP_GRIND_MM * grinds, 1))


def _backup_changes(day: date, stand: int) -> int:
    return (day.toordinal() - FIRST_DAY.toordinal() + 3 * stand) // BACKUP_DAYS


def backup_changed_on(day: date, stand: int) -> date:
    """As which day started the backup rolls of a stand came in that are in it on a day.

    >>> backup_changed_on(date(2026, 11, 22), 1), backup_changed_on(date(2026, 11, 21), 1)
    (datetime.date(2026, 11, 22), datetime.date(2026, 11, 1))
    """
    return FIRST_DAY + timedelta(days=BACKUP_DAYS * _backup_changes(day, stand) - 3 * stand)


def backup_changed_stand(day: date) -> int | None:
    """The stand whose backup rolls are changed as that day starts, every third day another.

    >>> [backup_changed_stand(date(2026, 11, d)) for d in (20, 21, 22, 23)]
    [None, None, 1, None]
    """
    yesterday = date.fromordinal(day.toordinal() - 1)
    for stand in range(1, STANDS + 1):
        if _backup_changes(day, stand) != _backup_changes(yesterday, stand):
            return stand
    return None


def rolls_in_use(day: date, campaign: int) -> dict[str, str]:
    """Place in the mill -> roll, for every roll of the seven stands.

    >>> sorted(rolls_in_use(date(2026, 11, 20), 42))[:4]
    ['F1 bottom backup', 'F1 bottom work', 'F1 top backup', 'F1 top work']
    """
    places: dict[str, str] = {}
    for stand in range(1, STANDS + 1):
        for side in SIDES:
            places[f"F{stand} {side} work"] = work_roll(campaign, stand, side).roll_id
            places[f"F{stand} {side} backup"] = backup_roll(day, stand, side).roll_id
    return places


def work_roll_radii_mm(campaigns: Sequence[int]) -> NDArray[np.float64]:
    """Work roll radius, campaign by stand; top and bottom are ground to one diameter."""
    return np.array(
        [[work_roll(no, stand, "top").diameter_mm / 2 for stand in range(1, STANDS + 1)] for no in campaigns]
    )
