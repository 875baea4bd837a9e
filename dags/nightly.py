"""Every table of one production day.

A run makes one day, its partition key (`2026-11-20`): it ingests what is in landing, then makes each
table after those that its contract says it is made from, with those of its days that later deliveries, or
days made since, have made stale. It starts when that day has ended.

**When a task fails**, its log ends with the reason.

- *A promise broke*: nothing of that day was published, the table keeps what it had, and what is made from
  it did not run. Mend the data (a corrected file in landing) or the pipeline.
- `sources` *fails alone*: a source in landing was left alone, all others were ingested, every table was made.
  Mend its map; the next run takes its files in.
- *Another run holds the day*: the retry comes when that run is likely to be over.
- *Anything else*: the machine, a setting or the engine is at fault.

Then clear the failed task with what is downstream of it, and `raw` too where a file was corrected. Any task
can be cleared at any time: it replaces its own table's day and nothing else.

**A run by hand** needs its day as partition key; without one its tasks fail with `Invalid value for '--day'`.
"""

import os
from datetime import timedelta

from airflow.providers.standard.operators.bash import BashOperator
from airflow.sdk import CronPartitionTimetable, dag
from coilmart_tasks import OF_EVERY_TASK, ingest, look_at_sources, make

from schemas.lineage import made_tables

WHEN_THE_DAY_HAS_ENDED = CronPartitionTimetable(
    # Half an hour for the last files to arrive.
    f"30 {os.environ.get('COILMART_DAY_STARTS_AT_H', '6')} * * *",
    timezone=os.environ.get("COILMART_TIME_ZONE", "UTC"),
    run_offset=-1,
    key_format="%Y-%m-%d",
    # The first night is the coming one; days before it are a backfill.
    run_immediately=timedelta(0),
)


@dag(
    schedule=WHEN_THE_DAY_HAS_ENDED,
    catchup=False,
    # A day is made from days before it.
    max_active_runs=1,
    default_args=OF_EVERY_TASK,
    tags=["coilmart"],
    doc_md=__doc__,
)
def nightly() -> None:
    """The ingest, then one task a table, in the order of the contracts; beside them the look at sources."""
    ingested = ingest()
    ingested >> look_at_sources()
    task_of: dict[str, BashOperator] = {}
    for table in made_tables():
        task = task_of[table.path] = make(table)
        # What no task makes came with the ingest.
        task.set_upstream(list({task_of.get(declared.table.path, ingested) for declared in table.made_from}))


nightly()
