"""Checks of staged files, in a process of their own beside the run.

Great Expectations takes a second to import, and Apache Spark a job for every few questions. The process
imports it while the run reads its files, and asks the embedded engine, whichever engine wrote the files.
It ends when the run does.
"""

import gc
import importlib.util
import os
import signal
import subprocess
import sys
from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from datetime import date
from functools import cache
from importlib.machinery import ModuleSpec, PathFinder
from multiprocessing import Pipe
from multiprocessing.connection import Connection

from pyspark.sql import SparkSession

from jobs.checks import CheckError, Finding, audit
from jobs.session import embedded
from schemas.contract import Table

Question = tuple[str, Table, dict[date, int]]
"""The folder of the files, the table that they are of, and how many rows a day has."""


def warm_up() -> None:
    """Start the process, so that it is ready when the first table is."""
    _auditor()


def start_audit(uri: str, table: Table, rows_by_day: Mapping[date, int]) -> Future[list[Finding]]:
    """Check the rows of a table that lie in the Parquet files of a folder, one folder a production day."""
    return _turns().submit(_ask, (uri, table, dict(rows_by_day)))


def _ask(question: Question) -> list[Finding]:
    _, asked = _auditor()
    try:
        asked.send(question)
        answer = asked.recv()
    except (EOFError, OSError) as error:
        _auditor.cache_clear()
        raise CheckError(
            f"{question[1].path} promises to be checked before it is published, but the checking process has "
            "ended; nothing of it was published: see what it said, and run this again."
        ) from error
    if isinstance(answer, Exception):
        raise answer
    return answer


@cache
def _turns() -> ThreadPoolExecutor:
    """One question at a time."""
    return ThreadPoolExecutor(1)


@cache
def _auditor() -> tuple[subprocess.Popen, Connection]:
    ours, theirs = Pipe()
    command = [sys.executable, "-m", "jobs.auditing", str(theirs.fileno())]
    process = subprocess.Popen(command, pass_fds=[theirs.fileno()])
    theirs.close()
    return process, ours


class _LoadedWhenUsed:
    """scipy.stats serves one expectation, which no contract uses, and takes a third of the import's time."""

    @staticmethod
    def find_spec(name: str, path: Sequence[str] | None = None, target: object = None) -> ModuleSpec | None:
        spec = PathFinder.find_spec(name, path) if name == "scipy.stats" else None
        if spec is not None and spec.loader is not None:
            spec.loader = importlib.util.LazyLoader(spec.loader)
        return spec


def _answer(asked: Connection) -> None:
    """Answer until the run ends, however it does."""
    # A million objects are made at import and stay: to look for garbage among them finds none.
    gc.disable()
    # Ctrl-C is for the run; this process ends with it.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    sys.meta_path.insert(0, _LoadedWhenUsed)
    # Nothing is sent, nothing is written in the home folder.
    os.environ["GX_ANALYTICS_ENABLED"] = "false"
    importlib.import_module("great_expectations.expectations")
    gc.freeze()
    gc.enable()
    with embedded() as spark:
        for question in _questions(asked):
            try:
                asked.send(_findings(spark, *question))
            except CheckError as error:
                asked.send(error)
            except Exception as error:
                # Whatever it is, the run has to say it.
                found = f"{question[1].path} promises to be checked, but {type(error).__name__} came: {error}"
                asked.send(CheckError(f"{found}; nothing of it was published: mend that and run this again."))


def _findings(spark: SparkSession, uri: str, table: Table, rows_by_day: dict[date, int]) -> list[Finding]:
    rows = spark.read.schema(table.ddl).parquet(uri)
    # A folder that an engine does not find is an empty one to it.
    staged_n = sum(rows_by_day.values())
    if (found := rows.count()) != staged_n:
        raise CheckError(
            f"{table.path} promises to be checked, but of {staged_n} rows {found} were found in {uri}; "
            "give this machine access to the lake and run this again."
        )
    return audit(rows.where("superseded_at is null") if table.layer == "raw" else rows, table, rows_by_day)


def _questions(asked: Connection) -> Iterator[Question]:
    while True:
        try:
            yield asked.recv()
        except (EOFError, ConnectionResetError):
            return


if __name__ == "__main__":
    _answer(Connection(int(sys.argv[1])))
