"""core/coils, core/coil_segments and the models of normal behaviour -> mart/process_faults."""

from functools import partial

from jobs.judged_coils import judged_coils
from jobs.lake.delta import arrow_schema, as_in_lake
from jobs.lake.kernels import Readings, write_by_kernel
from jobs.lake.lake import Lake
from jobs.models.storage import all_of
from jobs.run import Days
from pipelines.coil_strips import signals_of_steps
from pipelines.mart.process_faults import process_faults
from schemas.core.coil_segments import CORE_COIL_SEGMENTS
from schemas.mart.process_faults import MART_PROCESS_FAULTS


def main(lake: Lake, days: Days) -> None:
    """Make those days of mart/process_faults, each by the models that were trained on days before it."""
    segments = as_in_lake(lake.settings.lake, CORE_COIL_SEGMENTS)
    coils = judged_coils(lake, days, segments)
    models = all_of(lake.settings.models, days)
    signals = [name for names in signals_of_steps(segments).values() for name in names]
    columns = ["from_m", "to_m", "sigma_m", "upstream_sigma_m", *signals]
    readings = Readings(segments, by="coil_id", keys=tuple(coils), columns=columns)
    kernel = partial(
        process_faults,
        rolled=coils,
        models=models,
        segments=segments,
        schema=arrow_schema(MART_PROCESS_FAULTS),
    )
    write_by_kernel(lake, MART_PROCESS_FAULTS, days, readings, kernel)
    if unjudged := [str(day) for day in days if not models[day]]:
        lake.run.notes.append(
            f"{MART_PROCESS_FAULTS.path} promises faults of the process by a model of days before, but there "
            f"was none for {', '.join(unjudged)}: only faults of sensors are in it. Train one: "
            "`coilmart train normal --until YYYY-MM-DD`."
        )
