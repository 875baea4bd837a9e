"""How a delimited text file is written, as its first lines show."""

import codecs
import csv
from collections.abc import Collection

from pipelines.raw.blocks import UnreadableError
from pipelines.raw.decimals import DECIMAL
from pipelines.raw.delimited import Dialect
from pipelines.raw.source_map import FileFormat

SEPARATORS = (";", "\t", "|", ",")
SAMPLE_BYTES = 1 << 20
HEADER_LINES = 20
DECIMAL_LINES = 5_000
MARKS = {codecs.BOM_UTF8: "utf-8", codecs.BOM_UTF16_LE: "utf-16", codecs.BOM_UTF16_BE: "utf-16"}
OF_A_BINARY_FILE = {
    b"PK\x03\x04": "a ZIP archive, such as an Excel workbook",
    b"\xd0\xcf\x11\xe0": "an Excel workbook of before 2007",
    b"PAR1\x15": "a Parquet file",
    b"\x1f\x8b": "packed with gzip",
    b"\x28\xb5\x2f\xfd": "packed with zstd",
    b"%PDF-": "a PDF document",
}
"""First bytes -> what the file is."""


def encoding_of(sample: bytes) -> str:
    """UTF-8 or what a byte order mark says; Windows-1252 where no character beyond ASCII is UTF-8.

    UTF-16 also without its mark. An UnreadableError where the file is no text.

    >>> encoding_of("Länge;Güte".encode("cp1252"))
    'cp1252'
    >>> encoding_of("Länge;Güte".encode())
    'utf-8'
    """
    for mark, encoding in MARKS.items():
        if sample.startswith(mark):
            return encoding
    if b"\0" in sample:
        return _wide_encoding_of(sample)
    if sample.isascii():
        return "utf-8"
    # The sample may end within a character.
    replaced = codecs.getincrementaldecoder("utf-8")("surrogateescape").decode(sample)
    broken = sum(0xDC80 <= ord(character) <= 0xDCFF for character in replaced)
    beyond_ascii = sum(ord(character) > 0x7F for character in replaced)
    return "cp1252" if broken and broken == beyond_ascii else "utf-8"


def _wide_encoding_of(sample: bytes) -> str:
    """UTF-16 where every other byte is nought, as it is of Latin letters; else the file is no text."""
    noughts = sample[0::2].count(0), sample[1::2].count(0)
    if 4 * max(noughts) > len(sample) and 100 * min(noughts) < len(sample):
        return "utf-16-le" if noughts[1] > noughts[0] else "utf-16-be"
    if 100 * sum(noughts) < len(sample):
        # A logger that lost power leaves a few behind.
        return "utf-8"
    raise UnreadableError(
        "A delimited file promises text, but this one is binary; export it as CSV, or name it by what it is."
    )


def refuse_binary(sample: bytes) -> None:
    """An UnreadableError where the first bytes say that this is another kind of file."""
    for start, what in OF_A_BINARY_FILE.items():
        if sample.startswith(start):
            raise UnreadableError(
                f"A delimited file promises text, but this one is {what}; export it as CSV, or name it by "
                "what it is."
            )


def dialect_of(
    sample: str, found: FileFormat, encoding: str, wanted: Collection[str], numbers: Collection[str]
) -> Dialect:
    """How the text goes on as it starts.

    ``wanted`` are the columns that fields take, ``numbers`` those of them that hold numbers. An
    UnreadableError where the header has one name twice.
    """
    line_end = "\n" if "\n" in sample or "\r" not in sample else "\r"
    lines = sample.replace("\r\n", "\n").replace(line_end, "\n").splitlines(keepends=True)
    below = lines[found.skip_lines :]
    separator = found.separator or _separator(below, found, wanted)
    header, header_lines = _first_row(below, separator, found.quote)
    names = _named(found.names or header)
    start = (header_lines if found.header else 0) + found.skip_after_header
    decimal = found.decimal or _decimal(below[start:], names, numbers, separator, found.quote)
    return Dialect(names, separator, found.skip_lines + start, found.quote, encoding, decimal, line_end)


def _first_row(lines: list[str], separator: str, quote: str) -> tuple[tuple[str, ...], int]:
    """The cells of the first row that has any, and the lines down to its end."""
    rows = csv.reader(lines[:HEADER_LINES], delimiter=separator, quotechar=quote)
    cells = next((row for row in rows if row), [])
    return tuple(" ".join(cell.split()) for cell in cells), rows.line_num


def _named(names: tuple[str, ...]) -> tuple[str, ...]:
    """The names; a column without one is called by its place."""
    named = tuple(name or f"column {no}" for no, name in enumerate(names, 1))
    if twice := sorted({name for name in named if named.count(name) > 1}):
        raise UnreadableError(
            f"Columns promise names of their own, but {named.count(twice[0])} are called {twice[0]!r}; "
            "rename them, or give names in a source.toml."
        )
    return named


def _separator(lines: list[str], found: FileFormat, wanted: Collection[str]) -> str:
    """The separator with which the first row has most of the wanted columns; of equals, most cells."""

    def fits(separator: str) -> tuple[int, int]:
        cells, _ = _first_row(lines, separator, found.quote)
        has = len(cells) == len(found.names) if found.names else len(set(cells) & set(wanted))
        return int(has), len(cells)

    return max(SEPARATORS, key=fits)


def _decimal(
    lines: list[str], names: tuple[str, ...], numbers: Collection[str], separator: str, quote: str
) -> str:
    """A comma where numbers have one and none has a point."""
    places = [no for no, name in enumerate(names) if name in numbers]
    # Each line for itself: a quote left open must not swallow the others.
    rows = (
        next(csv.reader([line], delimiter=separator, quotechar=quote), []) for line in lines[:DECIMAL_LINES]
    )
    cells = [row[no].strip() for row in rows if len(row) == len(names) for no in places]
    has_comma = separator != "," and any(DECIMAL[","].fullmatch(cell) for cell in cells)
    has_point = any(DECIMAL["."].fullmatch(cell) for cell in cells)
    return "," if has_comma and not has_point else "."
