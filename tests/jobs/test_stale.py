"""What a later delivery makes stale follows from the declared windows alone."""

from datetime import UTC, date, datetime, timedelta

import pyarrow as pa
import pytest

from jobs.lake import delta
from jobs.stale import known_through, made_days, raw_windows, stale_days, with_readers, worked_days
from schemas.lineage import TABLES, days_to_remake, made_tables

DAY = date(2026, 11, 20)
WEEK = [DAY + timedelta(days=n) for n in range(8)]


@pytest.fixture
def books(settings):
    """Write rows of a kept table; fields that are not named take the contract's example."""

    def write(path, *rows):
        table = TABLES[path]
        example = {field.name: field.example for field in table.fields}
        filled = pa.Table.from_pylist([example | row for row in rows], delta.arrow_schema(table))
        run = f"run-{datetime.now(UTC):%H%M%S%f}"
        staged = delta.stage_batches(settings.lake, table, run, filled.to_batches())
        delta.publish(settings.lake, table, staged, [], {})

    return write


def made(*days, ingest_no=1):
    return [
        {"table_path": t.path, "production_day": d, "ingest_no": ingest_no}
        for t in made_tables()
        for d in days
    ]


def test_nothing_is_stale_where_nothing_arrived_later(settings, books):
    books("mart/table_freshness", *made(*WEEK, ingest_no=2))
    books("core/ingest_ledger", {"table_path": "raw/coils", "days_touched": WEEK, "ingest_no": 2})
    assert not any(stale_days(settings.lake).values())


def test_a_late_day_of_stoppages_touches_what_reads_it_and_nothing_else(settings, books):
    books("mart/table_freshness", *made(*WEEK))
    books("core/ingest_ledger", {"table_path": "raw/energy_readings", "days_touched": [DAY], "ingest_no": 2})
    stale = {path: days for path, days in stale_days(settings.lake).items() if days}
    assert stale == {"mart/line_efficiency": {DAY}, "mart/stoppage_causes": {DAY}}


def test_windows_through_several_tables_add_up(settings, books):
    """core/materials reads raw/scrap of its day, mart/yield_ledger core/materials from day -3 to +1."""
    assert raw_windows(TABLES["mart/yield_ledger"])["raw/scrap"] == (3, 1)
    books("mart/table_freshness", *made(*WEEK))
    books("core/ingest_ledger", {"table_path": "raw/scrap", "days_touched": [WEEK[4]], "ingest_no": 2})
    assert stale_days(settings.lake)["mart/yield_ledger"] == set(WEEK[3:8])


def test_a_day_that_was_never_made_is_not_stale(settings, books):
    books("mart/table_freshness", *made(WEEK[0]))
    books("core/ingest_ledger", {"table_path": "raw/coils", "days_touched": WEEK[:2], "ingest_no": 2})
    assert stale_days(settings.lake)["core/coils"] == {WEEK[0]}
    assert made_days(settings.lake)["core/coils"] == {WEEK[0]}


@pytest.mark.parametrize("has_calendar", [True, False])
def test_a_day_that_a_line_stood_still_is_worked_between_first_and_last_coil(settings, books, has_calendar):
    """A planned day without a coil; without a calendar, a day of one long stoppage."""
    books(
        "core/ingest_ledger",
        {"delivery_id": "1", "table_path": "raw/coils", "days_touched": [WEEK[5]]},
        {"delivery_id": "2", "table_path": "raw/cuts", "days_touched": [WEEK[1]]},
        {"delivery_id": "3", "table_path": "raw/orders", "days_touched": [WEEK[4]]},
        {"delivery_id": "4", "table_path": "raw/stoppages", "days_touched": [WEEK[0], WEEK[2]]},
    )
    if has_calendar:
        planned = {"table_path": "raw/shift_calendar", "days_touched": [WEEK[3], WEEK[6], WEEK[7]]}
        books("core/ingest_ledger", {"delivery_id": "5"} | planned)
    assert worked_days(settings.lake) == [WEEK[1], WEEK[3 if has_calendar else 2], WEEK[5]]


def test_a_day_older_than_a_day_that_it_reads_is_stale(settings, books):
    """The night of the day before was made after it: mart/yield_ledger reads core/materials of -3 to +1."""
    early, late = (datetime(2026, 11, 30, hour, tzinfo=UTC) for hour in (3, 4))
    rows = [row | {"made_at": early} for row in made(*WEEK)]
    late_day = {"table_path": "core/materials", "production_day": WEEK[3]}
    rows = [row | {"made_at": late} if late_day.items() <= row.items() else row for row in rows]
    books("mart/table_freshness", *rows)
    stale = stale_days(settings.lake)
    assert stale["mart/yield_ledger"] == set(WEEK[2:7])
    assert stale["mart/coil_yields"] == {WEEK[2], WEEK[3]}
    assert stale["core/materials"] == stale["core/coils"] == stale["mart/yield_losses"] == set()


def test_what_reads_a_day_that_is_made_is_made_with_it_where_it_was_made_before():
    made_before = {t.path: {WEEK[0], WEEK[2], WEEK[6]} for t in made_tables()}
    again = with_readers({t.path: {WEEK[1]} for t in made_tables()}, made_before)
    assert again["core/coils"] == {WEEK[1]}
    assert again["mart/yield_ledger"] == {WEEK[0], WEEK[1], WEEK[2], WEEK[6]}
    assert again["mart/stoppage_causes"] >= {WEEK[1]}


def test_the_books_and_the_lineage_agree(settings, books):
    books("mart/table_freshness", *made(*WEEK))
    for raw in ("raw/cuts", "raw/slabs", "raw/quality_codes"):
        changed = {raw: [WEEK[2]]}
        books("core/ingest_ledger", {"table_path": raw, "days_touched": [WEEK[2]], "ingest_no": 2})
        remade = days_to_remake(changed, WEEK)
        stale = stale_days(settings.lake)
        assert all(remade[path] <= stale[path] for path in remade), raw


def test_what_is_made_of_a_stale_day_knows_no_more_than_that_day(settings, books):
    """An ingest between core/coils and the marts: the marts must be made again with core/coils."""
    books("mart/table_freshness", *made(DAY, ingest_no=1))
    books("core/ingest_ledger", {"table_path": "raw/slabs", "days_touched": [DAY], "ingest_no": 2})
    ledger, events = TABLES["mart/yield_ledger"], TABLES["core/line_events"]
    assert {ingest_no for ingest_no, _ in known_through(settings.lake, ledger, [DAY])} == {1}
    assert known_through(settings.lake, events, [DAY]) == []
