"""A command as a process of its own: when it said what, and the memory of it and all that it started."""

import os
import resource
import subprocess
import sys
import threading
import time
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

import psutil

ROOT = Path(__file__).parent.parent
SAMPLE_S = 0.05


class BenchmarkError(RuntimeError):
    """A measured command failed, or did not say what is measured."""


@dataclass(frozen=True)
class Ran:
    """A process that ended well; times are seconds from its start.

    ``cpu_s``: what all processors worked for it; other loads of the machine change it less than ``seconds``.
    ``memory``: resident memory of the process and its descendants (a JVM, Python workers) in GiB. Pages that
    two of them share count twice, so it is never too low.
    """

    seconds: float
    cpu_s: float
    lines: Sequence[tuple[float, str]]
    memory: Sequence[tuple[float, float]]

    def peak_gib(self, from_s: float = 0.0, to_s: float = float("inf")) -> float:
        """The most memory in that time; of a time shorter than a sample, what the nearest samples saw."""
        within = [gib for at_s, gib in self.memory if from_s - SAMPLE_S <= at_s <= to_s + SAMPLE_S]
        return max(within, default=0.0)


def run_module(module: str, *arguments: str, environment: Mapping[str, str] | None = None) -> Ran:
    """Run ``python -m module`` from the clone, in this process's environment if no other is given.

    A BenchmarkError with its last words where it fails.
    """
    started, worked_s = time.perf_counter(), _cpu_of_ended_s()
    process = subprocess.Popen(
        [sys.executable, "-m", module, *arguments],
        cwd=ROOT,
        env={**(environment or os.environ), "PYTHONUNBUFFERED": "1"},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    memory: list[tuple[float, float]] = []
    sampler = threading.Thread(target=_sample, args=(process.pid, started, memory), daemon=True)
    sampler.start()
    assert process.stdout is not None
    lines = [(time.perf_counter() - started, line.rstrip()) for line in process.stdout]
    code = process.wait()
    seconds, cpu_s = time.perf_counter() - started, _cpu_of_ended_s() - worked_s
    if code:
        said = "\n".join(line for _, line in lines[-20:])
        raise BenchmarkError(f"{module} promises to end with 0, but {arguments} gave {code}:\n{said}")
    return Ran(seconds, cpu_s, lines, memory)


def _cpu_of_ended_s() -> float:
    """Processor time of the descendants that have ended so far."""
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def _sample(pid: int, started: float, memory: list[tuple[float, float]]) -> None:
    """Sample until the process is gone."""
    # A descendant may end between being listed and being looked at; the process itself ends the sampling.
    with suppress(psutil.NoSuchProcess):
        process = psutil.Process(pid)
        while process.is_running() and process.status() != psutil.STATUS_ZOMBIE:
            resident = process.memory_info().rss
            for descendant in process.children(recursive=True):
                with suppress(psutil.NoSuchProcess):
                    resident += descendant.memory_info().rss
            memory.append((time.perf_counter() - started, resident / 2**30))
            time.sleep(SAMPLE_S)
