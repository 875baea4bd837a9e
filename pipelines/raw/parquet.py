"""Rows of a Parquet file: typed columns, as they are."""

import json
from collections.abc import Iterator

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from pipelines.raw.blocks import Block, Original

BLOCK_ROWS = 131_072


def blocks(file: pq.ParquetFile) -> Iterator[Block]:
    """The rows, block by block."""
    row_number = 1
    # Tasks are parallel already.
    for batch in file.iter_batches(BLOCK_ROWS, use_threads=False):
        yield _block(pa.table(batch), row_number)
        row_number += len(batch)


def _block(cells: pa.Table, row_number: int) -> Block:
    def original(i: int) -> Original:
        (row,) = cells.slice(i, 1).to_pylist()
        return Original(None, json.dumps(row, default=str, ensure_ascii=False))

    return Block(cells, row_number + np.arange(len(cells)), [], original)
