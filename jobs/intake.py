"""Take deliveries in: choose which to read, read them in tasks, settle them against what is there."""

import os
from collections.abc import Collection, Iterator
from contextlib import closing
from dataclasses import dataclass, field
from datetime import date
from functools import partial

from jobs.delivery import connect, read_delivery
from jobs.entries import row_of, rows_of_twins
from jobs.lake.lake import Lake
from jobs.lake.tasks import in_tasks
from jobs.landing import LandingFile
from jobs.ledger import Delivery, Ingest, Key, Ledger, Row, key_of
from jobs.merging import Merged, merge
from jobs.outcomes import GROWING, Outcome, Plan
from jobs.publishing import publish
from pipelines.raw.rows import Arrival


@dataclass
class TakenIn:
    """Rows written to the ledger, days of raw tables that changed, files that grew while they were read."""

    rows: list[Row] = field(default_factory=list)
    changed: dict[str, set[date]] = field(default_factory=dict)
    growing: list[str] = field(default_factory=list)


def take_in(lake: Lake, part: list[Delivery], files: Collection[LandingFile], ledger: Ledger) -> TakenIn:
    """Take these deliveries in, in one ingest with a number of its own.

    ``files``: all of landing, for those that are read again because what they repeated holds no longer.
    """
    ingest = Ingest.start(lake, ledger)
    part = [*part, *_repeats(ingest, part, files)]
    twins = _twins(ingest, part)
    outcomes = _read(ingest, [delivery for delivery in part if delivery.key not in twins])
    growing = [outcome.plan.file.source_file for outcome in outcomes if outcome.status == GROWING]
    outcomes = [outcome for outcome in outcomes if outcome.status != GROWING]
    merged = _merged(ingest, outcomes)
    rows = [row_of(ingest, outcome, merged.get(outcome.plan.table.path, Merged())) for outcome in outcomes]
    rows += rows_of_twins(ingest, part, twins, rows)
    if rows:
        publish(ingest, outcomes, merged, rows)
    changed = {path: set().union(*of_table.changed.values()) for path, of_table in merged.items()}
    return TakenIn(rows, {path: days for path, days in changed.items() if days}, growing)


def _repeats(ingest: Ingest, part: list[Delivery], files: Collection[LandingFile]) -> list[Delivery]:
    """Deliveries with duplicates of rows that a corrected file may no longer have."""
    ledger = ingest.ledger
    corrected = [d for d in part if d.key not in ledger.by_key and ledger.history.days_touched.get(d.feed)]
    tables = {delivery.table_map.table.path for delivery in corrected}
    there = {delivery.feed for delivery in part}
    latest = (
        (file, table_map, ledger.latest((file.source_file, table_map.table.path)))
        for file in files
        for table_map in file.feeds
        if table_map.table.path in tables
    )
    repeats = (
        Delivery(file, table_map, row["content_hash"])
        for file, table_map, row in latest
        if row is not None and row["rows_duplicate"]
    )
    return [delivery for delivery in repeats if delivery.feed not in there]


def _twins(ingest: Ingest, part: list[Delivery]) -> dict[Key, Key]:
    """Deliveries with the content of another that is in force -> that other; they need not be read.

    Where a third delivery may have come between the two with other values, the later one is read: it holds.
    """
    arriving = {delivery.feed for delivery in part}
    first = {
        (row["content_hash"], row["table_path"], row["source_file"].split("/")[0]): key_of(row)
        for feed, rows in ingest.ledger.in_force.items()
        for row in rows
        if row["status"] == "ingested" and feed not in arriving and not ingest.ledger.is_overtaken(row)
    }
    twins = {}
    read_last: dict[str, Key] = {}
    for delivery in part:
        path = delivery.table_map.table.path
        content = (delivery.content_hash, path, delivery.file.source)
        # What a file said before has to be settled against what it says now: then it is read.
        is_new = not ingest.ledger.history.days_touched.get(delivery.feed)
        if is_new and content in first and read_last.get(path, first[content]) == first[content]:
            twins[delivery.key] = first[content]
        else:
            first[content] = read_last[path] = delivery.key
    return twins


def _read(ingest: Ingest, part: list[Delivery]) -> list[Outcome]:
    """Read deliveries in tasks of the engine."""
    if not part:
        return []
    # A cluster runs as many tasks at once as it has cores, the embedded engine runs all that there are.
    on_cluster = ingest.lake.settings.spark.startswith(("spark://", "yarn", "k8s://"))
    tasks = min(len(part), len(part) if on_cluster else os.cpu_count() or 1)
    largest_first = sorted(part, key=lambda delivery: -delivery.file.size_bytes)
    dealt = [[_plan(ingest, delivery) for delivery in largest_first[no::tasks]] for no in range(tasks)]
    threads = max(1, (os.cpu_count() or 1) // tasks)
    outcomes = in_tasks(ingest.lake.spark, tasks, partial(_read_hand, dealt, threads))
    return sorted(
        outcomes, key=lambda outcome: (outcome.plan.file.modified_at, outcome.plan.file.source_file)
    )


def _plan(ingest: Ingest, delivery: Delivery) -> Plan:
    arrival = Arrival(
        delivery_id=delivery.delivery_id,
        source_file=delivery.file.source_file,
        ingested_at=ingest.now,
        ingested_on=ingest.first_ingested_on(delivery),
        time_zone=ingest.lake.settings.time_zone,
        day_starts_at_h=ingest.lake.settings.day_starts_at_h,
    )
    lake = ingest.lake.settings.lake
    return Plan(delivery.file, delivery.table_map, delivery.content_hash, arrival, lake, ingest.run_id)


def _merged(ingest: Ingest, outcomes: list[Outcome]) -> dict[str, Merged]:
    """Settle what arrives against what is there, table by table."""
    of_table: dict[str, list[Outcome]] = {}
    for outcome in outcomes:
        # A file that cannot be read says nothing: what it said before holds.
        if outcome.status != "unreadable" and outcome.plan.file.size_bytes:
            of_table.setdefault(outcome.plan.table.path, []).append(outcome)
    with closing(connect(os.cpu_count() or 1)) as connection:
        return {
            path: merge(
                ingest.lake.settings.lake,
                arrived[0].plan.table,
                ingest.run_id,
                arrived,
                ingest.ledger.history,
                ingest.now,
                connection,
            )
            for path, arrived in of_table.items()
        }


def _read_hand(dealt: list[list[Plan]], threads: int, no: int) -> Iterator[Outcome]:
    with closing(connect(threads)) as connection:
        yield from (read_delivery(plan, connection) for plan in dealt[no])
