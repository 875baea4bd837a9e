"""A night of a small reference mill: made twice, blocked, killed, late."""

import os
import shutil
import signal
import subprocess
import sys
from dataclasses import replace
from datetime import timedelta

import pytest

from jobs.lake.comparison import differences
from jobs.lake.lake import Lake
from jobs.lake.queries import open_lake
from jobs.night import backfill, bring_in, broken_promises, catch_up, make_one, nightly
from jobs.progress import Progress
from jobs.run import Run
from jobs.stale import stale_days
from jobs.write_landing import write_landing
from pipelines.reference_mill.mill import Mill
from schemas.lineage import made_tables

MILL = Mill(days=3, coils_a_day=8, readings_hz=0.1)
DAY, NEXT, LAST = (MILL.first_day + timedelta(days=n) for n in range(3))


@pytest.fixture(scope="session")
def landing(tmp_path_factory):
    """Landing files of three days, written once."""
    folder = tmp_path_factory.mktemp("mill")
    write_landing(folder / "landing", folder / "truth", MILL)
    return folder / "landing"


@pytest.fixture(scope="session")
def run_of(spark, settings_of, landing, tmp_path_factory):
    """A new run in a mill of its own, over those landing files."""
    home = tmp_path_factory.mktemp("runs")

    def lake(name):
        settings = replace(settings_of(home / name), landing=landing)
        return Lake(spark, settings, Run.start())

    return lake


@pytest.fixture(scope="session")
def nights(run_of):
    """Day -> the lake as the night of that day left it, of three nights in order."""
    lakes = {}
    for day in (DAY, NEXT, LAST):
        run = run_of("nights")
        nightly(run, day, Progress())
        lakes[day] = shutil.copytree(run.settings.lake, run.settings.home / str(day))
    return lakes


@pytest.fixture(scope="session")
def at_once(run_of):
    """The lake of all three days, made in one run."""
    run = run_of("at_once")
    backfill(run, [DAY, NEXT, LAST], Progress())
    return run.settings.lake


@pytest.fixture
def mill(lake, landing):
    """The lake of a mill whose landing is a copy that a test may change."""
    shutil.copytree(landing, lake.settings.landing)
    return lake


@pytest.fixture
def after(mill, nights):
    """The same mill after the nights up to that day."""

    def as_of(day):
        shutil.copytree(nights[day], mill.settings.lake)
        return mill

    return as_of


def again(lake):
    return Lake(lake.spark, lake.settings, Run.start())


def asked(lake, query):
    return open_lake(lake.settings.lake, query).execute(query).fetchall()


def hold_back(lake, pattern):
    """Take files out of landing; what gives them back."""
    away = lake.settings.home / "away"
    files = list(lake.settings.landing.glob(pattern))
    assert files
    for file in files:
        target = away / file.relative_to(lake.settings.landing)
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.move(file, target)
    return lambda: shutil.copytree(away, lake.settings.landing, dirs_exist_ok=True)


def test_night_by_night_is_the_same_as_a_backfill(nights, at_once):
    assert differences(nights[LAST], at_once) == []
    query = "select count(*) from mart.yield_ledger where line = 'HSM'"
    assert open_lake(at_once, query).execute(query).fetchall() == [(3 * MILL.coils_a_day,)]


def test_a_second_night_of_the_same_day_changes_nothing(after, nights):
    mill = after(DAY)
    nightly(again(mill), DAY, Progress())
    assert differences(nights[DAY], mill.settings.lake) == []


def test_catching_up_makes_what_is_missing_and_then_nothing(after, at_once):
    mill = after(DAY)
    catch_up(again(mill), [DAY, NEXT, LAST], Progress())
    assert differences(mill.settings.lake, at_once) == []
    second = again(mill)
    catch_up(second, [DAY, NEXT, LAST], Progress())
    assert [written.table.path for written in second.run.written if written.table.made_from] == []


def test_a_day_that_arrives_late_is_made_again_with_what_reads_it_and_nothing_else(mill, at_once):
    come_back = hold_back(mill, f"energy_readings/*{DAY}*")
    backfill(again(mill), [DAY, NEXT], Progress())
    come_back()
    late = again(mill)
    nightly(late, LAST, Progress())

    made_again = {w.table.path for w in late.run.written if w.table.made_from and DAY in w.published}
    assert made_again == {"mart/line_efficiency", "mart/stoppage_causes"}
    assert differences(mill.settings.lake, at_once) == []


def test_nights_out_of_order_end_with_the_rows_of_nights_in_order(mill, at_once):
    """What reads the day that was missing is made again with it."""
    for day in (NEXT, LAST, DAY):
        nightly(again(mill), day, Progress())
    assert differences(mill.settings.lake, at_once) == []
    assert not any(stale_days(mill.settings.lake).values())


def test_table_by_table_stale_days_are_made_as_in_one_night(mill, nights):
    """As the tasks of a schedule make them, here out of order: a day of each, and what is stale."""
    for day in (NEXT, DAY):
        bring_in(again(mill), Progress())
        for table in made_tables():
            days = {day, *stale_days(mill.settings.lake)[table.path]}
            make_one(again(mill), table, days, Progress())
    assert differences(mill.settings.lake, nights[NEXT]) == []
    assert not any(stale_days(mill.settings.lake).values())


def test_a_blocked_day_keeps_what_it_had_and_so_does_what_reads_it(after, monkeypatch):
    import jobs.mart.yield_ledger as job

    mill = after(NEXT)
    before = asked(mill, "select * from mart.coil_yields order by all")
    pipeline = job.yield_ledger

    def doubled_on_the_next_day(*frames, **settings):
        rows = pipeline(*frames, **settings)
        return rows.unionByName(rows.where(f"production_day = date'{NEXT}'"))

    monkeypatch.setattr(job, "yield_ledger", doubled_on_the_next_day)
    broken = again(mill)
    backfill(broken, [DAY, NEXT], Progress())

    [sentence] = broken_promises(broken)
    assert sentence.startswith(f"mart/yield_ledger of {NEXT} promises 'line, piece_id, worked_at is unique'")
    made = {written.table.path: written.published for written in broken.run.written}
    assert made["mart/yield_ledger"] == made["mart/coil_yields"] == made["mart/yield_losses"] == (DAY,)
    assert made["core/materials"] == (DAY, NEXT)
    assert asked(mill, "select * from mart.coil_yields order by all") == before
    assert asked(
        mill,
        "select production_day, is_published, rows_broken > 0 from mart.data_quality "
        "where table_path = 'mart/yield_ledger' and promise like '%unique' order by 1",
    ) == [(DAY, True, False), (NEXT, False, True)]


def test_a_killed_night_is_finished_by_the_next_one(mill, nights):
    environment = os.environ | {"COILMART_HOME": str(mill.settings.home), "COILMART_SPARK": "embedded"}
    command = [sys.executable, "-m", "jobs.cli", "nightly", "--day", str(DAY)]
    night = subprocess.Popen(command, env=environment, stdout=subprocess.PIPE, text=True)
    for line in night.stdout:
        if line.startswith("core/materials"):
            break
    os.kill(night.pid, signal.SIGKILL)
    night.wait()

    nightly(again(mill), DAY, Progress())
    assert differences(mill.settings.lake, nights[DAY]) == []


def test_an_empty_day_has_tables_without_rows_and_is_known_as_made(after):
    mill, empty = after(DAY), DAY - timedelta(days=30)
    nightly(again(mill), empty, Progress())
    made = asked(mill, f"select table_path, rows from mart.table_freshness where production_day = '{empty}'")
    assert dict(made) == {table.path: 0 for table in made_tables()}


@pytest.mark.spark
def test_days_made_on_apache_spark_have_the_rows_of_the_embedded_engine(mill, tmp_path):
    backfill(again(mill), [DAY, NEXT], Progress())
    other = str(tmp_path / "embedded")
    environment = os.environ | {
        "COILMART_HOME": str(mill.settings.home),
        "COILMART_LAKE": other,
        "COILMART_SPARK": "embedded",
    }
    command = [sys.executable, "-m", "jobs.cli", "backfill", "--from", str(DAY), "--to", str(NEXT)]
    subprocess.run(command, env=environment, check=True)
    assert differences(mill.settings.lake, other) == []
