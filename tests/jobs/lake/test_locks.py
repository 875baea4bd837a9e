"""Locks between real processes."""

import os
import signal
import subprocess
import sys
from datetime import date

import pytest

from jobs.lake.locks import BusyError, days_locked

DAY = date(2026, 11, 20)
HOLDER = """
import sys, time
from datetime import date
from pathlib import Path
from jobs.lake.locks import days_locked
with days_locked(Path(sys.argv[1]), {"mart/coil_yields": [date(2026, 11, 20)]}):
    print("held", flush=True)
    time.sleep(60)
"""


@pytest.fixture
def holder(tmp_path):
    process = subprocess.Popen(
        [sys.executable, "-c", HOLDER, str(tmp_path)], stdout=subprocess.PIPE, text=True
    )
    assert process.stdout.readline() == "held\n"
    yield process
    process.kill()
    process.wait()


def test_a_day_that_another_run_makes_is_named(holder, tmp_path):
    with (
        pytest.raises(BusyError, match=r"mart/coil_yields of 2026-11-20; wait"),
        days_locked(tmp_path, {"mart/coil_yields": [DAY]}),
    ):
        pass


def test_other_days_and_other_tables_are_free(holder, tmp_path):
    with days_locked(tmp_path, {"mart/coil_yields": [date(2026, 11, 21)], "core/coils": [DAY]}):
        pass


def test_the_lock_of_a_killed_run_is_taken_over(holder, tmp_path):
    os.kill(holder.pid, signal.SIGKILL)
    holder.wait()
    with days_locked(tmp_path, {"mart/coil_yields": [DAY]}):
        pass


def test_a_lock_ends_with_its_block(tmp_path):
    for _ in range(2):
        with days_locked(tmp_path, {"mart/coil_yields": [DAY]}):
            pass
