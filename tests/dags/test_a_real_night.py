"""A night through a real Airflow: its scheduler, DAG processor, API server and a process a task."""

import subprocess
import sys
import time
from datetime import date
from pathlib import Path

import pytest

from jobs.lake.comparison import differences
from jobs.lake.queries import open_lake
from jobs.stale import made_days
from schemas.lineage import made_tables

pytestmark = pytest.mark.scheduler

DAY = date(2026, 11, 20)
COILS = 12
LOST = {"failed", "upstream_failed", "up_for_retry", "skipped"}


@pytest.fixture
def landing(mill):
    """Two days of a small mill: the night must make the one that it is asked for."""
    coilmart(mill("by_hand"), "landing", "--first-day", str(DAY), "--days", "2", "--coils", str(COILS))


def coilmart(environment, *arguments):
    subprocess.run([Path(sys.executable).with_name("coilmart"), *arguments], env=environment, check=True)


def test_a_night_through_airflow_has_the_rows_of_coilmart_nightly(landing, mill, airflow):
    coilmart(mill("by_hand"), "nightly", "--day", str(DAY))
    run_to_its_end(airflow, DAY, limit_s=240)
    by_hand, by_airflow = (f"{mill(name)['COILMART_HOME']}/lake" for name in ("by_hand", "by_airflow"))
    assert differences(by_hand, by_airflow) == []
    assert made_days(by_airflow) == {table.path: {DAY} for table in made_tables()}
    assert open_lake(by_airflow).execute("select count(*) from core.coils").fetchall() == [(COILS,)]


def run_to_its_end(airflow, day, limit_s):
    """Run the night of a day; a task that fails ends the test at once, with its log."""
    run = airflow("POST", "dags/nightly/dagRuns", {"logical_date": None, "partition_key": str(day)})
    airflow("PATCH", "dags/nightly", {"is_paused": False})
    path = f"dags/nightly/dagRuns/{run['dag_run_id']}"
    for _ in range(limit_s):
        time.sleep(1)
        states = {t["task_id"]: t["state"] for t in airflow("GET", f"{path}/taskInstances")["task_instances"]}
        for lost in (task for task, state in states.items() if state in LOST):
            log = airflow("GET", f"{path}/taskInstances/{lost}/logs/1")["content"]
            pytest.fail("\n".join([lost, *(line["event"] for line in log)]))
        if airflow("GET", path)["state"] == "success":
            return
    pytest.fail(f"The night of {day} is not over after {limit_s} s: {states}.")
