"""The peer's reading of landing: DuckDB reads all files of a table at once, then says where each row went.

The law is that of docs/sources.md, for what the reference mill delivers in one go into an empty lake: a key
twice in a file is a duplicate or a contradiction, the later of two files wins, a file seen
before is not read again.
"""

import hashlib
from collections.abc import Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import duckdb

from schemas.contract import Field, Table
from schemas.raw.coils import RAW_COILS
from schemas.raw.cuts import RAW_CUTS
from schemas.raw.finishing_readings import RAW_FINISHING_READINGS
from schemas.raw.heats import RAW_HEATS
from schemas.raw.orders import RAW_ORDERS
from schemas.raw.quality_codes import RAW_QUALITY_CODES
from schemas.raw.scrap import RAW_SCRAP
from schemas.raw.slabs import RAW_SLABS
from schemas.raw.welds import RAW_WELDS
from schemas.raw_table import delivered

Connection = duckdb.DuckDBPyConnection

TEXT_CSV = "read_csv({files}, filename = true, all_varchar = true, header = true, delim = ',')"
OLD_CSV = TEXT_CSV.replace("','", "';', encoding = 'latin-1'")
JSON_LINES = "read_json({files}, filename = true, format = 'newline_delimited', columns = {columns})"
NUMBERED_IN_FILE = "row_number() over (partition by filename)"
READERS = {
    RAW_COILS: JSON_LINES,
    RAW_CUTS: OLD_CSV,
    RAW_HEATS: TEXT_CSV,
    RAW_ORDERS: JSON_LINES,
    RAW_QUALITY_CODES: TEXT_CSV,
    RAW_SCRAP: OLD_CSV,
    RAW_SLABS: TEXT_CSV,
    RAW_WELDS: OLD_CSV,
}
"""How the mill's systems export each table of texts."""

LEDGER = """create temp table ingest_ledger (table_path varchar, source_file varchar, status varchar,
    rows_read bigint, rows_kept bigint, rows_quarantined bigint, rows_duplicate bigint,
    cells_faulty bigint)"""
CELL_FAULTS = """create temp table cell_faults (source_file varchar, row_number bigint,
    column_name varchar, original varchar)"""


def take_in_texts(connection: Connection, landing: Path, table: Table) -> None:
    """Make ``<table>`` of the rows that hold, with production_day; a bad cell costs the row."""
    files = _news(connection, landing, table)
    columns = {field.name: "VARCHAR" for field in delivered(table)}
    source = READERS[table].format(files=files, columns=columns)
    connection.execute(f"create temp table {table.name}_read as {_numbered(source, landing)}")
    decimal_comma = READERS[table] is OLD_CSV
    values = {field.name: _value_of_text(field, decimal_comma) for field in delivered(table)}
    faults = " or ".join(_text_faults(delivered(table), values))
    _judge(connection, table, values, faults)
    _write_ledger(connection, table)
    connection.execute(f"create temp table {table.name} as {kept(table, values)}")


def take_in_readings(connection: Connection, landing: Path) -> str:
    """Judge every row and cell; the query of the rows to keep, which is run once, as they are written."""
    table = RAW_FINISHING_READINGS
    files = _news(connection, landing, table)
    source = f"read_parquet({files}, filename = true, file_row_number = true)"
    rows = _numbered(source, landing, "file_row_number + 1")
    connection.execute(f"create temp table {table.name}_read as {rows}")
    # One system takes all samples of this mill: no file names it.
    fields = [field for field in delivered(table) if field.name != "system"]
    values = {f.name: f.name if f.required else _within_limits(f, f.name) for f in fields}
    _judge(connection, table, values, "coil_id is null or trim(coil_id) = '' or sampled_at is null")
    for field in (field for field in fields if not field.required):
        connection.execute(
            f"""insert into cell_faults select source_file, row_number, '{field.name}', {field.name}::varchar
            from {table.name}_read anti join {table.name}_out using (source_file, row_number)
            where {field.name} is not null and {values[field.name]} is null"""
        )
    _write_ledger(connection, table)
    return kept(table, values)


def kept(table: Table, values: dict[str, str]) -> str:
    """The query of the rows to keep."""
    cells = ", ".join(f"{value} as {name}" for name, value in values.items())
    return f"""select {cells}, source_file, row_number, current_timestamp as ingested_at,
            case when fate = 'superseded' then current_timestamp end as superseded_at,
            (({values[table.day_of]}) at time zone 'UTC' - interval 6 hours)::date as production_day
        from {table.name}_read left join {table.name}_fates using (source_file, row_number)
        where coalesce(fate, 'superseded') = 'superseded'"""


def _news(connection: Connection, landing: Path, table: Table) -> list[str]:
    """The files in order of arrival, but for those seen under another name; ``arrivals`` has these too."""
    files = sorted((landing / table.name).iterdir(), key=lambda file: (file.stat().st_mtime_ns, file.name))
    with ThreadPoolExecutor() as threads:
        first_with: dict[str, Path] = {}
        contents = zip(files, threads.map(_digest, files), strict=True)
        same_as = {file: first_with.setdefault(content, file) for file, content in contents}
    connection.execute(
        "create or replace temp table arrivals (source_file varchar, same_as varchar, place bigint)"
    )
    names = [
        (str(file.relative_to(landing)), str(first.relative_to(landing))) for file, first in same_as.items()
    ]
    arrivals = [(name, first, place) for place, (name, first) in enumerate(names)]
    connection.executemany("insert into arrivals values (?, ?, ?)", arrivals)
    return [str(file) for file, first in same_as.items() if file == first]


def _digest(file: Path) -> str:
    with file.open("rb") as content:
        return hashlib.file_digest(content, lambda: hashlib.blake2b(digest_size=16)).hexdigest()


def _numbered(source: str, landing: Path, row_number: str = NUMBERED_IN_FILE) -> str:
    return f"""select * exclude (filename), filename[{len(str(landing)) + 2}:] as source_file,
        {row_number} as row_number from {source}"""


def _value_of_text(field: Field, decimal_comma: bool) -> str:
    text = f"nullif(trim({field.name}), '')"
    if field.type in {"double", "bigint"}:
        number = f"try_cast({f'''replace({text}, ',', '.')''' if decimal_comma else text} as {field.type})"
        return _within_limits(field, number)
    if field.type == "timestamp":
        return f"try_cast({text} as timestamptz)"
    if field.values:
        return f"case when {text} in {field.values} then {text} end"
    return text


def _within_limits(field: Field, number: str) -> str:
    least = "-1.7976931348623157e308" if field.minimum is None else f"{field.minimum}"
    most = "1.7976931348623157e308" if field.maximum is None else f"{field.maximum}"
    return f"case when {number} between {least} and {most} then {number} end"


def _text_faults(fields: Iterable[Field], values: dict[str, str]) -> Iterator[str]:
    for field in fields:
        if field.required:
            yield f"({values[field.name]}) is null"
        elif values[field.name] != f"nullif(trim({field.name}), '')":
            yield f"(nullif(trim({field.name}), '') is not null and ({values[field.name]}) is null)"


def _judge(connection: Connection, table: Table, values: dict[str, str], row_faults: str) -> None:
    """Make ``<table>_fates`` (rows quarantined, duplicate or superseded) and ``_out`` (those not kept)."""
    keyed = [values[name] for name in table.key if name in values]
    key = ", ".join(f"{value} as key_{place}" for place, value in enumerate(keyed))
    same_key = ", ".join(f"key_{place}" for place, _ in enumerate(keyed))
    content = f"hash({', '.join(f'({value})' for value in values.values())})"
    connection.execute(
        f"""create temp table {table.name}_fates as
        with sound as (select source_file, row_number, {key} from {table.name}_read where not ({row_faults})),
        often as (select {same_key} from sound group by all having count(*) > 1),
        copies as (select * from sound semi join often using ({same_key})),
        contents as (
            select copies.*, place, {content} as content
            from copies
            join {table.name}_read using (source_file, row_number)
            join arrivals using (source_file)
        ), in_file as (
            select *, min(content) over same <> max(content) over same as contradicts,
                row_number() over (same order by row_number) > 1 as is_again
            from contents window same as (partition by source_file, {same_key})
        ), versions as (
            select *, content is not distinct from lag(content) over same as is_same
            from in_file where not contradicts and not is_again
            window same as (partition by {same_key} order by place)
        )
        select source_file, row_number, 'quarantined' as fate from {table.name}_read where {row_faults}
        union all select source_file, row_number, 'quarantined' from in_file where contradicts
        union all select source_file, row_number, 'duplicate' from in_file where is_again and not contradicts
        union all select source_file, row_number, 'duplicate' from versions where is_same
        union all select source_file, row_number, 'superseded' from versions where not is_same
            qualify row_number() over (partition by {same_key} order by place desc) > 1"""
    )
    connection.execute(
        f"create temp table {table.name}_out as from {table.name}_fates where fate <> 'superseded'"
    )


def _write_ledger(connection: Connection, table: Table) -> None:
    connection.execute(
        f"""insert into ingest_ledger
        select 'raw/{table.name}', source_file,
            case when count(row_number) > 0 then 'ingested' else 'empty' end,
            count(row_number), count(row_number) filter (coalesce(fate, 'superseded') = 'superseded'),
            count(*) filter (fate = 'quarantined'), count(*) filter (fate = 'duplicate'),
            coalesce(any_value(cells), 0)
        from (from arrivals where source_file = same_as) left join {table.name}_read using (source_file)
        left join {table.name}_fates using (source_file, row_number)
        left join (select source_file, count(*) as cells from cell_faults group by all) using (source_file)
        group by source_file"""
    )
    connection.execute(
        """insert into ingest_ledger
        select table_path, arrivals.source_file,
            case status when 'ingested' then 'seen before' else status end, rows_read, 0, 0, rows_read, 0
        from arrivals join ingest_ledger on same_as = ingest_ledger.source_file
        where arrivals.source_file <> same_as"""
    )
