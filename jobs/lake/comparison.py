"""Two lakes side by side: a night made by two engines, or twice, has the same rows."""

from collections.abc import Iterator, Sequence
from functools import reduce

import pyarrow as pa
import pyarrow.compute as pc
from duckdb import DuckDBPyConnection

from jobs.lake import delta
from jobs.lake.queries import open_lake
from schemas.contract import MOMENT_TYPES, MOMENTS, Field, Table
from schemas.lineage import TABLES

RELATIVE = 1e-9
"""Numbers agree to so much of the greater one: sums may be added in another order."""


def differences(one: str, other: str) -> list[str]:
    """One sentence per field in which the tables of two lakes differ; what is of the run is left out."""
    opened = [(lake, open_lake(lake)) for lake in (one, other)]
    return [line for table in TABLES.values() for line in _of_table(opened, table)]


def _of_table(opened: Sequence[tuple[str, DuckDBPyConnection]], table: Table) -> Iterator[str]:
    table, beside = (delta.as_in_lake(lake, table) for lake, _ in opened)
    if differ := set(table.field_names) ^ set(beside.field_names):
        yield f"{table.path}: only one lake has {', '.join(sorted(differ))}"
        return
    compared = [field for field in table.fields if not field.of_the_run]
    rows, others = (_rows(connection, table, compared) for _, connection in opened)
    if len(rows) != len(others):
        yield f"{table.path}: {len(rows)} rows and {len(others)} rows"
        return
    for field in compared:
        if different := _different(rows[field.name], others[field.name], field.type):
            place = different.index(True)
            yield (
                f"{table.path}.{field.name}: {sum(different)} of {len(rows)} rows differ, such as "
                f"{rows[field.name][place]} and {others[field.name][place]}"
            )


def _rows(connection: DuckDBPyConnection, table: Table, fields: list[Field]) -> pa.Table:
    # A map has no order of its own: its text, by name, does.
    names = [
        f"list_sort(map_entries({f.name}))::varchar as {f.name}" if f.type.startswith("map") else f.name
        for f in fields
    ]
    # The key first, then all else: several versions of a raw row have one key.
    order = dict.fromkeys(
        [*(name for name in table.key if name in table.field_names), *(f.name for f in fields)]
    )
    view = f'{table.layer}."{table.name}$history"' if table.layer == "raw" else f"{table.layer}.{table.name}"
    query = f"select {', '.join(names)} from {view} order by {', '.join(order)}"
    return connection.sql(query).to_arrow_table()


def _different(values: pa.ChunkedArray, others: pa.ChunkedArray, type_name: str) -> list[bool]:
    same = _same(values, others, type_name)
    return pc.invert(same).to_pylist() if not pc.all(same).as_py() else []


def _same(values: pa.ChunkedArray, others: pa.ChunkedArray, type_name: str) -> pa.ChunkedArray:
    both_missing = pc.and_(pc.is_null(values), pc.is_null(others))
    if type_name == "double":
        greater = pc.max_element_wise(pc.abs(values), pc.abs(others))
        close = pc.less_equal(pc.abs(pc.subtract(values, others)), pc.multiply(greater, RELATIVE))
    elif type_name == MOMENTS:
        parts = (
            _same(pc.struct_field(values, part), pc.struct_field(others, part), of_part)
            for part, of_part in MOMENT_TYPES.items()
        )
        close = reduce(pc.and_, parts)
    elif type_name.startswith("array"):
        close = pa.array(
            [a == b for a, b in zip(values.to_pylist(), others.to_pylist(), strict=True)], pa.bool_()
        )
    else:
        close = pc.equal(values, others)
    return pc.or_(both_missing, pc.fill_null(close, False))
