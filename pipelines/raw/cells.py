"""SQL (DuckDB) that turns the cells of one field, as delivered, into values, and says why where it cannot.

A cell takes three steps: as delivered (null where it is missing), parsed (the number or local time that its
text is), value (within the contract's limits, at a moment that exists). A cell with the first and without the
last is a fault.
"""

from collections.abc import Mapping
from dataclasses import dataclass

import pyarrow as pa
import pyarrow.compute as pc

from pipelines.raw import numbers, times
from pipelines.raw.field_toml import template_columns
from pipelines.raw.source_map import NULL_WORDS, FieldMap, TableMap
from pipelines.raw.sql import literal, name
from schemas.contract import Field

TRUE_OR_FALSE = "is neither true nor false."
A_MAP = 'is not a set of names and texts such as {"F7": "WR-1042"}.'
LINE_BREAK = "holds a line break: a quote may be missing, or two lines were joined."


@dataclass(frozen=True)
class Delivered:
    """What is known of a block of rows: the Arrow types of its columns and how its numbers are written.

    In SQL a column goes by its place: to DuckDB, Mass and mass were one name.
    """

    types: Mapping[str, pa.DataType]
    decimal: str = "."
    thousands: str | None = None

    def place(self, column: str) -> str:
        """The column's name in SQL."""
        return f"c{list(self.types).index(column)}"

    def text(self, column: str, null_words: tuple[str, ...] = ()) -> str:
        """The column's cells as text, null where they are one of these words too."""
        place, typed = self.place(column), self.types[column]
        text = place if pa.types.is_string(typed) else f"{place}::varchar"
        if pa.types.is_floating(typed):
            # An identity that a program took for a number: 7232058.0 is 7232058.
            whole = f"case when {place} = trunc({place}) then try_cast({place} as bigint)::varchar end"
            text = f"coalesce({whole}, {text})"
        words = ", ".join(literal(word.lower()) for word in null_words)
        return f"case when lower({text}) not in ({words}) then {text} end" if words else text


def cleaned(cells: pa.Table, null_words: tuple[str, ...]) -> pa.Table:
    """The cells with text trimmed, and null where it is empty or a null word, in any case."""
    words = pa.array(["", *(word.lower() for word in null_words)])
    longest = max(len(word.encode()) for word in words.to_pylist())
    columns = [_cleaned(c, words, longest) if pa.types.is_string(c.type) else c for c in cells.columns]
    return pa.table(columns, cells.column_names)


def _cleaned(text: pa.ChunkedArray, words: pa.Array, longest: int) -> pa.ChunkedArray:
    trimmed = pc.utf8_trim_whitespace(text)
    may_be = pc.less_equal(pc.binary_length(trimmed), longest)
    if not pc.any(may_be).as_py():
        return trimmed
    is_word = pc.and_(may_be, pc.is_in(pc.utf8_lower(trimmed), words))
    return pc.if_else(is_word, pa.scalar(None, text.type), trimmed)


@dataclass(frozen=True)
class CellSql:
    """The steps of a field's cells; a later one finds an earlier by ``as_delivered`` and ``as_parsed``."""

    field: Field
    column: str
    delivered: str
    parsed: str
    value: str
    reason: str

    @property
    def faulty(self) -> str:
        """True where something was delivered that is no value."""
        return f"{as_delivered(self.field.name)} is not null and {name(self.field.name)} is null"


def as_delivered(field: str) -> str:
    """The name of a field's cells as delivered, null where they are missing."""
    return name(f"{field} as delivered")


def as_parsed(field: str) -> str:
    """The name of what the text of a field's cells is, before limits."""
    return name(f"{field} as parsed")


def cell_sql(field: Field, taken: FieldMap, table_map: TableMap, block: Delivered) -> CellSql:
    """The steps of a field; a field whose columns the block does not have is empty."""
    has_all = all(column in block.types for column in taken.columns)
    is_text, delivered = _delivered(field, taken, table_map, block) if has_all else (True, "null::varchar")
    given, parsed = as_delivered(field.name), as_parsed(field.name)
    of_plant = _mapped(taken, given) if taken.values else given
    if field.type in {"double", "bigint"}:
        steps = numbers.steps(field, taken, of_plant, parsed, block.decimal, block.thousands, is_text)
    elif field.type == "timestamp":
        kind = pa.string() if is_text else block.types[taken.columns[0]]
        steps = times.steps(taken, table_map, of_plant, parsed, kind)
    else:
        steps = _other_steps(field, of_plant, parsed)
    parsed_sql, value, reason = steps
    if taken.values and not taken.otherwise:
        unknown = f"{numbers.quoted(given)} || ' is not among the values that source.toml knows.'"
        reason = f"case when {of_plant} is null then {unknown} else {reason} end"
    return CellSql(field, ", ".join(taken.columns) or field.name, delivered, parsed_sql, value, reason)


def null_words(table_map: TableMap) -> tuple[str, ...]:
    """What stands for a missing cell in the files of a map, beside an empty one."""
    return NULL_WORDS if table_map.null_words is None else table_map.null_words


def _delivered(field: Field, taken: FieldMap, table_map: TableMap, block: Delivered) -> tuple[bool, str]:
    """Whether the cells are text, and the SQL of them."""
    if taken.constant is not None:
        return True, literal(taken.constant)
    if taken.template is not None:
        return True, _filled(taken.template, block)
    (column,) = taken.columns
    place, typed = block.place(column), block.types[column]
    if field.type.startswith("map") and pa.types.is_nested(typed):
        return True, f"to_json({place})::varchar"
    if not _fits(field, taken, typed):
        return True, block.text(column, taken.null_words)
    # A number is never a null word by chance: only the source's own words are looked for.
    own = (table_map.null_words or ()) + taken.null_words
    return False, f"case when {block.text(column, own)} is not null then {place} end" if own else place


def _fits(field: Field, taken: FieldMap, typed: pa.DataType) -> bool:
    """True where a typed column needs no way through text."""
    is_number = pa.types.is_integer(typed) or pa.types.is_floating(typed) or pa.types.is_decimal(typed)
    if taken.values or taken.after:
        return False
    if field.type == "timestamp":
        return pa.types.is_timestamp(typed) or pa.types.is_date(typed) or (is_number and bool(taken.formats))
    return is_number and field.type in {"double", "bigint"}


def _filled(template: str, block: Delivered) -> str:
    parts = []
    rest = template
    for column in template_columns(template):
        before, _, rest = rest.partition(f"{{{column}}}")
        parts += [literal(before), block.text(column)]
    return " || ".join([*parts, literal(rest)])


def _mapped(taken: FieldMap, given: str) -> str:
    cases = " ".join(
        f"when {literal(theirs)} then {literal(ours)}" for theirs, ours in (taken.values or {}).items()
    )
    otherwise = f" else {literal(taken.otherwise)}" if taken.otherwise is not None else ""
    return f"case when {given} is not null then case {given} {cases}{otherwise} end end"


def _other_steps(field: Field, given: str, parsed: str) -> tuple[str, str, str]:
    if field.type == "boolean":
        return (
            given,
            f"try_cast({parsed} as boolean)",
            f"{numbers.quoted(parsed)} || {literal(' ' + TRUE_OR_FALSE)}",
        )
    if field.type.startswith("map"):
        value = f"try_cast(try_cast({parsed} as json) as map(varchar, varchar))"
        return given, value, f"{numbers.quoted(parsed)} || {literal(' ' + A_MAP)}"
    one_line = f"instr({parsed}, chr(10)) = 0 and instr({parsed}, chr(13)) = 0"
    if not field.values:
        return given, f"case when {one_line} then {parsed} end", literal(LINE_BREAK)
    listed = ", ".join(literal(value) for value in field.values)
    told = literal(f" is not one of {', '.join(field.values)}.")
    reason = f"{numbers.quoted(parsed)} || {told}"
    return given, f"case when {parsed} in ({listed}) then {parsed} end", reason
