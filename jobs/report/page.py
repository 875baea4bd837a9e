"""The page: finds the sections, asks each for the day, and writes one HTML file."""

import importlib
import json
import pkgutil
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import duckdb
from jinja2 import Environment, PackageLoader, StrictUndefined
from plotly.offline import get_plotlyjs

from jobs.lake.queries import open_lake
from jobs.landing import sources_left_alone
from jobs.report import sections
from jobs.report.blocks import Block
from jobs.settings import Settings

PAGE = "page.html"


@dataclass(frozen=True)
class Section:
    """One question and what answers it on the day."""

    name: str
    title: str
    question: str
    blocks: Sequence[Block]


def write_report(settings: Settings, day: date) -> Path:
    """Write the report of the day, ``reports/2026-11-20.html``, with times by the mill's own clock.

    The same lake and the same maps in landing give the same bytes.
    """
    connection = open_lake(settings.lake, time_zone=settings.time_zone)
    html = _page(
        day=day,
        time_zone=settings.time_zone,
        is_made=_is_made(connection, day),
        # A report may be written where the lake is and landing is not.
        left_alone=sources_left_alone(settings) if settings.landing.is_dir() else [],
        sections=read_sections(connection, day),
    )
    file = settings.reports / f"{day}.html"
    unfinished = file.with_suffix(".html.part")
    settings.reports.mkdir(parents=True, exist_ok=True)
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


def _page(**content: Any) -> str:
    environment = Environment(
        loader=PackageLoader("jobs.report", "."),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    # Plotly's own JSON knows arrays and dates; tojson makes it safe inside a script element.
    environment.filters["drawing"] = lambda figure: json.loads(figure.to_json())
    return environment.get_template(PAGE).render(plotly=get_plotlyjs(), **content)
