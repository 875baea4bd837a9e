"""core/coils, core/coil_segments and the models of normal behaviour -> mart/process_faults."""

from collections.abc import Mapping
from datetime import timedelta
from functools import partial

from jobs.coil_levels import coil_levels
from jobs.judged_coils import judged_coils
from jobs.lake.delta import arrow_schema, as_in_lake
from jobs.lake.kernels import Readings, write_by_kernel
from jobs.lake.lake import Lake
from jobs.models.storage import all_of
from jobs.place_errors import place_errors
from jobs.run import Days
from jobs.wording import counted
from pipelines.coil_levels import CoilFaults, coil_faults
from pipelines.coil_strips import Rolled, signals_of_steps
from pipelines.mart.process_faults import Known, Models, process_faults
from pipelines.strip_faults import Fault
from schemas.core.coil_segments import CORE_COIL_SEGMENTS
from schemas.mart.process_faults import DRIFT_DAYS, MART_PROCESS_FAULTS


def main(lake: Lake, days: Days) -> None:
    """Make those days of mart/process_faults, each by the models that were trained on days before it."""
    segments = as_in_lake(lake.settings.lake, CORE_COIL_SEGMENTS)
    before = judged_coils(lake, days, segments)
    coils = {coil_id: coil for coil_id, coil in before.items() if coil.production_day in days}
    models = all_of(lake.settings.models, days)
    signals = [name for names in signals_of_steps(segments).values() for name in names]
    columns = ["from_m", "to_m", "sigma_m", "upstream_sigma_m", *signals]
    readings = Readings(segments, by="coil_id", keys=tuple(coils), columns=columns)
    known = Known(coils, models, _of_coils(lake, days, before, models), place_errors(lake, days))
    schema = arrow_schema(MART_PROCESS_FAULTS)
    kernel = partial(process_faults, known=known, segments=segments, schema=schema)
    write_by_kernel(lake, MART_PROCESS_FAULTS, days, readings, kernel)
    if unjudged := [day for day in days if not models[day]]:
        lake.run.notes.append(
            f"{MART_PROCESS_FAULTS.path} promises faults of the process by a model of the days before, but "
            f"there was none for {counted(len(unjudged), 'day')} up to {unjudged[-1]}: it has only faults of "
            "sensors there. Train one: `coilmart train normal --until YYYY-MM-DD`."
        )


def _of_coils(lake: Lake, days: Days, coils: Mapping[str, Rolled], models: Models) -> CoilFaults:
    """Coil -> what is off on the whole of it, by the models of its day."""
    found: dict[str, list[tuple[str, str, Fault]]] = {}
    levels = coil_levels(lake, days, coils) if any(models.values()) else {}
    for day, of_day in models.items():
        for model in of_day:
            of_step = levels[model.step]
            # Whatever days are made with it, a day reads the same days before.
            first, last = (day - timedelta(days=DRIFT_DAYS)).toordinal(), day.toordinal()
            in_window = of_step.of((first <= of_step.days) & (of_step.days <= last))
            for coil_id, fault in coil_faults(model, in_window):
                if coils[coil_id].production_day == day:
                    found.setdefault(coil_id, []).append((model.step, model.model_id, fault))
    return found
