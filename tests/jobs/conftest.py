"""A lake without an engine: rows published as they stand."""

import pyarrow as pa
import pytest

from jobs.lake import delta


@pytest.fixture(scope="session")
def publish():
    """Publish rows of a table; a field that the test does not name takes the contract's example."""

    def rows_as_they_stand(lake, table, *rows):
        example = {field.name: field.example for field in table.fields}
        named = [example | row for row in rows]
        batches = pa.Table.from_pylist(named, delta.arrow_schema(table)).to_batches()
        delta.publish(lake, table, delta.stage_batches(lake, table, "run", batches), set(), {})

    return rows_as_they_stand
