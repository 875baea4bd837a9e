"""One Parquet file of a table's day while it is written, in row groups of a good size."""

import pyarrow as pa
import pyarrow.parquet as pq

from schemas.contract import MOMENT_TYPES, MOMENTS, Table

ROWS_A_GROUP = 32_768
"""Of a row group, at least, if there are so many: 80 MB of the widest table."""


class DayFile:
    """A Parquet file that is being written; batches wait until they make a row group.

    Row groups of a few thousand rows cost a third more to write, and are larger.
    """

    def __init__(self, path: str, sink: pa.NativeFile, table: Table, schema: pa.Schema) -> None:
        """``sink``: where the path leads; ``schema``: that of the table without its day."""
        self.path, self.schema, self.sink = path, schema, sink
        self.writer = pq.ParquetWriter(sink, schema, compression="zstd", **_of_columns(table))
        self.waiting: list[pa.RecordBatch] = []

    def add(self, batch: pa.RecordBatch) -> None:
        """Write the batch with those that wait, or let it wait."""
        self.waiting.append(batch)
        if sum(map(len, self.waiting)) >= ROWS_A_GROUP:
            self._write()

    def close(self) -> None:
        """Write what waits, and the file's end."""
        self._write()
        self.writer.close()
        self.sink.close()

    def _write(self) -> None:
        if self.waiting:
            self.writer.write_table(pa.Table.from_batches(self.waiting, self.schema))
            self.waiting = []


def _of_columns(table: Table) -> dict[str, list[str]]:
    """Which columns have a dictionary and statistics; all, where nothing is said.

    Of means and deviations hardly two are equal. The least and the greatest of moments skip no rows: every
    file has strips that are hot and strips that are cold.
    """
    if not any(field.type == MOMENTS for field in table.fields):
        return {}
    parts = {MOMENTS: [f".{part}" for part in MOMENT_TYPES if part not in {"mean", "sd"}]}
    repeated = [f"{field.name}{part}" for field in table.fields for part in parts.get(field.type, [""])]
    return {
        "use_dictionary": repeated,
        "write_statistics": [field.name for field in table.fields if field.type != MOMENTS],
    }
