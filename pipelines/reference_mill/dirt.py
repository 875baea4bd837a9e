"""Rows as plants deliver them: twice, without a key, with words and -999 among the numbers; all counted."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from pipelines.reference_mill.mill import Dirt
from schemas.contract import Table
from schemas.raw_table import delivered

Row = dict[str, Any]

SENTINEL = -999.0
WORDS = ("ERR", "#REF!", "1O.5", "over", "12.3.4", "see log")
"""What stands in a cell that should hold a number."""


@dataclass(frozen=True)
class Planted:
    """What was planted in a file. The kinds do not meet in a row."""

    duplicate_rows: int = 0
    keyless_rows: int = 0
    bad_text_cells: int = 0
    sentinel_cells: int = 0
    not_a_number_cells: int = 0


def _keyed_by(contract: Table) -> str:
    """The first field of the key that names something: the one that goes missing."""
    return next(name for name in contract.key if contract.field(name).type == "string")


def dirty_rows(
    contract: Table, rows: Sequence[Row], dirt: Dirt, chance: np.random.Generator
) -> tuple[list[Row], Planted]:
    """Rows of a text file: some twice, some without their key, some with a word where a number should be."""
    numbers = [field.name for field in delivered(contract) if field.type == "double"]
    bad_text = dirt.bad_text if numbers else 0.0
    kind = _kinds(len(rows), (dirt.duplicate_row, dirt.keyless_row, bad_text), chance)
    out: list[Row] = []
    for row, planted in zip(rows, kind.tolist(), strict=True):
        if planted == 1:
            out.append(row)
        if planted == 2:
            row = {**row, _keyed_by(contract): None}
        if planted == 3:
            row = {**row, str(chance.choice(numbers)): str(chance.choice(WORDS))}
        out.append(row)
    return out, Planted(*(int((kind == no).sum()) for no in (1, 2, 3)))


def _kinds(rows: int, shares: Sequence[float], chance: np.random.Generator) -> NDArray[np.int64]:
    """What happens to each row: 0 nothing, else the number of the share, from 1."""
    kind = np.searchsorted(np.cumsum(shares), chance.random(rows), side="right") + 1
    return kind % (len(shares) + 1)


def dirty_readings(
    contract: Table, table: pa.Table, dirt: Dirt, chance: np.random.Generator
) -> tuple[pa.Table, Planted]:
    """A reading table with -999 and NaN in some cells, some rows twice and some without their key."""
    kind = _kinds(table.num_rows, (dirt.duplicate_row, dirt.keyless_row), chance)
    table, sentinels, not_numbers = _bad_cells(contract, table, np.flatnonzero(kind == 0), dirt, chance)
    table = _keyless(table, _keyed_by(contract), kind == 2)
    table = table.take(np.repeat(np.arange(table.num_rows), np.where(kind == 1, 2, 1)))
    planted = Planted(
        duplicate_rows=int((kind == 1).sum()),
        keyless_rows=int((kind == 2).sum()),
        sentinel_cells=sentinels,
        not_a_number_cells=not_numbers,
    )
    return table.combine_chunks(), planted


def _bad_cells(
    contract: Table, table: pa.Table, rows: NDArray[np.int64], dirt: Dirt, chance: np.random.Generator
) -> tuple[pa.Table, int, int]:
    """The table with bad cells in these rows, where -999 cannot be measured; how many of it, of NaN."""
    names = [
        field.name for field in delivered(contract) if field.minimum is not None and field.minimum > SENTINEL
    ]
    cells = len(rows) * len(names)
    sentinels, not_numbers = (
        int(chance.binomial(cells, share)) for share in (dirt.sentinel_cell, dirt.not_a_number_cell)
    )
    if not sentinels + not_numbers:
        return table, 0, 0
    hit = chance.choice(cells, sentinels + not_numbers, replace=False)
    values = np.repeat([SENTINEL, np.nan], [sentinels, not_numbers])
    for column in np.unique(hit % len(names)).tolist():
        here = hit % len(names) == column
        table = _with_cells(table, names[column], rows[hit[here] // len(names)], values[here])
    return table, sentinels, not_numbers


def _with_cells(table: pa.Table, name: str, rows: NDArray[np.int64], values: NDArray[np.float64]) -> pa.Table:
    cells = table[name].to_numpy().copy()
    is_missing = np.isnan(cells)
    cells[rows], is_missing[rows] = values, False
    column = pa.array(cells, mask=is_missing, from_pandas=False)
    return table.set_column(table.column_names.index(name), table.schema.field(name), column)


def _keyless(table: pa.Table, name: str, is_keyless: NDArray[np.bool_]) -> pa.Table:
    if not is_keyless.any():
        return table
    column = pc.if_else(pa.array(is_keyless), pa.scalar(None, pa.string()), table[name])
    return table.set_column(table.column_names.index(name), table.schema.field(name), column)
