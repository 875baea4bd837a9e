"""What a run writes of itself, merged into its days: mart/data_quality and mart/table_freshness."""

from collections.abc import Iterable, Iterator, Sequence
from datetime import UTC, datetime
from typing import Any

import pyarrow as pa

from jobs.lake import delta
from jobs.lake.lake import Lake
from jobs.lake.locks import waiting_for
from jobs.run import Written
from schemas.contract import Table
from schemas.mart.data_quality import MART_DATA_QUALITY
from schemas.mart.table_freshness import MART_TABLE_FRESHNESS


class BooksError(RuntimeError):
    """What a run knows of itself breaks a promise."""


def keep_books(lake: Lake, tables: Sequence[Written], ingest_no: int, known_to_at: datetime | None) -> None:
    """Record what was checked and made of these tables, and up to which ingest deliveries were known."""
    known = {"ingest_no": ingest_no, "known_to_at": known_to_at}
    quality = [row for written in tables for row in _quality(lake, written)]
    fresh = [row | known for written in tables for row in _fresh(lake, written)]
    with waiting_for(lake.settings.home, "books"):
        merge(lake, MART_DATA_QUALITY, quality, by="table_path")
        merge(lake, MART_TABLE_FRESHNESS, fresh, by="table_path")


def _quality(lake: Lake, written: Written) -> Iterator[dict[str, Any]]:
    for finding in written.findings:
        yield {
            "table_path": written.table.path,
            "production_day": finding.day,
            "promise": finding.check.promise,
            "severity": finding.check.severity.value,
            "rows_checked": finding.rows_checked,
            "rows_broken": finding.rows_broken,
            "is_kept": finding.rows_broken == 0,
            "is_published": finding.day not in written.blocked,
            "examples": finding.examples,
            "checked_at": datetime.now(UTC),
            "run_id": lake.run.run_id,
        }


def _fresh(lake: Lake, written: Written) -> Iterator[dict[str, Any]]:
    files = delta.current_files(lake.settings.lake, written.table, set(written.published))
    for day in written.published:
        of_day = [file for file in files if file.day == day]
        yield {
            "table_path": written.table.path,
            "production_day": day,
            "rows": sum(file.rows for file in of_day),
            "reaches_to_at": delta.reaches_to_at(lake.settings.lake, written.table, of_day),
            "made_at": datetime.now(UTC),
            "code_version": lake.run.code_version,
            "run_id": lake.run.run_id,
        }


def merge(lake: Lake, table: Table, rows: Iterable[dict[str, Any]], by: str) -> None:
    """Put the rows in the place of what their days had for the same values of the column ``by``."""
    new = list({tuple(row[name] for name in table.key): row for row in rows}.values())
    if not new:
        return
    days = {row["production_day"] for row in new}
    told = {(row[by], row["production_day"]) for row in new}
    had = delta.rows_of(lake.settings.lake, table, days).to_pylist()
    kept = [row for row in had if (row[by], row["production_day"]) not in told]
    batches = pa.Table.from_pylist(kept + new, delta.arrow_schema(table)).to_batches()
    own = lake.for_table(table)
    staged = delta.stage_batches(lake.settings.lake, table, own.folder, batches)
    broken = [finding for finding in own.check(table, staged) if finding.blocks]
    if broken:
        raise BooksError(
            f"{table.path} promises '{broken[0].check.promise}', but {broken[0].rows_broken} rows break it "
            f"({broken[0].examples}); this is a defect of coilmart, please report it."
        )
    delta.publish(lake.settings.lake, table, staged, days, lake.run.commit(table))
