"""Which days of which tables are to be made again, which were never made, and which a line worked."""

from collections.abc import Collection, Iterable, Iterator, Mapping
from datetime import date, datetime, timedelta
from functools import cache

import pyarrow as pa

from jobs.lake.queries import open_lake
from schemas.contract import Input, Table
from schemas.lineage import TABLES, made_tables, reaches

OVERTAKEN_BY_DELIVERIES = """
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
# By the days that read a made day, not by comparing each day with each: a history is long, a window is not.
OLDER_THAN_ITS_INPUT = """
with made as (
    select inputs.table_path, made_at as input_made_at,
        production_day + unnest(range(-days_ahead, least(days_back, last - production_day) + 1))::int
            as production_day
    from mart.table_freshness fresh join inputs on inputs.input_path = fresh.table_path,
        (select max(production_day) as last from mart.table_freshness)
)
select distinct fresh.table_path, fresh.production_day
from mart.table_freshness fresh join made using (table_path, production_day)
where input_made_at > made_at
"""
MADE = "select table_path, production_day from mart.table_freshness"
# A calendar is delivered for days to come, a log of stoppages may begin before the first coil. Where there is
# a calendar, a stoppage on a day that it does not plan is none of a working line.
WORKED = """
with touched as (
    select table_path, unnest(days_touched) as day from core.ingest_ledger
    where table_path in ('raw/coils', 'raw/cuts', 'raw/stoppages', 'raw/shift_calendar')
),
ran as (select min(day) as first, max(day) as last from touched where table_path in ('raw/coils', 'raw/cuts'))
select distinct day from touched join ran on day between first and last
where table_path <> 'raw/stoppages' or not exists (from touched where table_path = 'raw/shift_calendar')
order by day
"""


def stale_days(lake: str) -> dict[str, set[date]]:
    """Table path -> days that were made before deliveries, or made days, that they read."""
    connection = open_lake(lake, OLDER_THAN_ITS_INPUT)
    connection.register("inputs", _inputs())
    older = connection.execute(OLDER_THAN_ITS_INPUT).fetchall()
    return _by_table([*((path, day) for path, day, _, _ in _overtaken(lake)), *older])


def with_readers(
    wanted: Mapping[str, Collection[date]], made: Mapping[str, Collection[date]]
) -> dict[str, set[date]]:
    """The wanted days, and of those that were made before, the ones that read a wanted day."""
    again: dict[str, set[date]] = {}
    for table in made_tables():
        readers = {
            day
            for declared in table.made_from
            for new in again.get(declared.table.path, ())
            for day in _readers(declared, new, max(made[table.path], default=new))
        }
        again[table.path] = {*wanted.get(table.path, ()), *readers.intersection(made[table.path])}
    return again


def _readers(declared: Input, changed: date, last: date) -> Iterator[date]:
    """The days up to the last that a change of that day of their input makes stale."""
    reach = min(declared.stale_back, (last - changed).days)
    return (changed + timedelta(days=n) for n in range(-declared.days_ahead, reach + 1))


def known_through(lake: str, table: Table, days: Iterable[date]) -> list[tuple[int, datetime | None]]:
    """What the stale days know that these days are made from: they cannot know more themselves."""
    return [
        (ingest_no, known_to_at)
        for path, stale, ingest_no, known_to_at in _overtaken(lake)
        for declared in table.made_from
        if declared.table.path == path and any(reaches(declared, day, stale) for day in days)
    ]


def _overtaken(lake: str) -> list[tuple[str, date, int, datetime | None]]:
    connection = open_lake(lake, OVERTAKEN_BY_DELIVERIES)
    connection.register("windows", _windows())
    return connection.execute(OVERTAKEN_BY_DELIVERIES).fetchall()


def made_days(lake: str) -> dict[str, set[date]]:
    """Table path -> days that were made."""
    return _by_table(open_lake(lake, MADE).execute(MADE).fetchall())


def worked_days(lake: str) -> list[date]:
    """The days that a line worked or was meant to, from the first with a coil or piece to the last.

    Where no calendar was delivered, the days of stoppages count as meant for work.
    """
    return [day for (day,) in open_lake(lake, WORKED).execute(WORKED).fetchall()]


def _by_table(pairs: Iterable[tuple[str, date]]) -> dict[str, set[date]]:
    days: dict[str, set[date]] = {table.path: set() for table in made_tables()}
    for path, day in pairs:
        if path in days:
            days[path].add(day)
    return days


def _inputs() -> pa.Table:
    """Made table, made table that it reads, and the days around its own whose change makes it stale."""
    rows = [
        {
            "table_path": t.path,
            "input_path": i.table.path,
            "days_back": i.stale_back,
            "days_ahead": i.days_ahead,
        }
        for t in made_tables()
        for i in t.made_from
        if i.table.made_from
    ]
    return pa.Table.from_pylist(rows)


def _windows() -> pa.Table:
    """Made table, raw table, and the days around its own whose change makes it stale, through all between."""
    rows = [
        {"table_path": table.path, "raw_path": raw, "days_back": back, "days_ahead": ahead}
        for table in made_tables()
        for raw, (back, ahead) in raw_windows(table).items()
    ]
    return pa.Table.from_pylist(rows)


@cache
def raw_windows(table: Table) -> dict[str, tuple[int, int]]:
    """Raw table -> days back and ahead whose change makes a day of the table stale, also through others."""
    windows: dict[str, tuple[int, int]] = {}
    for declared in table.made_from:
        through = (
            {declared.table.path: (0, 0)} if declared.table.layer == "raw" else raw_windows(declared.table)
        )
        for raw, (back, ahead) in through.items():
            had = windows.get(raw, (0, 0))
            windows[raw] = (max(had[0], back + declared.stale_back), max(had[1], ahead + declared.days_ahead))
    return {path: windows[path] for path in TABLES if path in windows}
