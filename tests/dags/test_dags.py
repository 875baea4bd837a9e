"""The schedule: which DAGs there are, what their tasks run, in which order, for which day."""

import importlib.util
import sys
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest

from jobs.settings import Settings
from schemas.lineage import TABLES, made_tables, raw_tables

# Not importorskip: to import Airflow is to open its home folder.
pytestmark = pytest.mark.skipif(
    importlib.util.find_spec("airflow") is None, reason="Airflow is missing: requirements/airflow.txt"
)


@pytest.fixture(scope="module")
def dags(parse):
    return parse()


@pytest.fixture(scope="module")
def upstream(dags):
    """Task -> the tasks that it waits for."""
    return {task.task_id: task.upstream_task_ids for task in dags["nightly"].tasks}


def commands(dag):
    return {task.task_id: task.bash_command for task in dag.tasks}


def test_these_are_all_our_dags(dags):
    assert set(dags) == {"landing", "nightly", "training", "housekeeping"}


def test_landing_only_ingests_and_looks_at_what_was_left_alone(dags):
    coilmart = Path(sys.executable).with_name("coilmart")
    ingest = {"raw": f"{coilmart} make raw --go-on", "sources": f"{coilmart} sources"}
    assert commands(dags["landing"]) == ingest


def test_once_a_week_the_house_is_kept(dags):
    assert list(commands(dags["housekeeping"]).values()) == [
        f"{Path(sys.executable).with_name('coilmart')} housekeeping"
    ]


def test_once_a_week_models_are_trained_on_the_days_that_have_ended(dags):
    coilmart = Path(sys.executable).with_name("coilmart")
    assert commands(dags["training"]) == {"train.normal": f"{coilmart} train normal"}


def test_a_source_left_alone_fails_the_run_and_no_table(dags):
    for name in ("landing", "nightly"):
        looking = dags[name].get_task("sources")
        assert (looking.upstream_task_ids, looking.downstream_task_ids, looking.retries) == (
            {"raw"},
            set(),
            0,
        )


def test_a_night_ingests_and_makes_every_table_of_its_day(dags):
    coilmart = Path(sys.executable).with_name("coilmart")
    day = "{{ partition_key }}"
    made = {t.path.replace("/", "."): f"{coilmart} make {t.path} --day {day} --stale" for t in made_tables()}
    ingest = {"raw": f"{coilmart} make raw --go-on", "sources": f"{coilmart} sources"}
    assert commands(dags["nightly"]) == {**ingest, **made}


def test_a_table_waits_for_what_it_is_made_from(upstream):
    assert upstream["raw"] == set()
    assert upstream["core.coils"] == {"raw"}
    assert upstream["core.materials"] == {"raw", "core.coils"}
    assert upstream["mart.yield_losses"] == {"mart.yield_ledger"}


def test_the_order_is_that_of_the_contracts(upstream):
    for table in made_tables():
        awaited = {declared.table.path for declared in table.made_from}
        tasks = {path.replace("/", ".") if TABLES[path].layer != "raw" else "raw" for path in awaited}
        assert upstream[table.path.replace("/", ".")] == tasks


def test_what_depends_on_a_failed_table_does_not_run(dags):
    assert {task.trigger_rule for task in dags["nightly"].tasks} == {"all_success"}


def test_nights_follow_one_another(dags):
    assert {dag.max_active_runs for dag in dags.values()} == {1}


def test_a_table_is_an_asset_of_its_path(dags):
    raw, coils = (dags["nightly"].get_task(task) for task in ("raw", "core.coils"))
    assert {asset.name for asset in raw.outlets} == {table.path for table in raw_tables()}
    assert [asset.name for asset in coils.outlets] == ["core/coils"]
    assert [asset.name for asset in coils.inlets] == [d.table.path for d in TABLES["core/coils"].made_from]


def test_each_dag_says_what_to_do_when_it_fails(dags):
    for dag in dags.values():
        assert "fails" in dag.doc_md
        assert all(task.doc_md for task in dag.tasks)


@pytest.mark.parametrize("zone", [None, "Europe/Vienna", "America/Chicago"])
@pytest.mark.parametrize("hour", [None, "0", "23"])
def test_a_night_starts_in_the_hour_after_its_day_has_ended(parse, monkeypatch, zone, hour):
    for name, value in {"TIME_ZONE": zone, "DAY_STARTS_AT_H": hour}.items():
        if value:
            monkeypatch.setenv(f"COILMART_{name}", value)
    mill = Settings.from_environment()
    for day, run_after in nights(parse()["nightly"], datetime(2026, 1, 1, tzinfo=UTC), 365):
        assert mill.production_day(run_after) == day + timedelta(days=1)
        assert mill.production_day(run_after - timedelta(hours=1)) == day


def nights(dag, first, count):
    """Day and start of the scheduled runs from a moment on."""
    from airflow.serialization.encoders import coerce_to_core_timetable
    from airflow.timetables.base import TimeRestriction

    timetable, info = coerce_to_core_timetable(dag.timetable), None
    for _ in range(count):
        info = timetable.next_dagrun_info_v2(
            last_dagrun_info=info, restriction=TimeRestriction(first, None, catchup=True)
        )
        yield date.fromisoformat(info.partition_key), info.run_after
