"""FIN1: some coils are divided, temper rolled, cropped or re-coiled one to three days after rolling.

A coil is uncoiled from its outer wrap, the tail, and what goes first onto the reel is the head of the new
piece: every piece is the other way round. A coil set down on its other side has its strip turned over.
"""

from dataclasses import dataclass
from datetime import date, timedelta
from functools import lru_cache
from itertools import pairwise
from string import ascii_uppercase

import numpy as np
from numpy.typing import NDArray

from pipelines.reference_mill.mill import Mill
from pipelines.reference_mill.rolling_day import RollingDay, rolling_day
from pipelines.reference_mill.schedule import Stoppage

Array = NDArray[np.float64]

LATEST_DAYS = 3
FIRST_S = 300.0
SENT_SHARE = 0.17
USUAL_BUSY, PLANNED_IN_S = 0.85, 1800.0
"""The planner reckons with so much work per planned time, and plans in half hours."""

OPERATIONS = ("dividing", "temper rolling", "cropping", "re-coiling")
OPERATION_SHARES = (0.42, 0.40, 0.12, 0.06)
METRES_A_SECOND = {"dividing": 2.2, "temper rolling": 4.0, "cropping": 3.0, "re-coiling": 3.0}
HANDLING_S = 170.0
TRIMMED_SHARE, SAMPLED_SHARE, SCRAPPED_SHARE = 0.3, 0.3, 0.003
SPOILED_SHARE, SAVED_SHARE = 0.02, 0.5
TURNED_SHARE = 0.3
STOPS_AN_HOUR = 0.2
CAUSES = (
    ("shear", "blades worn", "mechanical"),
    ("uncoiler", "coil does not open", "process"),
    ("temper stand", "work roll change", "production"),
    ("crane 2", "waiting for crane", "logistics"),
    ("strapping", "strap torn", "mechanical"),
)


@dataclass(frozen=True)
class Piece:
    """A finished piece: its place on the parent coil and its true mass."""

    piece_id: str
    finished_s: float
    from_m: float
    to_m: float
    width_mm: float
    mass_t: float
    quality_code: str


@dataclass(frozen=True)
class Job:
    """A coil on the line; ``scrap_t`` is what fell off it, kind by kind; pieces and scrap are the coil."""

    rolled: RollingDay
    slab_no: int
    operation: str
    is_turned: bool
    elongation: float
    finished_s: float
    pieces: tuple[Piece, ...]
    scrap_t: tuple[tuple[str, float], ...]


@dataclass(frozen=True)
class FinishingDay:
    """A production day of the line; times are seconds from the day's start."""

    planned_s: float
    """For so long the line is planned to run, from the start of the day."""

    jobs: tuple[Job, ...]
    stoppages: tuple[Stoppage, ...]


@lru_cache(maxsize=4)
def finishing_day(mill: Mill, day: date) -> FinishingDay:
    """The day's jobs in order of time; coils from before the first day are not there."""
    chance = mill.chance(day, "finishing line")
    waiting = _waiting(mill, day)
    if not waiting:
        return FinishingDay(0.0, (), ())
    operations = [str(operation) for operation in chance.choice(OPERATIONS, len(waiting), p=OPERATION_SHARES)]
    length_m = np.array([rolled.length_m[no] for rolled, no in waiting])
    work_s = HANDLING_S + length_m / np.array([METRES_A_SECOND[operation] for operation in operations])
    half_hours = np.ceil(work_s.sum() / USUAL_BUSY / PLANNED_IN_S)
    planned_s = min(float(half_hours) * PLANNED_IN_S, mill.day_length_s(day))
    stops_s = _stop_lengths_s(planned_s, chance)
    before = np.sort(chance.integers(0, len(waiting), len(stops_s)))
    idle_s = max(0.95 * planned_s - FIRST_S - work_s.sum() - stops_s.sum(), 0) / len(waiting)
    starts_s = FIRST_S + np.cumsum(work_s + idle_s + np.bincount(before, stops_s, len(waiting))) - work_s
    is_turned = mill.chance(day, "turned over").random(len(waiting)) < TURNED_SHARE
    jobs = tuple(
        _job(rolled, no, operation, bool(turned), float(start_s), float(took_s), chance)
        for (rolled, no), operation, turned, start_s, took_s in zip(
            waiting, operations, is_turned, starts_s, work_s, strict=True
        )
    )
    return FinishingDay(planned_s, jobs, _stoppages(before, stops_s, starts_s, chance))


def _stop_lengths_s(planned_s: float, chance: np.random.Generator) -> Array:
    count = chance.poisson(STOPS_AN_HOUR * planned_s / 3600)
    return 60 * np.clip(9 * np.exp(0.7 * chance.standard_normal(count)), 2, 50)


def _waiting(mill: Mill, day: date) -> list[tuple[RollingDay, int]]:
    """The coils that are sent to the line on that day, the oldest first."""
    rolled_on = [day - timedelta(days=days) for days in range(LATEST_DAYS, 0, -1)]
    return [
        (rolling_day(mill, before), int(no))
        for before in rolled_on
        if before >= mill.opened_on
        for no in _sent(rolling_day(mill, before), (day - before).days)
    ]


def _sent(rolled: RollingDay, days: int) -> NDArray[np.int64]:
    """The coils of a rolling day that are sent to the line so many days later."""
    chance = rolled.mill.chance(rolled.day, "sent to the finishing line")
    count = len(rolled.length_m)
    is_sent = chance.random(count) < SENT_SHARE
    after_days = chance.integers(1, LATEST_DAYS + 1, count)
    is_coil = ~rolled.schedule.is_cobble & (rolled.quality_code != "X1")
    return np.flatnonzero(is_sent & is_coil & (after_days == days))


def _job(
    rolled: RollingDay,
    no: int,
    operation: str,
    is_turned: bool,
    start_s: float,
    took_s: float,
    chance: np.random.Generator,
) -> Job:
    """What becomes of a coil: crops at both ends, a sample now and then, pieces between, the tail's first."""
    length_m, width_mm = float(rolled.length_m[no]), float(rolled.true_width_mm[no])
    metre_t = float(rolled.masses.coil_t[no]) / length_m
    sample_m = chance.uniform(0.15, 0.35) if chance.random() < SAMPLED_SHARE else 0.0
    is_trimmed = operation == "dividing" and chance.random() < TRIMMED_SHARE
    kept_mm = width_mm - (round(chance.uniform(14, 28)) if is_trimmed else 0)
    borders_m = _borders_m(length_m - sample_m, operation, chance)
    pieces = []
    for place, (from_m, to_m) in enumerate(reversed(list(pairwise(borders_m)))):
        code = _code(str(rolled.quality_code[no]), chance)
        finished_s = start_s + took_s * (place + 1) / (len(borders_m) - 1)
        mass_t = (to_m - from_m) * metre_t * kept_mm / width_mm
        name = f"{rolled.coil_id(no)}{ascii_uppercase[place]}"
        pieces.append(Piece(name, finished_s, from_m, to_m, kept_mm, mass_t, code))
    is_kept = chance.random(len(pieces)) >= SCRAPPED_SHARE
    scrap_t = {
        "head crop": borders_m[0] * metre_t,
        "tail crop": (length_m - sample_m - borders_m[-1]) * metre_t,
        "sample": sample_m * metre_t,
        "trim": (borders_m[-1] - borders_m[0]) * metre_t * (1 - kept_mm / width_mm),
        "scrapped piece": sum(piece.mass_t for piece, kept in zip(pieces, is_kept, strict=True) if not kept),
    }
    elongation = chance.uniform(0.006, 0.014) if operation == "temper rolling" else 0.0
    good = tuple(piece for piece, kept in zip(pieces, is_kept, strict=True) if kept)
    fallen = tuple((kind, mass_t) for kind, mass_t in scrap_t.items() if mass_t > 0)
    return Job(rolled, no, operation, is_turned, elongation, start_s + took_s, good, fallen)


def _borders_m(length_m: float, operation: str, chance: np.random.Generator) -> list[float]:
    """Where the shear cuts, to the decimetre: two or three pieces where the coil is divided, else one."""
    head_m, tail_m = chance.uniform(0.8, 2.6, 2)
    count = chance.integers(2, 4) if operation == "dividing" else 1
    borders_m: list[float] = np.linspace(head_m, length_m - tail_m, count + 1).round(1).tolist()
    return borders_m


def _code(code: str, chance: np.random.Generator) -> str:
    """The line finds a few faults that nobody saw, and cuts others out."""
    luck = chance.random()
    if code.startswith("S") and luck < SAVED_SHARE:
        return "P2"
    return "S3" if code.startswith("P") and luck < SPOILED_SHARE else code


def _stoppages(
    before: NDArray[np.int64], stops_s: Array, starts_s: Array, chance: np.random.Generator
) -> tuple[Stoppage, ...]:
    stoppages, next_end_s = [], dict(enumerate(starts_s.tolist()))
    for job, length_s in zip(before[::-1].tolist(), stops_s[::-1].tolist(), strict=True):
        to_s = next_end_s[job]
        next_end_s[job] = to_s - length_s
        stoppages.append(
            Stoppage(to_s - length_s, to_s, *CAUSES[chance.integers(len(CAUSES))], is_planned=False)
        )
    return tuple(stoppages[::-1])
