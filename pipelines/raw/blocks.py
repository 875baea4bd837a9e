"""A block of a file's rows, as delivered, with the rows that could not be taken apart."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
import pyarrow as pa


class UnreadableError(ValueError):
    """A file of which no row can be trusted; the message is a sentence."""


class Rejected(NamedTuple):
    """A row that could not be taken apart, as it stands in the file."""

    row_number: int
    line_no: int | None
    reason: str
    original: str


class Original(NamedTuple):
    """A row as it stands in the file; the format may have no lines."""

    line_no: int | None
    text: str


@dataclass(frozen=True)
class Block:
    """Rows in the order of the file: ``cells`` by column, each with its place in the file from 1.

    ``original(i)``: the row ``cells[i]`` as it stands in the file.
    """

    cells: pa.Table
    row_numbers: np.ndarray
    rejected: list[Rejected]
    original: Callable[[int], Original]

    @property
    def rows(self) -> int:
        """How many rows were read."""
        return len(self.row_numbers) + len(self.rejected)
