"""Columns of measurements that need no work: numbers already, in the field's unit, all within its limits.

They go from the file into the raw table untouched. Most columns of readings do, which is most of an ingest.
"""

import pyarrow as pa
import pyarrow.compute as pc

from pipelines.raw.source_map import FieldMap, TableMap
from schemas.contract import Field
from schemas.raw_table import delivered


def untouched(table_map: TableMap, cells: pa.Table) -> dict[str, pa.ChunkedArray]:
    """Field -> its values, for fields of a block that can be taken as they are."""
    table = table_map.table
    if table_map.null_words or table.promises:
        return {}
    taken = {
        field: table_map.fields[field.name] for field in delivered(table) if field.name in table_map.fields
    }
    return {
        field.name: cells[column]
        for field, field_map in taken.items()
        if (column := _column(field, field_map)) in cells.column_names and _is_within(field, cells[column])
    }


def _column(field: Field, taken: FieldMap) -> str | None:
    """The column that holds the values, where nothing is to be done with them."""
    is_plain = taken == FieldMap(columns=taken.columns, unit=taken.unit) and len(taken.columns) == 1
    return taken.columns[0] if is_plain and field.type == "double" and not field.required else None


def _is_within(field: Field, values: pa.ChunkedArray) -> bool:
    """True where each value that is there is a number within the limits; NaN is not."""
    if values.type != pa.float64():
        return False
    kept = pc.is_finite(values)
    if field.minimum is not None:
        kept = pc.and_(kept, pc.greater_equal(values, field.minimum))
    if field.maximum is not None:
        kept = pc.and_(kept, pc.less_equal(values, field.maximum))
    return bool(pc.all(kept, min_count=0).as_py())
