"""`coilmart sql`: one query over the tables, answered without Spark."""

import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from difflib import get_close_matches
from importlib.abc import MetaPathFinder
from pathlib import Path
from types import ModuleType

import duckdb

from jobs.answers import as_csv, as_json, as_table, write_parquet
from schemas.contract import Table
from schemas.lineage import TABLES

READING = {"SELECT", "MULTI"}
"""DuckDB's kinds of statement that only read; a PIVOT is MULTI."""
ROWS_ON_A_TERMINAL = 40
NAMED_BY_COLUMN = {"json", "parquet"}
"""Formats in which of two columns of one name only one can be found again."""


class QueryError(ValueError):
    """A query that cannot be answered."""


def run_query(
    lake: str, query: str, form: str = "table", output: Path | None = None, limit: int | None = None
) -> None:
    """Answer the query on standard output, or in the file ``output``, as table, csv, json or parquet.

    ``limit``: rows at most; without it all of them, but 40 of a table on a terminal. A QueryError says why a
    query cannot be answered.
    """
    on_terminal = output is None and sys.stdout.isatty()
    if form == "parquet" and on_terminal:
        raise QueryError("Parquet promises bytes, but standard output is a terminal; add --output FILE.")
    connection = _opened(lake, query)
    with _said_plainly(connection, query):
        answer = ask(connection, query)
        if form in NAMED_BY_COLUMN:
            _refuse_equal_names(answer.columns, form)
        answer = answer if limit is None else answer.limit(limit)
        if form == "parquet":
            write_parquet(answer, output)
        elif form == "table":
            rows_shown = ROWS_ON_A_TERMINAL if on_terminal and limit is None else None
            _write(as_table(answer, rows_shown, on_terminal), output)
        else:
            _write(as_csv(answer) if form == "csv" else as_json(answer), output)
    for table in _never_made(lake, query):
        print(f"{table.path} has not been made yet in {lake}.", file=sys.stderr)


def ask(connection: duckdb.DuckDBPyConnection, query: str) -> duckdb.DuckDBPyRelation:
    """The answer, fetched when it is read; a QueryError where it is not one query that only reads."""
    statements = connection.extract_statements(query)
    if len(statements) != 1:
        raise QueryError(f"coilmart sql promises one answer, but found {len(statements)} queries; give one.")
    kind = statements[0].type.name
    if kind not in READING:
        raise QueryError(
            f"coilmart sql promises only to read, but found {kind}; "
            "ask with SELECT, and keep an answer with --format and --output."
        )
    return connection.sql(query)


def _refuse_equal_names(columns: Sequence[str], form: str) -> None:
    if twice := sorted({name for name in columns if columns.count(name) > 1}):
        raise QueryError(
            f"{form} promises columns of different names, but {columns.count(twice[0])} are called "
            f"{twice[0]}; name them apart with AS."
        )


def _write(lines: Iterator[str], output: Path | None) -> None:
    if output is None:
        sys.stdout.writelines(lines)
    else:
        with output.open("w", encoding="utf-8", newline="") as file:
            file.writelines(lines)


def _opened(lake: str, query: str) -> duckdb.DuckDBPyConnection:
    with _pandas_left_out():
        from jobs.lake.queries import open_lake
    return open_lake(lake, named_in=query)


def _never_made(lake: str, query: str) -> list[Table]:
    from jobs.lake.delta import exists
    from jobs.lake.queries import tables_named

    return [table for table in tables_named(query) if not exists(lake, table)]


@contextmanager
def _said_plainly(connection: duckdb.DuckDBPyConnection, query: str) -> Iterator[None]:
    try:
        yield
    except duckdb.CatalogException as error:
        unknown = _unknown(connection, query) if "Table with name" in str(error) else None
        raise QueryError(unknown or _without_picture(error)) from error
    except duckdb.Error as error:
        raise QueryError(_without_picture(error)) from error


def _unknown(connection: duckdb.DuckDBPyConnection, query: str) -> str | None:
    names = {f"{table.layer}.{table.name}": table.name for table in TABLES.values()}
    for asked in sorted(connection.get_table_names(query, qualified=True) - set(names)):
        near = get_close_matches(asked.split(".")[-1], names.values(), cutoff=0.7)
        meant = [name for name in names if names[name] in near]
        hint = f"is it {' or '.join(meant)}?" if meant else "`coilmart tables` lists what there is."
        return f"The lake promises its tables as layer.name, but there is none named {asked}; {hint}"
    return None


def _without_picture(error: duckdb.Error) -> str:
    """DuckDB's own words without the picture of the query below them."""
    return " ".join(str(error).split("\n\nLINE")[0].split())


class _LeaveOut(MetaPathFinder):
    def find_spec(self, name: str, path: object, target: ModuleType | None = None) -> None:
        if name == "pandas":
            raise ImportError("left out")


@contextmanager
def _pandas_left_out() -> Iterator[None]:
    """Arrow looks for pandas with its first value: 0.7 s of a query's 1.2 s, for nothing that it needs."""
    leave_out = _LeaveOut()
    sys.meta_path.insert(0, leave_out)
    try:
        yield
    finally:
        sys.meta_path.remove(leave_out)
