"""A night: ingest what arrived, make the day's tables in order, make stale days again, keep the books."""

import importlib
from collections.abc import Callable, Collection, Iterator, Mapping
from contextlib import contextmanager
from datetime import date

from jobs.auditing import warm_up
from jobs.books import keep_books
from jobs.lake.calendar import settle_calendar
from jobs.lake.lake import Lake
from jobs.lake.locks import days_locked, waiting_for
from jobs.progress import Progress
from jobs.raw import Ingested, ingest
from jobs.run import Run, Written
from jobs.session import spark_session
from jobs.settings import Settings
from jobs.stale import known_through, made_days, stale_days, with_readers, worked_days
from schemas.contract import Table
from schemas.lineage import made_tables, reaches

Wanted = Mapping[str, Collection[date]]
"""Table path -> the days of it to make."""


@contextmanager
def opened_lake(settings: Settings) -> Iterator[Lake]:
    """The lake of the settings with its engine, for one run."""
    settle_calendar(settings)
    warm_up()
    with spark_session(settings) as spark:
        yield Lake(spark, settings, Run.start())


def bring_in(lake: Lake, progress: Progress, take_in: Callable[[Lake], Ingested] = ingest) -> Ingested:
    """Ingest what is new in landing, one run at a time; ``take_in`` may read again what is there."""
    with waiting_for(lake.settings.home, "raw"), progress.step("raw") as step:
        before = len(lake.run.written)
        ingested = take_in(lake)
        # At once: whatever ends the night, what was ingested stays, and its checks with it.
        keep_books(lake, lake.run.written[before:], ingested.ingest_no, ingested.known_to_at)
        step.note = ingested.summary
    lake.run.problems.extend(ingested.problems)
    for row in ingested.deliveries:
        if row["status"] == "unreadable":
            progress.say(f"{row['source_file']} was not read: {row['message']}")
    return ingested


def nightly(lake: Lake, day: date, progress: Progress) -> None:
    """Ingest, make that day of every table, and every day that what arrived has made stale."""
    backfill(lake, [day], progress)


def backfill(lake: Lake, days: Collection[date] | None, progress: Progress) -> None:
    """Ingest, then make those days of every table, many days in one job, and what became stale.

    Without ``days``: all that a line worked or was meant to.
    """
    ingested = bring_in(lake, progress)
    stale, made = stale_days(lake.settings.lake), made_days(lake.settings.lake)
    asked = worked_days(lake.settings.lake) if days is None else days
    wanted = {table.path: {*asked, *stale[table.path]} for table in made_tables()}
    make_tables(lake, with_readers(wanted, made), ingested, progress)


def catch_up(
    lake: Lake, days: Collection[date], progress: Progress, tables: Collection[Table] = made_tables()
) -> None:
    """Ingest, then make of those days what was never made or became stale; nothing where all is current.

    Of other tables than ``tables`` nothing is made.
    """
    ingested = bring_in(lake, progress)
    stale, made = stale_days(lake.settings.lake), made_days(lake.settings.lake)
    wanted = {t.path: (set(days) - made[t.path]) | stale[t.path] for t in tables}
    make_tables(lake, with_readers(wanted, made), ingested, progress)


def make_one(lake: Lake, table: Table, days: Collection[date], progress: Progress) -> None:
    """Make those days of one table from what the lake has, without ingesting."""
    so_far = Ingested.so_far(lake.settings.lake)
    through = known_through(lake.settings.lake, table, days)
    least = min([(so_far.ingest_no, so_far.known_to_at), *through], key=lambda known: known[0])
    make_tables(lake, {table.path: days}, Ingested(*least), progress)


def make_tables(lake: Lake, wanted: Wanted, ingested: Ingested, progress: Progress) -> None:
    """Make the wanted days in the tables' order; a day that reads a blocked day is kept back with it."""
    kept_back = {w.table.path: set(w.blocked) for w in lake.run.written}
    before = len(lake.run.written)
    try:
        with days_locked(lake.settings.home, wanted):
            for table in made_tables():
                days = set(wanted.get(table.path, ()))
                held = {day for day in days if _reads_kept_back(table, day, kept_back)}
                kept_back[table.path] = held
                if todo := tuple(sorted(days - held)):
                    written = _make(lake, table, todo, progress)
                    kept_back[table.path] |= set(written.blocked)
    finally:
        # What was published before a failure is published: the books say so.
        keep_books(lake, lake.run.written[before:], ingested.ingest_no, ingested.known_to_at)


def _make(lake: Lake, table: Table, days: tuple[date, ...], progress: Progress) -> Written:
    job = importlib.import_module(f"jobs.{table.layer}.{table.name}")
    with progress.step(table.path) as step:
        job.main(lake.for_table(table), days)
        written = lake.run.written[-1]
        step.note = _note(written)
    return written


def _note(written: Written) -> str:
    days = len(written.published) + len(written.blocked)
    note = f"{days} day{'s' if days > 1 else ''}"
    if written.blocked:
        note += f", {len(written.blocked)} not published"
    broken = {finding.check.promise for finding in written.findings if finding.rows_broken}
    return note + (f", {len(broken)} promise{'s' if len(broken) > 1 else ''} broken" if broken else "")


def _reads_kept_back(table: Table, day: date, kept_back: Mapping[str, Collection[date]]) -> bool:
    return any(
        reaches(declared, day, blocked)
        for declared in table.made_from
        for blocked in kept_back.get(declared.table.path, ())
    )


def broken_promises(lake: Lake) -> list[str]:
    """One sentence per blocking promise that kept a day from being published."""
    return [
        f"{written.table.path} of {finding.day} promises '{finding.check.promise}', but "
        f"{finding.rows_broken} of {finding.rows_checked} rows break it ({finding.examples}); "
        "the table keeps what it had: mend the data or the pipeline and run the day again."
        for written in lake.run.written
        for finding in written.findings
        if finding.blocks
    ]
