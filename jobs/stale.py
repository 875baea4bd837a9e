"""Which days of which tables a later delivery has made stale, and which were never made."""

from collections.abc import Iterable
from datetime import date, datetime
from functools import cache

import pyarrow as pa

from jobs.lake.queries import open_lake
from schemas.contract import Table
from schemas.lineage import TABLES, made_tables, reaches

STALE = """
select distinct fresh.table_path, fresh.production_day, fresh.ingest_no, fresh.known_to_at
from mart.table_freshness fresh
join windows using (table_path)
join (
    select table_path as raw_path, day, max(ingest_no) as ingest_no
    from core.ingest_ledger, unnest(days_touched) as touched(day) group by all
) change using (raw_path)
where change.ingest_no > fresh.ingest_no
  and change.day - fresh.production_day between -windows.days_back and windows.days_ahead
"""
MADE = "select table_path, production_day from mart.table_freshness"
WORKED = """
select distinct day from core.ingest_ledger, unnest(days_touched) as touched(day)
where table_path in ('raw/coils', 'raw/cuts') order by day
"""


def stale_days(lake: str) -> dict[str, set[date]]:
    """Table path -> days that were made before deliveries that touch what they read."""
    return _by_table((path, day) for path, day, _, _ in _stale(lake))


def known_through(lake: str, table: Table, days: Iterable[date]) -> list[tuple[int, datetime | None]]:
    """What the stale days know that these days are made from: they cannot know more themselves."""
    return [
        (ingest_no, known_to_at)
        for path, stale, ingest_no, known_to_at in _stale(lake)
        for declared in table.made_from
        if declared.table.path == path and any(reaches(declared, day, stale) for day in days)
    ]


def _stale(lake: str) -> list[tuple[str, date, int, datetime | None]]:
    connection = open_lake(lake)
    connection.register("windows", _windows())
    return connection.execute(STALE).fetchall()


def made_days(lake: str) -> dict[str, set[date]]:
    """Table path -> days that were made."""
    return _by_table(open_lake(lake).execute(MADE).fetchall())


def worked_days(lake: str) -> list[date]:
    """The days on which a line delivered coils or pieces."""
    return [day for (day,) in open_lake(lake).execute(WORKED).fetchall()]


def _by_table(pairs: Iterable[tuple[str, date]]) -> dict[str, set[date]]:
    days: dict[str, set[date]] = {table.path: set() for table in made_tables()}
    for path, day in pairs:
        if path in days:
            days[path].add(day)
    return days


def _windows() -> pa.Table:
    """Made table, raw table, and the days around its own that it reads of it, through all tables between."""
    rows = [
        {"table_path": table.path, "raw_path": raw, "days_back": back, "days_ahead": ahead}
        for table in made_tables()
        for raw, (back, ahead) in raw_windows(table).items()
    ]
    return pa.Table.from_pylist(rows)


@cache
def raw_windows(table: Table) -> dict[str, tuple[int, int]]:
    """Raw table -> days back and ahead that a day of the table is made from, directly or through others."""
    windows: dict[str, tuple[int, int]] = {}
    for declared in table.made_from:
        through = (
            {declared.table.path: (0, 0)} if declared.table.layer == "raw" else raw_windows(declared.table)
        )
        for raw, (back, ahead) in through.items():
            had = windows.get(raw, (0, 0))
            windows[raw] = (max(had[0], back + declared.days_back), max(had[1], ahead + declared.days_ahead))
    return {path: windows[path] for path in TABLES if path in windows}
