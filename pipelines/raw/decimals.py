"""Numbers with the other decimal mark than the one that a file is read with: they are no values."""

import re
from collections.abc import Collection, Iterable, Iterator

import pyarrow as pa
import pyarrow.compute as pc

from pipelines.raw.blocks import Block

DECIMAL = {",": re.compile(r"[+-]?[0-9]+,[0-9]+"), ".": re.compile(r"[+-]?[0-9]*\.[0-9]+")}
"""Decimal mark -> a number that has it."""

NAMES = {",": "comma", ".": "point"}


class OtherMark:
    """Counts, while a file is read, the cells of number columns that have the other decimal mark."""

    def __init__(self, decimal: str, columns: Collection[str]) -> None:
        """``decimal``: the mark that the file is read with."""
        self._mark = "," if decimal == "." else "."
        self._columns = columns
        self._cells = 0
        self._first = ""

    def passed(self, blocks: Iterable[Block]) -> Iterator[Block]:
        """The same blocks, looked at; a file that is read again is counted again."""
        self._cells, self._first = 0, ""
        for block in blocks:
            for name in self._columns:
                self._count(block.cells[name])
            yield block

    @property
    def remark(self) -> str | None:
        """One sentence where there were such cells."""
        if not self._cells:
            return None
        cells = "1 number has" if self._cells == 1 else f"{self._cells:,} numbers have"
        (other,) = NAMES.keys() - {self._mark}
        return (
            f"Numbers are read with a decimal {NAMES[other]}, but {cells} a {NAMES[self._mark]}, such as "
            f"{self._first}: they are no values; deliver one mark, or set decimal in a source.toml."
        )

    def _count(self, cells: pa.ChunkedArray) -> None:
        # Few cells have it, and to look for one character costs a tenth of a pattern.
        for cell in cells.filter(pc.match_substring(cells, self._mark)).to_pylist():
            if DECIMAL[self._mark].fullmatch(cell.strip()):
                self._cells += 1
                self._first = self._first or cell.strip()
