"""`coilmart tables`: what there is, how fresh it is, and what one table promises."""

from collections.abc import Iterable, Iterator
from datetime import datetime
from difflib import get_close_matches

from jobs.lake import delta
from jobs.lake.queries import open_lake
from schemas.contract import EVER, Field, Input, Table
from schemas.lineage import TABLES

FRESHNESS = """
select table_path, max(reaches_to_at), max(known_to_at), max(made_at)
from mart.table_freshness group by table_path
"""


class UnknownTable(LookupError):
    """There is no such table."""


def table_named(name: str) -> Table:
    """The contract of ``mart/coil_yields`` or ``mart.coil_yields``; an UnknownTable where there is none."""
    path = name.replace(".", "/")
    if path in TABLES:
        return TABLES[path]
    near = get_close_matches(path, TABLES, cutoff=0.6)
    hint = f"is it {' or '.join(near)}?" if near else "`coilmart tables` lists what there is."
    raise UnknownTable(f"A table's name promises to be layer/name, but there is no {name}; {hint}")


def list_tables(lake: str) -> str:
    """Every table: its row, its key, the days that it has, and up to when it knows."""
    fresh = {path: times for path, *times in open_lake(lake, FRESHNESS).execute(FRESHNESS).fetchall()}
    return "\n".join(_listed(lake, table, fresh.get(table.path)) for table in TABLES.values())


def _listed(lake: str, table: Table, fresh: list[datetime | None] | None) -> str:
    times = zip(("reaches to", "knows deliveries to", "made"), fresh or [], strict=False)
    known = [f"{word} {at:%Y-%m-%d %H:%M}Z" for word, at in times if at]
    return "\n".join(
        [
            table.path,
            f"    one row per {table.row}",
            f"    key {', '.join(table.key)}",
            f"    {'; '.join([_days(lake, table), *known])}",
            "",
        ]
    )


def _days(lake: str, table: Table) -> str:
    files = delta.current_files(lake, table)
    days = sorted({file.day for file in files})
    rows = sum(file.rows for file in files)
    if not days:
        return "no rows yet"
    span = f"{days[0]}" if len(days) == 1 else f"{len(days):,} days from {days[0]} to {days[-1]}"
    return f"{span}, {rows:,} rows"


def describe_table(table: Table) -> str:
    """One contract in full: row, key, inputs, promises and every field."""
    about = [
        table.path,
        table.meaning,
        "",
        f"one row per   {table.row}",
        f"key           {', '.join(table.key)}",
        f"day           the production day of {table.day_of}",
        f"made from     {', '.join(map(window, table.made_from)) or origin(table)}",
    ]
    promises = [f"  {promise.meaning} ({promise.severity.value})" for promise in table.promises]
    return "\n".join(
        [*about, *(["promises", *promises] if promises else []), "", *_field_lines(table.fields)]
    )


def _field_lines(fields: Iterable[Field]) -> Iterator[str]:
    cells = [(f.name, f.shown_type, f.unit or "", allowed(f), f.meaning) for f in fields]
    header = ("field", "type", "unit", "allowed", "meaning")
    widths = [max(map(len, column)) for column in zip(header, *cells, strict=True)]
    for row in [header, *cells]:
        yield "  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip()


def origin(table: Table) -> str:
    """Where a table comes from that is not made from others."""
    return "the runs themselves, as they go" if table.kept_by_the_run else f"landing/{table.name}"


def window(declared: Input) -> str:
    """An input with the days that a day of the table needs.

    >>> from schemas.core.coils import CORE_COILS
    >>> window(Input(CORE_COILS, days_back=3, days_ahead=1))
    'core/coils (3 days back, 1 day ahead)'
    """
    back = "all days back" if declared.days_back >= EVER else _count(declared.days_back, "back")
    days = [part for part in (back, _count(declared.days_ahead, "ahead")) if part]
    return declared.table.path + (f" ({', '.join(days)})" if days else "")


def _count(days: int, where: str) -> str:
    return f"{days} day{'' if days == 1 else 's'} {where}" if days else ""


def allowed(field: Field) -> str:
    """What a value of the field may be.

    >>> allowed(Field("mass_t", "double", "Mass.", 21.5, required=False, minimum=0, maximum=60))
    '0 to 60; may be missing'
    """
    if field.values:
        said = ", ".join(field.values)
    elif field.minimum is not None and field.maximum is not None:
        said = f"{field.minimum:g} to {field.maximum:g}"
    elif field.minimum is not None:
        said = f"at least {field.minimum:g}"
    elif field.maximum is not None:
        said = f"at most {field.maximum:g}"
    else:
        said = ""
    return said if field.required else f"{said}; may be missing".removeprefix("; ")
