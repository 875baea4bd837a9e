"""The peer: readings, coils and coil_yields of a landing folder by hand, with DuckDB and deltalake.

    python -m benchmarks.peer LANDING LAKE

What a good engineer would write for exactly these tables and files, once, into an empty lake: no engine to
choose, nothing of the contracts but names and limits, no rerun, no late file, no source map, no report.
"""

import sys
from pathlib import Path

import duckdb
from deltalake import WriterProperties, write_deltalake

from benchmarks.peer_landing import CELL_FAULTS, LEDGER, READERS, Connection, take_in_readings, take_in_texts
from benchmarks.peer_yields import COILS, MEANINGS, PARENTS, PIECES, SCRAP_OF_WORKS, WORKS, YIELDS
from jobs.progress import Progress


def main(landing: Path, lake: Path) -> None:
    """Make the tables, and the ledger of what was read."""
    progress = Progress()
    connection = duckdb.connect()
    connection.execute("set TimeZone = 'UTC'")
    connection.execute("set enable_progress_bar = false")
    connection.execute(LEDGER)
    connection.execute(CELL_FAULTS)
    with progress.step("raw") as step:
        write(connection, lake, "raw/finishing_readings", take_in_readings(connection, landing))
        for table in READERS:
            take_in_texts(connection, landing, table)
        write(connection, lake, "core/cell_faults", "from cell_faults", by_day=False)
        write(connection, lake, "core/ingest_ledger", "from ingest_ledger", by_day=False)
        step.note = f"readings and {len(READERS)} tables of texts"
    with progress.step("core/coils"):
        connection.execute(MEANINGS)
        connection.execute(COILS)
        unique(connection, "core_coils", "coil_id")
        write(connection, lake, "core/coils", "from core_coils")
    with progress.step("mart/coil_yields"):
        for statement in (PARENTS, PIECES, SCRAP_OF_WORKS, WORKS, YIELDS):
            connection.execute(statement)
        unique(connection, "coil_yields", "line, piece_id, worked_at")
        write(connection, lake, "mart/coil_yields", "from coil_yields")


def unique(connection: Connection, table: str, key: str) -> None:
    """Refuse a key that occurs twice."""
    again = connection.sql(f"select {key} from {table} group by all having count(*) > 1").fetchall()
    if again:
        raise ValueError(f"{table} promises one row per {key}, but {again[:3]} occur twice; mend it.")


def write(connection: Connection, lake: Path, path: str, query: str, by_day: bool = True) -> None:
    """Write the rows of a query as a Delta table, zstd-compressed."""
    rows = connection.sql(query).to_arrow_reader(100_000)
    partition_by = ["production_day"] if by_day else None
    zstd = WriterProperties(compression="ZSTD")
    write_deltalake(str(lake / path), rows, partition_by=partition_by, writer_properties=zstd)


if __name__ == "__main__":
    main(Path(sys.argv[1]).absolute(), Path(sys.argv[2]).absolute())
