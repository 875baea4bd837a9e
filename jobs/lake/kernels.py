"""Kernels: Arrow in, Arrow out, in tasks of the engine that read and write files of tables themselves.

Rows of readings that pass through an engine's own rows cost more than the work on them.
"""

import os
from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from itertools import chain
from typing import TypeVar

import pyarrow as pa
import pyarrow.compute as pc

from jobs.lake import delta
from jobs.lake.delta import DataFile
from jobs.lake.hands import Hand, deal
from jobs.lake.lake import ContractError, Lake
from jobs.lake.tasks import in_tasks
from jobs.lake.wholes import wholes
from jobs.run import Days
from schemas.contract import Table
from schemas.lineage import reaches

T = TypeVar("T")
Kernel = Callable[[Iterator[tuple[str, pa.Table]]], Iterator[pa.RecordBatch]]
"""Keys, each with all its rows -> batches of the table that is made; pure.

A key's rows are in the order of time where the columns that are read have their time.
"""

ROWS_A_TASK = 2_000_000
"""On a cluster, which runs as many tasks at once as it has cores."""


@dataclass(frozen=True)
class Readings:
    """What a kernel reads: columns of the rows of some keys; ``by``: the column that tells the key."""

    table: Table
    by: str
    keys: Collection[str]
    columns: Sequence[str]


def rows_of(lake: Lake, table: Table, days: Days) -> pa.Table:
    """The rows of an input that these days are made from, read without the engine: for small tables.

    Of a raw table those that hold.
    """
    rows = delta.rows_of(lake.settings.lake, table, {file.day for file in files_of(lake, table, days)})
    return rows.filter(pc.is_null(rows["superseded_at"])) if table.layer == "raw" else rows


def write_by_kernel(lake: Lake, table: Table, days: Days, readings: Readings, kernel: Kernel) -> None:
    """Replace those days of the table by what the kernel makes, in one commit, where its promises hold.

    Keys without a row come to the kernel too, with an empty table.
    """
    root = lake.settings.lake
    files = files_of(lake, readings.table, days)
    hands_n = _hands_n(lake, files)
    hands = deal(root, readings.table, files, readings.by, readings.keys, hands_n)
    task = _Task(root, table, lake.folder, readings, hands, kernel)
    staged = in_tasks(lake.spark, hands_n, partial(_stage, task))
    if outside := sorted({str(file.day) for file in staged if file.day not in days}):
        delta.discard(root, table, staged)
        raise ContractError(
            f"{table.path} promises the days from {days[0]} to {days[-1]}, but rows of {', '.join(outside)} "
            "were made; keep the kernel to the days that its job was asked for."
        )
    lake.publish(table, staged, lake.check(table, staged), replaced_days=days)


def answers_by_kernel(
    lake: Lake,
    days: Days,
    readings: Readings,
    kernel: Callable[[Iterator[tuple[str, pa.Table]]], Iterator[T]],
) -> list[T]:
    """What the kernel answers of the rows of the keys, which all come to this process: for samples."""
    files = files_of(lake, readings.table, days)
    hands_n = _hands_n(lake, files)
    hands = deal(lake.settings.lake, readings.table, files, readings.by, readings.keys, hands_n)
    return in_tasks(lake.spark, hands_n, partial(_answers, lake.settings.lake, readings, hands, kernel))


def _answers(
    lake: str,
    readings: Readings,
    hands: list[Hand],
    kernel: Callable[[Iterator[tuple[str, pa.Table]]], Iterator[T]],
    no: int,
) -> Iterator[T]:
    return kernel(wholes(lake, readings.table, readings.columns, hands[no]))


def files_of(lake: Lake, table: Table, days: Days) -> list[DataFile]:
    """The files of the declared window."""
    if lake.making is None:
        raise ContractError(
            "A read promises to serve the table being made, but none is; use for_table first."
        )
    declared = lake.making.input(table)
    current = delta.current_files(lake.settings.lake, table)
    return [file for file in current if any(reaches(declared, day, file.day) for day in days)]


def _hands_n(lake: Lake, files: Collection[DataFile]) -> int:
    cores = os.cpu_count() or 1
    on_cluster = lake.settings.spark.startswith(("spark://", "yarn", "k8s://"))
    return max(cores, sum(file.rows for file in files) // ROWS_A_TASK) if on_cluster else cores


@dataclass(frozen=True)
class _Task:
    """What every task knows; it is told which hand is its own."""

    lake: str
    table: Table
    run_id: str
    readings: Readings
    hands: list[Hand]
    kernel: Kernel


def _stage(task: _Task, no: int) -> list[DataFile]:
    readings = task.readings
    whole = wholes(task.lake, readings.table, readings.columns, task.hands[no])
    rest = _without_rows(task) if no == 0 else iter(())
    return delta.stage_batches(task.lake, task.table, task.run_id, task.kernel(chain(whole, rest)))


def _without_rows(task: _Task) -> Iterator[tuple[str, pa.Table]]:
    readings = task.readings
    schema = delta.arrow_schema(readings.table)
    nothing = schema.empty_table().select(readings.columns)
    dealt = {key for hand in task.hands for held in hand for key in held.ranges}
    return ((key, nothing) for key in readings.keys if key not in dealt)
