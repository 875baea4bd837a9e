"""Readings of a lake to metre segments in a Delta table, by one maker.

    python -m benchmarks.segment_makers WHO HOME FOLDER

    WHO      embedded, local[2] (ours); duckdb, polars (peers, by hand); scan (reads and throws away)
    HOME     of the readings
    FOLDER   of the table that is made

The table is made twice in one process. The last line says seconds: ``start_s`` of the engine; ``first_s``
and, with all loaded that is used, ``made_s`` from the lake's files to the commit, without checks;
``checks_s`` of our promises, which peers do not have.
"""

import json
import sys
import time
from collections.abc import Callable, Collection
from dataclasses import replace
from functools import partial
from pathlib import Path

import pyarrow.dataset as ds
from deltalake import DeltaTable, convert_to_deltalake

from benchmarks.process import BenchmarkError
from benchmarks.segment_readings import DAY, NAMES, READINGS, SEGMENTS
from jobs.checks import Finding
from jobs.lake.delta import DataFile
from jobs.lake.kernels import Readings, rows_of, write_by_kernel
from jobs.lake.lake import Lake
from jobs.run import Run
from jobs.session import spark_session
from jobs.settings import Settings
from schemas.contract import Table
from schemas.core.coil_segments import COUNTER
from schemas.core.coils import CORE_COILS

READ = ("coil_id", "superseded_at", COUNTER, *NAMES)
PARTS = ("n", "mean", "sd", "min", "max")
"""A peer's table has a column for each of them, such as finishing_temp_c_mean."""


def main(who: str, home: Path, folder: Path) -> None:
    """Make the table and say how long it took."""
    by_hand = {"duckdb": by_duckdb, "polars": by_polars, "scan": scan}
    if who not in by_hand:
        print(json.dumps(ours(who, home, folder)))
        return
    files = DeltaTable(str(home / "lake" / READINGS.path)).file_uris()
    first_s = seconds(lambda: by_hand[who](files, folder / "first"))
    made_s = seconds(lambda: by_hand[who](files, folder / "again"))
    print(json.dumps({"start_s": 0.0, "first_s": first_s, "made_s": made_s, "checks_s": 0.0}))


def seconds(work: Callable[[], None]) -> float:
    """How long the work took, on the wall."""
    started = time.perf_counter()
    work()
    return time.perf_counter() - started


def by_duckdb(files: list[str], folder: Path) -> None:
    """One query, written by DuckDB itself."""
    import duckdb

    functions = {"n": "count", "mean": "avg", "sd": "stddev_samp", "min": "min", "max": "max"}
    parts = ", ".join(
        f"{function}({name}) as {name}_{part}" for name in NAMES for part, function in functions.items()
    )
    folder.mkdir(parents=True)
    connection = duckdb.connect()
    connection.execute("set preserve_insertion_order = false")
    connection.execute(
        f"""copy (
            select coil_id, floor({COUNTER})::bigint as segment_no, {parts}
            from read_parquet($files, hive_partitioning = false) where superseded_at is null group by all
        ) to '{folder}/part.parquet' (format parquet, compression zstd)""",
        {"files": files},
    )
    convert_to_deltalake(str(folder))


def by_polars(files: list[str], folder: Path) -> None:
    """One lazy query, by the streaming engine."""
    import polars as pl

    functions = {
        "n": pl.Expr.count,
        "mean": pl.Expr.mean,
        "sd": pl.Expr.std,
        "min": pl.Expr.min,
        "max": pl.Expr.max,
    }
    parts = [
        function(pl.col(name)).alias(f"{name}_{part}")
        for name in NAMES
        for part, function in functions.items()
    ]
    folder.mkdir(parents=True)
    (
        pl.scan_parquet(files, hive_partitioning=False)
        .filter(pl.col("superseded_at").is_null())
        .group_by("coil_id", pl.col(COUNTER).floor().cast(pl.Int64).alias("segment_no"))
        .agg(parts)
        .sink_parquet(folder / "part.parquet", compression="zstd")
    )
    convert_to_deltalake(str(folder))


def scan(files: list[str], folder: Path) -> None:
    """Every column that a maker reads, decoded by pyarrow and thrown away."""
    for _ in ds.dataset(files).to_batches(columns=list(READ)):
        pass


def ours(engine: str, home: Path, folder: Path) -> dict[str, float]:
    """The kernel of core/coil_segments, in tasks of that engine."""
    settings = Settings.from_environment({"COILMART_HOME": str(home), "COILMART_SPARK": engine})
    started = time.perf_counter()
    with spark_session(settings) as spark:
        start_s = time.perf_counter() - started
        lake = TimedLake(spark, settings, Run.start(), SEGMENTS)
        first_s = seconds(lambda: make(lake)) - sum(CHECKS_S)
        CHECKS_S.clear()
        made_s = seconds(lambda: make(replace(lake, run=Run.start()))) - sum(CHECKS_S)
    (home / "lake" / SEGMENTS.path).rename(folder / "again")
    return {"start_s": start_s, "first_s": first_s, "made_s": made_s, "checks_s": sum(CHECKS_S)}


def make(lake: Lake) -> None:
    """What jobs/core/coil_segments.py does, for these readings."""
    # The folder of compiled code is the session's.
    from pipelines.core.coil_segments import Coil, coil_segments

    rows = rows_of(lake, CORE_COILS, (DAY,)).to_pylist()
    coils = {row["coil_id"]: Coil(row["production_day"], row["length_m"]) for row in rows}
    readings = Readings(READINGS, "coil_id", tuple(coils), (COUNTER, *NAMES))
    kernel = partial(coil_segments, coils=coils, segment_m=lake.settings.segment_m, table=SEGMENTS)
    write_by_kernel(lake, SEGMENTS, (DAY,), readings, kernel)
    [written] = lake.run.written
    if written.blocked:
        raise BenchmarkError(f"Segments promise to be published, but {written.findings} keep them back.")


CHECKS_S: list[float] = []


class TimedLake(Lake):
    """A lake with a clock on its checks."""

    def check(self, table: Table, staged: Collection[DataFile]) -> list[Finding]:
        started = time.perf_counter()
        findings = super().check(table, staged)
        CHECKS_S.append(time.perf_counter() - started)
        return findings


if __name__ == "__main__":
    main(sys.argv[1], Path(sys.argv[2]), Path(sys.argv[3]))
