"""docs/tables.md: every contract as a page, with the drawing of what is made from what."""

from collections.abc import Iterable, Iterator
from pathlib import Path

from jobs.tables import allowed, origin, window
from schemas.contract import MOMENTS, Field, Table
from schemas.lineage import LAYERS, TABLES
from schemas.raw_table import WHERE_FROM, delivered

HEAD = f"""\
<!-- Generated from schemas/ by `coilmart tables --docs docs/tables.md`: change it there. -->

# Tables

Every table is a Delta table of the lake, `<lake>/<layer>/<name>`, partitioned by `production_day`, the mill's
own day (its time zone and start hour are settings). The unit is the last word of a field's name. Timestamps
are UTC. Query them by layer and name: `coilmart sql "from mart.coil_yields limit 5"`.

Promises are checked before a day is published: *block* keeps the day back, *warn* publishes and counts.
Keys are unique, required fields are there and listed values hold (block); limits are plausible (warn), and
physical in raw tables, where a value outside them is no measurement.

*Moments* of a signal, `{MOMENTS}`, are asked for by name: `finishing_temp_c.mean`.
"""
RAW = """\
Every raw table also carries where its rows came from. A query sees the rows that hold;
`raw."coils$history"` has the superseded ones too.
"""
FIELDS = "| field | type | unit | allowed | meaning | example |\n|---|---|---|---|---|---|"


def write_page(file: Path) -> None:
    """Write the page anew."""
    file.write_text(tables_page(), encoding="utf-8")


def tables_page() -> str:
    """The page in Markdown, with a drawing in Mermaid."""
    parts = [HEAD, "## What is made from what\n", _drawing()]
    for layer in LAYERS:
        name = layer.__name__.removeprefix("schemas.")
        tables = [table for table in TABLES.values() if table.layer == name]
        parts += [f"## {name}\n\n{layer.__doc__}\n", _overview(tables)]
        parts += [RAW, _fields(WHERE_FROM)] if name == "raw" else []
        parts += [_section(table) for table in tables]
    return "\n".join(parts)


def _drawing() -> str:
    return "\n".join(["```mermaid", "flowchart LR", *_nodes(), *_edges(), "```", ""])


def _nodes() -> Iterator[str]:
    for layer in ("raw", "core", "mart"):
        yield f"    subgraph {layer}"
        for table in TABLES.values():
            if table.layer == layer:
                yield f"        {_node(table)}[{table.name}]"
        yield "    end"


def _edges() -> Iterator[str]:
    for table in TABLES.values():
        for declared in table.made_from:
            yield f"    {_node(declared.table)} --> {_node(table)}"


def _node(table: Table) -> str:
    return table.path.replace("/", "_")


def _overview(tables: Iterable[Table]) -> str:
    rows = (
        f"| [{table.path}](#{table.path.replace('/', '')}) | {table.row} | {_names(table.key)} |"
        for table in tables
    )
    return "\n".join(["| table | one row per | key |", "|---|---|---|", *rows, ""])


def _section(table: Table) -> str:
    made_from = ", ".join(map(window, table.made_from)) or origin(table)
    promises = [f"- *{promise.severity.value}*: {promise.meaning}" for promise in table.promises]
    fields = delivered(table) if table.layer == "raw" else table.fields
    return "\n".join(
        [
            f"### {table.path}\n",
            f"{table.meaning}\n",
            f"- one row per {table.row}; key {_names(table.key)}; day of `{table.day_of}`",
            f"- made from {made_from}",
            *promises,
            "",
            _fields(fields),
        ]
    )


def _fields(fields: Iterable[Field]) -> str:
    return "\n".join([FIELDS, *map(_field, fields), ""])


def _field(field: Field) -> str:
    example = "" if field.example is None else str(field.example)
    cells = (f"`{field.name}`", field.shown_type, field.unit or "", allowed(field), field.meaning, example)
    return f"| {' | '.join(map(_cell, cells))} |"


def _names(names: Iterable[str]) -> str:
    return ", ".join(f"`{name}`" for name in names)


def _cell(text: str) -> str:
    return text.replace("|", "\\|").replace("<", "&lt;")
