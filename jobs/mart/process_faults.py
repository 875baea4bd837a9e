"""core/coils, core/coil_segments and the models of normal behaviour -> mart/process_faults."""

from collections.abc import Mapping
from functools import partial

from jobs.coil_levels import coil_levels
from jobs.judged_coils import judged_coils
from jobs.lake.delta import arrow_schema, as_in_lake
from jobs.lake.kernels import Readings, write_by_kernel
from jobs.lake.lake import Lake
from jobs.models.storage import all_of
from jobs.run import Days
from jobs.wording import counted
from pipelines.coil_drift import Drifts, drift_faults
from pipelines.coil_strips import Rolled, signals_of_steps
from pipelines.mart.process_faults import Models, process_faults
from pipelines.strip_faults import Fault
from schemas.core.coil_segments import CORE_COIL_SEGMENTS
from schemas.mart.process_faults import MART_PROCESS_FAULTS


def main(lake: Lake, days: Days) -> None:
    """Make those days of mart/process_faults, each by the models that were trained on days before it."""
    segments = as_in_lake(lake.settings.lake, CORE_COIL_SEGMENTS)
    before = judged_coils(lake, days, segments)
    coils = {coil_id: coil for coil_id, coil in before.items() if coil.production_day in days}
    models = all_of(lake.settings.models, days)
    signals = [name for names in signals_of_steps(segments).values() for name in names]
    columns = ["from_m", "to_m", "sigma_m", "upstream_sigma_m", *signals]
    readings = Readings(segments, by="coil_id", keys=tuple(coils), columns=columns)
    kernel = partial(
        process_faults,
        rolled=coils,
        models=models,
        drifts=_drifts(lake, days, before, models),
        segments=segments,
        schema=arrow_schema(MART_PROCESS_FAULTS),
    )
    write_by_kernel(lake, MART_PROCESS_FAULTS, days, readings, kernel)
    if unjudged := [day for day in days if not models[day]]:
        lake.run.notes.append(
            f"{MART_PROCESS_FAULTS.path} promises faults of the process by a model of the days before, but "
            f"there was none for {counted(len(unjudged), 'day')} up to {unjudged[-1]}: only faults of "
            "sensors are in it. Train one: `coilmart train normal --until YYYY-MM-DD`."
        )


def _drifts(lake: Lake, days: Days, coils: Mapping[str, Rolled], models: Models) -> Drifts:
    """Coil -> the drifts that it stands in, by the models of its day."""
    found: dict[str, list[tuple[str, str, Fault]]] = {}
    levels = coil_levels(lake, days, coils) if any(models.values()) else {}
    for day, of_day in models.items():
        for model in of_day:
            up_to = levels[model.step].of(levels[model.step].days <= day.toordinal())
            for coil_id, fault in drift_faults(model, up_to):
                if coils[coil_id].production_day == day:
                    found.setdefault(coil_id, []).append((model.step, model.model_id, fault))
    return found
