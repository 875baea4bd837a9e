"""SQL (DuckDB) of times: text to moment, local time to UTC, hours that the clock skips or repeats."""

import pyarrow as pa

from pipelines.raw.numbers import number_of_text, quoted
from pipelines.raw.source_map import EPOCHS, FieldMap, TableMap
from pipelines.raw.sql import literal, name

ISO = "2026-11-20T08:30:00Z"
MOMENTS = "between timestamptz '1900-01-01 00:00:00+00' and timestamptz '2200-01-01 00:00:00+00'"
LOCAL_TIMES = "between timestamp '1900-01-01' and timestamp '2200-01-01'"
"""What lies outside is a slip of the pen, and would be a production day of its own."""

LONGEST_DURATION_S = 400 * 86_400

Steps = tuple[str, str, str]


def steps(taken: FieldMap, table_map: TableMap, given: str, parsed: str, typed: pa.DataType) -> Steps:
    """Parsed, value and reason of a field of times; parsed is a local time where the map has a time zone."""
    if taken.after:
        return _duration_steps(taken, given, parsed)
    if pa.types.is_timestamp(typed) and typed.tz:
        return "null", _plausible(f"{given}::timestamptz"), _reason(given, "a time")
    epoch = next((unit for unit in EPOCHS if unit in taken.formats), None)
    if epoch:
        return _epoch_steps(epoch, given, parsed, pa.types.is_string(typed))
    if not pa.types.is_string(typed):
        return _local_steps(f"try_cast({given} as timestamp)", "null", table_map, given, parsed, "a time")
    if taken.formats:
        told = "a time written as " + " or ".join(taken.formats)
        local = _strptime(given, [text for text in taken.formats if "%z" not in text])
        aware = _strptime(given, [text for text in taken.formats if "%z" in text])
        return _local_steps(local, aware, table_map, given, parsed, told)
    clock_offset = f"regexp_matches({given}, '[0-9] ?([+-](0[0-9]|1[0-4])(:?[0-5][0-9])?|z)$')"
    offset = f"(suffix({given}, 'Z') or (contains({given}, ':') and {clock_offset}))"
    # DuckDB also reads 'epoch' and 'infinity' as times.
    is_number = f"{given} >= '0' and {given} < ':'"
    local = f"case when not {offset} and {is_number} then try_cast({given} as timestamp) end"
    # DuckDB reads no blank before an offset.
    close = f"replace(replace({given}, ' +', '+'), ' -', '-')"
    moment = f"coalesce(try_cast({given} as timestamptz), try_cast({close} as timestamptz))"
    aware = f"case when {offset} then {moment} end"
    return _local_steps(local, aware, table_map, given, parsed, f"a time such as {ISO}")


def utc_of_local(local: str, zone: str, ambiguous_hour: str) -> str:
    """The moment of a local time; null where the clock skips it, or repeats it and no one says which.

    The offsets in force a day before and a day after are the two that it can have: one that leads back to the
    same local time holds.
    """
    if zone == "UTC":
        return f"timezone('UTC', {local})"
    before, after = _candidates(local, zone)
    earlier, later = f"least({before}, {after})", f"greatest({before}, {after})"
    both = {"quarantine": "null", "earlier": earlier, "later": later}[ambiguous_hour]
    return f"""case
        when {before} = {after} then {before}
        when {_leads_back(before, local, zone)} and {_leads_back(after, local, zone)} then {both}
        when {_leads_back(before, local, zone)} then {before}
        when {_leads_back(after, local, zone)} then {after} end"""


def production_day(moment: str, time_zone: str, day_starts_at_h: int) -> str:
    """The mill's own day of a moment: the date of its local time less the hour at which a day starts."""
    return f"(timezone({literal(time_zone)}, {moment}) - interval {day_starts_at_h} hour)::date"


def _candidates(local: str, zone: str) -> tuple[str, str]:
    at = f"timezone({literal(zone)}, {{}})"
    before = f"{at.format(f'{local} - interval 1 day')} + interval 24 hour"
    after = f"{at.format(f'{local} + interval 1 day')} - interval 24 hour"
    return f"({before})", f"({after})"


def _leads_back(moment: str, local: str, zone: str) -> str:
    return f"timezone({literal(zone)}, {moment}) = {local}"


def _plausible(moment: str, limits: str = MOMENTS) -> str:
    return f"case when ({moment}) {limits} then {moment} end"


def _strptime(given: str, formats: list[str]) -> str:
    listed = ", ".join(literal(text) for text in formats)
    return f"try_strptime({given}, [{listed}])" if formats else "null::timestamp"


def _local_steps(local: str, aware: str, table_map: TableMap, given: str, parsed: str, told: str) -> Steps:
    zone = table_map.time_zone
    if zone is None:
        remedy = (
            " does not say its time zone: write an offset such as +01:00, or set time_zone in a source.toml."
        )
        no_zone = f"when {local} is not null then {quoted(given)} || {literal(remedy)}"
        return f"({aware})::timestamptz", _plausible(parsed), _reason(given, told, no_zone)
    moment = f"coalesce(({aware})::timestamptz, {utc_of_local(parsed, zone, table_map.ambiguous_hour)})"
    return (
        _plausible(local, LOCAL_TIMES),
        _plausible(moment),
        _reason(given, told, _of_the_clock(parsed, zone)),
    )


def _of_the_clock(parsed: str, zone: str) -> str:
    shown = f"strftime({parsed}, '%H:%M on %-d %B %Y')"
    twice = literal(f" occurs twice in {zone}: set ambiguous_hour in source.toml to earlier or later.")
    never = literal(f" does not exist in {zone}: the clock skips it.")
    before, after = _candidates(parsed, zone)
    is_twice = (
        f"{before} <> {after} and {_leads_back(before, parsed, zone)} and {_leads_back(after, parsed, zone)}"
    )
    is_never = f"not ({_leads_back(before, parsed, zone)}) and not ({_leads_back(after, parsed, zone)})"
    return f"when {is_twice} then {shown} || {twice} when {is_never} then {shown} || {never}"


def _reason(given: str, told: str, of_local_time: str = "") -> str:
    what_it_is_not = f"{quoted(given)} || {literal(f' is not {told} (years 1900 to 2200).')}"
    return f"case {of_local_time} else {what_it_is_not} end" if of_local_time else what_it_is_not


def _epoch_steps(epoch: str, given: str, parsed: str, is_text: bool) -> Steps:
    per_second = {"epoch s": 1, "epoch ms": 1_000, "epoch us": 1_000_000}[epoch]
    number = number_of_text(given, ".", None) if is_text else f"try_cast({given} as double)"
    micros = f"try_cast(round({number} * {1_000_000 // per_second}) as bigint)"
    near = f"abs({number}) < {8_000_000_000 * per_second}"
    moment = f"case when {near} then make_timestamp({micros})::timestamptz end"
    return "null::timestamp", _plausible(moment), _reason(given, f"a time as {epoch}")


def _duration_steps(taken: FieldMap, given: str, parsed: str) -> Steps:
    start = name(taken.after or "")
    is_clock = f"regexp_matches({given}, '^[0-9]+:[0-5][0-9](:[0-5][0-9]([.][0-9]+)?)?$')"
    # A number alone says nothing without its unit.
    number = f"else {number_of_text(given, '.', None)} * {taken.scale!r}" if taken.unit else ""
    seconds = f"(case when {is_clock} then {_seconds(given)} {number} end)"
    within = f"case when {seconds} between 0 and {LONGEST_DURATION_S} then {seconds} end"
    value = _plausible(f"{start} + to_microseconds(({parsed} * 1e6)::bigint)")
    reason = (
        f"case when {start} is null then {literal(f'{taken.after}, from which it counts, is missing.')} "
        f"else {quoted(given)} || ' is not a duration such as 01:30:00, of 400 days at most.' end"
    )
    return within, value, reason


def _seconds(given: str) -> str:
    part = f"try_cast(split_part({given}, ':', {{}}) as double)"
    return f"{part.format(1)} * 3600 + {part.format(2)} * 60 + coalesce({part.format(3)}, 0)"
