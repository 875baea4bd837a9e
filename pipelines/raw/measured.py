"""Columns of measurements that are numbers in the field's unit already: most of what readings are.

They go from the file into the raw table as they are; of a reading, what is no measurement becomes empty.
"""

from dataclasses import dataclass
from math import isfinite

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from pipelines.raw.numbers import ABOVE, BELOW, NOT_FINITE
from pipelines.raw.rows import ROW_FAULT, ROW_NUMBER
from pipelines.raw.source_map import FieldMap, TableMap
from schemas.contract import Field
from schemas.raw_table import delivered

FAULTS = pa.schema(
    [("place", pa.int64()), ("column_name", pa.string()), ("reason", pa.string()), ("original", pa.string())]
)


@dataclass(frozen=True)
class Measured:
    """Values by field, and the bad cells among them: place in the block, column_name, reason, original."""

    values: dict[str, pa.ChunkedArray]
    faults: pa.Table


def measured(table_map: TableMap, cells: pa.Table) -> Measured:
    """What can be taken without further work; all else is left to others."""
    table, values, faults = table_map.table, {}, []
    # Words for a missing value, and promises on rows, are looked at elsewhere.
    plain = [] if table_map.null_words or table.promises else delivered(table)
    for field in plain:
        column = _column(field, table_map.fields.get(field.name))
        if column not in cells.column_names or cells[column].type != pa.float64():
            continue
        found, kept = cells[column], _is_within(field, cells[column])
        if pc.all(kept, min_count=0).as_py():
            values[field.name] = found
        elif table.readings:
            values[field.name] = pc.if_else(kept, found, None)
            faults.append(_faults(field, found, pc.invert(kept)))
    return Measured(values, pa.concat_tables([FAULTS.empty_table(), *faults]))


def of_kept_rows(faults: pa.Table, rows: pa.Table) -> pa.Table:
    """Bad cells with the row_number and production_day of their row; of a row that is not kept, none."""
    of_rows = rows.select([ROW_NUMBER, "production_day", "fault"]).take(faults["place"])
    for name in ("column_name", "reason", "original"):
        of_rows = of_rows.append_column(name, faults[name])
    return of_rows.filter(pc.less(of_rows["fault"], ROW_FAULT))


def _column(field: Field, taken: FieldMap | None) -> str | None:
    """The column that holds the values, where nothing is to be done with them."""
    if taken is None or field.type != "double" or field.required or len(taken.columns) != 1:
        return None
    return taken.columns[0] if taken == FieldMap(columns=taken.columns, unit=taken.unit) else None


def _is_within(field: Field, values: pa.ChunkedArray) -> pa.ChunkedArray:
    """True for a number within the limits, null where there is none; NaN is not within."""
    within = pc.is_finite(values)
    if field.minimum is not None:
        within = pc.and_(within, pc.greater_equal(values, field.minimum))
    if field.maximum is not None:
        within = pc.and_(within, pc.less_equal(values, field.maximum))
    return within


def _faults(field: Field, values: pa.ChunkedArray, is_bad: pa.ChunkedArray) -> pa.Table:
    places = np.flatnonzero(pc.fill_null(is_bad, False).to_numpy())
    bad = values.take(pa.array(places)).to_pylist()
    columns = [
        places,
        [field.name] * len(bad),
        [_reason(field, value) for value in bad],
        [str(value) for value in bad],
    ]
    return pa.table(
        [pa.array(column, f.type) for column, f in zip(columns, FAULTS, strict=True)], schema=FAULTS
    )


def _reason(field: Field, value: float) -> str:
    if not isfinite(value):
        return f"'{value}'{NOT_FINITE}"
    unit = f" {field.unit}" if field.unit else ""
    if field.minimum is not None and value < field.minimum:
        return f"{value}{BELOW.format(limit=field.minimum, unit=unit)}"
    return f"{value}{ABOVE.format(limit=field.maximum, unit=unit)}"
