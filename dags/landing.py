"""What is in landing, into the raw tables, each hour.

So a faulty delivery is seen while those who can mend it are at work, and the night has less to read.
A file that was read is not read again; two ingests wait for each other.

**When it fails**, the log of the failed task ends with the reason. `sources`: a `source.toml` cannot be used;
the other sources were ingested. `raw`: the machine or a setting. Mend it and clear the task, or wait for the
next hour: the files stay in landing, nothing is lost. A file that cannot be read fails nothing: `coilmart
quarantine`.
"""

from airflow.sdk import dag
from coilmart_tasks import OF_EVERY_TASK, ingest, look_at_sources


@dag(
    schedule="@hourly",
    catchup=False,
    max_active_runs=1,
    default_args=OF_EVERY_TASK,
    tags=["coilmart"],
    doc_md=__doc__,
)
def landing() -> None:
    """The ingest, then a look at what it left alone."""
    ingest() >> look_at_sources()


landing()
