"""Quarantined rows are listed, and read again once a map was mended."""

import pytest

from jobs.quarantine import ReplayError, quarantine_summary, quarantined_rows, replay
from tests.jobs.raw_mill import coil

MAP = """
[[table]]
table = "coils"
files = "*.csv"
[table.columns]
coil_id = "coil_id"
line = "line"
coiled_at = "coiled_at"
mass_t = { column = "mass_t", null_words = [WORDS] }
"""


@pytest.fixture
def plant(mill):
    """A source whose map does not know yet that -1 means not weighed."""
    (mill.settings.landing / "plant").mkdir(parents=True)
    mill.map = lambda words: (mill.settings.landing / "plant/source.toml").write_text(
        MAP.replace("WORDS", words)
    )
    mill.map("")
    mill.replay = lambda **named: replay(lake_of(mill), **named)
    return mill


def lake_of(mill):
    from jobs.lake.lake import Lake
    from jobs.run import Run

    return Lake(mill.spark, mill.settings, Run.start())


def test_quarantine_is_listed_by_file_and_row(plant):
    plant.deliver("plant/a.csv", coil(1), coil(2, -1), "C3,HSM", coil(4, -1))
    plant.ingest()
    summary = quarantine_summary(plant.settings.lake).to_pylist()
    assert summary == [
        {
            "source_file": "plant/a.csv",
            "table_path": "raw/coils",
            "column_name": "mass_t",
            "quarantined_rows": 2,
            "first_reason": "mass_t: -1.0 is below 0 t, the least that can be.",
            "first_line": 3,
        },
        {
            "source_file": "plant/a.csv",
            "table_path": "raw/coils",
            "column_name": None,
            "quarantined_rows": 1,
            "first_reason": "The row has 2 cells where the header has 4.",
            "first_line": 4,
        },
    ]
    rows = quarantined_rows(plant.settings.lake, "raw/coils", "plant/*", limit=2).to_pylist()
    assert [(row["line_no"], row["original"]) for row in rows] == [(3, coil(2, -1)), (4, "C3,HSM")]
    assert quarantined_rows(plant.settings.lake, file="other/*").num_rows == 0


def test_what_a_corrected_file_no_longer_has_is_not_listed(plant):
    plant.deliver("plant/a.csv", coil(1, -1))
    plant.ingest()
    plant.deliver("plant/a.csv", coil(1))
    plant.ingest()
    assert quarantine_summary(plant.settings.lake).num_rows == 0


def test_a_mended_map_brings_rows_out_of_quarantine_and_leaves_the_others_as_they_are(plant):
    plant.deliver("plant/a.csv", coil(1), coil(2, -1), "C3,HSM")
    plant.ingest()
    known = plant.ask("select ingested_at from raw.coils where coil_id = 'C1'")
    plant.map('"-1"')
    replayed = plant.replay()

    assert plant.coils == [("C1", 20.0), ("C2", None)]
    assert plant.ledger("plant/a.csv") == [("ingested", 3, 2, 1, 0, 0)]
    assert plant.ask("select row_number from core.quarantine") == [(3,)]
    assert plant.ask("select ingested_at from raw.coils where coil_id = 'C1'") == known
    assert replayed.ingest_no == 2
    assert plant.ingest().deliveries == []


def test_a_replay_under_the_same_map_changes_no_row(plant):
    plant.deliver("plant/a.csv", coil(1), coil(2, -1))
    plant.ingest()
    before = plant.ask('select * from raw."coils$history"')
    assert plant.replay().changed == {}
    assert plant.ask('select * from raw."coils$history"') == before
    assert plant.ledger("plant/a.csv") == [("ingested", 2, 1, 1, 0, 0)]
    assert plant.ask("select count(*) from core.quarantine") == [(1,)]


def test_a_replay_leaves_superseded_rows_superseded(plant):
    plant.deliver("plant/a.csv", coil(1, 20.0), coil(2, -1))
    plant.deliver("plant/b.csv", coil(1, 21.0))
    plant.ingest()
    plant.map('"-1"')
    plant.replay()
    assert plant.versions == [("C1", 20.0, False), ("C1", 21.0, True), ("C2", None, True)]
    assert plant.ledger("plant/a.csv") == [("ingested", 2, 2, 0, 0, 0)]


def test_a_map_that_means_another_value_supersedes_the_old_one(plant):
    plant.deliver("plant/a.csv", coil(1, 20.0), coil(2, 21.0))
    plant.ingest()
    plant.map('"20.0"')
    plant.replay(file="plant/a.csv")
    assert plant.versions == [("C1", 20.0, False), ("C1", None, True), ("C2", 21.0, True)]


def test_a_replay_of_nothing_says_so(plant):
    plant.deliver("plant/a.csv", coil(1))
    plant.ingest()
    with pytest.raises(ReplayError, match="none of all files for any table is due"):
        plant.replay()


def test_a_file_that_is_gone_is_named(plant):
    plant.deliver("plant/a.csv", coil(1, -1))
    plant.ingest()
    (plant.settings.landing / "plant/a.csv").unlink()
    assert plant.replay().problems == ["plant/a.csv is no longer in landing; put it back to read it again."]
