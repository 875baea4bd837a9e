"""What holds where files say different things of one key."""

from datetime import timedelta

import pytest

from tests.jobs.raw_mill import DAY, coil


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
