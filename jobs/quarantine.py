"""Quarantine: what could not be kept, listed, and read again once a map or a contract was mended."""

from fnmatch import fnmatchcase

import pyarrow as pa

from jobs.lake.lake import Lake
from jobs.lake.queries import open_lake
from jobs.ledger import REPLACED, Row, feed_of, read_ledger
from jobs.raw import Ingested, ingest


class ReplayError(ValueError):
    """There is nothing to read again."""


IN_FORCE = f"""
core.quarantine join core.ingest_ledger ledger using (delivery_id, table_path)
where ledger.status <> '{REPLACED}' and ($table is null or table_path = $table)
    and ($file is null or quarantine.source_file glob $file)
"""
SUMMARY = f"""
select quarantine.source_file, table_path, column_name, count(*) as quarantined_rows,
    arg_min(reason, row_number) as first_reason, min(line_no) as first_line
from {IN_FORCE} group by all order by quarantined_rows desc, source_file, table_path, column_name
"""
ROWS = f"""
select quarantine.source_file, line_no, row_number, table_path, column_name, reason, original
from {IN_FORCE} order by quarantine.source_file, table_path, row_number limit $limit
"""


def quarantine_summary(lake: str, table: str | None = None, file: str | None = None) -> pa.Table:
    """How many rows are quarantined, by file, table and column, each with its first reason.

    ``table``: a path such as raw/coils. ``file``: a name in landing, or a pattern such as coils/*.
    """
    return _asked(lake, SUMMARY, {"table": table, "file": file})


def quarantined_rows(
    lake: str, table: str | None = None, file: str | None = None, limit: int = 100
) -> pa.Table:
    """Quarantined rows with file, line, reason and text."""
    return _asked(lake, ROWS, {"table": table, "file": file, "limit": limit})


def _asked(lake: str, query: str, parameters: dict[str, str | int | None]) -> pa.Table:
    return open_lake(lake, query).sql(query, params=parameters).to_arrow_table()


def replay(lake: Lake, table: str | None = None, file: str | None = None) -> Ingested:
    """Read deliveries again, under the maps and contracts as they are now; each stays the same delivery.

    Those with quarantined rows and those that could not be read; a file that is named, in any case. A
    ReplayError where there is none. The caller holds the lock, as for an ingest.
    """
    in_force = read_ledger(lake.settings.lake).in_force
    due = {feed for feed, rows in in_force.items() if _is_due(rows[-1], table, file)}
    if not due:
        raise ReplayError(
            f"A replay promises deliveries to read again, but none of {file or 'all files'} for "
            f"{table or 'any table'} is due; `coilmart quarantine` lists those that are."
        )
    ingested = ingest(lake, lambda row: feed_of(row) in due)
    read = {feed_of(row) for row in ingested.deliveries}
    for source_file in sorted({source_file for source_file, _ in due - read}):
        ingested.problems.append(f"{source_file} is no longer in landing; put it back to read it again.")
    return ingested


def _is_due(row: Row, table: str | None, file: str | None) -> bool:
    is_asked = table in (None, row["table_path"]) and (file is None or fnmatchcase(row["source_file"], file))
    return is_asked and bool(file or row["rows_quarantined"] or row["status"] == "unreadable")
