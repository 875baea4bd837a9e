"""Java for Apache Spark: which runtime there is, and how the system's package manager brings one."""

import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path

SUPPORTED = (17, 21, 25)
"""Versions that Apache Spark 4.2 runs on; a newer one than the last is tried as well."""

HOMES = ("/usr/lib/jvm", "/opt/homebrew/opt", "/usr/local/opt")
"""Where package managers put runtimes that are not on the path."""

Command = tuple[str, ...]


class JavaError(RuntimeError):
    """There is no Java runtime for Apache Spark, and none can be brought."""


def java_home(environment: Mapping[str, str] = os.environ) -> Path | None:
    """The home of the first Java runtime that Apache Spark 4.2 runs on; None where there is none.

    Apache Spark itself takes JAVA_HOME or else the path's ``java``, even where that is too old.
    """
    return next((home for home in _homes(environment) if (version(home) or 0) >= SUPPORTED[0]), None)


def _homes(environment: Mapping[str, str]) -> Iterator[Path]:
    if "JAVA_HOME" in environment:
        yield Path(environment["JAVA_HOME"])
    if java := shutil.which("java", path=environment.get("PATH", "")):
        yield Path(java).resolve().parent.parent
    for folder in map(Path, HOMES):
        yield from sorted(java.parent.parent for java in folder.glob("*/bin/java"))


def version(home: Path) -> int | None:
    """The feature version of the runtime in that folder; None where no runtime answers."""
    java = home / "bin" / "java"
    if not os.access(java, os.X_OK):
        return None
    return feature_version(subprocess.run([java, "-version"], capture_output=True, text=True).stderr)


def feature_version(answer: str) -> int | None:
    """The feature version in what ``java -version`` prints; before 9 it is the second number.

    >>> feature_version('openjdk version "17.0.15" 2025-04-15')
    17
    >>> feature_version('java version "1.8.0_402"')
    8
    """
    found = re.search(r'version "(?:1\.)?(\d+)', answer)
    return int(found[1]) if found else None


def install_commands() -> Iterator[Command]:
    """What brings a runtime on this machine, one after the other: the lists first, then what they know.

    Raises:
        JavaError: where that needs a person.
    """
    if shutil.which("apt-get"):
        apt = (*_as_root(), "env", "DEBIAN_FRONTEND=noninteractive", "apt-get", "--yes")
        yield *apt, "update"
        yield *apt, "install", "--no-install-recommends", _apt_package()
    elif shutil.which("brew"):
        yield "brew", "install", f"openjdk@{SUPPORTED[0]}"
    else:
        raise JavaError(_by_hand("neither apt-get nor brew"))


def _as_root() -> Command:
    if os.geteuid() == 0:
        return ()
    if shutil.which("sudo") and subprocess.run(["sudo", "-n", "true"], capture_output=True).returncode == 0:
        return ("sudo", "-n")
    raise JavaError(_by_hand("apt-get without the right to use it"))


def _apt_package() -> str:
    packages = [f"openjdk-{number}-jre-headless" for number in SUPPORTED]
    return next(filter(_apt_knows, packages), packages[0])


def _apt_knows(package: str) -> bool:
    return subprocess.run(["apt-cache", "show", package], capture_output=True).returncode == 0


def _by_hand(found: str) -> str:
    return (
        f"Apache Spark needs a Java runtime of version {SUPPORTED[0]} or later, but this machine has none "
        f"and {found}; install one (Debian and Ubuntu: openjdk-17-jre-headless) or set JAVA_HOME to it."
    )


def main() -> None:
    """Find a runtime, or bring one; end with 1 and one sentence where neither is possible."""
    try:
        if not java_home():
            for command in install_commands():
                subprocess.run(command, check=True)
    except (JavaError, subprocess.CalledProcessError) as error:
        sys.exit(str(error))
    home = java_home() or sys.exit(_by_hand("its package manager brought none"))
    print(f"Java {version(home)} is in {home}.")


if __name__ == "__main__":
    main()
