"""Checks of staged files in a process of their own."""

import os
import subprocess
import sys
import time
from datetime import date
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from jobs import auditing
from jobs.auditing import start_audit
from jobs.checks import CheckError
from schemas.contract import Field, Table

DAY = date(2026, 11, 20)
ROLLS = Table(
    "core",
    "rolls",
    "roll",
    "Rolls.",
    key=("roll_id",),
    day_of="production_day",
    fields=(Field("roll_id", "string", "Roll.", "R1"), Field("production_day", "date", "Day.", DAY)),
)
RUN_THAT_DIES = """
import os
from jobs.auditing import _auditor
print(_auditor()[0].pid, flush=True)
os.kill(os.getpid(), 9)
"""


@pytest.fixture
def staged(tmp_path):
    folder = tmp_path / f"production_day={DAY}"
    folder.mkdir()
    pq.write_table(pa.table({"roll_id": ["R1", "R2", "R2"]}), folder / "rolls.parquet")
    return str(tmp_path)


def test_staged_files_are_checked_in_another_process(staged):
    [of_key, *others] = start_audit(staged, ROLLS, {DAY: 3}).result()
    assert (of_key.day, of_key.rows_checked, of_key.rows_broken) == (DAY, 3, 2)
    assert of_key.examples == "roll_id R2"
    assert not any(finding.rows_broken for finding in others)


def test_what_cannot_be_checked_says_which_table(tmp_path):
    with pytest.raises(CheckError, match="core/rolls promises to be checked, but of 3 rows 0 were found"):
        start_audit(str(tmp_path / "nowhere"), ROLLS, {DAY: 3}).result()


def test_a_checking_process_that_was_killed_is_told_and_the_next_run_has_a_new_one(staged):
    auditing._auditor()[0].kill()
    with pytest.raises(CheckError, match="core/rolls promises to be checked .* has ended; nothing of it"):
        start_audit(staged, ROLLS, {DAY: 3}).result()
    assert start_audit(staged, ROLLS, {DAY: 3}).result()


def test_the_checking_process_ends_with_a_run_that_was_killed():
    said = subprocess.run([sys.executable, "-c", RUN_THAT_DIES], stdout=subprocess.PIPE, check=False).stdout
    deadline = time.monotonic() + 60
    while runs(int(said)) and time.monotonic() < deadline:
        time.sleep(0.2)
    assert not runs(int(said))


def runs(pid):
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    # What has ended and was not asked for yet by its parent still has a number.
    return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
