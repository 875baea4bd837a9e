"""What the DAGs are made of: tasks that ingest landing, look at sources, make a table, train, keep house."""

import os
import shlex
import sys
from datetime import timedelta
from pathlib import Path

from airflow.providers.standard.operators.bash import BashOperator
from airflow.sdk import Asset

from schemas.contract import Table
from schemas.lineage import raw_tables

COILMART = os.environ.get("COILMART_COMMAND") or shlex.quote(str(Path(sys.executable).with_name("coilmart")))
"""The installed command: beside the Python that runs the task, unless it has an environment of its own."""

OF_EVERY_TASK = {
    "owner": "coilmart",
    "retries": 1,
    "retry_delay": timedelta(minutes=5),
    # A relative COILMART_HOME, as its default is, means the clone's, as on the command line.
    "cwd": str(Path(__file__).resolve().parents[1]),
}


def ingest() -> BashOperator:
    """The task that brings what is new in landing into the raw tables."""
    return BashOperator(
        task_id="raw",
        # One bad map must not cost the night of all others: the task `sources` fails for it.
        bash_command=f"{COILMART} make raw --go-on",
        outlets=[asset(table) for table in raw_tables()],
        doc_md="What is new in landing, into the raw tables; what cannot be read goes to quarantine.",
    )


def look_at_sources() -> BashOperator:
    """The task that fails where the ingest had to leave a source alone, and nothing with it."""
    return BashOperator(
        task_id="sources",
        bash_command=f"{COILMART} sources",
        retries=0,
        doc_md="Fails where a source in landing was left alone; its log says which and why.",
    )


def make(table: Table) -> BashOperator:
    """The task that makes the run's day of a table, and those of its days that became stale."""
    return BashOperator(
        task_id=table.path.replace("/", "."),
        bash_command=f"{COILMART} make {table.path} --day {{{{ partition_key }}}} --stale",
        inlets=[asset(declared.table) for declared in table.made_from],
        outlets=[asset(table)],
        doc_md=f"One row per {table.row}. {table.meaning}",
    )


def keep_house() -> BashOperator:
    """The task that deletes what nothing in the lake refers to."""
    return BashOperator(
        task_id="housekeeping",
        bash_command=f"{COILMART} housekeeping",
        doc_md="The first line of its log says what goes.",
    )


def train(kind: str) -> BashOperator:
    """The task that trains models of that kind on the days that have ended."""
    return BashOperator(
        task_id=f"train.{kind}",
        bash_command=f"{COILMART} train {kind}",
        doc_md="Models of the days up to the last one that has ended; mart/model_cards tells of them.",
    )


def asset(table: Table) -> Asset:
    """The table as Airflow knows it, by its one path."""
    return Asset(name=table.path, uri=f"coilmart://lake/{table.path}")
