"""Rows of delimited text (CSV): whole blocks at once where they are well-formed, else record by record.

A record may span lines within quotes (RFC 4180), but a quote that is never closed costs its own line only,
where most readers would take all that follows for one cell.
"""

import csv
import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from typing import NamedTuple

import numpy as np
import pyarrow as pa
import pyarrow.csv

from pipelines.raw.blocks import Block, Original, Rejected
from pipelines.raw.lines import LineFeed, Lines, Stream

LONGEST_RECORD_LINES = 100
PARALLEL_BYTES = 4 << 20
"""Rows are parsed in parts of this size, which threads can then take further side by side."""

OPEN_QUOTE = "A quote is opened and not closed."


@dataclass(frozen=True)
class Dialect:
    """How the text is written. ``header_lines``: the lines above the first row, the header's own included."""

    names: tuple[str, ...]
    separator: str
    header_lines: int
    quote: str = '"'
    encoding: str = "utf-8"
    decimal: str = "."
    line_end: str = "\n"


def blocks(stream: Stream, dialect: Dialect) -> Iterator[Block]:
    """The rows below the header, block by block."""
    feed = LineFeed(stream, dialect.line_end)
    feed.skip(dialect.header_lines)
    row_number = 1
    while True:
        lines = feed.take()
        block = _at_once(lines, dialect, row_number)
        if block is None:
            block, taken = _one_by_one(lines, dialect, row_number)
            feed.give_back(lines, taken)
        row_number += block.rows
        yield block
        if lines.is_last:
            return


def _at_once(lines: Lines, dialect: Dialect, row_number: int) -> Block | None:
    """All rows of the lines, or None where a line is not a record of its own."""
    has_quotes = dialect.quote.encode() in lines.data
    if has_quotes and (lines.count_of(dialect.quote) % 2).any():
        return None
    if lines.data.count(b"\r") != lines.data.count(b"\r\n"):
        return None
    try:
        text = lines.data.decode(dialect.encoding)
    except UnicodeDecodeError:
        return None
    filled = np.flatnonzero(lines.ends > lines.starts)
    cells, wrong = _parsed(text.encode(), dialect)
    if len(cells) + len(wrong) != len(filled):
        return None

    def original(i: int) -> Original:
        line = int(filled[i])
        return Original(lines.first_no + line, lines.line(line).decode(dialect.encoding))

    is_row = np.ones(len(filled), bool)
    is_row[list(wrong)] = False
    places = np.flatnonzero(is_row)
    rejected = [
        Rejected(row_number + i, original(i).line_no, _cells_found(found, dialect), original(i).text)
        for i, found in wrong.items()
    ]
    return Block(cells, row_number + places, rejected, lambda i: original(places[i]))


def _parsed(text: bytes, dialect: Dialect) -> tuple[pa.Table, dict[int, int]]:
    """The well-formed rows as text, and the places of the others with how many cells they have."""
    names = [f"c{no}" for no in range(len(dialect.names))]
    wrong: dict[int, int] = {}

    def skip(row: pa.csv.InvalidRow) -> str:
        wrong[row.number - 1] = row.actual_columns
        return "skip"

    if not text.strip(b"\r\n"):
        return _table([], dialect), wrong
    cells = pa.csv.read_csv(
        pa.BufferReader(text),
        pa.csv.ReadOptions(use_threads=False, block_size=PARALLEL_BYTES, column_names=names),
        pa.csv.ParseOptions(
            delimiter=dialect.separator,
            quote_char=dialect.quote,
            # Lines are records here; where a quote spans them after all, the count of rows tells.
            newlines_in_values=True,
            invalid_row_handler=skip,
        ),
        pa.csv.ConvertOptions(column_types=dict.fromkeys(names, pa.string()), strings_can_be_null=False),
    )
    return cells.rename_columns(dialect.names), wrong


def _one_by_one(lines: Lines, dialect: Dialect, row_number: int) -> tuple[Block, int]:
    """The rows of the lines, and how many lines they took: a record may go on behind the last."""
    rows: list[list[str]] = []
    numbers: list[int] = []
    originals: list[Original] = []
    rejected: list[Rejected] = []
    i = 0
    while i < len(lines):
        if lines.ends[i] == lines.starts[i]:
            i += 1
            continue
        record = _record(lines, i, dialect)
        if record is None:
            break
        number = row_number + len(rows) + len(rejected)
        if record.reason is None:
            rows.append(record.cells)
            numbers.append(number)
            originals.append(Original(lines.first_no + i, record.text))
        else:
            rejected.append(Rejected(number, lines.first_no + i, record.reason, record.text))
        i += record.lines
    block = Block(_table(rows, dialect), np.array(numbers, np.int64), rejected, lambda n: originals[n])
    return block, i


class _Record(NamedTuple):
    text: str
    lines: int
    cells: list[str]
    reason: str | None


def _record(lines: Lines, i: int, dialect: Dialect) -> _Record | None:
    """The record that starts at line i; None where its end may lie behind the last line."""
    whole = _whole_record(dialect.separator, dialect.quote)
    text = ""
    for j in range(i, min(i + LONGEST_RECORD_LINES, len(lines))):
        try:
            text += ("\n" if text else "") + lines.line(j).decode(dialect.encoding)
        except UnicodeDecodeError as error:
            if j == i:
                return _Record(_shown(lines.line(i)), 1, [], _not_in(error, dialect.encoding))
            break
        if whole.fullmatch(text):
            return _taken_apart(text, j - i + 1, dialect)
    else:
        if i + LONGEST_RECORD_LINES > len(lines) and not lines.is_last:
            return None
    return _Record(_shown(lines.line(i)), 1, [], OPEN_QUOTE)


def _taken_apart(text: str, lines: int, dialect: Dialect) -> _Record:
    # A carriage return within a line is no line end where others are.
    plain = text.replace("\r", " ")
    try:
        (cells,) = csv.reader([plain], delimiter=dialect.separator, quotechar=dialect.quote)
    except csv.Error as error:
        return _Record(text, lines, [], f"The row cannot be taken apart: {error}.")
    found = len(cells)
    return _Record(text, lines, cells, None if found == len(dialect.names) else _cells_found(found, dialect))


@cache
def _whole_record(separator: str, quote: str) -> re.Pattern[str]:
    """Matches a text in which each quote that opens a cell is closed."""
    s, q = re.escape(separator), re.escape(quote)
    # Atomic: a doubled quote is part of the cell, never a closing quote with another behind it.
    cell = f"(?:{q}(?>(?:[^{q}]|{q}{q})*){q}[^{s}]*|[^{q}{s}][^{s}]*|)"
    return re.compile(f"{cell}(?:{s}{cell})*")


def _table(rows: list[list[str]], dialect: Dialect) -> pa.Table:
    columns = zip(*rows, strict=True) if rows else ([] for _ in dialect.names)
    return pa.table([pa.array(list(column), pa.string()) for column in columns], list(dialect.names))


def _shown(line: bytes) -> str:
    return line.decode("utf-8", "backslashreplace")


def _not_in(error: UnicodeDecodeError, encoding: str) -> str:
    byte = error.object[error.start]
    return f"Byte 0x{byte:02x} at place {error.start + 1} of the line is not {encoding}."


def _cells_found(found: int, dialect: Dialect) -> str:
    cells = "1 cell" if found == 1 else f"{found} cells"
    return f"The row has {cells} where the header has {len(dialect.names)}."
