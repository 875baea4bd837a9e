"""The jars that Apache Spark needs for Delta: resolved once by their Maven coordinate, kept in a folder."""

import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

from jobs.java import java_home
from jobs.settings import CACHE

VERSION = "4.4.0"
DELTA = f"io.delta:delta-spark_4.2_2.13:{VERSION}"
JARS = CACHE / "jars" / f"delta-{VERSION}"

NEEDED = ("io.delta_", "io.unitycatalog_")
"""How the names of the jars begin that are needed; Spark has all else of what the coordinate brings."""


class JarsError(RuntimeError):
    """The jars cannot be resolved on this machine."""


def delta_jars(folder: Path = JARS) -> tuple[Path, ...]:
    """The jars in the folder, in a fixed order; none where they were not resolved yet."""
    return tuple(sorted(folder.glob("*.jar")))


def resolve(folder: Path = JARS) -> tuple[Path, ...]:
    """Bring the jars into the folder with Spark's own Ivy, unless they are there.

    Giving Spark the coordinate itself would resolve it again for every session, over the network.

    Raises:
        JarsError: where Ivy found them nowhere.
    """
    if not delta_jars(folder):
        folder.parent.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(dir=folder.parent, prefix=".resolving-") as ivy:
            _ivy(Path(ivy))
            kept = Path(ivy) / "needed"
            kept.mkdir()
            for jar in (Path(ivy) / "jars").glob("*.jar"):
                if jar.name.startswith(NEEDED):
                    shutil.move(jar, kept)
            # A rename: another process sees all jars or none.
            kept.rename(folder)
    return delta_jars(folder)


def _ivy(folder: Path) -> None:
    import pyspark

    # spark-submit resolves before it runs anything; this class only prints a version, so no session starts.
    command = [
        str(Path(pyspark.__path__[0]) / "bin" / "spark-submit"),
        *("--master", "local[1]", "--packages", DELTA, "--conf", f"spark.jars.ivy={folder}"),
        *("--class", "org.apache.hadoop.util.VersionInfo", "spark-internal"),
    ]
    home = java_home()
    environment = os.environ | ({"JAVA_HOME": str(home)} if home else {})
    answer = subprocess.run(command, capture_output=True, text=True, env=environment)
    if answer.returncode or not list((folder / "jars").glob("io.delta_*.jar")):
        raise JarsError(
            f"Maven's repository promises {DELTA}, but Spark's Ivy could not resolve it; "
            f"see that this machine reaches it and run make spark again. Ivy said:\n{answer.stderr[-2000:]}"
        )


def main() -> None:
    """Resolve the jars and say where they are; end with 1 and the reason where that fails."""
    try:
        jars = resolve()
    except JarsError as error:
        sys.exit(str(error))
    print(f"{len(jars)} Delta jars are in {JARS}.")


if __name__ == "__main__":
    main()
