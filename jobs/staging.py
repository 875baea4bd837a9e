"""What a task stages: files of several tables that nothing refers to until they are published."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from jobs.lake import delta
from jobs.lake.delta import DataFile
from jobs.lake.rewriting import restage
from schemas.contract import Table

ROWS_AT_ONCE = 100_000
"""Rows that come by the way, such as quarantined ones, wait in memory until there are so many."""


class StagingError(RuntimeError):
    """What was read cannot be written: the file that it came from is not to blame."""


@dataclass
class Staging:
    """Files by table; ``run_id`` is the folder that they are written to."""

    lake: str
    run_id: str
    files: dict[str, list[DataFile]] = field(default_factory=dict)
    _waiting: dict[str, list[pa.RecordBatch]] = field(default_factory=dict)

    def write(self, table: Table, batches: Iterable[pa.RecordBatch]) -> None:
        """Stage all batches, one file a day."""
        try:
            staged = delta.stage_batches(self.lake, table, self.run_id, batches)
        except OSError as error:
            raise StagingError(
                f"The lake promises room for what is taken in, but {table.path} cannot be written ({error}); "
                "make room, or mend the access to it."
            ) from error
        self.files.setdefault(table.path, []).extend(staged)

    def add(self, table: Table, rows: pa.Table | Sequence[dict[str, Any]]) -> None:
        """Stage rows by and by."""
        if not len(rows):
            return
        schema = delta.arrow_schema(table)
        found = (
            rows.select(schema.names).cast(schema)
            if isinstance(rows, pa.Table)
            else pa.Table.from_pylist(rows, schema)
        )
        waiting = self._waiting.setdefault(table.path, [])
        waiting += found.combine_chunks().to_batches()
        if sum(map(len, waiting)) > ROWS_AT_ONCE:
            self.flush(table)

    def flush(self, table: Table) -> None:
        """Stage what waits."""
        if waiting := self._waiting.pop(table.path, []):
            self.write(table, waiting)

    def without(self, table: Table, row_numbers: pa.Array) -> None:
        """Take rows out of what is staged for the table, by their place in the delivery."""

        def kept(batch: pa.RecordBatch) -> pa.RecordBatch:
            return batch.filter(pc.invert(pc.is_in(batch["row_number"], row_numbers)))

        waiting = map(kept, self._waiting.pop(table.path, []))
        staged = self.files.pop(table.path, [])
        self._waiting[table.path] = [batch for batch in waiting if len(batch)]
        self.files[table.path] = [
            again for file in staged for again in restage(self.lake, table, self.run_id, file, kept)
        ]
        delta.discard(self.lake, table, staged)

    def discard(self, tables: Iterable[Table]) -> None:
        """Delete all that is staged."""
        for table in tables:
            self._waiting.pop(table.path, None)
            delta.discard(self.lake, table, self.files.pop(table.path, []))

    def rows(self, table: Table) -> int:
        """How many rows are staged for the table."""
        return sum(file.rows for file in self.files.get(table.path, []))
