"""One reference day from landing to yield: our night beside a bare reading and beside a peer written by hand.

    python -m benchmarks.night            both engines, 3 rounds, the history: about half an hour on two cores
    python -m benchmarks.night --quick    a small day, no history: does it run, and do the rows agree?

docs/benchmarks.md says what is compared. The last line is a JSON object.
"""

import argparse
import json
import sys
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

sys.path.insert(0, str(Path(__file__).parent.parent))

from benchmarks.agreement import disagreements
from benchmarks.history import AfterHistory, nights_after_history
from benchmarks.nights import Measured, coilmart, measured_of
from benchmarks.process import BenchmarkError, run_module
from benchmarks.reference_landing import BUILD, ReferenceLanding, reference_landing
from jobs.session import EMBEDDED
from pipelines.reference_mill.mill import Mill
from schemas.contract import Table
from schemas.mart.line_efficiency import MART_LINE_EFFICIENCY
from schemas.mart.stoppage_causes import MART_STOPPAGE_CAUSES
from schemas.mart.yield_losses import MART_YIELD_LOSSES

ENGINES = (EMBEDDED, "local[2]")
BIG = Mill(days=1, coils_a_day=600, readings_hz=10.0)
SMALL = Mill(days=3, coils_a_day=48, readings_hz=0.5)
HISTORIES = (1, 8, 32)
ANSWERS = (MART_YIELD_LOSSES, MART_LINE_EFFICIENCY, MART_STOPPAGE_CAUSES)


def steps_to(tables: Collection[Table]) -> set[str]:
    """The steps of a night that these tables need: what they are made from, the ingest, and they."""
    inputs = (declared.table for table in tables for declared in table.made_from)
    return {"raw"}.union(*({table.path} | steps_to([table]) for table in inputs), (t.path for t in tables))


TO_YIELD = steps_to(ANSWERS)
"""Other steps answer other questions, which the peer is not asked."""


@dataclass(frozen=True)
class Rounds:
    """Our nights, those without their checks, the peer's and the bare readings of one landing, in turn."""

    engine: str
    ours: Sequence[Measured]
    unchecked: Sequence[Measured]
    peers: Sequence[Measured]
    readings: Sequence[Measured]


def main() -> None:
    asked = _arguments()
    landing = reference_landing(SMALL if asked.quick else BIG)
    print(
        f"Landing: {landing.files} files, {landing.rows:,} rows, {landing.size_bytes / 1e6:.0f} MB, "
        f"written in {landing.written_s:.1f} s"
    )
    figures: dict[str, float] = {}
    for engine in asked.engine or ENGINES:
        rounds = measure(engine, landing, asked.rounds)
        print_night(rounds)
        suffix = "" if engine == EMBEDDED else "_spark"
        figures |= {f"{name}{suffix}": value for name, value in figures_of(rounds).items()}
        if not (asked.quick or asked.no_history):
            histories = list(nights_after_history(engine, HISTORIES, asked.rounds))
            print_histories(histories)
            figures[f"history_32_over_1{suffix}"] = histories[-1].night_s / histories[0].night_s
    print(json.dumps({name: round(value, 3) for name, value in figures.items()}))


def _arguments() -> argparse.Namespace:
    verbatim = argparse.RawDescriptionHelpFormatter
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=verbatim)
    parser.add_argument("--quick", action="store_true", help="a small mill, no history")
    parser.add_argument("--no-history", action="store_true", help="the night alone")
    parser.add_argument("--rounds", type=int, default=3, help="of which the median is taken")
    parser.add_argument("--engine", action="append", help=f"one of {', '.join(ENGINES)}; may be given again")
    return parser.parse_args()


def measure(engine: str, landing: ReferenceLanding, rounds: int) -> Rounds:
    """Each round: ours, ours unchecked, the peer, a bare reading; rows that differ end the benchmark."""
    folder = str(landing.folder)
    # Not counted: all read files that the operating system holds in memory.
    run_module("benchmarks.bare_reading", folder)
    ours, unchecked, peers, readings = [], [], [], []
    night = night_of(landing.mill)
    for _ in range(rounds):
        with TemporaryDirectory(dir=BUILD) as home:
            ours.append(coilmart(engine, Path(home), landing.folder, *night))
            module = "benchmarks.unchecked"
            unchecked.append(coilmart(engine, Path(home, "unchecked"), landing.folder, *night, module=module))
            peers.append(measured_of(run_module("benchmarks.peer", folder, f"{home}/peers_lake")))
            readings.append(measured_of(run_module("benchmarks.bare_reading", folder)))
            if differ := disagreements(Path(home, "lake"), Path(home, "peers_lake")):
                raise BenchmarkError("Ours and the peer's rows promise to agree:\n" + "\n".join(differ))
    return Rounds(engine, ours, unchecked, peers, readings)


def night_of(mill: Mill) -> tuple[str, ...]:
    """The command that makes every day of the mill."""
    first, last = str(mill.all_days[0]), str(mill.all_days[-1])
    return ("nightly", "--day", first) if first == last else ("backfill", "--from", first, "--to", last)


def of_median(runs: Sequence[Measured]) -> Measured:
    """The run with the median time."""
    return sorted(runs, key=lambda run: run.seconds)[len(runs) // 2]


def figures_of(rounds: Rounds) -> dict[str, float]:
    """What the rounds come to; peak_gib is the highest, all else of the median rounds."""
    ours, unchecked, peer, reading = _of_medians(rounds)
    others_s = sum(step.seconds for step in unchecked.steps if step.name not in TO_YIELD)
    return {
        "ratio_peer": (unchecked.seconds - others_s) / peer.seconds,
        "ratio_read": ours.seconds / reading.seconds,
        "checks_share": 1 - unchecked.seconds / ours.seconds,
        "peak_gib": max(run.peak_gib for run in rounds.ours),
    }


def print_night(rounds: Rounds) -> None:
    """The night's tables beside those of the night without checks, and the peer's."""
    ours, unchecked, peer, reading = _of_medians(rounds)
    beside = {step.name: step for step in unchecked.steps}
    of_peer = {step.name: step for step in peer.steps}
    print(f"\n{rounds.engine:<28}{'s':>8}{'peak GiB':>10}{'unchecked s':>13}{'peer s':>10}{'peer GiB':>10}")
    for step in ours.steps:
        same = of_peer.get(step.name)
        peers = f"{same.seconds:>10.1f}{same.peak_gib:>10.2f}" if same else ""
        print(
            f"{step.name:<28}{step.seconds:>8.1f}{step.peak_gib:>10.2f}{beside[step.name].seconds:>13.1f}{peers}"
        )
    print(f"{'start, books, end':<28}{_rest_s(ours):>8.1f}{_rest_s(unchecked):>23.1f}{_rest_s(peer):>10.1f}")
    print(
        f"{'whole':<28}{ours.seconds:>8.1f}{ours.peak_gib:>10.2f}{unchecked.seconds:>13.1f}"
        f"{peer.seconds:>10.1f}{peer.peak_gib:>10.2f}"
    )
    print(f"{'processor time':<28}{ours.cpu_s:>8.1f}{unchecked.cpu_s:>23.1f}{peer.cpu_s:>10.1f}")
    print(f"{'bare reading':<28}{reading.seconds:>8.1f}{reading.peak_gib:>10.2f}")
    for name, runs in (("ours", rounds.ours), ("unchecked", rounds.unchecked), ("peer", rounds.peers)):
        print(f"rounds, {name}: {', '.join(f'{run.seconds:.1f}' for run in runs)} s")


def _of_medians(rounds: Rounds) -> tuple[Measured, Measured, Measured, Measured]:
    return (
        of_median(rounds.ours),
        of_median(rounds.unchecked),
        of_median(rounds.peers),
        of_median(rounds.readings),
    )


def _rest_s(run: Measured) -> float:
    return run.seconds - sum(step.seconds for step in run.steps)


def print_histories(histories: Sequence[AfterHistory]) -> None:
    """A night beside the days that the lake has."""
    print(f"\n{'days in the lake':<28}{'night s':>8}{'backfill s a day':>18}")
    for after in histories:
        print(f"{after.days_before:<28}{after.night_s:>8.1f}{after.backfill_s_a_day:>18.2f}")


if __name__ == "__main__":
    main()
