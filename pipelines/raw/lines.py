"""The lines of a file, many at once, each with its number."""

from dataclasses import dataclass
from functools import cached_property
from typing import Protocol

import numpy as np

from pipelines.raw.blocks import UnreadableError

BLOCK_BYTES = 16 << 20
LONGEST_LINE_BYTES = 64 << 20


class Stream(Protocol):
    """An open file, or what decompresses one."""

    def read(self, nbytes: int, /) -> bytes:
        """The next bytes, none at the end."""


@dataclass(frozen=True)
class Lines:
    """Whole lines of a file, the first being line ``first_no``; ``is_last``: the file ends with them."""

    data: bytes
    first_no: int
    is_last: bool

    @cached_property
    def _bytes(self) -> np.ndarray:
        return np.frombuffer(self.data, np.uint8)

    @cached_property
    def starts(self) -> np.ndarray:
        """Where each line starts."""
        starts = np.concatenate([np.zeros(1, np.int64), np.flatnonzero(self._bytes == ord("\n")) + 1])
        return starts[:-1] if starts[-1] == len(self.data) else starts

    @cached_property
    def ends(self) -> np.ndarray:
        """Where the text of each line ends, before its line end."""
        ends = np.concatenate([self.starts[1:], np.full(min(len(self), 1), len(self.data))])
        for mark in b"\n\r":
            ends = ends - ((ends > self.starts) & (self._bytes[np.maximum(ends - 1, 0)] == mark))
        return ends

    def __len__(self) -> int:
        """How many lines there are."""
        return len(self.starts)

    def line(self, i: int) -> bytes:
        """The text of a line, without its line end."""
        return self.data[self.starts[i] : self.ends[i]]

    def count_of(self, character: str) -> np.ndarray:
        """How often a character of one byte occurs in each line."""
        places = np.flatnonzero(self._bytes == ord(character))
        return np.diff(np.searchsorted(places, np.append(self.starts, len(self.data))))


class LineFeed:
    """A stream cut into whole lines; what was taken can be given back and comes again with more behind it."""

    def __init__(self, stream: Stream, line_end: str = "\n") -> None:
        """``line_end``: a file of before 2001 may have a carriage return alone."""
        self._stream = stream
        self._line_end = line_end.encode()
        self._rest = b""
        self._next_no = 1

    def take(self) -> Lines:
        """The next lines; the last ones of the file may be none."""
        data = self._rest
        while True:
            read = self._stream.read(BLOCK_BYTES)
            data += read.replace(self._line_end, b"\n") if self._line_end != b"\n" else read
            cut = len(data) if not read else data.rfind(b"\n") + 1
            if cut or not read:
                break
            if len(data) > LONGEST_LINE_BYTES:
                mib = len(data) >> 20
                raise UnreadableError(
                    f"From line {self._next_no} there is no line end in {mib} MiB: this is no text."
                )
        lines = Lines(data[:cut], self._next_no, is_last=not read)
        self._rest = data[cut:]
        self._next_no += len(lines)
        return lines

    def skip(self, count: int) -> None:
        """Leave the first lines of the file out."""
        lines = self.take()
        while len(lines) < count and not lines.is_last:
            count -= len(lines)
            lines = self.take()
        self.give_back(lines, min(count, len(lines)))

    def give_back(self, lines: Lines, i: int) -> None:
        """Take the lines back from i on."""
        if i < len(lines):
            self._rest = lines.data[lines.starts[i] :] + self._rest
            self._next_no = lines.first_no + i
