"""An answer of DuckDB as people and programs read it: table, CSV, JSON, Parquet."""

import csv
import io
import json
import math
import shutil
import sys
from collections.abc import Iterable, Iterator, Sequence
from datetime import date, datetime
from decimal import Decimal
from itertools import chain
from pathlib import Path
from typing import Any

import duckdb
import pyarrow.parquet as pq

ROWS_AT_ONCE = 10_000
NOTHING = "–"
Row = tuple[Any, ...]


def rows(answer: duckdb.DuckDBPyRelation) -> Iterator[Row]:
    """The rows as Python values, a few thousand at a time."""
    for batch in answer.to_arrow_reader(ROWS_AT_ONCE):
        yield from zip(*(column.to_pylist(maps_as_pydicts="strict") for column in batch.columns), strict=True)


def as_csv(answer: duckdb.DuckDBPyRelation) -> Iterator[str]:
    """RFC 4180 with a header, lines end as in a shell; what is missing is empty, lists and maps are JSON."""
    for row in chain([tuple(answer.columns)], rows(answer)):
        line = io.StringIO()
        csv.writer(line, lineterminator="\n").writerow([_plain(value) for value in row])
        yield line.getvalue()


def as_json(answer: duckdb.DuckDBPyRelation) -> Iterator[str]:
    """One array, a row to a line; what is not a finite number is null."""
    opening = "["
    for row in rows(answer):
        named = dict(zip(answer.columns, row, strict=True))
        yield f"{opening}\n  {json.dumps(_jsonable(named), ensure_ascii=False)}"
        opening = ","
    yield "\n]\n" if opening == "," else "[]\n"


def write_parquet(answer: duckdb.DuckDBPyRelation, output: Path | None) -> None:
    """The answer as Parquet, in the file or on standard output."""
    reader = answer.to_arrow_reader(ROWS_AT_ONCE)
    with pq.ParquetWriter(output or sys.stdout.buffer, reader.schema) as writer:
        for batch in reader:
            writer.write_batch(batch)


def as_table(answer: duckdb.DuckDBPyRelation, rows_shown: int | None, on_terminal: bool) -> Iterator[str]:
    """Aligned columns; on a terminal that is too narrow for them, a row as a block of lines."""
    found = list(rows(answer if rows_shown is None else answer.limit(rows_shown + 1)))
    shown = found[:rows_shown]
    cells = [[_readable(value) for value in row] for row in shown]
    names = [_readable(name) for name in answer.columns]
    widths = [max(map(len, column)) for column in zip(names, *cells, strict=True)]
    too_wide = on_terminal and sum(widths) + 2 * len(widths) > shutil.get_terminal_size().columns
    if too_wide and cells:
        yield from _blocks(names, cells)
    else:
        to_right = [_are_numbers(column) for column in zip(*shown, strict=True)] or [False] * len(names)
        yield from _columns(names, cells, widths, to_right)
    more = ", and more: --limit N shows N" if len(found) > len(shown) else ""
    yield f"\n{len(shown):,} row{'' if len(shown) == 1 else 's'}{more}\n"


def _columns(
    names: Sequence[str], cells: Iterable[Sequence[str]], widths: Sequence[int], to_right: Sequence[bool]
) -> Iterator[str]:
    for line in chain([names, ["─" * width for width in widths]], cells):
        padded = [
            cell.rjust(width) if right else cell.ljust(width)
            for cell, width, right in zip(line, widths, to_right, strict=True)
        ]
        yield "  ".join(padded).rstrip() + "\n"


def _blocks(names: Sequence[str], cells: Iterable[Sequence[str]]) -> Iterator[str]:
    width = max(map(len, names))
    for number, row in enumerate(cells, start=1):
        yield f"─ row {number}\n"
        for name, cell in zip(names, row, strict=True):
            yield f"{name:<{width}}  {cell}\n"


def _are_numbers(column: Iterable[Any]) -> bool:
    return all(value is None or type(value) in {int, float, Decimal} for value in column)


def _readable(value: Any) -> str:
    """A value for people.

    >>> _readable(97.27272727), _readable(0.00012345), _readable(None), _readable([1.0, "a"])
    ('97.273', '0.000123', '–', '[1.0, "a"]')
    """
    if value is None:
        return NOTHING
    if isinstance(value, float) and math.isfinite(value):
        return f"{value:.3g}" if 0 < abs(value) < 0.001 or abs(value) >= 1e15 else f"{value:.3f}"
    # What a plant typed must not move the cursor of who reads it.
    return "".join(c if c.isprintable() else c.encode("unicode_escape").decode() for c in str(_plain(value)))


def _plain(value: Any) -> Any:
    """A value for programs: times in UTC as ISO 8601 with Z, lists and maps as JSON."""
    if isinstance(value, datetime):
        return value.isoformat().replace("+00:00", "Z")
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, list | dict):
        return json.dumps(_jsonable(value), ensure_ascii=False)
    return value


def _jsonable(value: Any) -> Any:
    if isinstance(value, dict):
        return {str(name): _jsonable(part) for name, part in value.items()}
    if isinstance(value, list):
        return [_jsonable(part) for part in value]
    if isinstance(value, float):
        return value if math.isfinite(value) else None
    if isinstance(value, Decimal):
        return int(value) if value == int(value) else float(value)
    if value is None or isinstance(value, str | int):
        return value
    return str(_plain(value))
