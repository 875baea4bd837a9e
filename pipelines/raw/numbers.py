"""SQL (DuckDB) of numbers: text to number, unit to unit, the contract's limits."""

from pipelines.raw.source_map import FieldMap
from pipelines.raw.sql import literal
from schemas.contract import Field

NOT_FINITE = " is not a finite number."
BELOW = " is below {limit:.15g}{unit}, the least that can be."
ABOVE = " is above {limit:.15g}{unit}, the most that can be."


def quoted(value: str) -> str:
    """What a message shows of a cell."""
    return f"'''' || left({value}::varchar, 60) || ''''"


def steps(
    field: Field, taken: FieldMap, given: str, parsed: str, decimal: str, thousands: str | None, is_text: bool
) -> tuple[str, str, str]:
    """Parsed, value and reason of a field of numbers."""
    number = number_of_text(given, decimal, thousands) if is_text else f"try_cast({given} as double)"
    within = [f"isfinite({parsed})"]
    if field.minimum is not None:
        within.append(f"{parsed} >= {field.minimum!r}")
    if field.maximum is not None:
        within.append(f"{parsed} <= {field.maximum!r}")
    if field.type == "bigint":
        within.append(f"{parsed} = trunc({parsed})")
    value = f"case when {' and '.join(within)} then {parsed} end"
    if field.type == "bigint":
        value = f"try_cast({value} as bigint)"
    return _converted(number, taken), value, _reason(field, given, parsed)


def number_of_text(text: str, decimal: str, thousands: str | None) -> str:
    """A number, null where the text is none; what DuckDB would read beyond plain numbers is none."""
    plain = f"replace({text}, {literal(thousands)}, '')" if thousands else text
    # 1_000 is a number to DuckDB, 12.500 could be twelve thousand where the comma is the decimal mark.
    plain = f"replace({plain}, '_', '?')" if decimal == "." else f"translate({plain}, ',._', '.??')"
    return f"try_cast({plain} as double)"


def _converted(number: str, taken: FieldMap) -> str:
    if taken.scale == 1 and taken.offset == 0:
        return number
    divisor = round(1 / taken.scale) if taken.scale else 0
    # 22,560 kg are 22.56 t: dividing by a whole number rounds once, as the decimal text would.
    exact = divisor > 1 and abs(divisor * taken.scale - 1) < 1e-15
    scaled = f"{number} / {divisor}" if exact else f"{number} * {taken.scale!r}"
    return f"{scaled} + {taken.offset!r}" if taken.offset else scaled


def _reason(field: Field, given: str, parsed: str) -> str:
    unit = f" {field.unit}" if field.unit else ""
    cases = [
        f"when {parsed} is null then {quoted(given)} || ' is not a number.'",
        f"when not isfinite({parsed}) then {quoted(given)} || {literal(NOT_FINITE)}",
    ]
    if field.minimum is not None:
        told = literal(BELOW.format(limit=field.minimum, unit=unit))
        cases.append(f"when {parsed} < {field.minimum!r} then {parsed}::varchar || {told}")
    if field.maximum is not None:
        told = literal(ABOVE.format(limit=field.maximum, unit=unit))
        cases.append(f"when {parsed} > {field.maximum!r} then {parsed}::varchar || {told}")
    return f"case {' '.join(cases)} else {quoted(given)} || ' is not a whole number.' end"
