"""What housekeeping deletes, and what it never touches."""

import os
import subprocess
import sys
import time
from contextlib import contextmanager, nullcontext
from datetime import date
from pathlib import Path

import pyarrow as pa
import pytest

from jobs.housekeeping import keep_house
from jobs.lake import delta
from jobs.progress import Progress
from schemas.core.coils import CORE_COILS
from schemas.raw.coils import RAW_COILS

DAY = date(2026, 11, 20)


HOLDER = """
import sys, time
from datetime import date
from pathlib import Path
from jobs.lake.locks import days_locked
with days_locked(Path(sys.argv[1]), {sys.argv[2]: [date(2026, 11, 20)]}):
    print("held", flush=True)
    time.sleep(60)
"""


@contextmanager
def another_run(settings, table):
    """A process that holds a day of the table: locks of one's own process are none."""
    command = [sys.executable, "-c", HOLDER, str(settings.home), table.path]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout.readline() == "held\n"
        try:
            yield
        finally:
            process.kill()


class Said(Progress):
    def say(self, line):
        self.lines = [*getattr(self, "lines", []), line]


@pytest.fixture
def folder(settings):
    return lambda table: Path(settings.lake, table.path)


@pytest.fixture
def stage(settings):
    """Stage a row of a table in the folder of a run, written so many days ago."""

    def staged(table, run, days_ago=0):
        example = {field.name: field.example for field in table.fields} | {"production_day": DAY}
        rows = pa.Table.from_pylist([example], delta.arrow_schema(table))
        files = delta.stage_batches(settings.lake, table, run, rows.to_batches())
        age(Path(settings.lake, table.path, run), days_ago)
        return files

    return staged


def age(folder, days):
    at = time.time() - days * 86_400
    for path in [*folder.rglob("*"), folder]:
        os.utime(path, (at, at))


@pytest.fixture
def mill(settings, stage):
    """Two tables with a version that holds, an older one, and what a run that died had staged."""
    for table in (RAW_COILS, CORE_COILS):
        for run in ("first", "second"):
            delta.publish(settings.lake, table, stage(table, run, 9), {DAY}, {})
        stage(table, "dead", 9)
        stage(table, "running", 0)
    return settings


def runs(folder):
    return {path.parents[1].name for path in folder.rglob("*.parquet") if "_delta_log" not in path.parts}


def test_what_a_dead_run_staged_goes_and_what_is_young_stays(mill, folder):
    keep_house(mill, 7, False, Progress())
    # The first version was replaced a moment ago: within seven days someone may read it.
    assert runs(folder(RAW_COILS)) == runs(folder(CORE_COILS)) == {"first", "second", "running"}
    assert [file.path.split("/")[0] for file in delta.current_files(mill.lake, RAW_COILS)] == ["second"]


def test_a_rehearsal_says_first_what_would_go_and_deletes_nothing(mill, folder):
    said = Said()
    keep_house(mill, 7, True, said)
    assert said.lines[0].startswith("2 files of 2 tables, ")
    assert said.lines[0].endswith(" MB, would go: nothing of the last 7 days refers to them.")
    assert [line.split()[:3] for line in said.lines[1:]] == [
        ["raw/coils", "1", "file"],
        ["core/coils", "1", "file"],
    ]
    assert "dead" in runs(folder(RAW_COILS))


def test_folders_of_runs_go_with_their_last_file_where_they_are_old(mill, folder):
    (folder(RAW_COILS) / "beginning").mkdir()
    keep_house(mill, 7, False, Progress())
    assert {path.name for path in folder(RAW_COILS).iterdir()} == {
        "_delta_log",
        "beginning",
        "first",
        "second",
        "running",
    }


@pytest.mark.parametrize("is_making", [True, False])
def test_a_table_that_a_run_makes_now_is_left_for_next_time(mill, folder, is_making):
    """Whatever the age of what it staged."""
    said = Said()
    with another_run(mill, CORE_COILS) if is_making else nullcontext():
        keep_house(mill, 1, False, said)
    assert ("dead" in runs(folder(CORE_COILS))) == is_making
    assert ("core/coils is being made: left for the next time." in said.lines) == is_making
    assert "dead" not in runs(folder(RAW_COILS))
