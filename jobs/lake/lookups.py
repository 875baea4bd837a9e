"""Rows of a table that a task looks up by itself, where it has seen which ones it needs."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime

import pyarrow as pa
import pyarrow.dataset as ds

from jobs.lake import delta
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
