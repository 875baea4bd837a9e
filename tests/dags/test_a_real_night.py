"""A night through a real Airflow: its scheduler, DAG processor, API server and a process a task."""

import subprocess
import sys
import time
from datetime import date
from pathlib import Path

import pytest

from jobs.lake.comparison import differences
from jobs.lake.queries import open_lake
from jobs.stale import made_days, stale_days
from schemas.lineage import made_tables

pytestmark = pytest.mark.scheduler

DAY, NEXT = date(2026, 11, 20), date(2026, 11, 21)
COILS = 12
LOST = {"failed", "upstream_failed", "up_for_retry", "skipped"}


@pytest.fixture
def landing(mill):
    """Three days of a small mill: a night must make the one that it is asked for."""
    coilmart(mill("by_hand"), "landing", "--first-day", str(DAY), "--days", "3", "--coils", str(COILS))


def coilmart(environment, *arguments):
    subprocess.run([Path(sys.executable).with_name("coilmart"), *arguments], env=environment, check=True)


def test_nights_through_airflow_have_the_rows_of_coilmart_nightly(landing, mill, airflow):
    for day in (DAY, NEXT):
        coilmart(mill("by_hand"), "nightly", "--day", str(day))
    state, tasks = run_to_its_end(airflow, DAY)
    assert {state, *tasks.values()} == {"success"}
    # A folder that no map explains is a person's matter, and costs the night of the others nothing.
    Path(mill("by_airflow")["COILMART_LANDING"], "scale").mkdir()
    state, tasks = run_to_its_end(airflow, NEXT)
    assert state == tasks.pop("sources") == "failed"
    assert set(tasks.values()) == {"success"}

    by_hand, by_airflow = (f"{mill(name)['COILMART_HOME']}/lake" for name in ("by_hand", "by_airflow"))
    assert differences(by_hand, by_airflow) == []
    assert made_days(by_airflow) == {table.path: {DAY, NEXT} for table in made_tables()}
    # What of the first day reads the second was made again with it.
    assert not any(stale_days(by_airflow).values())
    coils = open_lake(by_airflow).execute("select count(*) from core.coils").fetchall()
    assert coils == [(2 * COILS,)]


def run_to_its_end(airflow, day, limit_s=240):
    """Run the night of a day: how it and each task ended. A lost table ends the test, with its log."""
    run = airflow("POST", "dags/nightly/dagRuns", {"logical_date": None, "partition_key": str(day)})
    airflow("PATCH", "dags/nightly", {"is_paused": False})
    path = f"dags/nightly/dagRuns/{run['dag_run_id']}"
    for _ in range(limit_s):
        time.sleep(1)
        states = {t["task_id"]: t["state"] for t in airflow("GET", f"{path}/taskInstances")["task_instances"]}
        for lost in (task for task, state in states.items() if state in LOST and task != "sources"):
            log = airflow("GET", f"{path}/taskInstances/{lost}/logs/1")["content"]
            pytest.fail("\n".join([lost, *(line["event"] for line in log)]))
        state = airflow("GET", path)["state"]
        if state in {"success", "failed"}:
            return state, states
    pytest.fail(f"The night of {day} is not over after {limit_s} s: {states}.")
