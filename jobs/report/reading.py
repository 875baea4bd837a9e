"""Rows of the lake for a section."""

from datetime import date

import duckdb

from jobs.report.blocks import Row


def read(connection: duckdb.DuckDBPyConnection, query: str, day: date) -> list[Row]:
    """The rows of a query, as dictionaries; ``$day`` in it is the day of the report."""
    answer = connection.execute(query, {"day": day} if "$day" in query else None)
    names = [column[0] for column in answer.description]
    return [dict(zip(names, row, strict=True)) for row in answer.fetchall()]
