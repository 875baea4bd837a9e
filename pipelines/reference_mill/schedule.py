"""When every slab is rolled, and when the hot strip mill stands still and why."""

from dataclasses import dataclass
from datetime import date

import numpy as np
from numpy.typing import NDArray

from pipelines.reference_mill.mill import Mill, MillSettingError
from pipelines.reference_mill.rolls import backup_changed_stand
from pipelines.reference_mill.work_times import mill_planned_s

Array = NDArray[np.float64]
Numbers = NDArray[np.int64]

LEAST_GAP_S = 10.0
"""From a tail's leaving F1 to the next head's entering it."""

FIRST_S, HAND_OVER_S = 90.0, 540.0
STOPS_AN_HOUR = 0.27
USUAL_STOP_MIN, STOP_SPREAD = 8.0, 0.75
COBBLE_SHARE = 0.002

CAUSES = (
    ("F3", "hydraulic leak", "mechanical"),
    ("F5", "looper does not follow", "mechanical"),
    ("F6", "main drive tripped", "electrical"),
    ("R2", "main drive tripped", "electrical"),
    ("RF2", "slab not at temperature", "process"),
    ("DC1", "mandrel does not expand", "mechanical"),
    ("DC2", "strapping machine", "mechanical"),
    ("descaler", "pump failed", "mechanical"),
    ("gauge house", "thickness gauge out of order", "automation"),
    ("level 2", "set-up not received", "automation"),
    ("crop shear", "knife change", "production"),
    ("coil yard", "conveyor full", "logistics"),
    ("run-out table", "header valve stuck", "mechanical"),
    ("F7", "strip below 800 °C", "process"),
)
COBBLE_CAUSES = (
    ("F6", "cobble", "production"),
    ("F7", "cobble", "production"),
    ("DC1", "cobble", "production"),
)


@dataclass(frozen=True)
class Stoppage:
    """A stoppage of a line; times are seconds from the start of the production day."""

    from_s: float
    to_s: float
    equipment: str
    reason: str
    category: str
    is_planned: bool


@dataclass(frozen=True)
class Schedule:
    """When each head enters F1, which slabs are cobbled, and every stoppage in order of time."""

    f1_in_s: Array
    is_cobble: NDArray[np.bool_]
    rolls_in_s: Array
    """Campaign -> when its work rolls were in."""

    stoppages: tuple[Stoppage, ...]


@dataclass(frozen=True)
class _Stop:
    """A stop that comes before a coil of the sequence."""

    before: int
    length_s: float
    equipment: str
    reason: str
    category: str
    is_planned: bool


def schedule(mill: Mill, day: date, campaign_no: Numbers, in_f1_s: Array) -> Schedule:
    """The day's schedule; ``in_f1_s``: how long each strip is in F1.

    Raises MillSettingError where the day is too short for its coils.
    """
    chance = mill.chance(day, "schedule")
    count, window_s = len(in_f1_s), mill_planned_s(mill, day) - FIRST_S - HAND_OVER_S
    changes = _roll_changes(day, campaign_no, chance)
    needed_s = in_f1_s.sum() + LEAST_GAP_S * count + _length_s(changes)
    if needed_s > window_s:
        raise MillSettingError(
            f"The reference mill promises to roll {mill.coils_a_day} coils on {day}, but they take "
            f"{needed_s / 3600:.1f} h of {window_s / 3600:.1f} h; set fewer coils a day."
        )
    cobbles, troubles = _cobbles(count, chance), _troubles(count, window_s, chance)
    unplanned = _that_fit(cobbles + troubles, window_s - needed_s)
    is_cobble = np.zeros(count, dtype=np.bool_)
    is_cobble[[stop.before - 1 for stop in unplanned if stop in cobbles]] = True
    stops = sorted(changes + unplanned, key=lambda stop: (stop.before, not stop.is_planned))
    gap_s = LEAST_GAP_S + (window_s - needed_s - _length_s(unplanned)) * _shares(count, chance)
    return _timed(in_f1_s, gap_s, is_cobble, stops)


def _length_s(stops: list[_Stop]) -> float:
    return sum(stop.length_s for stop in stops)


def _that_fit(stops: list[_Stop], spare_s: float) -> list[_Stop]:
    """The first of the stops, as many as the day has time for."""
    ends_s = np.cumsum([stop.length_s for stop in stops])
    return [stop for stop, end_s in zip(stops, ends_s, strict=True) if end_s <= 0.85 * spare_s]


def _shares(count: int, chance: np.random.Generator) -> Array:
    """Uneven shares that add up to one."""
    parts = chance.uniform(0.7, 1.3, count)
    return parts / parts.sum()


def _roll_changes(day: date, campaign_no: Numbers, chance: np.random.Generator) -> list[_Stop]:
    """Every campaign starts with new work rolls; now and then the first change takes backup rolls with it."""
    firsts = np.flatnonzero(np.diff(campaign_no, prepend=-1))
    stops = [
        _Stop(int(first), 60 * chance.uniform(9, 13), "F1-F7", "work roll change", "roll change", True)
        for first in firsts
    ]
    stand = backup_changed_stand(day)
    if stand:
        stops[0] = _Stop(
            0, 60 * chance.uniform(40, 55), f"F{stand}", "backup roll change", "roll change", True
        )
    return stops


def _cobbles(coils: int, chance: np.random.Generator) -> list[_Stop]:
    """The stop behind every cobbled strip; the last of the day is never one."""
    cobbled = np.flatnonzero(chance.random(coils - 1) < COBBLE_SHARE).tolist()
    length_s = 60 * chance.uniform(20, 48, len(cobbled))
    cause = chance.integers(len(COBBLE_CAUSES), size=len(cobbled))
    return [
        _Stop(no + 1, float(lasts_s), *COBBLE_CAUSES[which], False)
        for no, lasts_s, which in zip(cobbled, length_s, cause, strict=True)
    ]


def _troubles(coils: int, window_s: float, chance: np.random.Generator) -> list[_Stop]:
    """All other unplanned stops, the shortest first."""
    count = chance.poisson(STOPS_AN_HOUR * window_s / 3600)
    length_s = 60 * np.clip(USUAL_STOP_MIN * np.exp(STOP_SPREAD * chance.standard_normal(count)), 1.5, 75)
    before = chance.integers(1, max(coils, 2), count)
    cause = chance.integers(len(CAUSES), size=count)
    return [
        _Stop(int(before[no]), float(length_s[no]), *CAUSES[cause[no]], False) for no in np.argsort(length_s)
    ]


def _timed(in_f1_s: Array, gap_s: Array, is_cobble: NDArray[np.bool_], stops: list[_Stop]) -> Schedule:
    stopped_s = np.zeros(len(in_f1_s) + 1)
    for stop in stops:
        stopped_s[stop.before] += stop.length_s
    f1_out_s = FIRST_S + np.cumsum(in_f1_s + gap_s + stopped_s[:-1])
    f1_in_s = f1_out_s - in_f1_s
    free_from_s = np.concatenate([[FIRST_S], f1_out_s]) + 0.5 * np.append(gap_s, 0)
    timed, next_free_s = [], dict(enumerate(free_from_s))
    for stop in stops:
        from_s = float(next_free_s[stop.before])
        next_free_s[stop.before] = from_s + stop.length_s
        timed.append(
            Stoppage(
                from_s, from_s + stop.length_s, stop.equipment, stop.reason, stop.category, stop.is_planned
            )
        )
    rolls_in_s = np.array([stop.to_s for stop in timed if stop.category == "roll change"])
    return Schedule(f1_in_s, is_cobble, rolls_in_s, tuple(sorted(timed, key=lambda stop: stop.from_s)))
