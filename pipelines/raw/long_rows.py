"""Wide columns to long rows: one row for each wide column, with the column's name and its cell."""

from fnmatch import fnmatchcase

import numpy as np
import pyarrow as pa

from pipelines.raw.blocks import Block
from pipelines.raw.source_map import RowsFromColumns


def long_rows(block: Block, wanted: RowsFromColumns) -> Block:
    """The block with one row for each wide column of each of its rows, in the order of the columns."""
    wide = wide_columns(tuple(block.cells.column_names), wanted)
    width = len(wide) or 1
    # Without such a column a row is one row still, without name and value: it does not get lost.
    of_row = np.repeat(np.arange(len(block.cells)), width)
    cells = block.cells.drop_columns(list(wide)).take(of_row) if wide else block.cells
    place = np.tile(np.arange(len(wide)), len(block.cells))
    if wide:
        stacked = pa.chunked_array([_as_text(block.cells[name]) for name in wide]).combine_chunks()
        cells = cells.append_column(wanted.name, pa.array(wide, pa.string()).take(place))
        cells = cells.append_column(wanted.value, stacked.take(place * len(block.cells) + of_row))
    numbers = (np.repeat(block.row_numbers, width) - 1) * width + 1 + (place if wide else 0)
    rejected = [row._replace(row_number=(row.row_number - 1) * width + 1) for row in block.rejected]
    return Block(cells, numbers, rejected, lambda i: block.original(int(of_row[i])))


def wide_columns(names: tuple[str, ...], wanted: RowsFromColumns) -> tuple[str, ...]:
    """The columns that become rows; a pattern may stand for several.

    >>> wide_columns(("time", "F1 top", "F2 top"), RowsFromColumns(("F? top",), "place", "roll"))
    ('F1 top', 'F2 top')
    """
    return tuple(name for name in names if any(fnmatchcase(name, pattern) for pattern in wanted.columns))


def _as_text(column: pa.ChunkedArray) -> pa.Array:
    return column.cast(pa.string()).combine_chunks()
