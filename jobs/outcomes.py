"""A delivery that is to be read, and what became of it."""

from dataclasses import dataclass, field

import pyarrow as pa

from jobs.lake.delta import DataFile
from jobs.landing import LandingFile
from jobs.staging import Staging
from pipelines.raw.rows import Arrival
from pipelines.raw.source_map import TableMap
from schemas.contract import Table
from schemas.core.cell_faults import CORE_CELL_FAULTS

GROWING = "growing"
"""Status of a file that changed while it was read: nothing of it is taken, nor is it in the ledger."""


@dataclass(frozen=True)
class Plan:
    """One delivery to read, and where what it holds is staged."""

    file: LandingFile
    table_map: TableMap
    content_hash: str
    arrival: Arrival
    lake: str
    run_id: str

    @property
    def table(self) -> Table:
        """The raw table that it feeds."""
        return self.table_map.table


@dataclass
class Outcome:
    """What became of a delivery; ``files`` by table path are staged, not published."""

    plan: Plan
    status: str = "ingested"
    message: str | None = None
    rows_read: int = 0
    rows_kept: int = 0
    rows_quarantined: int = 0
    rows_duplicate: int = 0
    cells_faulty: int = 0
    unknown_columns: list[str] = field(default_factory=list)
    files: dict[str, list[DataFile]] = field(default_factory=dict)


def take_out(outcome: Outcome, duplicates: pa.Array) -> None:
    """Count rows, named by their place in the file, as duplicates of what is there already."""
    staging = Staging(outcome.plan.lake, outcome.plan.run_id, outcome.files)
    if len(duplicates):
        staging.without(CORE_CELL_FAULTS, duplicates)
    outcome.rows_kept -= len(duplicates)
    outcome.rows_duplicate += len(duplicates)
    outcome.cells_faulty = staging.rows(CORE_CELL_FAULTS)
