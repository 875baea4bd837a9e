"""What this machine has of what coilmart needs, and how to get what is missing."""

import os
import platform
import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from importlib.metadata import PackageNotFoundError
from importlib.metadata import version as package_version
from pathlib import Path

from jobs.delta_jars import JARS, delta_jars
from jobs.java import java_home
from jobs.java import version as java_version
from jobs.settings import Settings

BROWSERS = ("chromium", "chromium-browser", "google-chrome")
MAC_BROWSER = Path("/Applications/Google Chrome.app/Contents/MacOS/Google Chrome")


@dataclass(frozen=True)
class Finding:
    """One thing: what it is for, what of it was found (None: nothing), and how to get it."""

    thing: str
    needed_for: str
    found: str | None
    remedy: str
    is_required: bool = False

    @property
    def is_missing(self) -> bool:
        """True where nothing was found."""
        return self.found is None

    def __str__(self) -> str:
        """The finding as one line for a person."""
        if self.found is not None:
            return f"{self.thing}: {self.found}"
        return f"{self.thing}: missing, needed for {self.needed_for}; {self.remedy}"


def findings(settings: Settings) -> tuple[Finding, ...]:
    """Everything that coilmart can need here; required is what these settings cannot do without."""
    return (
        Finding("Python", "everything", _python(), "install Python 3.11 and run make demo", is_required=True),
        _packages("everything", "run make demo", ("pysail", "pyspark-client", "great-expectations"), True),
        Finding(
            "Mill folder",
            "landing, lake and reports",
            _writable(settings.home),
            f"make {settings.home} a folder that you may write to, or set COILMART_HOME to one",
            is_required=True,
        ),
        *apache_spark(is_required=settings.spark != "embedded" and not settings.spark.startswith("sc://")),
        _packages("the schedule", "install requirements/airflow.txt", ("apache-airflow",), False),
        browser(),
    )


def apache_spark(is_required: bool = False) -> Iterator[Finding]:
    """What Apache Spark with Delta needs."""
    purpose, remedy = "Apache Spark (COILMART_SPARK=local[*])", "run make spark"
    home, jars = java_home(), delta_jars()
    java = f"version {java_version(home)} in {home}" if home else None
    yield Finding("Java", purpose, java, remedy, is_required)
    yield _packages(purpose, remedy, ("pyspark", "delta-spark"), is_required)
    yield Finding("Delta jars", purpose, f"{len(jars)} in {JARS}" if jars else None, remedy, is_required)


def browser() -> Finding:
    """What the tests of the report's looks need."""
    path = chromium()
    return Finding(
        "Chromium",
        "the tests that look at the report",
        str(path) if path else None,
        "install Chromium (Debian: apt-get install chromium)",
    )


def chromium() -> Path | None:
    """A browser that can run without a screen; None where there is none."""
    on_path = (shutil.which(name) for name in BROWSERS)
    return next((Path(path) for path in on_path if path), MAC_BROWSER if MAC_BROWSER.exists() else None)


def _python() -> str | None:
    found = platform.python_version()
    return found if found.startswith("3.11.") else None


def _packages(needed_for: str, remedy: str, names: tuple[str, ...], is_required: bool) -> Finding:
    try:
        found = ", ".join(f"{name} {package_version(name)}" for name in names)
    except PackageNotFoundError:
        found = None
    return Finding(f"Python packages {', '.join(names)}", needed_for, found, remedy, is_required)


def _writable(folder: Path) -> str | None:
    existing = next(place for place in (folder, *folder.parents) if place.exists())
    return str(folder) if existing.is_dir() and os.access(existing, os.W_OK) else None
