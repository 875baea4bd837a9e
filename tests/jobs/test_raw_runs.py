"""Ingests that were killed, go wrong or take their files in parts."""

from concurrent.futures import Future
from datetime import timedelta

import pytest

from jobs import intake, publishing, raw
from jobs.checks import Check, Finding
from jobs.entries import IngestError
from jobs.lake.lake import Lake
from jobs.raw import ingest
from jobs.run import Run
from schemas.contract import Severity
from tests.jobs.raw_mill import DAY, Mill, coil


def test_a_file_that_can_no_longer_be_read_leaves_what_it_said(mill):
    mill.deliver("coils/a.csv", coil(1))
    mill.ingest()
    mill.deliver("coils/a.csv", header="\0\0\0")
    mill.ingest()
    assert mill.coils == [("C1", 20.0)]
    assert [row[0] for row in mill.ledger("coils/a.csv")] == ["ingested", "unreadable"]
    assert mill.ingest().deliveries == []
    mill.deliver("coils/a.csv", coil(1, 21.0))
    mill.ingest()
    assert mill.coils == [("C1", 21.0)]
    assert [row[0] for row in mill.ledger("coils/a.csv")] == ["replaced", "replaced", "ingested"]


def test_a_day_that_arrives_a_week_late_changes_that_day_and_no_other(mill):
    mill.deliver("coils/a.csv", coil(1))
    mill.ingest()
    mill.deliver("coils/late.csv", coil(2, at="2026-11-13T08:30:00Z"))
    assert mill.ingest().changed == {"raw/coils": {DAY - timedelta(days=7)}}


def test_a_killed_run_is_made_good_by_the_next(mill, monkeypatch):
    mill.deliver("coils/a.csv", coil(1, 20.0), coil(2), "C3,HSM,no time,1")
    mill.ingest()

    def killed(*args):
        raise KeyboardInterrupt

    mill.deliver("coils/b.csv", coil(1, 21.0), coil(4), "C5,HSM,no time,1")
    with monkeypatch.context() as patch:
        patch.setattr(publishing, "stage_ledger", killed)
        with pytest.raises(KeyboardInterrupt):
            mill.ingest()
    assert mill.coils == [("C1", 21.0), ("C2", 20.0), ("C4", 20.0)]
    # The next run also does without the file, if it is gone.
    (mill.settings.landing / "coils/b.csv").rename(mill.settings.landing / "coils/.b.csv")
    mill.ingest()
    assert mill.coils == [("C1", 20.0), ("C2", 20.0)]
    assert mill.ask("select count(*) from core.quarantine") == [(1,)]

    (mill.settings.landing / "coils/.b.csv").rename(mill.settings.landing / "coils/b.csv")
    assert mill.ingest().ingest_no == 2
    assert mill.versions == [("C1", 20.0, False), ("C1", 21.0, True), ("C2", 20.0, True), ("C4", 20.0, True)]
    assert mill.ledger("coils/b.csv") == [("ingested", 3, 2, 1, 0, 1)]
    assert mill.ask("select count(*) from core.quarantine") == [(2,)]


def test_much_is_taken_in_in_parts_each_an_ingest_of_its_own(mill, monkeypatch):
    monkeypatch.setattr(raw, "PART_BYTES", 100)
    for name in "abc":
        mill.deliver(f"coils/{name}.csv", coil(1), coil(name))
    assert mill.ingest().ingest_no == 3
    assert [mill.ledger(f"coils/{name}.csv") for name in "abc"] == [
        [("ingested", 2, 2, 0, 0, 0)],
        [("ingested", 2, 1, 0, 1, 0)],
        [("ingested", 2, 1, 0, 1, 0)],
    ]


def test_a_file_that_grows_while_it_is_read_stays_for_the_next_run(mill, monkeypatch):
    mill.deliver("coils/a.csv", coil(1))
    with monkeypatch.context() as patch:
        patch.setattr(intake, "_plan", growing(intake._plan))
        result = mill.ingest()
    assert (result.growing, result.deliveries, mill.coils) == (["coils/a.csv"], [], [])
    mill.ingest()
    assert mill.coils == [("C1", 20.0), ("C2", 20.0)]


def growing(plan):
    def plan_and_write(ingest, delivery):
        with delivery.file.path.open("a") as file:
            file.write(coil(2) + "\n")
        return plan(ingest, delivery)

    return plan_and_write


def test_a_run_that_was_killed_at_its_first_ingest_leaves_nothing(mill, monkeypatch):
    mill.deliver("coils/a.csv", coil(1))
    with monkeypatch.context() as patch:
        patch.setattr(publishing, "stage_ledger", None)
        with pytest.raises(TypeError):
            mill.ingest()
    (mill.settings.landing / "coils/a.csv").unlink()
    mill.ingest()
    assert mill.versions == []


def test_the_ledger_keeps_the_day_on_which_a_delivery_came_first(mill, monkeypatch):
    mill.deliver("coils/a.csv", coil(1))
    with monkeypatch.context() as patch:
        patch.setattr(type(mill.settings), "production_day", lambda self, at: DAY)
        mill.ingest()
    mill.deliver("coils/b.csv", coil(1))
    mill.deliver("coils/a.csv", coil(2))
    mill.ingest()
    found = mill.ask(
        "select source_file, status, production_day = '2026-11-20' from core.ingest_ledger order by all"
    )
    assert found == [
        ("coils/a.csv", "ingested", False),
        ("coils/a.csv", "replaced", True),
        ("coils/b.csv", "ingested", False),
    ]


def test_what_breaks_a_blocking_promise_is_not_published(mill, monkeypatch):
    def broken(self, table, staged):
        check = Check("coil_id is unique", Severity.BLOCK, "key", "")
        found = Future()
        found.set_result([Finding(DAY, check, 1, 1, "coil_id C1")])
        return found

    monkeypatch.setattr(Lake, "start_check", broken)
    mill.deliver("coils/a.csv", coil(1))
    with pytest.raises(
        IngestError, match="raw/coils of 2026-11-20 promises 'coil_id is unique', but 1 rows break it"
    ):
        mill.ingest()
    assert (mill.versions, mill.ledger("coils/a.csv")) == ([], [])


@pytest.mark.engines
def test_what_is_taken_in_is_checked(spark, settings):
    mill = Mill(spark, settings)
    mill.deliver("coils/a.csv", coil(1), coil(2))
    mill.ingest()
    mill.deliver("coils/b.csv", coil(2, 21.0), coil(3, at="2026-11-21T08:30:00Z"))
    lake = Lake(spark, settings, Run.start())
    ingest(lake)
    (written,) = lake.run.written
    assert written.published == (DAY, DAY + timedelta(days=1))
    assert {finding.day for finding in written.findings} == set(written.published)
    assert not [finding for finding in written.findings if finding.rows_broken]


def test_what_the_run_wrote_is_known_to_the_books(mill):
    mill.deliver("coils/a.csv", coil(1), coil(2, at="2026-11-22T08:30:00Z"))
    lake = Lake(mill.spark, mill.settings, Run.start())
    ingest(lake)
    (written,) = lake.run.written
    assert (written.table.path, written.published) == ("raw/coils", (DAY, DAY + timedelta(days=2)))
