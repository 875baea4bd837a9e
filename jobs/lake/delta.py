"""Delta tables by their own log: which files a table has, and one commit that publishes new ones."""

import json
import uuid
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.dataset as ds
import pyarrow.parquet as pq
from deltalake import CommitProperties, DeltaTable
from deltalake import Schema as DeltaSchema
from deltalake.transaction import AddAction
from pyarrow import fs

from jobs.lake.columns import LakeError, bring_up_to, delta_schema, signals_beside
from jobs.lake.day_file import DayFile
from schemas.contract import MOMENT_TYPES, MOMENTS, Table

DAY = "production_day"
ARROW = {
    "string": pa.string(),
    "double": pa.float64(),
    "bigint": pa.int64(),
    "boolean": pa.bool_(),
    "date": pa.date32(),
    "timestamp": pa.timestamp("us", tz="UTC"),
    "map<string,string>": pa.map_(pa.string(), pa.string()),
    "array<string>": pa.list_(pa.string()),
    "array<double>": pa.list_(pa.float64()),
    "array<date>": pa.list_(pa.date32()),
}
ARROW[MOMENTS] = pa.struct([(name, ARROW[type_name]) for name, type_name in MOMENT_TYPES.items()])


@dataclass(frozen=True)
class DataFile:
    """One Parquet file of one production day; ``path`` is relative to the table's folder."""

    path: str
    day: date
    rows: int
    size_bytes: int


def table_uri(lake: str, table: Table) -> str:
    """The table's folder in the lake."""
    return f"{lake}/{table.path}"


def arrow_schema(table: Table) -> pa.Schema:
    """The contract's fields as Arrow types; timestamps in microseconds, UTC."""
    return pa.schema([pa.field(field.name, ARROW[field.type]) for field in table.fields])


def exists(lake: str, table: Table) -> bool:
    """True once the table has had a commit."""
    return DeltaTable.is_deltatable(table_uri(lake, table))


def as_in_lake(lake: str, table: Table) -> Table:
    """The contract with the signals that the lake's table has beside it: a plant declared them."""
    stored = schema_in_lake(lake, table)
    return table if stored is None else table.with_fields(signals_beside(table, stored))


def schema_in_lake(lake: str, table: Table) -> DeltaSchema | None:
    """The columns that the lake's table has; nothing where the table was never made."""
    return DeltaTable(table_uri(lake, table)).schema() if exists(lake, table) else None


def current_files(lake: str, table: Table, days: Collection[date] | None = None) -> list[DataFile]:
    """The files that the table has now, of those days or of all."""
    if not exists(lake, table):
        return []
    actions = pa.table(DeltaTable(table_uri(lake, table)).get_add_actions(flatten=True))
    columns = (
        actions[name].to_pylist() for name in ("path", f"partition.{DAY}", "num_records", "size_bytes")
    )
    files = [DataFile(*values) for values in zip(*columns, strict=True)]
    return sorted((f for f in files if days is None or f.day in days), key=lambda f: (f.day, f.path))


def rows_of(lake: str, table: Table, days: Collection[date]) -> pa.Table:
    """All rows of those days, in memory: for tables that a run keeps of itself."""
    if not exists(lake, table):
        return arrow_schema(table).empty_table()
    rows = DeltaTable(table_uri(lake, table)).to_pyarrow_dataset()
    return rows.to_table(filter=ds.field(DAY).isin(sorted(days)))


def stage_batches(lake: str, table: Table, run_id: str, batches: Iterable[pa.RecordBatch]) -> list[DataFile]:
    """Write batches that carry every field of the contract as one zstd Parquet file per production day.

    Nothing refers to the files until they are published. Memory holds one batch and one open row group a day.
    """
    filesystem, root = filesystem_of(table_uri(lake, table))
    schema = arrow_schema(table)
    stored = schema.remove(schema.get_field_index(DAY))
    name = uuid.uuid4().hex
    files: dict[date, DayFile] = {}
    for batch in batches:
        for day, part in _by_day(batch.cast(schema) if batch.schema != schema else batch):
            if day not in files:
                folder = f"{run_id}/{DAY}={day}"
                filesystem.create_dir(f"{root}/{folder}", recursive=True)
                path = f"{folder}/{name}.parquet"
                sink = filesystem.open_output_stream(f"{root}/{path}")
                files[day] = DayFile(path, sink, table, stored)
            files[day].add(part.drop_columns([DAY]))
    for file in files.values():
        file.close()
    return [_data_file(filesystem, root, table, file.path) for file in files.values()]


def _by_day(batch: pa.RecordBatch) -> Iterable[tuple[date, pa.RecordBatch]]:
    days = pc.unique(batch[DAY]).to_pylist()
    if len(days) == 1:
        yield days[0], batch
    else:
        for day in days:
            yield day, batch.filter(pc.equal(batch[DAY], pa.scalar(day, pa.date32())))


def staged_files(lake: str, table: Table, run_id: str) -> list[DataFile]:
    """The files that an engine wrote, partitioned by day, into the run's folder of the table."""
    filesystem, root = filesystem_of(table_uri(lake, table))
    listing = filesystem.get_file_info(
        fs.FileSelector(f"{root}/{run_id}", recursive=True, allow_not_found=True)
    )
    written = (info.path.removeprefix(f"{root}/") for info in listing if info.path.endswith(".parquet"))
    return [_data_file(filesystem, root, table, path) for path in sorted(written)]


def _data_file(filesystem: fs.FileSystem, root: str, table: Table, path: str) -> DataFile:
    footer = pq.read_metadata(f"{root}/{path}", filesystem=filesystem)
    day = path.split(f"{DAY}=")[1].split("/")[0]
    if day == "__HIVE_DEFAULT_PARTITION__":
        raise LakeError(
            f"Each row of {table.path} promises a production day, but {footer.num_rows} rows have none; "
            f"set it from {table.day_of}."
        )
    size = filesystem.get_file_info(f"{root}/{path}").size
    return DataFile(path, date.fromisoformat(day), footer.num_rows, size)


def reaches_to_at(lake: str, table: Table, files: Iterable[DataFile]) -> datetime | None:
    """The latest ``day_of`` of these files by their footers; nothing where the table knows days only."""
    if table.day_of == DAY:
        return None
    filesystem, root = filesystem_of(table_uri(lake, table))
    footers = (pq.read_metadata(f"{root}/{file.path}", filesystem=filesystem) for file in files)
    return max((latest for footer in footers for latest in _latest(footer, table.day_of)), default=None)


def _latest(footer: pq.FileMetaData, name: str) -> Iterator[datetime]:
    place = [footer.schema.column(i).path for i in range(footer.num_columns)].index(name)
    for group in range(footer.num_row_groups):
        statistics = footer.row_group(group).column(place).statistics
        if statistics is not None and statistics.has_min_max:
            yield statistics.max.astimezone(UTC)


def discard(lake: str, table: Table, files: Iterable[DataFile]) -> None:
    """Delete staged files that are not going to be published."""
    filesystem, root = filesystem_of(table_uri(lake, table))
    for file in files:
        filesystem.delete_file(f"{root}/{file.path}")


def publish(
    lake: str,
    table: Table,
    added: Iterable[DataFile],
    replaced_days: Collection[date],
    commit: Mapping[str, str],
) -> None:
    """One commit: the replaced days have the added files and no others; other days gain theirs.

    ``commit`` says in the table's history who wrote it and from what.
    """
    target = _open_or_create(lake, table)
    filters = [(DAY, "in", [str(day) for day in sorted(replaced_days)])] if replaced_days else None
    target.create_write_transaction(
        [_add_action(file) for file in added],
        mode="overwrite" if replaced_days else "append",
        schema=target.schema(),
        partition_by=[DAY],
        partition_filters=filters,
        commit_properties=CommitProperties(custom_metadata=dict(commit)),
    )


def _add_action(file: DataFile) -> AddAction:
    # Statistics of some columns only are read as "all others are null": the number of rows alone is safe.
    statistics = json.dumps({"numRecords": file.rows})
    now_ms = int(datetime.now(UTC).timestamp() * 1000)
    return AddAction(file.path, file.size_bytes, {DAY: str(file.day)}, now_ms, True, statistics)


def _open_or_create(lake: str, table: Table) -> DeltaTable:
    uri = table_uri(lake, table)
    if exists(lake, table):
        found = DeltaTable(uri)
        bring_up_to(found, table)
        return found
    # A log is read from its last checkpoint: ten commits at most, however long the table's history.
    options = {"delta.checkpointInterval": "10"}
    return DeltaTable.create(
        uri,
        delta_schema(table),
        mode="ignore",
        partition_by=[DAY],
        description=table.meaning,
        configuration=options,
    )


def filesystem_of(uri: str) -> tuple[fs.FileSystem, str]:
    """The file system that the URI is on, and its path there."""
    return fs.FileSystem.from_uri(uri.replace("s3a://", "s3://"))
