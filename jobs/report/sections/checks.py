"""Which promises of the tables were broken."""

from collections.abc import Iterator
from datetime import date

import duckdb

from jobs.report.blocks import Block, Column, Grid, Note
from jobs.report.reading import read
from jobs.report.wording import listed
from jobs.wording import counted

ORDER = 70
TITLE = "Checks"
QUESTION = "Which promises of the tables were broken, and was anything kept back for it?"

QUERY = """
from mart.data_quality where production_day = $day
order by is_kept, severity, rows_broken desc, table_path, promise
"""
COLUMNS = (
    Column("severity", "Severity"),
    Column("table_path", "Table"),
    Column("promise", "Promise"),
    Column("rows_broken", "Rows that break it"),
    Column("rows_checked", "Rows checked"),
    Column("is_published", "Published"),
    Column("examples", "Examples"),
)


def content(connection: duckdb.DuckDBPyConnection, day: date) -> Iterator[Block]:
    """How many promises were kept, which tables were not published, and every broken promise."""
    checked = read(connection, QUERY, day)
    if not checked:
        yield Note(f"No check is recorded for {day}.", "bad")
        return
    broken = [row for row in checked if not row["is_kept"]]
    kept_back = sorted({row["table_path"] for row in checked if not row["is_published"]})
    tables = counted(len({row["table_path"] for row in checked}), "table")
    yield Note(
        f"{len(checked) - len(broken):,} of {counted(len(checked), 'promise')} of {tables} were kept.",
        "plain" if broken else "good",
    )
    if kept_back:
        yield Note(f"Not published, what they had before stays: {listed(kept_back)}.", "bad")
    if broken:
        yield Grid("Broken promises: block keeps a day back, warn publishes and counts", COLUMNS, broken)
