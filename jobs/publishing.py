"""Publish what was taken in: all of it checked, then table by table, the ledger last."""

from collections.abc import Mapping
from datetime import date

import pyarrow as pa
import pyarrow.compute as pc

from jobs.checks import Finding
from jobs.entries import IngestError
from jobs.lake import delta
from jobs.lake.delta import DataFile
from jobs.lake.rewriting import without_rows
from jobs.ledger import Ingest, Row, feed_of, key_of, stage_ledger
from jobs.merging import Merged
from jobs.outcomes import Outcome
from jobs.run import Written
from schemas.contract import Table
from schemas.core.cell_faults import CORE_CELL_FAULTS
from schemas.core.ingest_ledger import CORE_INGEST_LEDGER
from schemas.core.quarantine import CORE_QUARANTINE
from schemas.lineage import TABLES

SAYS_ALL = ("ingested", "empty", "seen before")
"""Status of a delivery that says what its file has: what the file said before holds no longer."""


def publish(ingest: Ingest, outcomes: list[Outcome], merged: Mapping[str, Merged], rows: list[Row]) -> None:
    """Check all, then commit: raw tables, bad cells, quarantine, and the ledger last.

    What a killed run committed before the ledger is undone by the next.
    """
    tables = {**TABLES} | {outcome.plan.table.path: outcome.plan.table for outcome in outcomes}
    added = {path: of_table.added for path, of_table in merged.items()}
    by_the_way = {table.path: _staged(outcomes, table) for table in (CORE_CELL_FAULTS, CORE_QUARANTINE)}
    findings = _checked(ingest, tables, added | by_the_way)
    for path, of_table in merged.items():
        if of_table.added or of_table.replaced_days:
            _commit(ingest, tables[path], of_table.added, of_table.replaced_days, findings)
    again = [row for row in rows if key_of(row) in ingest.ledger.by_key]
    for path, staged in by_the_way.items():
        kept, rewritten = _without(ingest, TABLES[path], again)
        if staged or rewritten:
            _commit(ingest, TABLES[path], [*staged, *kept], rewritten, findings)
    replaced = [
        row
        for new in rows
        if new["status"] in SAYS_ALL and new["size_bytes"]
        for row in ingest.ledger.in_force.get(feed_of(new), [])
        if key_of(row) != key_of(new)
    ]
    ledger, days = stage_ledger(ingest.lake.settings.lake, ingest.run_id, ingest.ledger, rows, replaced)
    of_ledger = _checked(ingest, tables, {CORE_INGEST_LEDGER.path: ledger})
    _commit(ingest, CORE_INGEST_LEDGER, ledger, days, of_ledger)


def _staged(outcomes: list[Outcome], table: Table) -> list[DataFile]:
    return [file for outcome in outcomes for file in outcome.files.get(table.path, [])]


def _checked(
    ingest: Ingest, tables: Mapping[str, Table], staged: Mapping[str, list[DataFile]]
) -> dict[str, list[Finding]]:
    """By table, what its promises find in what is to be published; an IngestError where one blocks."""
    asked = {path: ingest.lake.start_check(tables[path], files) for path, files in staged.items() if files}
    findings = {path: of_table.result() for path, of_table in asked.items()}
    for path, of_table in findings.items():
        if broken := [finding for finding in of_table if finding.blocks]:
            raise IngestError(
                f"{path} of {broken[0].day} promises '{broken[0].check.promise}', but "
                f"{broken[0].rows_broken} rows break it ({broken[0].examples}); nothing was published, "
                "please report this defect."
            )
    return findings


def _without(ingest: Ingest, table: Table, again: list[Row]) -> tuple[list[DataFile], set[date]]:
    """The table's files without what it has of deliveries that were read again."""
    days = {
        day
        for row in again
        for day in (row["days_touched"] if table is CORE_CELL_FAULTS else [row["production_day"]])
    }
    names = pa.array([f"{row['delivery_id']} {row['table_path']}" for row in again], pa.string())

    def is_out(batch: pa.RecordBatch) -> pa.Array:
        return pc.is_in(pc.binary_join_element_wise(batch["delivery_id"], batch["table_path"], " "), names)

    return without_rows(ingest.lake.settings.lake, table, ingest.run_id, days, is_out)


def _commit(
    ingest: Ingest,
    table: Table,
    added: list[DataFile],
    replaced_days: set[date],
    findings: Mapping[str, list[Finding]],
) -> None:
    commit = ingest.lake.run.commit(table) | {"ingest_no": str(ingest.ingest_no)}
    delta.publish(ingest.lake.settings.lake, table, added, replaced_days, commit)
    if table.kept_by_the_run:
        # Checked like all tables; the books tell of what was delivered and made.
        return
    days = tuple(sorted({file.day for file in added} | replaced_days))
    ingest.lake.run.written.append(Written(table, days, (), findings.get(table.path, [])))
