"""Rows of a table that a task looks up by itself, where it has seen which ones it needs."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime

import pyarrow as pa
import pyarrow.dataset as ds
import pyarrow.parquet as pq

from jobs.lake import delta
from jobs.lake.delta import DataFile
from jobs.lake.kernels import files_of
from jobs.lake.lake import Lake
from jobs.run import Days
from schemas.contract import Table


@dataclass(frozen=True)
class Lookup:
    """Columns of rows of a table, of a raw one those that hold; a task gets it as it is."""

    lake: str
    table: Table
    paths: Sequence[str]
    columns: Sequence[str]

    def __call__(
        self, by: str, values: Collection[str], since: datetime | None = None, until: datetime | None = None
    ) -> pa.Table:
        """The rows with one of these values, and with a time from ``since`` to ``until``, both included."""
        wanted = ds.field(by).isin(pa.array(sorted(values), pa.string()))
        time = ds.field(self.table.day_of)
        if since is not None and until is not None:
            wanted &= (time >= since) & (time <= until)
        if self.table.layer == "raw":
            wanted &= ds.field("superseded_at").is_null()
        filesystem, root = delta.filesystem_of(delta.table_uri(self.lake, self.table))
        # A file of an older contract lacks the newer fields; they are empty there.
        rows = ds.dataset(
            [f"{root}/{path}" for path in self.paths],
            schema=delta.arrow_schema(self.table),
            format="parquet",
            filesystem=filesystem,
        )
        return rows.to_table(columns=list(self.columns), filter=wanted)


def lookup(lake: Lake, table: Table, days: Days, columns: Sequence[str]) -> Lookup:
    """Rows of an input in the window that these days are made from."""
    paths = [file.path for file in files_of(lake, table, days)]
    return Lookup(lake.settings.lake, table, paths, columns)


@dataclass(frozen=True)
class Rows:
    """All rows of some files of a table, as a task reads them by itself: the columns that it asks for."""

    lake: str
    table: Table
    files: Sequence[DataFile]

    def __call__(self, columns: Sequence[str]) -> pa.Table:
        """The rows with these columns, the production day among them where it is asked for."""
        filesystem, root = delta.filesystem_of(delta.table_uri(self.lake, self.table))
        schema = pa.schema([delta.arrow_schema(self.table).field(name) for name in columns])
        parts = [schema.empty_table()]
        for file in self.files:
            with filesystem.open_input_file(f"{root}/{file.path}") as source:
                parts.append(_with_all(pq.ParquetFile(source), schema, file))
        return pa.concat_tables(parts)


def rows(lake: Lake, table: Table, days: Days) -> Rows:
    """An input in the window that these days are made from."""
    return Rows(lake.settings.lake, table, files_of(lake, table, days))


def _with_all(parquet: pq.ParquetFile, schema: pa.Schema, file: DataFile) -> pa.Table:
    """A file of an older contract lacks the newer fields; they are empty. The day is the folder's name."""
    there = [name for name in schema.names if name in parquet.schema_arrow.names]
    found = parquet.read(there, use_threads=False)
    own = {name: found[name] for name in there}
    if delta.DAY in schema.names:
        own[delta.DAY] = pa.array([file.day] * file.rows, pa.date32())
    columns = [own.get(field.name, pa.nulls(file.rows, field.type)) for field in schema]
    return pa.table(columns, schema.names).cast(schema)
