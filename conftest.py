"""An engine for all tests, and what a test needs of the machine: without it, the test is skipped."""

import os
from collections.abc import Callable, Iterable
from functools import cache

import pytest
from _pytest.doctest import DoctestItem

from jobs import doctor
from jobs.session import spark_session
from jobs.settings import CACHE, Settings

# What other programs would write into the home folder.
for name in ("AIRFLOW_HOME", "IPYTHONDIR", "MPLCONFIGDIR"):
    os.environ.setdefault(name, str(CACHE / "tests" / name.lower()))

# Tests of both engines need Apache Spark where it is the engine of this session.
APACHE = os.environ.get("COILMART_SPARK", "embedded") != "embedded"
if APACHE:
    # Tests compute little: to optimize and generate code takes longer than it saves. Stages of a query are
    # still generated as a whole. With one compiler alone Java keeps 48 MB for compiled code, which a session
    # of all tests fills, and ends there: it gets what it has with both.
    once = "-XX:TieredStopAtLevel=1 -XX:ReservedCodeCacheSize=240m -XX:+UseSerialGC"
    os.environ.setdefault("SPARK_SUBMIT_OPTS", f"{once} -Dspark.sql.codegen.factoryMode=NO_CODEGEN")
NEEDS: dict[str, Callable[[], Iterable[doctor.Finding]]] = {
    "spark": doctor.apache_spark,
    "engines": lambda: doctor.apache_spark() if APACHE else [],
    "browser": lambda: [doctor.browser()],
}


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--complete", action="store_true", help="fail where a test would be skipped")


@cache
def missing(marker: str) -> str:
    return "; ".join(str(finding) for finding in NEEDS[marker]() if finding.is_missing)


def pytest_runtest_setup(item: pytest.Item) -> None:
    for marker in NEEDS:
        if item.get_closest_marker(marker) and missing(marker):
            (pytest.fail if item.config.getoption("--complete") else pytest.skip)(missing(marker))


@pytest.fixture(scope="session")
def spark():
    with spark_session(Settings.from_environment()) as session:
        yield session


def speaks_of_spark(item: pytest.Item) -> bool:
    return isinstance(item, DoctestItem) and any("spark." in line.source for line in item.dtest.examples)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if speaks_of_spark(item):
            item.add_marker("engines")


@pytest.fixture(autouse=True)
def _engine_of_examples(request: pytest.FixtureRequest, doctest_namespace: dict) -> None:
    """An example in a docstring finds the engine under the name ``spark``."""
    if speaks_of_spark(request.node):
        doctest_namespace["spark"] = request.getfixturevalue("spark")
