"""A command as a process of its own: when it said what, and the memory of it and all that it started."""

import os
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

    ``cpu_s``: what all processors worked for it up to the last sample; another load of the machine changes it
    less than ``seconds``.
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
    started = time.perf_counter()
    process = subprocess.Popen(
        [sys.executable, "-m", module, *arguments],
        cwd=ROOT,
        env={**(environment or os.environ), "PYTHONUNBUFFERED": "1"},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    sampler = _Sampler(process.pid, started)
    sampler.start()
    assert process.stdout is not None
    lines = [(time.perf_counter() - started, line.rstrip()) for line in process.stdout]
    code = process.wait()
    seconds = time.perf_counter() - started
    sampler.join()
    if code:
        said = "\n".join(line for _, line in lines[-20:])
        raise BenchmarkError(f"{module} promises to end with 0, but {arguments} gave {code}:\n{said}")
    return Ran(seconds, sum(sampler.cpu_s.values()), lines, sampler.memory)


class _Sampler(threading.Thread):
    """Looks at a process and its descendants until it is gone."""

    def __init__(self, pid: int, started: float) -> None:
        super().__init__(daemon=True)
        self.process, self.started = psutil.Process(pid), started
        self.memory: list[tuple[float, float]] = []
        self.cpu_s: dict[int, float] = {}

    def run(self) -> None:
        with suppress(psutil.NoSuchProcess):
            while self.process.is_running() and self.process.status() != psutil.STATUS_ZOMBIE:
                found = [self.process, *self.process.children(recursive=True)]
                resident_bytes = sum(map(self._look_at, found))
                self.memory.append((time.perf_counter() - self.started, resident_bytes / 2**30))
                time.sleep(SAMPLE_S)

    def _look_at(self, process: psutil.Process) -> int:
        """Its resident memory; nothing where it has just ended."""
        with suppress(psutil.NoSuchProcess), process.oneshot():
            used = process.cpu_times()
            self.cpu_s[process.pid] = used.user + used.system
            return process.memory_info().rss
        return 0
