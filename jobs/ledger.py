"""core/ingest_ledger as an ingest sees it: what was delivered before, and what is written down of it."""

import hashlib
from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from functools import cached_property
from typing import Any

import pyarrow as pa

from jobs.lake import delta
from jobs.lake.delta import DataFile
from jobs.lake.lake import Lake
from jobs.lake.queries import open_lake
from jobs.landing import LandingFile
from jobs.merging import History
from pipelines.raw.source_map import TableMap
from schemas.core.ingest_ledger import CORE_INGEST_LEDGER

Row = Mapping[str, Any]
"""A row of core/ingest_ledger, by field."""

REPLACED = "replaced"


def delivery_id(source_file: str, content_hash: str) -> str:
    """Identity of a file with the content it has.

    >>> delivery_id("coils/a.csv", "00") == delivery_id("coils/b.csv", "00")
    False
    """
    return hashlib.blake2b(f"{source_file}\0{content_hash}".encode(), digest_size=16).hexdigest()


Key = tuple[str, str]
"""Delivery and table path, the ledger's key."""

Feed = tuple[str, str]
"""Source file and table path: what one delivery after another is of."""


def key_of(row: Row) -> Key:
    """The key of a row."""
    return row["delivery_id"], row["table_path"]


def feed_of(row: Row) -> Feed:
    """What the row's delivery is of."""
    return row["source_file"], row["table_path"]


@dataclass(frozen=True)
class Delivery:
    """A file with the content it has, and one table that it feeds."""

    file: LandingFile
    table_map: TableMap
    content_hash: str

    @property
    def delivery_id(self) -> str:
        """Its identity."""
        return delivery_id(self.file.source_file, self.content_hash)

    @property
    def key(self) -> Key:
        """Its key in the ledger."""
        return self.delivery_id, self.table_map.table.path

    @property
    def feed(self) -> Feed:
        """What it is a delivery of."""
        return self.file.source_file, self.table_map.table.path


@dataclass(frozen=True)
class Ledger:
    """All rows, oldest ingest first."""

    rows: list[dict[str, Any]]

    @property
    def last_ingest_no(self) -> int:
        """Number of the last ingest; 0 before the first."""
        return max((row["ingest_no"] for row in self.rows), default=0)

    @property
    def known_to_at(self) -> datetime | None:
        """When the lake last learned something."""
        return max((row["ingested_at"] for row in self.rows), default=None)

    @cached_property
    def by_key(self) -> dict[Key, dict[str, Any]]:
        """Each row by its key."""
        return {key_of(row): row for row in self.rows}

    @cached_property
    def in_force(self) -> dict[Feed, list[dict[str, Any]]]:
        """Deliveries of a file that were not replaced; where the last is unreadable, what holds is before."""
        rows: dict[Feed, list[dict[str, Any]]] = {}
        for row in self.rows:
            if row["status"] != REPLACED:
                rows.setdefault(feed_of(row), []).append(row)
        return rows

    def is_overtaken(self, row: dict[str, Any]) -> bool:
        """True where a later delivery, on days of this one, took the place of older rows."""
        days = set(row["days_touched"] or [])
        return any(
            other["rows_superseding"]
            and other["table_path"] == row["table_path"]
            and other["ingest_no"] >= row["ingest_no"]
            and not days.isdisjoint(other["days_touched"] or [])
            for other in self.rows
            if other is not row
        )

    def latest(self, feed: Feed) -> dict[str, Any] | None:
        """The last delivery of a file."""
        return self.in_force[feed][-1] if feed in self.in_force else None

    @cached_property
    def history(self) -> History:
        """What a merge asks of earlier deliveries."""
        days: dict[Feed, set[date]] = {}
        for row in self.rows:
            days.setdefault(feed_of(row), set()).update(row["days_touched"] or [])
        return History({row["delivery_id"]: row["modified_at"] for row in self.rows}, days)


@dataclass(frozen=True)
class Ingest:
    """One ingest: its moment, and what the ledger said before it. ``lake`` stages in a folder of its own."""

    lake: Lake
    ledger: Ledger
    now: datetime

    @classmethod
    def start(cls, lake: Lake, ledger: Ledger) -> "Ingest":
        """The next ingest, now."""
        run = replace(lake.run, run_id=f"{lake.run.run_id}-{ledger.last_ingest_no + 1}")
        return cls(replace(lake, run=run), ledger, datetime.now(UTC))

    @property
    def ingest_no(self) -> int:
        """Its number."""
        return self.ledger.last_ingest_no + 1

    @property
    def run_id(self) -> str:
        """The folder that it stages in."""
        return self.lake.run.run_id

    def first_ingested_on(self, delivery: Delivery) -> date:
        """The production day on which the delivery came in; today, unless it is read again."""
        before = self.ledger.by_key.get(delivery.key)
        return before["production_day"] if before else self.lake.settings.production_day(self.now)


def read_ledger(lake: str) -> Ledger:
    """The ledger of the lake."""
    asked = "select * from core.ingest_ledger order by ingest_no, modified_at, source_file"
    return Ledger(open_lake(lake, asked).sql(asked).to_arrow_table().to_pylist())


def stage_ledger(
    lake: str, run_id: str, ledger: Ledger, new: Collection[Row], replaced: Collection[Row]
) -> tuple[list[DataFile], set[date]]:
    """Stage new rows in the place of those with the same key, and those that were replaced, marked as such.

    The files, and the days that have these files alone from then on.
    """
    status = {key_of(row): {**row, "status": REPLACED} for row in replaced}
    written = status | {key_of(row): row for row in new}
    days = {ledger.by_key[key]["production_day"] for key in written if key in ledger.by_key}
    kept = [row for key, row in ledger.by_key.items() if row["production_day"] in days and key not in written]
    rows = pa.Table.from_pylist([*kept, *written.values()], delta.arrow_schema(CORE_INGEST_LEDGER))
    return delta.stage_batches(lake, CORE_INGEST_LEDGER, run_id, rows.to_batches()), days
