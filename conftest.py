"""What a test needs of the machine: without it, the test is skipped with the reason."""

import os
from collections.abc import Callable, Iterable
from functools import cache

import pytest

from jobs import doctor
from jobs.settings import CACHE

# What other programs would write into the home folder.
for name in ("AIRFLOW_HOME", "IPYTHONDIR", "MPLCONFIGDIR"):
    os.environ.setdefault(name, str(CACHE / "tests" / name.lower()))

# Tests of both engines need Apache Spark where it is the engine of this session.
APACHE = os.environ.get("COILMART_SPARK", "embedded") != "embedded"
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
