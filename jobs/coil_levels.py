"""The levels of coils, step by step, in the order of coiling: read from what core/coil_parts sums up."""

from collections.abc import Mapping
from operator import itemgetter

import numpy as np
import pyarrow.dataset as ds

from jobs.lake.delta import as_in_lake
from jobs.lake.kernels import files_of, rows_of
from jobs.lake.lake import Lake
from jobs.lake.rewriting import dataset_of
from jobs.run import Days
from pipelines.coil_levels import Levels
from pipelines.coil_strips import Rolled, signals_of_steps
from pipelines.strip_segments import numbers
from schemas.core.coil_parts import CORE_COIL_PARTS
from schemas.core.coils import CORE_COILS

MOST_COILS = 6_000
"""The last ones: so many tell what is usual, and memory does not grow with the days."""


def coil_levels(lake: Lake, days: Days, rolled: Mapping[str, Rolled]) -> dict[str, Levels]:
    """Step -> the means of its signals over the bodies of the coils of the declared days."""
    known = rows_of(lake, CORE_COILS, days).select(["coil_id", "coiled_at"]).to_pylist()
    in_order = [row["coil_id"] for row in sorted(known, key=itemgetter("coiled_at", "coil_id"))]
    parts = as_in_lake(lake.settings.lake, CORE_COIL_PARTS)
    steps = signals_of_steps(parts)
    columns = {name: ds.field(name, "mean") for signals in steps.values() for name in signals}
    body = dataset_of(lake.settings.lake, parts, files_of(lake, CORE_COIL_PARTS, days)).to_table(
        columns={"coil_id": ds.field("coil_id"), **columns},
        filter=ds.field("part") == "body",
    )
    place = {coil_id: no for no, coil_id in enumerate(body["coil_id"].to_pylist())}
    coil_ids = [coil_id for coil_id in in_order if coil_id in place and coil_id in rolled][-MOST_COILS:]
    chosen = np.array([place[coil_id] for coil_id in coil_ids], np.int64)
    return {
        step: Levels(
            coil_ids,
            [rolled[coil_id].modes for coil_id in coil_ids],
            np.array([rolled[coil_id].production_day.toordinal() for coil_id in coil_ids], np.int64),
            signals,
            np.column_stack([numbers(body[name])[chosen] for name in signals]),
        )
        for step, signals in steps.items()
        if signals
    }
