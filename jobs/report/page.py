"""The page: finds the sections, asks each for the day, and writes one HTML file."""

import importlib
import json
import pkgutil
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import duckdb
from jinja2 import Environment, PackageLoader, StrictUndefined
from plotly.offline import get_plotlyjs

from jobs.lake.queries import open_lake
from jobs.report import sections
from jobs.report.blocks import Block

PAGE = "page.html"


@dataclass(frozen=True)
class Section:
    """One question and what answers it on the day."""

    name: str
    title: str
    question: str
    blocks: Sequence[Block]


def write_report(lake: str, reports: Path, day: date) -> Path:
    """Write the report of the day, ``reports/2026-11-20.html``; the same lake gives the same bytes."""
    connection = open_lake(lake)
    html = _page(day, _is_made(connection, day), read_sections(connection, day))
    file = reports / f"{day}.html"
    unfinished = file.with_suffix(".html.part")
    reports.mkdir(parents=True, exist_ok=True)
    unfinished.write_text(html, encoding="utf-8")
    unfinished.replace(file)
    return file


def read_sections(connection: duckdb.DuckDBPyConnection, day: date) -> list[Section]:
    """Every module of jobs/report/sections, in the order that it asks for."""
    found = [
        importlib.import_module(f"{sections.__name__}.{module.name}")
        for module in pkgutil.iter_modules(sections.__path__)
    ]
    return [
        Section(s.__name__.split(".")[-1], s.TITLE, s.QUESTION, tuple(s.content(connection, day)))
        for s in sorted(found, key=lambda s: s.ORDER)
    ]


def _is_made(connection: duckdb.DuckDBPyConnection, day: date) -> bool:
    made = "from mart.table_freshness where production_day = ? and table_path = 'mart/yield_ledger'"
    return bool(connection.execute(made, [day]).fetchall())


def _page(day: date, is_made: bool, answered: Sequence[Section]) -> str:
    environment = Environment(
        loader=PackageLoader("jobs.report", "."),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    # Plotly's own JSON knows arrays and dates; tojson makes it safe inside a script element.
    environment.filters["drawing"] = lambda figure: json.loads(figure.to_json())
    return environment.get_template(PAGE).render(
        day=day, is_made=is_made, sections=answered, plotly=get_plotlyjs()
    )
