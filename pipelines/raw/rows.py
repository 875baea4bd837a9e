"""SQL (DuckDB) that turns delivered rows into rows of a raw table, and says what is wrong with them."""

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import date, datetime

from pipelines.raw.cells import CellSql, Delivered, as_delivered, as_parsed, cell_sql
from pipelines.raw.source_map import TableMap
from pipelines.raw.sql import literal, name
from pipelines.raw.times import production_day
from schemas.contract import Field, Severity, Table
from schemas.raw_table import delivered

ROW_NUMBER = "row_number"
"""The block's own column beside those delivered, which go by their place."""

CELL_FAULT, ROW_FAULT = 1, 2
TYPES = {"string": "varchar", "timestamp": "timestamptz", "map<string,string>": "map(varchar, varchar)"}


@dataclass(frozen=True)
class Arrival:
    """Where rows come from and when, and how the mill counts its days.

    ``ingested_on``: the production day on which the delivery was first ingested.
    """

    delivery_id: str
    source_file: str
    ingested_at: datetime
    ingested_on: date
    time_zone: str
    day_starts_at_h: int


@dataclass(frozen=True)
class RowsSql:
    """Queries over a relation ``block``.

    ``rows``: the contract's fields, ``fault`` (0, CELL_FAULT or ROW_FAULT) and ``key_hash``. ``cell_faults``:
    row_number, column_name, reason, original, production_day; of rows that stay. ``row_faults``: row_number,
    column_name (as delivered), reason; of rows that do not.
    """

    rows: str
    cell_faults: str
    row_faults: str


def rows_sql(
    table_map: TableMap,
    block: Delivered,
    kept_columns: Collection[str],
    arrival: Arrival,
    left_out: Collection[str] = (),
) -> RowsSql:
    """The queries for blocks of these columns; ``kept_columns`` go into ``attributes``.

    Fields that are ``left_out`` are not asked for.
    """
    table, fields = table_map.table, table_map.fields
    wanted = [field for field in delivered(table) if field.name not in left_out]
    cells = [cell_sql(f, fields[f.name], table_map, block) for f in wanted if f.name in fields]
    # A duration counts from a value: that comes first.
    cells.sort(key=lambda cell: fields[cell.field.name].after is not None)
    empty = [field for field in wanted if field.name not in fields]
    attributes = _attributes(block, kept_columns)
    judged = f"with judged as ({_judged(table, cells, empty, attributes, arrival)})"
    faulty = f"{judged}, faulty as (select *, {_faults(table, cells)} as faults from judged where fault > 0)"
    sentences = "array_to_string([f.column_name || ': ' || f.reason for f in faults], ' ')"
    values = f"{_contract_fields(table, arrival, left_out)}, fault, hash({', '.join(table.key)}) as key_hash"
    of_cell = "row_number, production_day, unnest(faults, recursive := true)"
    of_row = f"row_number, faults[1].delivered_as as column_name, {sentences} as reason"
    return RowsSql(
        rows=f"{judged} select {values} from judged",
        cell_faults=f"{faulty} select {of_cell} from faulty where fault = {CELL_FAULT}",
        row_faults=f"{faulty} select {of_row} from faulty where fault = {ROW_FAULT}",
    )


def _judged(table: Table, cells: list[CellSql], empty: list[Field], attributes: str, arrival: Arrival) -> str:
    columns = ", ".join(f"{cell.delivered} as {as_delivered(cell.field.name)}" for cell in cells)
    parsed = ", ".join(f"{cell.parsed} as {as_parsed(cell.field.name)}" for cell in cells)
    values = [f"{cell.value} as {name(cell.field.name)}" for cell in cells]
    values += [f"null::{TYPES.get(field.type, field.type)} as {name(field.name)}" for field in empty]
    day = production_day(name(table.day_of), arrival.time_zone, arrival.day_starts_at_h)
    row_faults = " or ".join(condition for condition, _ in _row_faults(table, cells)) or "false"
    cell_faults = " or ".join(cell.faulty for cell in cells if _costs_the_cell(table, cell.field)) or "false"
    return f"""
        select *, {day} as production_day,
            case when {row_faults} then {ROW_FAULT} when {cell_faults} then {CELL_FAULT} else 0 end as fault
        from (select *, {", ".join(values)}
        from (select *, {parsed}
        from (select {ROW_NUMBER}, {attributes} as attributes, {columns} from block)))"""


def _costs_the_cell(table: Table, field: Field) -> bool:
    return table.readings and not field.required and field.name not in table.key


def _row_faults(table: Table, cells: list[CellSql]) -> Iterator[tuple[str, str]]:
    """Conditions that cost the row, each with the fault as a struct."""
    for cell in cells:
        if cell.field.required:
            yield f"{as_delivered(cell.field.name)} is null", _fault(cell, "'Nothing was delivered.'")
        if not _costs_the_cell(table, cell.field):
            yield cell.faulty, _fault(cell, cell.reason)
    for promise in table.promises:
        if promise.severity is Severity.BLOCK:
            yield (
                f"not ({promise.condition})",
                _struct(literal(promise.name), "null", literal(promise.meaning), "null"),
            )


def _faults(table: Table, cells: list[CellSql]) -> str:
    of_cells = ((c.faulty, _fault(c, c.reason)) for c in cells if _costs_the_cell(table, c.field))
    every = (*_row_faults(table, cells), *of_cells)
    listed = ", ".join(f"case when {condition} then {fault} end" for condition, fault in every)
    return f"[f for f in [{listed}] if f is not null]"


def _fault(cell: CellSql, reason: str) -> str:
    original = f"{as_delivered(cell.field.name)}::varchar"
    return _struct(literal(cell.field.name), literal(cell.column), reason, original)


def _struct(field: str, column: str, reason: str, original: str) -> str:
    return f"{{'column_name': {field}, 'delivered_as': {column}, 'reason': {reason}, 'original': {original}}}"


def _attributes(block: Delivered, kept_columns: Collection[str]) -> str:
    if not kept_columns:
        return "null::map(varchar, varchar)"
    entries = (f"{{'k': {literal(column)}, 'v': {block.text(column)}}}" for column in kept_columns)
    found = f"[e for e in [{', '.join(entries)}] if e.v is not null]"
    return f"case when len({found}) > 0 then map_from_entries({found}) end"


def _contract_fields(table: Table, arrival: Arrival, left_out: Collection[str]) -> str:
    given = {
        "delivery_id": literal(arrival.delivery_id),
        "source_file": literal(arrival.source_file),
        "ingested_at": f"timestamptz '{arrival.ingested_at.isoformat()}'",
        "superseded_at": "null::timestamptz",
    }
    asked = [name_ for name_ in table.field_names if name_ not in left_out]
    return ", ".join(f"{given.get(name_, name(name_))} as {name(name_)}" for name_ in asked)
