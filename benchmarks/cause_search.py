"""mart/root_causes of a mill in memory, by the functions that the job's tasks call."""

from datetime import date

import pyarrow as pa

from benchmarks.cause_mills import Coils
from pipelines.causes.candidates import Candidate, coil_candidates
from pipelines.causes.outcomes import Outcomes, outcomes
from pipelines.mart.root_causes import explained, limits, looked_at, screened
from schemas.contract import MOMENTS
from schemas.core.coil_parts import CORE_COIL_PARTS

SIGNALS = [field.name for field in CORE_COIL_PARTS.fields if field.type == MOMENTS]


def candidates_of(coils: Coils, of: Outcomes) -> list[Candidate]:
    """All candidates of the inspected coils."""
    own = coils.conditions.take(
        pa.compute.index_in(of.coil_id, value_set=coils.conditions["coil_id"].combine_chunks())
    )
    return coil_candidates(of, coils.parts.select, SIGNALS, own, {})


def causes_found(coils: Coils, defects: pa.Table, looked: pa.Table, day: date) -> list[dict]:
    """The rows of mart/root_causes for a day, of all that is given."""
    of = outcomes(coils.conditions, defects, looked)
    every = candidates_of(coils, of)
    found = screened(every, of)
    held = limits(found)
    rows = []
    for no in range(len(of.classes)):
        wanted = looked_at(found, no)
        rows += explained(no, [one for one in every if wanted.intersection(one.names)], of, held, day)
    return rows
