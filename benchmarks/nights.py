"""What is measured of a night: its steps with time and memory."""

import os
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from benchmarks.process import BenchmarkError, Ran, run_module

STEP = re.compile(r"(?P<name>\S+)\s{2,}(?P<note>.*?)\s+(?P<seconds>\d+\.\d) s")


@dataclass(frozen=True)
class MeasuredStep:
    """A table, or the whole ingest (``raw``)."""

    name: str
    seconds: float
    peak_gib: float


@dataclass(frozen=True)
class Measured:
    """A command as its own process, from start to end; ``seconds`` are wall, ``cpu_s`` processor time."""

    seconds: float
    cpu_s: float
    peak_gib: float
    steps: tuple[MeasuredStep, ...]


def coilmart(engine: str, home: Path, landing: Path, *command: str, module: str = "jobs.cli") -> Measured:
    """A coilmart command on that engine, in a home of its own."""
    environment = {name: value for name, value in os.environ.items() if not name.startswith("COILMART_")}
    own = {"HOME": str(home), "LANDING": str(landing), "SPARK": engine, "SETTLE_S": "0"}
    environment |= {f"COILMART_{name}": value for name, value in own.items()}
    ran = run_module(module, *command, environment=environment)
    measured = measured_of(ran)
    if not measured.steps:
        raise BenchmarkError(f"coilmart {command[0]} promises steps, but said {ran.lines[-5:]}.")
    return measured


def measured_of(ran: Ran) -> Measured:
    """What the lines of a process tell of its steps."""
    return Measured(ran.seconds, ran.cpu_s, ran.peak_gib(), tuple(_steps(ran)))


def _steps(ran: Ran) -> Iterator[MeasuredStep]:
    for at_s, line in ran.lines:
        if step := STEP.fullmatch(line):
            seconds = float(step["seconds"])
            yield MeasuredStep(step["name"], seconds, ran.peak_gib(at_s - seconds, at_s))
