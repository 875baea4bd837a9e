"""What arrives meets what is there: duplicates are taken out, older versions superseded; table by table."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any

import duckdb
import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from jobs.lake import delta
from jobs.lake.delta import DataFile
from jobs.lake.rewriting import batches_of, dataset_of, in_place_of, restage
from jobs.outcomes import Outcome, take_out
from pipelines.raw import versions
from schemas.contract import Table

PLACES_A_FILE = 1 << 40


@dataclass(frozen=True)
class History:
    """What the ledger knows: when the file of each delivery was written, and the days of a table it touched.

    The latter by source file and table path, over all deliveries of the file.
    """

    modified_at: dict[str, datetime]
    days_touched: dict[tuple[str, str], set[date]]

    def days_of(self, outcome: Outcome) -> set[date]:
        """The days that the file of the delivery touched before."""
        return self.days_touched.get((outcome.plan.file.source_file, outcome.plan.table.path), set())


@dataclass
class Merged:
    """What is to be published of a raw table: ``added`` files, of which those of ``replaced_days`` are all.

    By delivery: the days of the table that it changes, and how many of its rows took the place of older ones.
    """

    added: list[DataFile] = field(default_factory=list)
    replaced_days: set[date] = field(default_factory=set)
    changed: dict[str, set[date]] = field(default_factory=dict)
    superseding: Counter[str] = field(default_factory=Counter)


@dataclass(frozen=True)
class _Stored:
    """A file of the table or of an arriving delivery, and the place of its first row among those of all."""

    file: DataFile
    first_place: int
    outcome: Outcome | None


def merge(
    lake: str,
    table: Table,
    run_id: str,
    outcomes: list[Outcome],
    history: History,
    now: datetime,
    connection: duckdb.DuckDBPyConnection,
) -> Merged:
    """Settle what arrives of a table against what it has; outcomes are left with what is kept of them."""
    files: list[tuple[DataFile, Outcome | None]] = [
        (file, outcome) for outcome in outcomes for file in outcome.files.get(table.path, [])
    ]
    days = _days_around(table, outcomes, history)
    files += [(file, None) for file in delta.current_files(lake, table, days)]
    stored = [_Stored(file, no * PLACES_A_FILE, outcome) for no, (file, outcome) in enumerate(files)]
    found = _verdicts(lake, table, stored, outcomes, history, connection)
    return _Merge(lake, table, run_id, now).apply(stored, found)


def _days_around(table: Table, outcomes: list[Outcome], history: History) -> set[date]:
    days = {file.day for outcome in outcomes for file in outcome.files.get(table.path, [])}
    near = {day + timedelta(days=n) for day in days for n in range(-table.key_days, table.key_days + 1)}
    return near.union(*(history.days_of(outcome) for outcome in outcomes))


def _verdicts(
    lake: str,
    table: Table,
    stored: list[_Stored],
    outcomes: list[Outcome],
    history: History,
    connection: duckdb.DuckDBPyConnection,
) -> pa.Table:
    for name, is_new in (("new_rows", True), ("old_rows", False)):
        files = [one.file for one in stored if bool(one.outcome) == is_new]
        connection.register(name, dataset_of(lake, table, files))
    if not versions.find_recurring(table, connection) and not any(map(history.days_of, outcomes)):
        # As mostly: only the keys were read.
        return versions.NO_VERDICTS
    versions.make_room(table, connection)
    arriving = [_arriving(outcome, history) for outcome in outcomes]
    modified_at = history.modified_at | {row["delivery_id"]: row["modified_at"] for row in arriving}
    connection.register("arriving", pa.Table.from_pylist(arriving))
    columns = {"delivery_id": list(modified_at), "modified_at": list(modified_at.values())}
    connection.register("written", pa.table(columns))
    for one in stored:
        connection.register("rows_of_file", dataset_of(lake, table, [one.file]))
        if versions.has_candidates(table, connection):
            connection.register("rows_of_file", _with_places(lake, table, one))
            versions.add_candidates(table, one.outcome is not None, connection)
    return versions.verdicts(connection)


def _arriving(outcome: Outcome, history: History) -> dict[str, Any]:
    return {
        "delivery_id": outcome.plan.arrival.delivery_id,
        "source_file": outcome.plan.file.source_file,
        "modified_at": outcome.plan.file.modified_at,
        "is_again": bool(history.days_of(outcome)),
    }


def _with_places(lake: str, table: Table, one: _Stored) -> pa.RecordBatchReader:
    schema = delta.arrow_schema(table).append(pa.field("place", pa.int64()))

    def placed() -> Iterator[pa.RecordBatch]:
        place = one.first_place
        for batch in batches_of(lake, table, one.file):
            places = pa.array(np.arange(place, place + len(batch)))
            yield pa.record_batch([*batch.columns, places], schema=schema)
            place += len(batch)

    return pa.RecordBatchReader.from_batches(schema, placed())


@dataclass
class _Merge:
    """The verdicts, put into effect."""

    lake: str
    table: Table
    run_id: str
    now: datetime
    merged: Merged = field(default_factory=Merged)
    rewritten: dict[DataFile, list[DataFile]] = field(default_factory=dict)

    def apply(self, stored: list[_Stored], found: pa.Table) -> Merged:
        places = found["place"].to_numpy()
        for one in stored:
            first, last = np.searchsorted(places, [one.first_place, one.first_place + PLACES_A_FILE])
            of_file = found.slice(first, last - first)
            if one.outcome:
                self._arrive(one, one.outcome, of_file)
            elif len(of_file):
                self.rewritten[one.file] = self._again(one, of_file)
                for delivery_id in pc.unique(of_file["delivery_id"]).to_pylist():
                    self._changed(delivery_id, [one.file])
        self.merged.replaced_days = {file.day for file in self.rewritten}
        self.merged.added += in_place_of(self.lake, self.table, self.run_id, self.rewritten)
        return self.merged

    def _arrive(self, one: _Stored, outcome: Outcome, of_file: pa.Table) -> None:
        """Take the file of an arriving delivery, without the rows that are there already."""
        files = [one.file]
        if pc.any(pc.not_equal(of_file["verdict"], "holds")).as_py():
            files = self._again(one, of_file)
            delta.discard(self.lake, self.table, [one.file])
        duplicates = of_file.filter(pc.equal(of_file["verdict"], "duplicate"))["row_number"].combine_chunks()
        take_out(outcome, duplicates)
        self.merged.added += files
        delivery_id = outcome.plan.arrival.delivery_id
        self._changed(delivery_id, files)
        self.merged.superseding[delivery_id] += pc.sum(of_file["takes_place"]).as_py() or 0

    def _again(self, one: _Stored, of_file: pa.Table) -> list[DataFile]:
        """The file without its duplicates, and with its superseded rows marked as such."""
        position = of_file["place"].to_numpy() - one.first_place
        verdict = of_file["verdict"].to_numpy()
        out = position[(verdict == "duplicate") | (verdict == "unchanged")]
        superseded = position[verdict == "superseded"]
        seen = 0

        def change(batch: pa.RecordBatch) -> pa.RecordBatch:
            nonlocal seen
            here = np.arange(seen, seen + len(batch))
            seen += len(batch)
            place = batch.schema.get_field_index("superseded_at")
            now = pa.scalar(self.now, batch.schema.field(place).type)
            marked = pc.if_else(pa.array(np.isin(here, superseded)), now, batch.column(place))
            return batch.set_column(place, batch.schema.field(place), marked).filter(
                pa.array(np.isin(here, out, invert=True))
            )

        return restage(self.lake, self.table, self.run_id, one.file, change)

    def _changed(self, delivery_id: str, files: list[DataFile]) -> None:
        self.merged.changed.setdefault(delivery_id, set()).update(file.day for file in files)
