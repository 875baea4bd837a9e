"""Training of the models of normal behaviour, from a sample of the coils of past days."""

from datetime import UTC, date, datetime
from functools import partial

from jobs.books import merge
from jobs.coil_levels import coil_levels
from jobs.judged_coils import judged_coils
from jobs.lake.delta import as_in_lake
from jobs.lake.kernels import Readings, answers_by_kernel
from jobs.lake.lake import Lake
from jobs.lake.locks import waiting_for
from jobs.models.storage import ModelError, model_id, save
from jobs.progress import Progress
from pipelines.coil_levels import Levels
from pipelines.coil_strips import signals_of_steps
from pipelines.step_training import Sample, Trained, cards, chosen, samples, train_step
from schemas.core.coil_segments import CORE_COIL_SEGMENTS
from schemas.mart.model_cards import MART_MODEL_CARDS, TRAINED, TRAINING_DAYS


def train_normal(lake: Lake, until: date, progress: Progress) -> None:
    """Train the models of every step on the days up to that one, store them, and write their cards.

    A ModelError where these days have no coils with segments.
    """
    with progress.step("sample of coils") as step:
        coils, levels = _read(lake.for_table(TRAINED), until)
        step.note = f"{len(coils)} coils"
    if not coils:
        raise ModelError(
            f"Training promises models of the {TRAINING_DAYS} days up to {until}, but none of them has coils "
            "with segments in the lake; make these days first: `coilmart backfill --from A --to B`."
        )
    for name in coils[0].seen:
        with progress.step(f"normal/{name}") as step:
            trained = train_step(name, model_id(name, until), coils, levels[name])
            step.note = _kept(lake, until, trained) if trained else "nothing moves"


def _read(lake: Lake, until: date) -> tuple[list[Sample], dict[str, Levels]]:
    segments = as_in_lake(lake.settings.lake, CORE_COIL_SEGMENTS)
    rolled = judged_coils(lake, (until,), segments)
    signals = [name for names in signals_of_steps(segments).values() for name in names]
    readings = Readings(segments, "coil_id", chosen(rolled), ["from_m", "to_m", *signals])
    kernel = partial(samples, rolled=rolled, segments=segments)
    coils = sorted(answers_by_kernel(lake, (until,), readings, kernel), key=lambda coil: coil.coil_id)
    return coils, coil_levels(lake, (until,), rolled)


def _kept(lake: Lake, until: date, trained: Trained) -> str:
    """Store the model, then its cards: a card tells of a model that is there."""
    save(lake.settings.models, trained.model)
    of_the_run = {
        "production_day": until,
        "trained_at": datetime.now(UTC),
        "code_version": lake.run.code_version,
        "run_id": lake.run.run_id,
    }
    rows = [row | of_the_run for row in cards(trained)]
    with waiting_for(lake.settings.home, "books"):
        merge(lake, MART_MODEL_CARDS, rows, by="model_id")
    return ", ".join(trained.fitted)
