"""The tables as DuckDB sees them: no Spark, nothing written, nothing read but the lake."""

import re

import duckdb
import pyarrow.dataset as ds
from deltalake import DeltaTable

from jobs.lake import delta
from jobs.lake.columns import signals_beside
from jobs.settings import CACHE
from schemas.contract import Table
from schemas.lineage import TABLES

HISTORY = "$history"
"""A raw table's name with this behind it holds every version of a row, not only those that hold."""

# DuckDB gets Arrow data sets, opened by us: it needs no file, no network and no extension of its own.
LOCKS = {
    "temp_directory": str(CACHE / "spill"),
    "python_enable_replacements": False,
    "autoinstall_known_extensions": False,
    "autoload_known_extensions": False,
    "allow_persistent_secrets": False,
    "enable_external_access": False,
    "lock_configuration": True,
}


def open_lake(lake: str, named_in: str | None = None, time_zone: str = "UTC") -> duckdb.DuckDBPyConnection:
    """A connection with a view per table, ``mart.coil_yields``; a table never made is there and empty.

    ``raw.coils`` has the rows that hold, ``raw."coils$history"`` superseded ones too. Times are by the clock
    of ``time_zone``. The connection can neither write files nor read any outside the lake. ``named_in``: a
    query; only the tables that it names are opened, which is faster, but all where it names none, as in
    ``show all tables``.
    """
    connection = duckdb.connect()
    for layer in dict.fromkeys(table.layer for table in TABLES.values()):
        connection.execute(f"create schema {layer}")
    for table in tables_named(named_in or "") or TABLES.values():
        _view(connection, table, _dataset(lake, table))
    # What does not fit into memory goes there, and DuckDB makes the last folder only.
    CACHE.mkdir(parents=True, exist_ok=True)
    for name, value in ({"TimeZone": time_zone} | LOCKS).items():
        connection.execute(f"set {name} = ?", [value])
    return connection


def require_tables(lake: str) -> None:
    """A LakeError where there is no table at all: mostly another folder than the mill's."""
    if not any(delta.exists(lake, table) for table in TABLES.values()):
        raise delta.LakeError(
            f"A lake promises to be a folder of tables, but {lake} has none; go to the folder of the mill or "
            "name it (--home), or make a first night: `coilmart demo`, `coilmart nightly --day YYYY-MM-DD`."
        )


def tables_named(query: str) -> list[Table]:
    """The tables whose names occur in the query.

    >>> [table.path for table in tables_named("select * from mart.coil_yields")]
    ['mart/coil_yields']
    """
    words = set(re.findall(r"\w+", query.lower()))
    return [table for table in TABLES.values() if table.name in words]


def _dataset(lake: str, table: Table) -> ds.Dataset:
    if not delta.exists(lake, table):
        return ds.dataset(delta.arrow_schema(table).empty_table())
    found = DeltaTable(delta.table_uri(lake, table))
    # The contract's schema: fields that an older table lacks are there and empty.
    promised = table.with_fields(signals_beside(table, found.schema()))
    return found.to_pyarrow_dataset(schema=delta.arrow_schema(promised))


def _view(connection: duckdb.DuckDBPyConnection, table: Table, dataset: ds.Dataset) -> None:
    connection.register(table.path, dataset)
    view = f'create view {table.layer}.{table.name} as from "{table.path}"'
    if table.layer == "raw":
        connection.execute(f'create view raw."{table.name}{HISTORY}" as from "{table.path}"')
        view += " where superseded_at is null"
    connection.execute(view)
