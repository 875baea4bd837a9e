"""The engine: one PySpark session, embedded (Sail) or Apache Spark. Only this module knows which."""

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from threading import Event
from typing import Any

from pyspark.sql import SparkSession

from jobs.delta_jars import JARS, delta_jars
from jobs.java import java_home
from jobs.settings import CACHE, Settings

EMBEDDED = "embedded"
ANSWER_S = 10.0
"""So long a server may take to answer at all."""


class EngineError(RuntimeError):
    """The engine asked for cannot be started on this machine."""


@contextmanager
def spark_session(settings: Settings) -> Iterator[SparkSession]:
    """A session on the engine of the settings, closed at the end."""
    # A worker must be this Python, with this environment's packages.
    os.environ["PYSPARK_PYTHON"] = sys.executable
    os.environ.setdefault("NUMBA_CACHE_DIR", str(CACHE / "numba"))
    if settings.spark == EMBEDDED:
        with embedded() as spark:
            yield spark
    elif settings.spark.startswith("sc://"):
        _require_answer(settings.spark)
        spark = SparkSession.builder.remote(settings.spark).getOrCreate()
        yield _utc(spark)
        spark.stop()
    elif not settings.spark.startswith(("local", "spark://", "yarn", "k8s://")):
        raise EngineError(
            "COILMART_SPARK promises embedded, local[*], spark://, yarn, k8s:// or sc://, "
            f"but {settings.spark!r} was found; set it to one of them."
        )
    else:
        spark = _apache(settings.spark)
        yield _utc(spark)
        spark.stop()


def _require_answer(address: str) -> None:
    """An EngineError where no server answers soon: PySpark itself would try for ten minutes."""
    from pyspark.errors import PySparkException
    from pyspark.sql.connect.client import DefaultChannelBuilder

    # What follows may be a token.
    shown = address.split(";")[0]
    try:
        channel = DefaultChannelBuilder(address).toChannel()
    except (PySparkException, ValueError) as error:
        raise EngineError(
            f"COILMART_SPARK promises an address such as sc://host:15002, but {shown!r} is none "
            f"({error}); mend it."
        ) from error
    ready = Event()

    def hear(state: Any) -> None:
        if state.name == "READY":
            ready.set()

    channel.subscribe(hear, try_to_connect=True)
    try:
        if not ready.wait(ANSWER_S):
            raise EngineError(
                f"COILMART_SPARK={shown} promises a Spark Connect server, but none answered within "
                f"{ANSWER_S:g} s; start it, mend the address, or leave it out for the embedded engine."
            )
    finally:
        channel.close()


def _utc(spark: SparkSession) -> SparkSession:
    # Timestamps are UTC everywhere; a session's own zone would shift days and literals.
    spark.conf.set("spark.sql.session.timeZone", "UTC")
    return spark


@contextmanager
def embedded() -> Iterator[SparkSession]:
    """A session on an engine in this process."""
    # Sail logs each request at INFO; what a user must know comes as an exception.
    os.environ.setdefault("RUST_LOG", "error")
    from pysail.spark import SparkConnectServer

    server = SparkConnectServer(ip="127.0.0.1", port=0)
    server.start(background=True)
    _, port = server.listening_address
    spark = SparkSession.builder.remote(f"sc://127.0.0.1:{port}").create()
    try:
        yield _utc(spark)
    finally:
        spark.stop()
        server.stop()


APACHE_SETTINGS = {
    "spark.sql.extensions": "io.delta.sql.DeltaSparkSessionExtension",
    "spark.sql.catalog.spark_catalog": "org.apache.spark.sql.delta.catalog.DeltaCatalog",
    # Delta's and Spark's defaults are for big clusters: thousands of tasks for a few small files.
    "spark.databricks.delta.snapshotPartitions": "2",
    "spark.sql.shuffle.partitions": "8",
    "spark.sql.sources.parallelPartitionDiscovery.parallelism": "4",
    # delta-rs and DuckDB read what Spark wrote: INT96 has no zone and no statistics.
    "spark.sql.parquet.outputTimestampType": "TIMESTAMP_MICROS",
    "spark.sql.parquet.compression.codec": "zstd",
    # Nobody looks at the UI of a night; its port could be taken by another.
    "spark.ui.enabled": "false",
    # The bar fills logs.
    "spark.ui.showConsoleProgress": "false",
}


def _apache(master: str) -> SparkSession:
    jars = delta_jars()
    if not jars:
        raise EngineError(
            f"COILMART_SPARK={master} promises Apache Spark with Delta, but its jars are not in {JARS}; "
            "run `make spark` once."
        )
    if home := java_home():
        # The newest that fits: the first java on the path can be too old for Spark 4.
        os.environ["JAVA_HOME"] = str(home)
    # On local[*] the driver runs the tasks as well, and Spark's 1 GB is for a driver alone. Weaker than a
    # plant's own spark.driver.memory.
    os.environ.setdefault("SPARK_DRIVER_MEMORY", "4g")
    builder = SparkSession.builder.appName("coilmart").master(master)
    for name, value in (APACHE_SETTINGS | {"spark.jars": ",".join(map(str, jars))}).items():
        builder = builder.config(name, value)
    spark = builder.getOrCreate()
    spark.sparkContext.setLogLevel("ERROR")
    return spark
