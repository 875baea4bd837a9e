"""What is measured of a night: its steps with time, checks and memory."""

import os
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from benchmarks.process import BenchmarkError, Ran, run_module

STEP = re.compile(r"(?P<name>\S+)\s{2,}(?P<note>.*?)\s+(?P<seconds>\d+\.\d) s")
CHECKED = re.compile(r"checked (?P<path>\S+) (?P<seconds>\d+\.\d+) s")


@dataclass(frozen=True)
class MeasuredStep:
    """A table, or the whole ingest (``raw``); ``checks_s``: of its seconds, those spent in checks."""

    name: str
    seconds: float
    checks_s: float
    peak_gib: float


@dataclass(frozen=True)
class Measured:
    """A command as its own process, from start to end; ``seconds`` are wall, ``cpu_s`` processor time."""

    seconds: float
    cpu_s: float
    checks_s: float
    peak_gib: float
    steps: tuple[MeasuredStep, ...]

    @property
    def apart_from_checks_s(self) -> float:
        """What the command would take if checks cost nothing."""
        return self.seconds - self.checks_s


def coilmart(engine: str, home: Path, landing: Path, *command: str) -> Measured:
    """A coilmart command on that engine, in a home of its own."""
    environment = {name: value for name, value in os.environ.items() if not name.startswith("COILMART_")}
    own = {"HOME": str(home), "LANDING": str(landing), "SPARK": engine, "SETTLE_S": "0"}
    environment |= {f"COILMART_{name}": value for name, value in own.items()}
    ran = run_module("benchmarks.timed_night", *command, environment=environment)
    measured = measured_of(ran)
    if not measured.checks_s or not measured.steps:
        raise BenchmarkError(f"coilmart {command[0]} promises steps and checks, but said {ran.lines[-5:]}.")
    return measured


def measured_of(ran: Ran) -> Measured:
    """What the lines of a process tell of its steps."""
    steps = tuple(_steps(ran))
    return Measured(ran.seconds, ran.cpu_s, sum(_checks(ran)), ran.peak_gib(), steps)


def _steps(ran: Ran) -> Iterator[MeasuredStep]:
    checks_s = 0.0
    for at_s, line in ran.lines:
        if checked := CHECKED.fullmatch(line):
            checks_s += float(checked["seconds"])
        elif step := STEP.fullmatch(line):
            seconds = float(step["seconds"])
            yield MeasuredStep(step["name"], seconds, checks_s, ran.peak_gib(at_s - seconds, at_s))
            checks_s = 0.0


def _checks(ran: Ran) -> Iterator[float]:
    return (float(checked["seconds"]) for _, line in ran.lines if (checked := CHECKED.fullmatch(line)))
