"""What the tables know, up to when."""

from collections.abc import Iterator
from datetime import date

import duckdb

from jobs.report.blocks import Block, Column, Grid, Note
from jobs.report.reading import read
from jobs.report.wording import listed
from schemas.lineage import made_tables

ORDER = 80
TITLE = "Freshness"
QUESTION = "Up to when does each table know the day?"

QUERY = "from mart.table_freshness where production_day = $day order by table_path"
COLUMNS = (
    Column("table_path", "Table"),
    Column("rows", "Rows"),
    Column("reaches_to_at", "Reaches to"),
    Column("known_to_at", "Knows deliveries to"),
    Column("made_at", "Made"),
    Column("code_version", "By coilmart"),
)


def content(connection: duckdb.DuckDBPyConnection, day: date) -> Iterator[Block]:
    """Every table that has the day, and those that should and do not."""
    rows = read(connection, QUERY, day)
    missing = [table.path for table in made_tables() if table.path not in {row["table_path"] for row in rows}]
    if missing:
        yield Note(f"Not made for {day}: {listed(missing)}.", "bad")
    if rows:
        yield Grid("Tables of the day", COLUMNS, rows)
