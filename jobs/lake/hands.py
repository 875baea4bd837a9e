"""Rows dealt to tasks so that all rows of a key lie in one: ranges of files, found by the key alone."""

from collections.abc import Collection, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import UTC, datetime, time
from functools import partial

import numpy as np
import pyarrow.parquet as pq
from numpy.typing import NDArray

from jobs.lake import delta
from jobs.lake.delta import DataFile
from schemas.contract import Table

Ranges = NDArray[np.int64]
"""Rows of a file, one range [from, to) a line."""


@dataclass(frozen=True)
class Held:
    """Rows of some keys in one file; ``begins_at``: the time of the file's first row."""

    file: DataFile
    begins_at: datetime
    ranges: dict[str, Ranges]


Hand = list[Held]
"""What one task reads, file by file in the order of time."""


def deal(
    lake: str, table: Table, files: Sequence[DataFile], by: str, keys: Collection[str], hands_n: int
) -> list[Hand]:
    """The rows of these keys in hands of nearly the same size; all rows of a key are in one hand."""
    with ThreadPoolExecutor() as threads:
        found = threads.map(partial(_held, lake, table, by, frozenset(keys)), files)
    in_time = sorted((held for held in found if held), key=lambda held: held.begins_at)
    rows: dict[str, int] = {}
    for held in in_time:
        for key, ranges in held.ranges.items():
            rows[key] = rows.get(key, 0) + int(np.diff(ranges).sum())
    ends = np.cumsum(list(rows.values()))
    # A key goes where the middle of its rows is: hands differ by half a key at most.
    hand_no = [(end - n / 2) * hands_n // ends[-1] for end, n in zip(ends, rows.values(), strict=True)]
    of_hands = dict(zip(rows, hand_no, strict=True))
    return [_hand(in_time, {key for key in rows if of_hands[key] == no}) for no in range(hands_n)]


def _hand(in_time: Sequence[Held], keys: Collection[str]) -> Hand:
    chosen = (
        Held(h.file, h.begins_at, {key: ranges for key, ranges in h.ranges.items() if key in keys})
        for h in in_time
    )
    return [held for held in chosen if held.ranges]


def _held(lake: str, table: Table, by: str, keys: Collection[str], file: DataFile) -> Held | None:
    """Where the file has these keys, by a look at this column alone; None where it has none."""
    filesystem, root = delta.filesystem_of(delta.table_uri(lake, table))
    ranges: dict[str, list[tuple[int, int]]] = {}
    with filesystem.open_input_file(f"{root}/{file.path}") as source:
        parquet = pq.ParquetFile(source, read_dictionary=[by])
        for key, first, end in _runs(parquet, by):
            if key in keys:
                ranges.setdefault(key, []).append((first, end))
        if not ranges:
            return None
        begins_at = _begins_at(parquet, table, file)
    return Held(file, begins_at, {key: np.array(found) for key, found in ranges.items()})


def _begins_at(parquet: pq.ParquetFile, table: Table, file: DataFile) -> datetime:
    """The time of the first row; of a table that knows days only, its day, which is no column of the file."""
    if table.day_of == delta.DAY:
        return datetime.combine(file.day, time(), UTC)
    first_row = next(parquet.iter_batches(1, columns=[table.day_of], use_threads=False))
    return first_row[table.day_of][0].as_py()


def _runs(parquet: pq.ParquetFile, by: str) -> Iterator[tuple[str, int, int]]:
    """Neighbouring rows of one key: the key, the first row, and the row behind the last."""
    row = 0
    for chunk in parquet.read([by], use_threads=False)[by].chunks:
        codes = chunk.indices.to_numpy()
        ends = np.append(np.flatnonzero(codes[1:] != codes[:-1]) + 1, len(codes))
        names = chunk.dictionary.take(chunk.indices.take(ends - 1)).to_pylist()
        yield from zip(names, (row + np.append(0, ends[:-1])).tolist(), (row + ends).tolist(), strict=True)
        row += len(codes)
