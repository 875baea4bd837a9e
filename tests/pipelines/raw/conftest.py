"""One cell, read as the field of a raw table."""

from datetime import UTC, date, datetime

import duckdb
import pyarrow as pa
import pytest

from pipelines.raw.cells import Delivered, cleaned, null_words
from pipelines.raw.rows import Arrival, rows_sql
from pipelines.raw.source_toml import source_map

ARRIVAL = Arrival("d1", "a.csv", datetime(2026, 11, 21, tzinfo=UTC), date(2026, 11, 21), "UTC", 6)
KEYS = {
    "coils": {"coil_id": "C1", "line": "HSM", "coiled_at": "2026-11-20T08:30:00Z"},
    "heats": {"heat_id": "H1", "tapped_at": "2026-11-20T08:30:00Z", "grade": "S355MC"},
    "stoppages": {"stoppage_id": "D1", "line": "HSM", "from_at": "2026-11-20T08:30:00Z"},
    "furnace_readings": {"slab_id": "S1", "sampled_at": "2026-11-20T08:30:00Z"},
}


@pytest.fixture(scope="module")
def connection():
    with duckdb.connect() as connection:
        connection.execute("set timezone = 'UTC'")
        yield connection


@pytest.fixture
def read(connection):
    """One cell, read as a field of a table; all other fields that a row needs are there."""

    def value_or_reason(table, field, cell, entry="column = 'cell'", source="", format=""):
        constants = "\n".join(f"{name} = '{text}'" for name, text in KEYS[table].items() if name != field)
        map_ = source_map(
            f"{source}\n[[table]]\ntable = '{table}'\nfiles = '*'\n[table.format]\n{format}\n"
            f"[table.columns]\n{field} = {{ {entry} }}\n[table.constants]\n{constants}",
            "source.toml",
        ).tables[0]
        cells = pa.table({"cell": cell if isinstance(cell, pa.Array) else [cell]})
        delivered = Delivered(
            {"cell": cells.schema.types[0]}, map_.format.decimal or ".", map_.format.thousands
        )
        block = (
            cleaned(cells, null_words(map_)).rename_columns(["c0"]).append_column("row_number", pa.array([1]))
        )
        connection.register("block", block)
        queries = rows_sql(map_, delivered, (), ARRIVAL)
        (row,) = connection.sql(queries.rows).to_arrow_table().to_pylist()
        if not row["fault"]:
            return row[field]
        of_row = connection.sql(queries.row_faults).to_arrow_table()["reason"].to_pylist()
        of_cell = connection.sql(queries.cell_faults).to_arrow_table()["reason"].to_pylist()
        assert row["fault"] == (2 if of_row else 1)
        return " ".join(of_row or of_cell).removeprefix(f"{field}: ")

    return value_or_reason


@pytest.fixture
def arrival():
    return ARRIVAL
