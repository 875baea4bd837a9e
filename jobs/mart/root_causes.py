"""Weeks of coils: conditions, parts, defects, inspections, process faults -> mart/root_causes."""

import os
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date
from functools import partial
from itertools import chain
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from jobs.lake.delta import as_in_lake
from jobs.lake.lake import Lake
from jobs.lake.lookups import Rows, rows
from jobs.lake.tasks import in_tasks
from jobs.run import Days
from pipelines.causes.candidates import coil_candidates
from pipelines.causes.faults import fault_places
from pipelines.causes.outcomes import Outcomes, Places, outcomes
from pipelines.causes.steps import signal_of
from pipelines.mart.root_causes import Limits, Screened, explained, limits, looked_at, screened
from schemas.contract import MOMENTS
from schemas.core.coil_conditions import CORE_COIL_CONDITIONS
from schemas.core.coil_defects import CORE_COIL_DEFECTS
from schemas.core.coil_inspections import CORE_COIL_INSPECTIONS
from schemas.core.coil_parts import CORE_COIL_PARTS
from schemas.mart.process_faults import MART_PROCESS_FAULTS
from schemas.mart.root_causes import MART_ROOT_CAUSES


def main(lake: Lake, days: Days) -> None:
    """Make those days of mart/root_causes: candidates are dealt to tasks, then classes are."""
    found = list(chain.from_iterable(_of_day(lake, day) for day in days))
    told = [tuple(row.get(name) for name in MART_ROOT_CAUSES.field_names) for row in found]
    lake.write(MART_ROOT_CAUSES, days, lake.spark.createDataFrame(told, MART_ROOT_CAUSES.ddl))


@dataclass(frozen=True)
class Weeks:
    """Where a task reads what became of the coils of a window, and what can have caused it."""

    conditions: Rows
    parts: Rows
    defects: Rows
    inspections: Rows
    faults: Rows

    @property
    def signals(self) -> list[str]:
        """The signals of the parts, a plant's own too."""
        return [field.name for field in self.parts.table.fields if field.type == MOMENTS]


def _of_day(lake: Lake, day: date) -> list[dict[str, Any]]:
    parts = as_in_lake(lake.settings.lake, CORE_COIL_PARTS)
    every = (CORE_COIL_CONDITIONS, parts, CORE_COIL_DEFECTS, CORE_COIL_INSPECTIONS, MART_PROCESS_FAULTS)
    weeks = Weeks(*(rows(lake, table, (day,)) for table in every))
    tasks_n = os.cpu_count() or 1
    found = in_tasks(lake.spark, tasks_n, partial(_screen, weeks, tasks_n))
    if not found:
        return []
    held, classes_n = limits(found), len(found[0].p)
    wanted = [looked_at(found, no) for no in range(classes_n)]
    return in_tasks(lake.spark, classes_n, partial(_explain, weeks, wanted, held, day))


def _screen(weeks: Weeks, tasks_n: int, no: int) -> list[Screened]:
    """A share of the signals; the first task has the conditions and the process faults too."""
    of, conditions = _outcomes(weeks)
    if not of.classes:
        return []
    faults = _faults(weeks, of) if no == 0 else None
    own = weeks.signals[no::tasks_n]
    return screened(coil_candidates(of, weeks.parts, own, conditions, faults), of)


def _explain(
    weeks: Weeks, wanted: Sequence[Collection[str]], held: Limits, day: date, no: int
) -> list[dict[str, Any]]:
    of, conditions = _outcomes(weeks)
    told = {signal_of(name) for name in wanted[no]}
    signals = [signal for signal in weeks.signals if signal in told]
    faults = _faults(weeks, of)
    every = coil_candidates(of, weeks.parts, signals, conditions, faults, wanted[no])
    return explained(no, every, of, held, day, faults)


def _outcomes(weeks: Weeks) -> tuple[Outcomes, pa.Table]:
    """What became of the inspected coils, and their conditions in the same order."""
    conditions = weeks.conditions(CORE_COIL_CONDITIONS.field_names)
    defects = weeks.defects(["coil_id", "side", "defect_class", "from_m", "to_m", "confidence_pct"])
    of = outcomes(conditions, defects, weeks.inspections(["coil_id", "side", "from_m", "to_m", "state"]))
    known = conditions["coil_id"].combine_chunks()
    return of, conditions.take(pc.index_in(of.coil_id, value_set=known))


def _faults(weeks: Weeks, of: Outcomes) -> dict[str, Places]:
    columns = ["coil_id", "from_m", "to_m", "sigma_m", "is_sensor", "signals"]
    return fault_places(weeks.faults(columns), of.coil_id)
