"""What the ledger says of deliveries: those that were read, and those with the content of another."""

from collections.abc import Collection, Iterator, Mapping
from datetime import date
from typing import Any

from jobs.ledger import Delivery, Ingest, Key, Row, key_of
from jobs.merging import Merged
from jobs.outcomes import Outcome
from jobs.wording import counted
from schemas.raw.shift_calendar import RAW_SHIFT_CALENDAR


class IngestError(RuntimeError):
    """What was taken in breaks a promise; nothing of it is published."""


def row_of(ingest: Ingest, outcome: Outcome, merged: Merged) -> Row:
    """What the ledger says of a delivery that was read."""
    plan = outcome.plan
    delivery = Delivery(plan.file, plan.table_map, plan.content_hash)
    before = ingest.ledger.by_key.get(delivery.key, {})
    counts = (outcome.rows_kept, outcome.rows_quarantined, outcome.rows_duplicate)
    if outcome.rows_read != sum(counts):
        raise IngestError(
            f"Rows read promise to be kept, quarantined or duplicate, but of {outcome.rows_read} rows of "
            f"{plan.file.source_file} {counts} are; nothing was published, please report this defect."
        )
    # Read again, rows that come out as before are not written again: what was said of them stays true.
    days = merged.changed.get(delivery.delivery_id, set()).union(before.get("days_touched") or ())
    superseding = merged.superseding[delivery.delivery_id] + before.get("rows_superseding", 0)
    return _row(ingest, delivery) | {
        "status": outcome.status,
        "message": " ".join(filter(None, (outcome.message, _ahead(ingest, delivery, days)))) or None,
        "rows_read": outcome.rows_read,
        "rows_kept": outcome.rows_kept,
        "rows_quarantined": outcome.rows_quarantined,
        "rows_duplicate": outcome.rows_duplicate,
        "rows_superseding": min(superseding, outcome.rows_kept),
        "cells_faulty": outcome.cells_faulty,
        "unknown_columns": outcome.unknown_columns,
        "days_touched": sorted(days),
    }


def _ahead(ingest: Ingest, delivery: Delivery, days: Collection[date]) -> str | None:
    """A sentence where rows are of days that cannot have come yet: a slip of the pen, or of a clock."""
    table = delivery.table_map.table
    # Calendars, rates and rules are delivered for days to come.
    is_announced = table.path == RAW_SHIFT_CALENDAR.path or table.day_of.startswith("valid_from")
    most = 400 if is_announced else 2
    ahead = sorted(d for d in days if (d - ingest.first_ingested_on(delivery)).days > most)
    if not ahead:
        return None
    return (
        f"Rows of {counted(len(ahead), 'production day')}, such as {ahead[-1]}, lie more than {most} days "
        f"ahead of their delivery: look at {table.day_of}."
    )


def rows_of_twins(
    ingest: Ingest, part: list[Delivery], twins: Mapping[Key, Key], rows: list[Row]
) -> Iterator[Row]:
    """What the ledger says of deliveries with the content of another."""
    told = ingest.ledger.by_key | {key_of(row): row for row in rows}
    for delivery in part:
        first = told.get(twins.get(delivery.key, ("", "")))
        if first is not None:
            seen = first["status"] == "ingested"
            same = f"Same content as {first['source_file']}."
            yield _row(ingest, delivery) | {
                "status": "seen before" if seen else first["status"],
                "message": same if seen else f"{same} {first['message']}",
                "rows_read": first["rows_read"],
                "rows_duplicate": first["rows_read"],
            }


def _row(ingest: Ingest, delivery: Delivery) -> dict[str, Any]:
    counts = ("read", "kept", "quarantined", "duplicate", "superseding")
    return {
        "delivery_id": delivery.delivery_id,
        "table_path": delivery.table_map.table.path,
        "source_file": delivery.file.source_file,
        **{f"rows_{name}": 0 for name in counts},
        "cells_faulty": 0,
        "unknown_columns": [],
        "days_touched": [],
        "content_hash": delivery.content_hash,
        "size_bytes": delivery.file.size_bytes,
        "modified_at": delivery.file.modified_at,
        "ingest_no": ingest.ingest_no,
        "ingested_at": ingest.now,
        "run_id": ingest.lake.run.run_id,
        "production_day": ingest.first_ingested_on(delivery),
    }
