"""A task's hand read from its files: all rows of a key, one key after the other."""

from collections.abc import Iterator, Sequence

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from jobs.lake import delta
from jobs.lake.delta import DataFile
from jobs.lake.hands import Hand, Held, Ranges
from schemas.contract import Table

ROWS_AT_ONCE = 131_072
SUPERSEDED = "superseded_at"


def wholes(lake: str, table: Table, columns: Sequence[str], hand: Hand) -> Iterator[tuple[str, pa.Table]]:
    """Each key of the hand with all its rows that hold, in the order of time where time is among the columns.

    A column that a file lacks is empty. Memory holds the keys that have begun and not ended, and the batches
    that they lie in.
    """
    own = [SUPERSEDED] if table.layer == "raw" else []
    schema = pa.schema([delta.arrow_schema(table).field(name) for name in dict.fromkeys([*columns, *own])])
    ends = {key: (held.file, ranges.max()) for held in hand for key, ranges in held.ranges.items()}
    begun: dict[str, list[pa.RecordBatch]] = {}
    for held in hand:
        for row, batch in _batches(lake, table, schema, held):
            for key, ranges in held.ranges.items():
                if part := _part(batch, ranges - row):
                    begun.setdefault(key, []).append(part)
                    file, end = ends[key]
                    if held.file == file and row + len(batch) >= end:
                        yield key, _in_force(begun.pop(key), table).select(columns)


def _batches(lake: str, table: Table, schema: pa.Schema, held: Held) -> Iterator[tuple[int, pa.RecordBatch]]:
    """The batches of row groups with rows of the hand, each with the place of its first row in the file."""
    filesystem, root = delta.filesystem_of(delta.table_uri(lake, table))
    ranges = np.concatenate(list(held.ranges.values()))
    with filesystem.open_input_file(f"{root}/{held.file.path}") as source:
        parquet = pq.ParquetFile(source)
        there = [name for name in schema.names if name in parquet.schema_arrow.names]
        row = 0
        for group in range(parquet.num_row_groups):
            end = row + parquet.metadata.row_group(group).num_rows
            if ((ranges[:, 0] < end) & (ranges[:, 1] > row)).any():
                # Tasks are parallel already.
                for batch in parquet.iter_batches(ROWS_AT_ONCE, [group], there, use_threads=False):
                    yield row, _with_all(batch, schema, held.file)
                    row += len(batch)
            row = end


def _with_all(batch: pa.RecordBatch, schema: pa.Schema, file: DataFile) -> pa.RecordBatch:
    there = dict(zip(batch.schema.names, batch.columns, strict=True))
    if delta.DAY in schema.names:
        # The day is the folder's name and no column of the file.
        there[delta.DAY] = pa.repeat(pa.scalar(file.day, pa.date32()), len(batch))
    columns = [
        there[field.name].cast(field.type) if field.name in there else pa.nulls(len(batch), field.type)
        for field in schema
    ]
    return pa.record_batch(columns, schema=schema)


def _part(batch: pa.RecordBatch, ranges: Ranges) -> pa.RecordBatch | None:
    """The rows of the batch in these ranges, counted from its first row."""
    inside = np.clip(ranges, 0, len(batch))
    inside = inside[inside[:, 0] < inside[:, 1]]
    if not len(inside):
        return None
    if len(inside) == 1:
        return batch.slice(inside[0, 0], inside[0, 1] - inside[0, 0])
    return batch.take(pa.array(np.concatenate([np.arange(first, end) for first, end in inside])))


def _in_force(parts: list[pa.RecordBatch], table: Table) -> pa.Table:
    """The rows that hold, in the order of time if it was read."""
    rows = pa.Table.from_batches(parts)
    if SUPERSEDED in rows.column_names and rows[SUPERSEDED].null_count < len(rows):
        rows = rows.filter(pc.is_null(rows[SUPERSEDED]))
    if table.day_of not in rows.column_names:
        return rows
    times = rows[table.day_of].cast(pa.int64()).to_numpy()
    if (times[1:] < times[:-1]).any():
        rows = rows.take(pa.array(np.argsort(times, kind="stable")))
    return rows
