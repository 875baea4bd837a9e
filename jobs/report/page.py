"""The page: finds the sections, asks each for the day, and writes one HTML file."""

import importlib
import pkgutil
from datetime import date
from pathlib import Path

import duckdb

from jobs.lake.queries import open_lake
from jobs.landing import sources_left_alone
from jobs.report import sections
from jobs.report.blocks import Section
from jobs.report.rendering import page, write_page
from jobs.settings import Settings

PAGE = "page.html"


def write_report(settings: Settings, day: date) -> Path:
    """Write the report of the day, ``reports/2026-11-20.html``, with times by the mill's own clock.

    The same lake and the same maps in landing give the same bytes.
    """
    connection = open_lake(settings.lake, time_zone=settings.time_zone)
    html = page(
        PAGE,
        day=day,
        time_zone=settings.time_zone,
        is_made=_is_made(connection, day),
        # A report may be written where the lake is and landing is not.
        left_alone=sources_left_alone(settings) if settings.landing.is_dir() else [],
        sections=read_sections(connection, day),
    )
    file = settings.reports / f"{day}.html"
    write_page(file, html)
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
