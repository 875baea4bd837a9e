"""Read a source.toml into a source map, or say in one sentence what is wrong with it."""

import tomllib
from dataclasses import replace
from difflib import get_close_matches
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from pipelines.raw.field_toml import constant_map, field_map
from pipelines.raw.file_names import names_in
from pipelines.raw.signal_toml import with_signals
from pipelines.raw.source_map import (
    AMBIGUOUS_HOURS,
    KINDS,
    NO_QUOTE,
    FieldMap,
    FileFormat,
    RowsFromColumns,
    SourceMap,
    TableMap,
)
from pipelines.raw.toml_section import Section
from schemas.contract import Table
from schemas.lineage import raw_tables
from schemas.raw_table import delivered

OF_ALL_TABLES = ("time_zone", "null_words", "ambiguous_hour")
OF_A_TABLE = ("table", "files", "format", "columns", "constants", "attributes", "rows", *OF_ALL_TABLES)
OF_A_FORMAT = (
    *("kind", "separator", "quote", "decimal", "thousands", "encoding"),
    *("header", "names", "skip_lines", "skip_after_header"),
)


def source_map(text: str, name: str) -> SourceMap:
    """The map that the text of a source.toml describes; a SourceMapError names the place and the remedy."""
    try:
        source = Section(name, tomllib.loads(text)).only(("folder", "format", "table", *OF_ALL_TABLES))
    except tomllib.TOMLDecodeError as error:
        raise Section(name, {}).error("TOML", str(error), "mend that place") from error
    blocks = source.found.get("table")
    if not isinstance(blocks, list) or not blocks:
        raise source.error("raw tables", "it has no [[table]]", "add one for each raw table")
    shared = {key: source.found[key] for key in OF_ALL_TABLES if key in source.found}
    file_format = _format(FileFormat(), source.section("format"))
    tables = tuple(
        _table(Section(f"[[table]] {no} of {name}", shared | block), file_format)
        for no, block in enumerate(blocks, 1)
    )
    return SourceMap(source.text("folder") or ".", tables)


def _table(block: Section, shared: FileFormat) -> TableMap:
    block.only(OF_A_TABLE)
    table = with_signals(_raw_table(block), block.section("columns"))
    files = block.text("files")
    if not files:
        raise block.error("files", "it names none", 'add files = "*.csv" or the like')
    names = names_in(files)
    if not all(names) or len(set(names)) < len(names):
        raise block.error("columns of different names in files", f"{files!r} was found", "name each apart")
    if files.startswith("/") or ".." in files.split("/"):
        raise block.error("files", f"{files!r} leaves the folder", "name the folder with folder = ...")
    return TableMap(
        table=table,
        files=files,
        fields=_fields(block, table),
        format=_with_columns(_format(shared, block.section("format")), block),
        null_words=block.texts("null_words"),
        time_zone=_time_zone(block),
        ambiguous_hour=block.one_of("ambiguous_hour", AMBIGUOUS_HOURS) or AMBIGUOUS_HOURS[0],
        attributes=_attributes(block),
        rows_from_columns=_rows_from_columns(block.section("rows")),
    )


def _raw_table(block: Section) -> Table:
    tables = {table.name: table for table in raw_tables()}
    name = (block.text("table") or "").removeprefix("raw/")
    if name not in tables:
        near = get_close_matches(name, tables, n=1) or sorted(tables)
        raise block.error("a raw table", f"table = {name!r} is none", f"write {' or '.join(near)}")
    return tables[name]


def _fields(block: Section, table: Table) -> dict[str, FieldMap]:
    promised = {field.name: field for field in delivered(table)}
    columns = block.section("columns")
    if table.readings and (unknown := sorted(columns.found.keys() - promised)):
        near = get_close_matches(unknown[0], promised, n=1)
        remedy = (
            "".join(f"write {name!r}, or " for name in near) + "declare a signal of your own with a meaning"
        )
        raise columns.error(f"fields of {table.path}", f"{unknown[0]!r} is none", remedy)
    columns.only(promised)
    constants = block.section("constants").only(promised)
    if twice := sorted(columns.found.keys() & constants.found.keys()):
        raise block.error(f"one value for {twice[0]}", "it has a column and a constant", "take one out")
    given = {name: field_map(table, promised[name], columns) for name in columns.found}
    given |= {name: constant_map(promised[name], constants) for name in constants.found}
    for field in promised.values():
        if field.required and field.name not in given:
            remedy = f"add {field.name} to [table.columns] or [table.constants]"
            raise block.error(f"{field.name} in every row", "it has neither a column nor a constant", remedy)
    for name, taken in given.items():
        if taken.after and taken.after not in given:
            raise block.error(f"{name} counted from {taken.after}", f"{taken.after} has no column", "add it")
    return {name: given[name] for name in promised if name in given}


def _format(shared: FileFormat, section: Section) -> FileFormat:
    section.only(OF_A_FORMAT)
    merged = replace(
        shared,
        kind=section.one_of("kind", KINDS) or shared.kind,
        separator=section.character("separator") or shared.separator,
        quote=NO_QUOTE if section.text("quote") == "" else section.character("quote") or shared.quote,
        decimal=section.one_of("decimal", (".", ",")) or shared.decimal,
        thousands=section.character("thousands") or shared.thousands,
        encoding=_encoding(section) or shared.encoding,
        header=section.flag("header", shared.header),
        names=section.texts("names") or shared.names,
        skip_lines=section.count("skip_lines", shared.skip_lines),
        skip_after_header=section.count("skip_after_header", shared.skip_after_header),
    )
    if merged.thousands and merged.thousands == (merged.decimal or "."):
        raise section.error("numbers", "thousands and decimal are one character", "change one of them")
    return merged


def _with_columns(found: FileFormat, block: Section) -> FileFormat:
    if not found.header and not found.names:
        raise block.error(
            "columns", "header = false without names was found", "add names = [...] to its format"
        )
    return found


def _encoding(section: Section) -> str | None:
    name = section.text("encoding")
    try:
        "".encode(name or "utf-8")
    except LookupError as error:
        raise section.error(
            "a text encoding", f"{name!r} is none", "write utf-8, cp1252 or the like"
        ) from error
    return name


def _time_zone(block: Section) -> str | None:
    zone = block.text("time_zone")
    try:
        ZoneInfo(zone or "UTC")
    except (ZoneInfoNotFoundError, ValueError) as error:
        remedy = "write one such as Europe/Vienna"
        raise block.error("an IANA time zone", f"time_zone = {zone!r} is none", remedy) from error
    return zone


def _attributes(block: Section) -> bool | tuple[str, ...]:
    if isinstance(block.found.get("attributes"), list):
        return block.texts("attributes") or ()
    return block.flag("attributes", default=True)


def _rows_from_columns(section: Section) -> RowsFromColumns | None:
    if not section.found:
        return None
    section.only(("columns", "name", "value"))
    columns, name, value = section.texts("columns"), section.text("name"), section.text("value")
    if not columns or not name or not value:
        raise section.error(
            "columns, name and value", f"only {', '.join(section.found)} was found", "add what lacks"
        )
    return RowsFromColumns(columns, name, value)
