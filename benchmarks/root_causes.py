"""Planted causes of surface defects against mart/root_causes, and mills without any; how long a night takes.

    python -m benchmarks.root_causes                24 mills with causes, 40 without: an hour on two cores;
                                                    then benchmarks.process_faults and benchmarks.roll_marks
    python -m benchmarks.root_causes --alone --mills 2 --clean 2
    python -m benchmarks.root_causes --speed        54,000 coils over 90 days, in a lake

docs/benchmarks.md says what is compared. The last line is a JSON object.
"""

import argparse
import json
import sys
from collections.abc import Iterable, Iterator, Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path

import numpy as np
from scipy.special import gammaincinv

sys.path.insert(0, str(Path(__file__).parent.parent))

from benchmarks.cause_matches import is_found, matches, tells_of_marks
from benchmarks.cause_mills import MILL, defects_of, kept_coils, planted
from benchmarks.cause_search import causes_found
from benchmarks.cause_speed import speed
from benchmarks.process_faults import FIRST_SEED as FAULT_SEED
from benchmarks.process_faults import SEEDS as FAULT_SEEDS
from benchmarks.process_faults import measured as faults_measured
from benchmarks.roll_marks import FIRST_SEED as MARK_SEED
from benchmarks.roll_marks import SEEDS as MARK_SEEDS
from benchmarks.roll_marks import measured as marks_measured

FIRST_SEED = 6001
"""Limits and rules were chosen on mills of the seeds 1, 1000 to 1015 and 3001 to 5024."""

STRENGTHS = (1.3, 1.5, 2.0, 3.0, 5.0)
HEADLINE, LEAST_DEFECTS = 3.0, 30
Z_95 = 1.959963984540054


@dataclass(frozen=True)
class Judged:
    """A planted cause, how many detected defects came of it, and whether it was found up to a rank."""

    seed: int
    strength: float
    defect_class: str
    kind: str
    defects_n: int
    at_1: bool
    at_3: bool


@dataclass(frozen=True)
class Mill:
    """What was found in a mill: its planted causes, causes that are none, and how its roll marks come."""

    seed: int
    strength: float
    planted: tuple[Judged, ...]
    false: tuple[str, ...]
    of_marks: int


def main() -> None:
    asked = _arguments()
    if asked.speed:
        print(json.dumps(speed()))
        return
    seeds = range(asked.first_seed, asked.first_seed + max(asked.mills, asked.clean))
    work = partial(searched, asked.mills, asked.clean, asked.first_seed)
    with ProcessPoolExecutor(asked.processes) as processes:
        every = [mill for mills in processes.map(work, seeds) for mill in _told(mills)]
    figures = _figures(every)
    if not asked.alone:
        figures |= faults_measured(range(FAULT_SEED, FAULT_SEED + FAULT_SEEDS))
        figures |= marks_measured(range(MARK_SEED, MARK_SEED + MARK_SEEDS))
    print(json.dumps(figures))


def searched(mills_n: int, clean_n: int, first_seed: int, seed: int) -> list[Mill]:
    """The mills of a seed: with causes of every strength, and without."""
    mill, found = replace(MILL, seed=seed), []
    coils = kept_coils(mill)
    if seed < first_seed + mills_n:
        found = [_judged(coils, replace(mill, cause_strength=strength)) for strength in STRENGTHS]
    if seed < first_seed + clean_n:
        found.append(_judged(coils, replace(mill, causes=0)))
    return found


def _judged(coils, mill) -> Mill:
    rows = [row for row in causes_found(coils, *defects_of(mill), mill.all_days[-1]) if row["rank"]]
    causes = planted(mill) if mill.causes else []
    judged = []
    for cause in causes:
        own = [row for row in rows if row["defect_class"] == cause["defect_class"]]
        at = [is_found(cause, [row for row in own if row["rank"] <= most]) for most in (1, 3)]
        told = cause["defect_class"], cause["kind"], cause["detected_n"]
        judged.append(Judged(mill.seed, mill.cause_strength, *told, *at))
    strength = mill.cause_strength if mill.causes else 1.0
    of_marks = sum(tells_of_marks(row) for row in rows)
    return Mill(mill.seed, strength, tuple(judged), tuple(_false(rows, causes)), of_marks)


def _false(rows: Iterable[Mapping], causes: Sequence[Mapping]) -> Iterator[str]:
    """Rows that are about no planted cause of their class, and not about how roll marks come."""
    for row in rows:
        own = [cause for cause in causes if cause["defect_class"] == row["defect_class"]]
        if not (tells_of_marks(row) or any(matches(cause, row) for cause in own)):
            yield f"{row['defect_class']}: {row['condition']}"


def _told(mills: Sequence[Mill]) -> Sequence[Mill]:
    for mill in mills:
        for cause in mill.planted:
            if cause.strength == HEADLINE and not cause.at_3 and cause.defects_n >= LEAST_DEFECTS:
                print(
                    f"{mill.seed}: missed {cause.defect_class}, {cause.kind}, {cause.defects_n} defects",
                    flush=True,
                )
        for false in mill.false:
            print(f"{mill.seed}: false at {mill.strength:g}: {false}", flush=True)
    return mills


def wilson(hits: int, count: int) -> tuple[float, float]:
    """The 95 % interval of a share.

    >>> [round(end, 3) for end in wilson(9, 10)]
    [0.596, 0.982]
    """
    if not count:
        return 0.0, 1.0
    share, z2 = hits / count, Z_95**2
    middle = (share + z2 / (2 * count)) / (1 + z2 / count)
    wide = Z_95 * np.sqrt(share * (1 - share) / count + z2 / (4 * count**2)) / (1 + z2 / count)
    return float(middle - wide), float(middle + wide)


def upper_rate(events: int, count: int) -> float:
    """The upper 95 % bound of a rate of events that come by chance.

    >>> round(upper_rate(0, 40), 3)
    0.075
    """
    return float(gammaincinv(events + 1, 0.95) / count) if count else float("nan")


def _figures(every: Sequence[Mill]) -> dict:
    causes = [cause for mill in every for cause in mill.planted if cause.defects_n >= LEAST_DEFECTS]
    head = [cause for cause in causes if cause.strength == HEADLINE]
    print("\ncauses with at least 30 detected defects; found at rank 1, at rank 1 to 3, with 95 % intervals")
    for strength in STRENGTHS:
        _line(f"strength {strength:g}", [cause for cause in causes if cause.strength == strength])
    for name in ("defect_class", "kind"):
        for value in sorted({getattr(cause, name) for cause in head}):
            _line(f"  strength 3, {value}", [cause for cause in head if getattr(cause, name) == value])
    clean = [mill for mill in every if not mill.planted and mill.strength == 1.0]
    strong = [mill for mill in every if mill.strength == HEADLINE]
    false_clean, false_planted = (sum(len(mill.false) for mill in mills) for mills in (clean, strong))
    return {
        "recall_at_1": _share(head, "at_1"),
        "recall_at_1_interval": wilson(sum(c.at_1 for c in head), len(head)),
        "recall_at_3": _share(head, "at_3"),
        "recall_at_3_interval": wilson(sum(c.at_3 for c in head), len(head)),
        "causes": len(head),
        "false_causes_per_clean_mill": false_clean / max(len(clean), 1),
        "false_causes_per_clean_mill_upper": upper_rate(false_clean, len(clean)),
        "clean_mills": len(clean),
        "late_roll_marks_told_on_clean_mills": sum(mill.of_marks for mill in clean),
        "false_causes_per_planted_mill": false_planted / max(len(strong), 1),
        "planted_mills": len(strong),
        "recall_at_1_by_strength": {
            s: _share([c for c in causes if c.strength == s], "at_1") for s in STRENGTHS
        },
    }


def _line(name: str, causes: Sequence[Judged]) -> None:
    told = []
    for at in ("at_1", "at_3"):
        hits = sum(getattr(cause, at) for cause in causes)
        low, high = wilson(hits, len(causes))
        told.append(f"{hits:3d} of {len(causes):3d} ({low:.2f} to {high:.2f})")
    print(f"{name:36s} {'   '.join(told)}")


def _share(causes: Sequence[Judged], at: str) -> float | None:
    return sum(getattr(cause, at) for cause in causes) / len(causes) if causes else None


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--mills", type=int, default=24, help="with planted causes")
    parser.add_argument("--clean", type=int, default=40, help="without any")
    parser.add_argument("--first-seed", type=int, default=FIRST_SEED)
    parser.add_argument("--alone", action="store_true", help="without faults of the process and roll marks")
    parser.add_argument("--processes", type=int, default=2)
    parser.add_argument("--speed", action="store_true", help="time and memory of many coils instead")
    return parser.parse_args()


if __name__ == "__main__":
    main()
