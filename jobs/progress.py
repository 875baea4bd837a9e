"""What a person sees while a run works: a moving line on a terminal, plain lines in a log."""

import resource
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field


@dataclass
class Step:
    """One step of a run: what it did, how long it took, and the process's peak memory so far."""

    name: str
    note: str = ""
    seconds: float = 0.0
    peak_gib: float = 0.0


@dataclass
class Progress:
    """The steps of a run, said as they end."""

    steps: list[Step] = field(default_factory=list)

    def say(self, line: str) -> None:
        """One plain line."""
        print(line, flush=True)

    @contextmanager
    def step(self, name: str) -> Iterator[Step]:
        """Time a step; what it sets as ``note`` is said when it ends."""
        step = Step(name)
        started = time.perf_counter()
        with _moving(name):
            yield step
        step.seconds = time.perf_counter() - started
        # Linux gives kilobytes, macOS bytes.
        scale = 2**30 if sys.platform == "darwin" else 2**20
        step.peak_gib = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / scale
        self.steps.append(step)
        self.say(f"{step.name:<28}{step.note:<42}{step.seconds:>7.1f} s")


@contextmanager
def _moving(name: str) -> Iterator[None]:
    if not sys.stdout.isatty():
        yield
        return
    from rich.console import Console

    with Console().status(name):
        yield
