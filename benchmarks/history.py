"""A night's time beside the days that the lake has already: the same day after 1, 8 and 32 days before it."""

import shutil
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory

from benchmarks.nights import coilmart
from benchmarks.reference_landing import BUILD
from jobs.write_landing import write_landing
from pipelines.reference_mill.mill import Dirt, Mill

LAST_DAY = date(2026, 12, 31)
# A late file makes earlier days again, and more of them where there are more: no part of this question.
MILL = Mill(coils_a_day=60, readings_hz=1.0, dirt=replace(Dirt(), late_file=0.0))


@dataclass(frozen=True)
class AfterHistory:
    """``backfill_s``: of all days before, in one command; ``night_s``: of the next day, the median."""

    days_before: int
    backfill_s: float
    night_s: float

    @property
    def backfill_s_a_day(self) -> float:
        """Of the days before."""
        return self.backfill_s / self.days_before


def nights_after_history(engine: str, days_before: Sequence[int], rounds: int) -> Iterator[AfterHistory]:
    """The same night after so many days, each history made by one backfill."""
    for days in days_before:
        with TemporaryDirectory(dir=BUILD) as home:
            yield _night_after(engine, Path(home), days, rounds)


def _night_after(engine: str, home: Path, days: int, rounds: int) -> AfterHistory:
    landing = home / "landing"
    mill = replace(MILL, first_day=LAST_DAY - timedelta(days=days), days=days)
    write_landing(landing, home / "truth", mill)
    span = ("--from", str(mill.first_day), "--to", str(LAST_DAY - timedelta(days=1)))
    backfill_s = coilmart(engine, home, landing, "backfill", *span).seconds
    write_landing(landing, home / "truth", replace(mill, days=days + 1))
    return AfterHistory(days, backfill_s, median(_night(engine, home) for _ in range(rounds)))


def _night(engine: str, home: Path) -> float:
    """The night in a copy: each round finds the same lake."""
    with TemporaryDirectory(dir=BUILD) as folder:
        copy = shutil.copytree(home, Path(folder, "home"))
        return coilmart(engine, copy, copy / "landing", "nightly", "--day", str(LAST_DAY)).seconds
