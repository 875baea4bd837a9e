"""A delivery as the bytes of a file: CSV, JSON lines or Parquet, as the plant's system exports them."""

import csv
import gzip
import io
import json
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

import pyarrow as pa
import pyarrow.parquet as pq

from pipelines.reference_mill.arrow_tables import delivered_schema
from pipelines.reference_mill.deliveries import Delivery
from pipelines.reference_mill.mill import Mill
from schemas.contract import Table
from schemas.raw.coils import RAW_COILS
from schemas.raw.cuts import RAW_CUTS
from schemas.raw.energy_readings import RAW_ENERGY_READINGS
from schemas.raw.orders import RAW_ORDERS
from schemas.raw.roughing_passes import RAW_ROUGHING_PASSES
from schemas.raw.scrap import RAW_SCRAP
from schemas.raw.stoppages import RAW_STOPPAGES
from schemas.raw.welds import RAW_WELDS

JSON_LINES = (RAW_COILS, RAW_ORDERS)
COMPRESSED = (RAW_ROUGHING_PASSES,)
OLD_EXPORTS = (RAW_CUTS, RAW_WELDS, RAW_SCRAP, RAW_STOPPAGES, RAW_ENERGY_READINGS)
"""Systems that write semicolons, decimal commas and Windows-1252."""


@dataclass(frozen=True)
class CsvStyle:
    """How a system writes CSV."""

    separator: str = ","
    decimal_mark: str = "."
    encoding: str = "utf-8"


OLD_STYLE = CsvStyle(";", ",", "cp1252")


def file_name(delivery: Delivery) -> str:
    """The file's name in the table's landing folder."""
    if isinstance(delivery.content, pa.Table):
        return f"{delivery.stem}.parquet"
    if delivery.contract in JSON_LINES:
        return f"{delivery.stem}.jsonl"
    return f"{delivery.stem}.csv" + (".gz" if delivery.contract in COMPRESSED else "")


def file_bytes(mill: Mill, delivery: Delivery) -> bytes:
    """The file's content; the same delivery gives the same bytes."""
    if isinstance(delivery.content, pa.Table):
        return parquet_bytes(delivery.content)
    if delivery.contract in JSON_LINES:
        return _json_lines(delivery)
    is_old = mill.dirt.decimal_commas and delivery.contract in OLD_EXPORTS
    text = _csv(
        delivery.contract, delivery.content, OLD_STYLE if is_old else CsvStyle(), ZoneInfo(mill.time_zone)
    )
    return gzip.compress(text, mtime=0) if delivery.contract in COMPRESSED else text


def parquet_bytes(table: pa.Table) -> bytes:
    """The table as a Parquet file, zstd-compressed."""
    sink = pa.BufferOutputStream()
    pq.write_table(table, sink, compression="zstd")
    return bytes(sink.getvalue())


def _json_lines(delivery: Delivery) -> bytes:
    lines = (json.dumps(row, default=_iso_utc, ensure_ascii=False) for row in delivery.content)
    return "".join(f"{line}\n" for line in lines).encode()


def _iso_utc(moment: datetime) -> str:
    return moment.isoformat(timespec="milliseconds").replace("+00:00", "Z")


def _csv(contract: Table, rows: list[dict[str, Any]], style: CsvStyle, zone: ZoneInfo) -> bytes:
    out = io.StringIO()
    writer = csv.writer(out, delimiter=style.separator, lineterminator="\r\n" if style is OLD_STYLE else "\n")
    names = delivered_schema(contract).names
    writer.writerow(names)
    writer.writerows([[_text(row[name], style, zone) for name in names] for row in rows])
    return out.getvalue().encode(style.encoding)


def _text(value: Any, style: CsvStyle, zone: ZoneInfo) -> str:
    """A cell: local time with its offset, the style's decimal mark, nothing for what is missing."""
    match value:
        case None:
            return ""
        case bool():
            return str(value).lower()
        case float():
            return str(value).replace(".", style.decimal_mark)
        case datetime():
            return value.astimezone(zone).isoformat(timespec="milliseconds")
        case _:
            return str(value)
