"""The models of normal behaviour, trained once a week on the days before.

Nights judge by the newest model of a day before theirs: what was judged stays as it was. Once a week is
enough; after a change of the process (new rolls of another kind, another recipe) a training by hand helps:
`coilmart train normal --until 2026-11-20`.

**When it fails**, nights go on with the models that there are. The log's last line is the reason, mostly days
that were not made: make them and clear the task.
"""

from airflow.sdk import dag
from coilmart_tasks import OF_EVERY_TASK, train


@dag(
    # On Sunday before noon: the night is over, and housekeeping comes after.
    schedule="0 10 * * 0",
    catchup=False,
    max_active_runs=1,
    default_args=OF_EVERY_TASK,
    tags=["coilmart"],
    doc_md=__doc__,
)
def training() -> None:
    """One task a kind of models."""
    train("normal")


training()
