"""Ingest: what arrives in landing, in which order and how often, and what the raw tables say then."""

import os
from datetime import UTC, date, datetime, timedelta

import pytest

from jobs import intake, publishing, raw
from jobs.checks import Check, Finding
from jobs.entries import IngestError
from jobs.lake.lake import Lake
from jobs.lake.queries import open_lake
from jobs.raw import ingest
from jobs.run import Run
from schemas.contract import Severity

HEADER = "coil_id,line,coiled_at,mass_t\n"
DAY = date(2026, 11, 20)


class Mill:
    """A landing folder and the lake that it feeds."""

    def __init__(self, spark, settings):
        self.spark, self.settings = spark, settings
        self.written = 0

    def deliver(self, name, *rows, written_h=None, header=HEADER):
        """Write a file of coils; each is written an hour after the one before, or at that hour."""
        path = self.settings.landing / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(header + "".join(f"{row}\n" for row in rows))
        self.written = self.written + 1 if written_h is None else written_h
        at = datetime(2026, 11, 21, tzinfo=UTC).timestamp() + self.written * 3600
        os.utime(path, (at, at))

    def ingest(self, *args):
        return ingest(Lake(self.spark, self.settings, Run.start()), *args)

    def ask(self, query):
        return open_lake(self.settings.lake).sql(query).fetchall()

    @property
    def coils(self):
        return self.ask("select coil_id, mass_t from raw.coils order by coil_id")

    @property
    def versions(self):
        held = "superseded_at is null as holds"
        return self.ask(
            f'select coil_id, mass_t, {held} from raw."coils$history" order by coil_id, mass_t, holds'
        )

    def ledger(self, name):
        counts = "rows_read, rows_kept, rows_quarantined, rows_duplicate, rows_superseding"
        query = (
            f"select status, {counts} from core.ingest_ledger where source_file = '{name}' order by ingest_no"
        )
        return self.ask(query)


@pytest.fixture
def mill(spark, settings, monkeypatch):
    # What the checks find is tested where they are.
    monkeypatch.setattr(Lake, "check", lambda self, table, staged: [])
    return Mill(spark, settings)


def coil(no, mass_t=20.0, at="2026-11-20T08:30:00Z"):
    return f"C{no},HSM,{at},{mass_t}"


@pytest.mark.engines
def test_what_is_new_is_taken_in_once(mill):
    mill.deliver("coils/a.csv", coil(1), coil(2))
    first = mill.ingest()
    assert (first.ingest_no, first.changed, first.problems) == (1, {"raw/coils": {DAY}}, [])
    assert mill.coils == [("C1", 20.0), ("C2", 20.0)]
    assert mill.ledger("coils/a.csv") == [("ingested", 2, 2, 0, 0, 0)]

    again = mill.ingest()
    assert (again.ingest_no, again.changed, again.deliveries) == (1, {}, [])
    assert again.summary == "nothing new"


def test_a_row_that_another_file_has_is_a_duplicate(mill):
    mill.deliver("coils/a.csv", coil(1))
    mill.ingest()
    mill.deliver("coils/b.csv", coil(1), coil(2))
    assert mill.ingest().changed == {"raw/coils": {DAY}}
    assert mill.ledger("coils/b.csv") == [("ingested", 2, 1, 0, 1, 0)]
    assert mill.versions == [("C1", 20.0, True), ("C2", 20.0, True)]


def test_the_order_of_columns_makes_no_other_row(mill):
    mill.deliver("coils/a.csv", f"{coil(1)},x,y", header=HEADER.replace("\n", ",p,q\n"))
    mill.deliver("coils/b.csv", f"y,x,{coil(1)}", header=f"q,p,{HEADER}")
    mill.ingest()
    assert mill.ledger("coils/b.csv") == [("ingested", 1, 0, 0, 1, 0)]


def test_the_later_file_holds_and_the_older_row_can_be_looked_up(mill):
    mill.deliver("coils/a.csv", coil(1, 20.0), coil(2, 20.0))
    mill.ingest()
    mill.deliver("coils/b.csv", coil(1, 21.0))
    mill.ingest()
    assert mill.coils == [("C1", 21.0), ("C2", 20.0)]
    assert mill.versions == [("C1", 20.0, False), ("C1", 21.0, True), ("C2", 20.0, True)]
    assert mill.ledger("coils/b.csv") == [("ingested", 1, 1, 0, 0, 1)]
    assert mill.ledger("coils/a.csv") == [("ingested", 2, 2, 0, 0, 0)]


def test_an_older_file_that_arrives_late_does_not_take_the_place_of_a_newer_row(mill):
    mill.deliver("coils/b.csv", coil(1, 21.0), written_h=9)
    mill.ingest()
    mill.deliver("coils/a.csv", coil(1, 20.0), written_h=8)
    mill.ingest()
    assert mill.versions == [("C1", 20.0, False), ("C1", 21.0, True)]
    assert mill.ledger("coils/a.csv") == [("ingested", 1, 1, 0, 0, 0)]


@pytest.mark.parametrize("at_once", [True, False])
def test_versions_in_many_files_follow_each_other_however_they_arrive(mill, at_once):
    for name, mass_t in (("a", 20.0), ("b", 21.0), ("c", 21.0), ("d", 20.0)):
        mill.deliver(f"coils/{name}.csv", coil(1, mass_t), coil(name))
        if not at_once:
            mill.ingest()
    mill.ingest()
    assert [version for version in mill.versions if version[0] == "C1"] == [
        ("C1", 20.0, False),
        ("C1", 20.0, True),
        ("C1", 21.0, False),
    ]
    assert [mill.ledger(f"coils/{name}.csv")[0][1:] for name in "abcd"] == [
        (2, 2, 0, 0, 0),
        (2, 2, 0, 0, 1),
        (2, 1, 0, 1, 0),
        (2, 2, 0, 0, 1),
    ]


def test_a_correction_finds_its_row_on_another_day(mill):
    mill.deliver("coils/a.csv", coil(1, at="2026-11-20T08:30:00Z"))
    mill.ingest()
    mill.deliver("coils/b.csv", coil(1, at="2026-11-22T08:30:00Z"))
    assert mill.ingest().changed == {"raw/coils": {DAY, DAY + timedelta(days=2)}}
    assert mill.ask("select production_day from raw.coils") == [(DAY + timedelta(days=2),)]


@pytest.mark.parametrize("at_once", [True, False])
def test_the_same_file_under_another_name_is_counted_and_not_read_again(mill, at_once):
    mill.deliver("coils/a.csv", coil(1), coil(2), "C3,HSM,no time,1")
    if not at_once:
        mill.ingest()
    mill.deliver("coils/b.csv", coil(1), coil(2), "C3,HSM,no time,1")
    mill.ingest()
    assert mill.ledger("coils/a.csv") == [("ingested", 3, 2, 1, 0, 0)]
    assert mill.ledger("coils/b.csv") == [("seen before", 3, 0, 0, 3, 0)]
    told = mill.ask("select message from core.ingest_ledger where source_file = 'coils/b.csv'")
    assert told == [("Same content as coils/a.csv.",)]


@pytest.mark.engines
def test_a_corrected_file_replaces_what_it_said_before(mill):
    mill.deliver("coils/a.csv", coil(1), coil(2), coil(3), coil(4, at="2026-11-18T08:30:00Z"))
    mill.ingest()
    mill.deliver("coils/a.csv", coil(1), coil(2, 22.0), coil(4, at="2026-11-18T08:30:00Z"))
    # The coil of another day is as it was: nothing changes there.
    assert mill.ingest().changed == {"raw/coils": {DAY}}
    assert mill.coils == [("C1", 20.0), ("C2", 22.0), ("C4", 20.0)]
    assert mill.versions[1:4] == [("C2", 20.0, False), ("C2", 22.0, True), ("C3", 20.0, False)]
    assert mill.ledger("coils/a.csv") == [("replaced", 4, 4, 0, 0, 0), ("ingested", 3, 1, 0, 2, 1)]


def test_a_corrected_file_holds_even_if_it_looks_older(mill):
    mill.deliver("coils/a.csv", coil(1, 20.0), written_h=9)
    mill.ingest()
    mill.deliver("coils/a.csv", coil(1, 21.0), written_h=8)
    mill.ingest()
    assert mill.coils == [("C1", 21.0)]


def test_a_correction_that_is_taken_back_holds_again(mill):
    for mass_t in (20.0, 21.0, 20.0):
        mill.deliver("coils/a.csv", coil(1, mass_t))
        mill.ingest()
    assert mill.coils == [("C1", 20.0)]
    assert mill.versions == [("C1", 20.0, False), ("C1", 20.0, True), ("C1", 21.0, False)]
    assert sorted(mill.ledger("coils/a.csv")) == [("ingested", 1, 1, 0, 0, 1), ("replaced", 1, 1, 0, 0, 1)]


def test_an_export_that_failed_takes_nothing_back(mill):
    mill.deliver("coils/a.csv", coil(1, 20.0))
    mill.ingest()
    mill.deliver("coils/a.csv", header="")
    mill.ingest()
    assert mill.coils == [("C1", 20.0)]


def test_a_value_that_a_third_file_takes_back_holds_again(mill):
    for name, mass_t in (("a", 20.0), ("b", 21.0), ("c", 20.0)):
        mill.deliver(f"coils/{name}.csv", coil(1, mass_t))
        mill.ingest()
    assert mill.coils == [("C1", 20.0)]


def test_so_it_does_where_all_three_arrive_at_once(mill):
    for hour, (name, mass_t) in enumerate((("a", 20.0), ("b", 21.0), ("c", 20.0))):
        mill.deliver(f"coils/{name}.csv", coil(1, mass_t), written_h=hour)
    mill.ingest()
    assert mill.coils == [("C1", 20.0)]


def test_a_row_that_a_corrected_file_no_longer_has_still_holds_where_another_file_has_it(mill):
    mill.deliver("coils/a.csv", coil(1), coil(2))
    mill.ingest()
    mill.deliver("coils/b.csv", coil(1), coil(9))
    mill.deliver("coils/c.csv", coil(1), coil(2))
    mill.ingest()
    assert mill.ledger("coils/c.csv") == [("ingested", 2, 0, 0, 2, 0)]
    mill.deliver("coils/a.csv", coil(3))
    mill.ingest()
    assert mill.coils == [("C1", 20.0), ("C2", 20.0), ("C3", 20.0), ("C9", 20.0)]
    assert mill.ledger("coils/b.csv") == [("ingested", 2, 2, 0, 0, 0)]
    assert mill.ledger("coils/c.csv") == [("ingested", 2, 1, 0, 1, 0)]


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
        patch.setattr(publishing, "write_ledger", killed)
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


def test_a_map_that_is_wrong_leaves_its_source_alone_and_no_other(mill):
    mill.deliver("coils/a.csv", coil(1))
    mill.deliver("scale/a.csv", "1", header="x\n")
    (mill.settings.landing / "scale/source.toml").write_text('[[table]]\ntable = "scraps"\nfiles = "*.csv"\n')
    result = mill.ingest()
    assert result.problems == [
        "[[table]] 1 of scale/source.toml promises a raw table, but table = 'scraps' is none; write scrap."
    ]
    assert mill.coils == [("C1", 20.0)]
    assert result.summary.endswith("1 sources left alone")


def test_one_file_feeds_two_tables_and_is_counted_for_each(mill):
    mill.deliver("mes/a.csv", coil(1), coil(2, 99))
    (mill.settings.landing / "mes/source.toml").write_text(
        """
        [[table]]
        table = "coils"
        files = "a.csv"
        columns = { coil_id = "coil_id", line = "line", coiled_at = "coiled_at", mass_t = "mass_t" }
        [[table]]
        table = "cuts"
        files = "a.csv"
        attributes = false
        columns = { piece_id = "coil_id", line = "line", finished_at = "coiled_at" }
        """
    )
    mill.ingest()
    asked = "select table_path, rows_read, rows_kept, rows_quarantined from core.ingest_ledger order by all"
    assert mill.ask(asked) == [("raw/coils", 2, 1, 1), ("raw/cuts", 2, 2, 0)]


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
        patch.setattr(publishing, "write_ledger", None)
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
        check = Check("coil_id is unique", Severity.BLOCK, "", {}, "")
        return [Finding(DAY, check, 1, 1, "coil_id C1")]

    monkeypatch.setattr(Lake, "check", broken)
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
