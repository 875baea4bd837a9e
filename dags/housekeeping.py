"""What nothing in the lake refers to any longer, deleted once a week.

Files of versions that are past, and of runs that died; what a run makes at that moment is left for the next
time. Versions of the last seven days stay, so that a long query ends as it began.

**When it fails**, nothing is lost but room: mend what the log's last line names, or wait for the next week.
"""

from airflow.sdk import dag
from coilmart_tasks import OF_EVERY_TASK, keep_house


@dag(
    # Midday on Sunday: nights are far.
    schedule="0 12 * * 0",
    catchup=False,
    max_active_runs=1,
    default_args=OF_EVERY_TASK,
    tags=["coilmart"],
    doc_md=__doc__,
)
def housekeeping() -> None:
    """One task."""
    keep_house()


housekeeping()
