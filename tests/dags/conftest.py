import os
import secrets
import socket
import subprocess
import sys
import time
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path

import pytest

BIN = Path(sys.executable).parent
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


@pytest.fixture
def mill(tmp_path):
    """The environment of a mill in a folder of the test's own, by name."""

    def environment(name):
        own = {key: value for key, value in os.environ.items() if "AIRFLOW" not in key}
        return own | {
            "COILMART_HOME": str(tmp_path / name),
            "COILMART_LANDING": str(tmp_path / "landing"),
            "COILMART_SETTLE_S": "0",
        }

    return environment


@pytest.fixture
def airflow(tmp_path, mill):
    """The API of a running Airflow, ``airflow("GET", "dags/nightly")``, whose mill is ``by_airflow``."""
    import httpx

    home, port = tmp_path / "airflow", free_port()
    home.mkdir()
    environment = mill("by_airflow") | settings_of_airflow(home, port)
    subprocess.run([BIN / "airflow", "db", "migrate"], env=environment, check=True, capture_output=True)
    api = httpx.Client(base_url=f"http://127.0.0.1:{port}/api/v2/", timeout=30)

    def ask(method, path, body=None):
        return api.request(method, path, json=body).raise_for_status().json()

    with ExitStack() as stack:
        for command in (["api-server"], ["dag-processor"], ["scheduler", "--skip-serve-logs"]):
            stack.enter_context(running(command, environment, home / f"{command[0]}.log"))
        wait_until_parsed(ask)
        yield ask


def free_port():
    with socket.socket() as any_free:
        any_free.bind(("127.0.0.1", 0))
        return any_free.getsockname()[1]


def settings_of_airflow(home, port):
    """An Airflow that is alone on its machine: nothing shown, nothing sent, two tasks at once."""
    settings = {
        "CORE__DAGS_FOLDER": str(DAGS),
        "CORE__LOAD_EXAMPLES": "False",
        "CORE__EXECUTOR": "LocalExecutor",
        "CORE__PARALLELISM": "2",
        "CORE__EXECUTION_API_SERVER_URL": f"http://127.0.0.1:{port}/execution/",
        "CORE__SIMPLE_AUTH_MANAGER_ALL_ADMINS": "True",
        "API__HOST": "127.0.0.1",
        "API__PORT": str(port),
        "API_AUTH__JWT_SECRET": secrets.token_hex(64),
        "USAGE_DATA_COLLECTION__ENABLED": "False",
    }
    return {"AIRFLOW_HOME": str(home)} | {f"AIRFLOW__{name}": value for name, value in settings.items()}


@contextmanager
def running(command, environment, log):
    """A process of Airflow, ended with all that it started: tasks have sessions of their own."""
    import psutil

    with log.open("w") as output:
        started = psutil.Popen([BIN / "airflow", *command], env=environment, stdout=output, stderr=output)
    try:
        yield
    finally:
        family = [started, *started.children(recursive=True)]
        for member in family:
            with suppress(psutil.NoSuchProcess):
                member.terminate()
        for member in psutil.wait_procs(family, timeout=15)[1]:
            with suppress(psutil.NoSuchProcess):
                member.kill()


def wait_until_parsed(ask, limit_s=90):
    import httpx

    for _ in range(limit_s):
        time.sleep(1)
        with suppress(httpx.HTTPError):
            ask("GET", "dags/nightly")
            return
    pytest.fail(f"Airflow did not know the dag nightly within {limit_s} s; its logs are beside its home.")
