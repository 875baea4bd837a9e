"""Rows of JSON lines: one object a line, its values as text by name."""

from collections.abc import Iterator

import duckdb
import numpy as np
import pyarrow as pa

from pipelines.raw.blocks import Block, Original, Rejected
from pipelines.raw.lines import LineFeed, Lines, Stream
from pipelines.raw.sql import literal

NO_OBJECT = "The line is not one whole JSON object."
IS_OBJECT = "case when json_valid(line) then json_type(line) = 'OBJECT' else false end"


def blocks(stream: Stream, connection: duckdb.DuckDBPyConnection) -> Iterator[Block]:
    """The objects, block by block; a block has the columns that its objects name."""
    feed = LineFeed(stream)
    row_number = 1
    while True:
        lines = feed.take()
        block = _block(lines, row_number, connection)
        row_number += block.rows
        yield block
        if lines.is_last:
            return


def _block(lines: Lines, row_number: int, connection: duckdb.DuckDBPyConnection) -> Block:
    filled = np.flatnonzero(lines.ends > lines.starts)
    texts = [lines.line(int(i)).decode("utf-8", "backslashreplace") for i in filled]
    objects, is_object = _objects(texts, connection)
    places = np.flatnonzero(is_object)
    originals = [Original(lines.first_no + int(i), text) for i, text in zip(filled, texts, strict=True)]
    rejected = [
        Rejected(row_number + int(i), originals[i].line_no, NO_OBJECT, originals[i].text)
        for i in np.flatnonzero(~is_object)
    ]
    return Block(objects, row_number + places, rejected, lambda i: originals[places[i]])


def _objects(texts: list[str], connection: duckdb.DuckDBPyConnection) -> tuple[pa.Table, np.ndarray]:
    """The values of the lines that are objects, and which lines those are."""
    connection.register("lines", pa.table({"line": pa.array(texts, pa.string())}))
    is_object = connection.sql(f"select {IS_OBJECT} as is_object from lines").to_arrow_table()["is_object"]
    keys = connection.sql(
        f"select distinct unnest(json_keys(line)) as key from lines where {IS_OBJECT} order by key"
    ).fetchall()
    names = [key for (key,) in keys]
    pointers = ", ".join(literal(_pointer(key)) for key in names)
    values = ", ".join(f"found[{no}] as c{no}" for no in range(1, len(names) + 1)) or "1 as c0"
    found = f"select json_extract_string(line, [{pointers}]::varchar[]) as found from lines where {IS_OBJECT}"
    objects = connection.sql(f"select {values} from ({found})").to_arrow_table()
    connection.unregister("lines")
    objects = objects.rename_columns(names) if names else objects.select([])
    return objects, is_object.to_numpy().astype(bool)


def _pointer(key: str) -> str:
    """A key as RFC 6901 writes it.

    >>> _pointer("F7/force")
    '/F7~1force'
    """
    return "/" + key.replace("~", "~0").replace("/", "~1")
