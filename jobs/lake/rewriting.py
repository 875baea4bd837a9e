"""Files of a table: read, written again with a change, copied; and the commits of a dead run undone."""

import uuid
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.dataset as ds
import pyarrow.parquet as pq
from deltalake import DeltaTable

from jobs.lake import delta
from jobs.lake.delta import DAY, DataFile
from schemas.contract import Table

COMMITS_LOOKED_AT = 20
"""A dead run's commits are the last ones, but for what housekeeping did since."""


def batches_of(lake: str, table: Table, file: DataFile) -> Iterator[pa.RecordBatch]:
    """The rows of one file with every field of the contract; a field that the file lacks is empty."""
    filesystem, root = delta.filesystem_of(delta.table_uri(lake, table))
    schema = delta.arrow_schema(table)
    with filesystem.open_input_file(f"{root}/{file.path}") as source:
        for batch in pq.ParquetFile(source).iter_batches():
            day = pa.repeat(pa.scalar(file.day, pa.date32()), len(batch))
            columns = {name: batch[name] for name in batch.schema.names} | {DAY: day}
            arrays = [
                columns[f.name].cast(f.type) if f.name in columns else pa.nulls(len(batch), f.type)
                for f in schema
            ]
            yield pa.record_batch(arrays, schema=schema)


def dataset_of(lake: str, table: Table, files: Sequence[DataFile]) -> ds.Dataset:
    """The rows of these files, without their day, as a data set that reads only the columns asked for."""
    schema = delta.arrow_schema(table)
    stored = schema.remove(schema.get_field_index(DAY))
    filesystem, root = delta.filesystem_of(delta.table_uri(lake, table))
    paths = [f"{root}/{file.path}" for file in files]
    if not paths:
        return ds.dataset(stored.empty_table())
    return ds.dataset(paths, schema=stored, format="parquet", filesystem=filesystem)


def restage(
    lake: str, table: Table, run_id: str, file: DataFile, change: Callable[[pa.RecordBatch], pa.RecordBatch]
) -> list[DataFile]:
    """The file again, each batch as ``change`` leaves it; nothing where no row is left."""
    changed = (change(batch) for batch in batches_of(lake, table, file))
    return delta.stage_batches(lake, table, run_id, (batch for batch in changed if len(batch)))


def in_place_of(
    lake: str, table: Table, run_id: str, rewritten: Mapping[DataFile, list[DataFile]]
) -> list[DataFile]:
    """All that the days of the rewritten files have from now on: these, and copies of the days' other files.

    A day that is replaced names none of the files that it had.
    """
    current = delta.current_files(lake, table, {file.day for file in rewritten})
    again = (
        rewritten[file] if file in rewritten else [_copied(lake, table, run_id, file)] for file in current
    )
    return [file for files in again for file in files]


def without_rows(
    lake: str, table: Table, run_id: str, days: Collection[date], is_out: Callable[[pa.RecordBatch], pa.Array]
) -> tuple[list[DataFile], set[date]]:
    """The files that days have from now on, without the rows that are out; only days that had such rows."""
    rewritten = {
        file: restage(lake, table, run_id, file, lambda batch: batch.filter(pc.invert(is_out(batch))))
        for file in delta.current_files(lake, table, days)
        if any(pc.any(is_out(batch)).as_py() for batch in batches_of(lake, table, file))
    }
    return in_place_of(lake, table, run_id, rewritten), {file.day for file in rewritten}


def _copied(lake: str, table: Table, run_id: str, file: DataFile) -> DataFile:
    filesystem, root = delta.filesystem_of(delta.table_uri(lake, table))
    path = f"{run_id}/{DAY}={file.day}/{uuid.uuid4().hex}.parquet"
    filesystem.create_dir(f"{root}/{path}".rpartition("/")[0], recursive=True)
    filesystem.copy_file(f"{root}/{file.path}", f"{root}/{path}")
    return replace(file, path=path)


def undo_unfinished(lake: str, table: Table, ingest_no: int) -> None:
    """Take back the commits of ingests after that one: their run died before it wrote the ledger."""
    if not delta.exists(lake, table):
        return
    found = DeltaTable(delta.table_uri(lake, table))
    unfinished = None
    for commit in found.history(COMMITS_LOOKED_AT):
        if commit["operation"] == "RESTORE":
            break
        if int(commit.get("ingest_no", 0)) > ingest_no:
            unfinished = commit["version"]
    if unfinished is not None:
        found.restore(unfinished - 1)
