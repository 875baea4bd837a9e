"""Training and judging of a small mill's days: what was planted is found, by no model of the future."""

import json
from collections import Counter
from dataclasses import replace
from datetime import timedelta
from shutil import copy

import numpy as np
import pyarrow as pa
import pytest

from benchmarks.mill_lake import make_segments
from jobs.lake import delta
from jobs.lake.lake import Lake
from jobs.mart import process_faults
from jobs.models.normal import train_normal
from jobs.models.storage import ModelError, load, newest_before
from jobs.progress import Progress
from jobs.run import Run
from jobs.settings import Settings
from pipelines.modes import coil_modes
from pipelines.reference_mill.mill import Mill
from pipelines.reference_mill.truth import process_fault_truth
from schemas.core.coils import CORE_COILS
from schemas.mart.model_cards import MART_MODEL_CARDS
from schemas.mart.process_faults import MART_PROCESS_FAULTS

# What is usual of a mode shows in some hundred coils: of 120 no cooling bank loss was told from normal.
MILL = Mill(seed=11, days=9, coils_a_day=40, readings_hz=2.0, faults=0.1)
*TRAINING, JUDGED = MILL.all_days
FAULTY = replace(MILL, first_day=JUDGED, days=1, faults=1.0)
STEPS = {"casting", "reheating", "roughing", "finishing"}


@pytest.fixture(scope="module")
def trained(spark, tmp_path_factory):
    """The lake of eight days, and models trained on them."""
    settings = Settings.from_environment({"COILMART_HOME": str(tmp_path_factory.mktemp("trained"))})
    lake = Lake(spark, settings, Run.start())
    make_segments(lake, replace(MILL, days=len(TRAINING)))
    train_normal(lake, TRAINING[-1], Progress())
    return lake


@pytest.fixture(scope="module")
def last_day(trained, tmp_path_factory):
    """The lake of the ninth day, on which every strip has a fault."""
    home = tmp_path_factory.mktemp("judged")
    settings = replace(trained.settings, home=home, lake=str(home / "lake"))
    lake = replace(trained, settings=settings, run=Run.start())
    make_segments(lake, FAULTY)
    return lake


@pytest.fixture
def judged(last_day):
    """The rows of the ninth day, made anew, and the run that made them."""

    def rows(models=last_day.settings.models):
        lake = Lake(last_day.spark, replace(last_day.settings, models=models), Run.start())
        process_faults.main(lake.for_table(MART_PROCESS_FAULTS), (JUDGED,))
        found = delta.rows_of(lake.settings.lake, MART_PROCESS_FAULTS, {JUDGED})
        # Files of tasks have no order.
        return found.sort_by([(name, "ascending") for name in MART_PROCESS_FAULTS.key]).to_pylist(), lake.run

    return rows


def of_fault(rows, truth):
    return [
        row
        for row in rows
        if row["coil_id"] == truth["coil_id"]
        and row["from_m"] < truth["to_m"]
        and truth["from_m"] < row["to_m"]
        and set(row["signals"]) & set(truth["signals"])
    ]


def planted(kind):
    return [truth for truth in process_fault_truth(FAULTY, JUDGED).to_pylist() if truth["kind"] == kind]


def test_a_lost_cooling_bank_is_found_at_its_metres_by_its_temperature(judged):
    rows, run = judged()
    assert run.notes == [] and run.written[-1].published == (JUDGED,)
    found = [(truth, of_fault(rows, truth)) for truth in planted("cooling bank loss")]
    seen = [(truth, of) for truth, of in found if of]
    # Of so few days not every one is seen.
    assert len(seen) > len(found) / 2
    truth, of = max(seen, key=lambda pair: pair[0]["strength"])
    best = max((row for row in of if row["from_m"] > 0), key=lambda row: row["strength_ratio"] or 0)
    assert best["signals"][0] in truth["signals"] and best["model_id"] == f"normal/finishing/{TRAINING[-1]}"
    assert best["from_m"] == pytest.approx(truth["from_m"], abs=3 * best["sigma_m"])
    assert best["to_m"] == pytest.approx(truth["to_m"], abs=3 * best["sigma_m"])


def test_a_stuck_pyrometer_is_a_faulty_sensor_and_needs_no_model(judged, tmp_path):
    rows, run = judged(models=tmp_path / "none")
    assert "there was none for" in run.notes[0] and "coilmart train normal" in run.notes[0]
    assert rows and all(row["is_sensor"] and row["model_id"] is None for row in rows)
    found = [of_fault(rows, truth) for truth in planted("stuck pyrometer")]
    assert found and all(found) and {row["detector"] for of in found for row in of} == {"frozen sensor"}


def test_a_second_run_leaves_the_same_rows(judged):
    first, second = judged()[0], judged()[0]
    assert first == second


def test_a_day_is_judged_by_no_model_that_knows_it(trained, judged):
    models = trained.settings.models
    assert {model.step for model in newest_before(models, JUDGED)} == STEPS
    assert newest_before(models, TRAINING[-1]) == []
    before = judged()[0]
    for step in STEPS:
        of_step = models / "normal" / step
        # What a training on that day would leave.
        copy(of_step / f"{TRAINING[-1]}.npz", of_step / f"{JUDGED}.npz")
    assert judged()[0] == before
    later = newest_before(models, JUDGED + timedelta(days=1))
    assert {model.model_id for model in later} == {f"normal/{step}/{JUDGED}" for step in STEPS}


def test_a_card_tells_of_its_model(trained):
    cards = delta.rows_of(trained.settings.lake, MART_MODEL_CARDS, {TRAINING[-1]}).to_pylist()
    assert {card["model_id"] for card in cards} == {f"normal/{step}/{TRAINING[-1]}" for step in STEPS}
    level = [c for c in cards if c["detector"] == "level T2" and "finishing" in c["model_id"]]
    assert {c["days"] for c in level} == {len(TRAINING)} and {c["first_day"] for c in level} == {TRAINING[0]}
    coils = delta.rows_of(trained.settings.lake, CORE_COILS, set(TRAINING)).to_pylist()
    of_modes = Counter(coil_modes(c["grade_family"], c["target_thickness_mm"])[0] for c in coils)
    assert sum(c["coils"] for c in level) == sum(min(n, 40) for n in of_modes.values())
    model = load(trained.settings.models / f"{level[0]['model_id']}.npz").views["level"]
    assert level[0]["limit_ratio"] == model.limits["T2"].enter
    assert level[0]["components"] == model.components.loadings.shape[1]


def test_a_damaged_model_says_what_to_do(trained, tmp_path):
    whole = trained.settings.models / f"normal/finishing/{TRAINING[-1]}.npz"
    damaged = tmp_path / whole.name
    damaged.write_bytes(whole.read_bytes()[:-1000])
    with pytest.raises(
        ModelError, match=r"promises .*, but .* cannot be read .*; train it again: `coilmart train"
    ):
        load(damaged)


def stored_with(trained, told_of, tmp_path):
    """A copy of the trained model that says other things about itself."""
    with np.load(trained.settings.models / f"normal/finishing/{TRAINING[-1]}.npz") as whole:
        stored = dict(whole)
    about = json.loads(str(stored["about"]))
    told_of(about)
    path = tmp_path / f"{TRAINING[-1]}.npz"
    np.savez(path, **(stored | {"about": json.dumps(about)}))
    return path


def test_a_model_of_another_format_or_with_other_settings_says_to_train_again(trained, tmp_path):
    older = stored_with(trained, lambda about: about.update(format=1), tmp_path)
    with pytest.raises(ModelError, match=r"promises format \d, but .* has 1; train it again: `coilmart"):
        load(older)
    strange = stored_with(trained, lambda a: a["views"]["level"]["asked"].update(false_alarms=0.1), tmp_path)
    with pytest.raises(ModelError, match=r"cannot be read \(TypeError.*; train it again: `coilmart train"):
        load(strange)


def test_days_without_coils_train_nothing(trained):
    with pytest.raises(
        ModelError, match=r"promises models .*, but none of them has coils .*; make these days"
    ):
        train_normal(trained, MILL.first_day - timedelta(days=100), Progress())


def test_a_day_without_coils_has_no_faults(trained):
    lake = Lake(trained.spark, trained.settings, Run.start())
    day = JUDGED + timedelta(days=30)
    process_faults.main(lake.for_table(MART_PROCESS_FAULTS), (day,))
    assert lake.run.written[-1].published == (day,)
    assert delta.rows_of(trained.settings.lake, MART_PROCESS_FAULTS, {day}) == pa.table(
        delta.arrow_schema(MART_PROCESS_FAULTS).empty_table()
    )
