"""A mill of its own for each test, and rows that fill themselves in from the contract."""

import os
from dataclasses import replace

import pyarrow as pa
import pytest

from jobs.lake import delta
from jobs.lake.lake import Lake
from jobs.run import Run
from jobs.settings import Settings


@pytest.fixture(scope="session")
def settings_of():
    """A mill in a folder, on the engine of the environment."""

    def mill(folder):
        own = {name: str(folder / name.lower()) for name in ("LANDING", "LAKE", "MODELS", "REPORTS")}
        settings = Settings.from_environment(
            {"COILMART_HOME": str(folder), **{f"COILMART_{name}": path for name, path in own.items()}}
        )
        return replace(settings, spark=os.environ.get("COILMART_SPARK", "embedded"), settle_s=0)

    return mill


@pytest.fixture
def settings(settings_of, tmp_path):
    """A mill of the test's own."""
    return settings_of(tmp_path)


@pytest.fixture
def given(spark):
    """Rows of a table; a field that the test does not name takes the contract's example."""

    def rows(table, *named):
        example = {field.name: field.example for field in table.fields}
        filled = [tuple((example | row)[field.name] for field in table.fields) for row in named]
        return spark.createDataFrame(filled, table.ddl)

    return rows


@pytest.fixture
def lake(spark, settings):
    """An empty lake in a folder of the test's own."""
    return Lake(spark, settings, Run.start())


@pytest.fixture(scope="session")
def publish():
    """Publish rows without an engine; a field that the test does not name takes the contract's example."""

    def rows_as_they_stand(lake, table, *rows):
        example = {field.name: field.example for field in table.fields}
        named = [example | row for row in rows]
        batches = pa.Table.from_pylist(named, delta.arrow_schema(table)).to_batches()
        delta.publish(lake, table, delta.stage_batches(lake, table, "run", batches), set(), {})

    return rows_as_they_stand
