from pathlib import Path

import pytest

DAGS = Path(__file__).parents[2] / "dags"


@pytest.fixture(scope="session")
def parse(tmp_path_factory):
    """The DAGs as a DAG processor parses them, with nothing written at home."""
    with pytest.MonkeyPatch.context() as environment:
        environment.setenv("AIRFLOW_HOME", str(tmp_path_factory.mktemp("airflow")))
        # Else the import alone sets up logging and opens a database.
        environment.setenv("_AIRFLOW__AS_LIBRARY", "1")
        from airflow.dag_processing.dagbag import BundleDagBag

        def dags():
            bag = BundleDagBag(DAGS, bundle_path=DAGS, bundle_name="dags")
            assert bag.import_errors == {}
            return bag.dags

        yield dags
