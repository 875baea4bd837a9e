"""Twenty million readings of twenty signals to metre segments: ours on both engines beside DuckDB and Polars.

    python -m benchmarks.segments            400 coils, 3 rounds: about five minutes on two cores
    python -m benchmarks.segments --quick    8 coils, one round: does it run, do the rows agree?

docs/benchmarks.md says what is compared. The last line is a JSON object.
"""

import argparse
import json
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory

sys.path.insert(0, str(Path(__file__).parent.parent))

import duckdb
from deltalake import DeltaTable

from benchmarks.process import BenchmarkError, run_module
from benchmarks.reference_landing import BUILD
from benchmarks.segment_makers import PARTS
from benchmarks.segment_readings import BIG, NAMES, SMALL, readings_home
from jobs.session import EMBEDDED

SPARK = "local[2]"
FIGURES = {EMBEDDED: "ratio_embedded", SPARK: "ratio_spark"}
PEERS = ("duckdb", "polars")
SCAN = "scan"


@dataclass(frozen=True)
class Made:
    """One run of a maker, as benchmarks/segment_makers.py says."""

    start_s: float
    first_s: float
    made_s: float
    checks_s: float
    peak_gib: float


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--quick", action="store_true", help="few coils, one round")
    parser.add_argument("--rounds", type=int, default=3, help="of which the median is taken")
    parser.add_argument("--engine", action="append", help=f"one of {', '.join(FIGURES)}; may be given again")
    asked = parser.parse_args()
    home = readings_home(SMALL if asked.quick else BIG)
    makers = (*(asked.engine or FIGURES), *PEERS, SCAN)
    runs: dict[str, list[Made]] = {who: [] for who in makers}
    # Not counted: all read files that the operating system holds in memory.
    with TemporaryDirectory(dir=BUILD) as folder:
        run(SCAN, home, Path(folder, SCAN))
    for _ in range(1 if asked.quick else asked.rounds):
        for who, made in measure(makers, home).items():
            runs[who].append(made)
    print_runs(runs)
    print(json.dumps({name: round(value, 3) for name, value in figures_of(runs).items()}))


def measure(makers: Sequence[str], home: Path) -> dict[str, Made]:
    """Every maker once, one after the other; rows that differ end the benchmark."""
    with TemporaryDirectory(dir=BUILD) as folder:
        made = {who: run(who, home, Path(folder, who)) for who in makers}
        first, *others = (Path(folder, who, "again") for who in makers if who != SCAN)
        for other in others:
            if differ := list(disagreements(first, other)):
                raise BenchmarkError(
                    f"All makers' rows promise to agree, {other.parent.name}'s do not: {differ}."
                )
    return made


def run(who: str, home: Path, folder: Path) -> Made:
    """One maker, in a process of its own."""
    folder.mkdir()
    ran = run_module("benchmarks.segment_makers", who, str(home), str(folder))
    return Made(**json.loads(ran.lines[-1][1]), peak_gib=ran.peak_gib())


def disagreements(ours: Path, others: Path) -> Iterator[str]:
    """Columns in which rows of the same coil and segment differ by more than 1e-9 of the greater."""
    connection = duckdb.connect()
    connection.execute("set enable_progress_bar = false")
    for name, folder in {"our_rows": ours, "other_rows": others}.items():
        connection.register(name, DeltaTable(str(folder)).to_pyarrow_dataset())
    # A peer has a column for each part; ours has them together.
    of_other = "other.{}.{}" if NAMES[0] in connection.table("other_rows").columns else "other.{}_{}"
    parts = {f"{name}.{part}": of_other.format(name, part) for name in NAMES for part in PARTS}
    apart = ", ".join(f"count(*) filter ({_differ(f'ours.{one}', other)})" for one, other in parts.items())
    counts = connection.sql(
        f"""select count(*) filter (ours.coil_id is null or other.coil_id is null), {apart}
        from our_rows ours full join other_rows other using (coil_id, segment_no)"""
    ).fetchall()[0]
    for name, count in zip(["a row of one alone", *parts], counts, strict=True):
        if count:
            yield f"{count} rows differ in {name}"


def _differ(one: str, other: str) -> str:
    apart = f"abs({one} - {other}) > 1e-9 * greatest(abs({one}), abs({other}))"
    return f"({one} is null) <> ({other} is null) or coalesce({apart}, false)"


def print_runs(runs: dict[str, list[Made]]) -> None:
    """Medians of each maker, and all its rounds."""
    names = ("made_s", "first_s", "start_s", "checks_s")
    print(f"{'':<12}{''.join(f'{name:>10}' for name in names)}{'peak GiB':>10}   rounds")
    for who, of_maker in runs.items():
        medians = "".join(f"{median(getattr(made, name) for made in of_maker):>10.2f}" for name in names)
        peak_gib = max(made.peak_gib for made in of_maker)
        rounds = ", ".join(f"{made.made_s:.2f}" for made in of_maker)
        print(f"{who:<12}{medians}{peak_gib:>10.2f}   {rounds}")


def figures_of(runs: dict[str, list[Made]]) -> dict[str, float]:
    """What the rounds come to: medians of ours by that of the faster peer, or of the bare scan."""
    made_s = {who: median(made.made_s for made in of_maker) for who, of_maker in runs.items()}
    best_s = min(made_s[who] for who in PEERS)
    ratios = {figure: made_s[engine] / best_s for engine, figure in FIGURES.items() if engine in runs}
    read = {"ratio_read": made_s[EMBEDDED] / made_s[SCAN]} if EMBEDDED in runs else {}
    return ratios | read


if __name__ == "__main__":
    main()
