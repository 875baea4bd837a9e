"""Ingest: what arrives in landing, in which order and how often, and what the raw tables say then."""

import pytest

from tests.jobs.raw_mill import DAY, HEADER, coil


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


def test_a_map_that_is_wrong_leaves_its_source_alone_and_no_other(mill):
    mill.deliver("coils/a.csv", coil(1))
    mill.deliver("scale/a.csv", "1", header="x\n")
    (mill.settings.landing / "scale/source.toml").write_text('[[table]]\ntable = "scraps"\nfiles = "*.csv"\n')
    result = mill.ingest()
    assert result.problems == [
        "[[table]] 1 of scale/source.toml promises a raw table, but table = 'scraps' is none; write scrap."
    ]
    assert mill.coils == [("C1", 20.0)]
    assert result.summary.endswith("1 source left alone")


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


def test_a_file_that_lists_a_piece_once_per_parent_feeds_its_cuts_and_its_welds(mill):
    at = "2026-11-20T09:00:00Z"
    parts = ("C1,1,0.0", "C2,2,300.0")
    mill.deliver(
        "welder/a.csv", *(f"FIN1,W1,{at},{part}" for part in parts), header="l,ring,zeit,vorring,teil,ab\n"
    )
    (mill.settings.landing / "welder/source.toml").write_text(
        """
        [[table]]
        table = "cuts"
        files = "*.csv"
        attributes = false
        columns = { line = "l", piece_id = "ring", finished_at = "zeit" }
        [[table]]
        table = "welds"
        files = "*.csv"
        [table.columns]
        line = "l"
        piece_id = "ring"
        finished_at = "zeit"
        part_no = "teil"
        piece_from_m = "ab"
        parent_id = "vorring"
        """
    )
    mill.ingest()

    asked = (
        "select table_path, rows_kept, rows_quarantined, rows_duplicate from core.ingest_ledger order by 1"
    )
    assert mill.ask(asked) == [("raw/cuts", 1, 0, 1), ("raw/welds", 2, 0, 0)]
    parents = mill.ask("select piece_id, parent_id, piece_from_m from raw.welds order by part_no")
    assert parents == [("W1", "C1", 0.0), ("W1", "C2", 300.0)]
