"""Open a landing file by its format, whatever it is packed in."""

import csv
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import cast

import duckdb
import pyarrow as pa
import pyarrow.parquet as pq

from pipelines.raw import delimited, json_lines, parquet
from pipelines.raw.blocks import Block, UnreadableError
from pipelines.raw.decimals import OtherMark
from pipelines.raw.dialect import SAMPLE_BYTES, dialect_of, encoding_of, refuse_binary
from pipelines.raw.lines import Stream
from pipelines.raw.source_map import TableMap

PACKED = {".gz": "gzip", ".zst": "zstd"}
KINDS = {
    **dict.fromkeys((".csv", ".txt", ".tsv", ".dat", ".asc"), "csv"),
    **dict.fromkeys((".jsonl", ".ndjson", ".json"), "json lines"),
    **dict.fromkeys((".parquet", ".pq"), "parquet"),
}
READ_ERRORS = (
    UnreadableError,
    OSError,
    UnicodeError,
    csv.Error,
    pa.ArrowInvalid,
    pa.ArrowNotImplementedError,
    duckdb.DataError,
    duckdb.NotSupportedError,
)
"""What a damaged file raises when it is read or taken apart."""


@dataclass(frozen=True)
class Opened:
    """A file whose format is known: ``blocks`` reads it from the start each time that it is called.

    ``columns``: None where each row names its own. ``seen``: what was seen in the file rather than told.
    """

    blocks: Callable[[], Iterator[Block]]
    columns: tuple[str, ...] | None
    decimal: str = "."
    seen: str | None = None
    other_mark: OtherMark | None = None

    @property
    def note(self) -> str | None:
        """What a person should know of the file, once it was read."""
        late = self.other_mark.remark if self.other_mark else None
        return " ".join(filter(None, (self.seen, late))) or None


def open_file(path: Path, table_map: TableMap, connection: duckdb.DuckDBPyConnection) -> Opened:
    """The file, or one of READ_ERRORS."""
    kind = table_map.format.kind or _kind(path)
    if kind == "parquet":
        columns = tuple(pq.read_schema(path).names)
        return Opened(lambda: parquet.blocks(pq.ParquetFile(path, pre_buffer=True)), columns)
    if kind == "json lines":
        decimal = table_map.format.decimal or "."
        return Opened(lambda: json_lines.blocks(_stream(path, "utf-8"), connection), None, decimal)
    return _open_delimited(path, table_map)


def _kind(path: Path) -> str:
    ending = path.with_suffix("").suffix if path.suffix in PACKED else path.suffix
    if ending.lower() not in KINDS:
        raise UnreadableError(
            f"A landing file is CSV, JSON lines or Parquet, but {path.name} ends in {ending or 'nothing'!r}; "
            "export it as one of these, or name its kind in a source.toml."
        )
    return KINDS[ending.lower()]


def _open_delimited(path: Path, table_map: TableMap) -> Opened:
    found = table_map.format
    sample = _bytes(path).read(SAMPLE_BYTES)
    refuse_binary(sample)
    encoding = (found.encoding or encoding_of(sample)).lower().replace("utf-8-sig", "utf-8")
    text = _stream(path, encoding).read(SAMPLE_BYTES).decode(_of_lines(encoding), "replace")
    numbers = _number_columns(table_map)
    dialect = dialect_of(text, found, _of_lines(encoding), table_map.columns_read, numbers)
    seen = {
        f"encoding {encoding}": not found.encoding and encoding != "utf-8",
        "decimal comma": not found.decimal and dialect.decimal == ",",
    }
    told = ", ".join(what for what, is_seen in seen.items() if is_seen)
    # Where the other mark parts thousands it is taken out.
    other_mark = OtherMark(dialect.decimal, () if found.thousands else numbers & {*dialect.names})
    return Opened(
        lambda: other_mark.passed(delimited.blocks(_stream(path, encoding), dialect)),
        dialect.names,
        dialect.decimal,
        f"Read with {told}." if told else None,
        other_mark,
    )


def _number_columns(table_map: TableMap) -> set[str]:
    fields = {field.name: field for field in table_map.table.fields}
    return {
        column
        for name, taken in table_map.fields.items()
        if fields[name].type == "double" and not taken.values
        for column in taken.columns
    }


def _of_lines(encoding: str) -> str:
    """The encoding of a stream: what has no line ends of one byte is brought to UTF-8 on the way."""
    return "utf-8" if _is_wide(encoding) else encoding


def _is_wide(encoding: str) -> bool:
    return len("\n\n".encode(encoding)) - len("\n".encode(encoding)) > 1


def _stream(path: Path, encoding: str) -> Stream:
    """The file's text from behind its byte order mark."""
    stream = _bytes(path)
    if _is_wide(encoding):
        return cast(Stream, pa.transcoding_input_stream(stream, encoding, "utf-8"))
    mark = "\ufeff".encode() if encoding == "utf-8" else b""
    if mark and _bytes(path).read(len(mark)) == mark:
        stream.read(len(mark))
    return cast(Stream, stream)


def _bytes(path: Path) -> pa.NativeFile:
    return pa.input_stream(path, compression=PACKED.get(path.suffix))
