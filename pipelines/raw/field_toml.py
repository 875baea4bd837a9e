"""Read how one field of a contract is filled: an entry of [table.columns] or [table.constants]."""

import re
from datetime import datetime

import duckdb

from pipelines.raw.signal_toml import OF_A_SIGNAL
from pipelines.raw.source_map import EPOCHS, FieldMap
from pipelines.raw.toml_section import Section
from schemas.contract import Field, Table
from schemas.raw_table import delivered

KEYS = ("column", "template", "duration", "after", "unit", "values", "otherwise", "format", "null_words")
CONSTANTS: dict[str, tuple[type, ...]] = {
    "double": (int, float),
    "bigint": (int,),
    "boolean": (bool,),
    "string": (str,),
    "timestamp": (datetime, str),
}


def constant_map(field: Field, constants: Section) -> FieldMap:
    """A field that has the same value in every row."""
    value = constants.found[field.name]
    fits = isinstance(value, CONSTANTS.get(field.type, ()))
    if not fits or (isinstance(value, bool) and field.type != "boolean"):
        raise constants.error(f"a {field.type} for {field.name}", f"{value!r} was found", "write one")
    return FieldMap(constant=value.isoformat() if isinstance(value, datetime) else _word(value))


def field_map(table: Table, field: Field, columns: Section) -> FieldMap:
    """A field that is filled from one column, or from several."""
    found = columns.found[field.name]
    if isinstance(found, str):
        return FieldMap(columns=(found,))
    entry = Section(f"{field.name} in {columns.where}", columns.section(field.name).found)
    entry.only((*KEYS, *OF_A_SIGNAL))
    one = [key for key in ("column", "template", "duration") if entry.text(key)]
    if len(one) != 1:
        raise entry.error(
            "one of column, template and duration", f"{one or 'none'} was found", "write one of them"
        )
    scale, offset = _unit(field, entry)
    return FieldMap(
        columns=_columns(entry),
        template=entry.text("template"),
        unit=entry.text("unit"),
        scale=scale,
        offset=offset,
        values=_values(entry),
        otherwise=_word(entry.found["otherwise"]) if "otherwise" in entry.found else None,
        formats=_formats(field, entry),
        after=_after(table, field, entry),
        null_words=entry.texts("null_words") or (),
    )


def _columns(entry: Section) -> tuple[str, ...]:
    template = entry.text("template")
    if template is None:
        return (entry.text("column") or entry.text("duration") or "",)
    if not (names := template_columns(template)):
        raise entry.error("columns in braces", f"{template!r} has none", "write such as '{heat}/{strand}'")
    return names


def template_columns(template: str) -> tuple[str, ...]:
    """The columns that a template names.

    >>> template_columns("{heat}/{strand}")
    ('heat', 'strand')
    """
    return tuple(re.findall(r"\{([^{}]+)\}", template))


def _unit(field: Field, entry: Section) -> tuple[float, float]:
    unit = entry.text("unit")
    if unit is None:
        return 1.0, 0.0
    promised = "s" if entry.text("duration") else field.unit
    if promised is None:
        raise entry.error("no unit", f"unit = {unit!r} was found", "take it out")
    # pint takes a tenth of a second to import, and most files need no conversion.
    from pipelines.raw.units import UnitError, conversion

    try:
        return conversion(unit, promised)
    except UnitError as error:
        raise entry.error(promised, error.args[0], "write the unit that the file has") from error


def _values(entry: Section) -> dict[str, str] | None:
    values = entry.section("values").found
    if not values and entry.found.keys() & {"values", "otherwise"}:
        raise entry.error('values = { theirs = "ours" }', "there are none", "write them")
    return {theirs: _word(ours) for theirs, ours in values.items()} or None


def _word(value: object) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)


def _formats(field: Field, entry: Section) -> tuple[str, ...]:
    given = entry.found.get("format")
    formats = (given,) if isinstance(given, str) else entry.texts("format") or ()
    if formats and field.type != "timestamp":
        raise entry.error(
            f"a {field.type}, which has no format", f"format = {given!r} was found", "take it out"
        )
    for text in formats:
        try:
            duckdb.execute("select try_strptime('', ?)", ["%S" if text in EPOCHS else text])
        except duckdb.Error as error:
            promised = f"a time as strptime reads it (%d.%m.%Y %H:%M), or one of {', '.join(EPOCHS)}"
            raise entry.error(promised, f"format = {text!r} was found", "write one of these") from error
    return formats


def _after(table: Table, field: Field, entry: Section) -> str | None:
    after = entry.text("after")
    if entry.text("duration") is None:
        if after:
            raise entry.error(
                "a duration from another time", "after stands alone", "write duration for column"
            )
        return None
    times = [
        other.name for other in delivered(table) if other.type == "timestamp" and other.name != field.name
    ]
    if field.type != "timestamp" or after not in times:
        raise entry.error(
            "a time a duration after another", f"after = {after!r}", f"write one of {', '.join(times)}"
        )
    return after
