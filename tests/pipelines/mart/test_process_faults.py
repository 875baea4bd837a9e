"""Segments of coils -> faults: what a model finds and what sensors were, with places, parts, sentences."""

from datetime import date
from functools import cache

import numpy as np
import pyarrow as pa
import pytest

from jobs.lake.delta import arrow_schema
from pipelines.coil_levels import Levels
from pipelines.coil_strips import Rolled
from pipelines.mart.process_faults import Known, process_faults
from pipelines.step_training import cards, samples, train_step
from pipelines.strip_faults import Fault
from schemas.contract import MOMENTS, Field
from schemas.core.coil_segments import CORE_COIL_SEGMENTS, moments
from schemas.mart.process_faults import MART_PROCESS_FAULTS

DAY = date(2026, 11, 20)
METRES = 500
SCHEMA = arrow_schema(MART_PROCESS_FAULTS)
OWN = Field("torch_gap_mm", "double", "A plant's own signal.", 3.0, of_the_plant=True)
SEGMENTS = CORE_COIL_SEGMENTS.with_fields([moments(OWN)])
MEASURED = ("strip_speed_m_s", "coiling_temp_c", "thickness_mm", "torch_gap_mm")


def coil(seed, day=DAY, **signals):
    """The segments of a coil; ``signals``: a function of the metre that is added to a signal."""
    chance, metre = np.random.default_rng(seed), np.arange(METRES)
    level = {"strip_speed_m_s": 9.0, "coiling_temp_c": 600.0, "thickness_mm": 3.0, "torch_gap_mm": 5.0}
    noise = {"strip_speed_m_s": 0.01, "coiling_temp_c": 3.0, "thickness_mm": 0.01, "torch_gap_mm": 0.1}
    values = {name: level[name] + noise[name] * chance.normal(size=METRES) for name in MEASURED}
    for name, added in signals.items():
        values[name] = values[name] + added(metre)
    return segments(values)


def segments(values, flags=None):
    columns = {
        "coil_id": pa.repeat("C", METRES),
        "from_m": pa.array(np.arange(METRES, dtype=float)),
        "to_m": pa.array(np.arange(METRES) + 1.0),
        "sigma_m": pa.repeat(0.5, METRES),
        "upstream_sigma_m": pa.nulls(METRES, pa.float64()),
    }
    for field in SEGMENTS.fields:
        if field.type == MOMENTS:
            columns[field.name] = struct(values.get(field.name), (flags or {}).get(field.name))
    return pa.table(columns)


def struct(values, flags):
    type_ = arrow_schema(SEGMENTS).field("coiling_temp_c").type
    if values is None:
        return pa.nulls(METRES, type_)
    flags = flags or [None] * METRES
    rows = [
        {"n": 1, "mean": value, "sd": None, "min": value, "max": value, "valid_pct": 100.0, "flag": flag}
        for value, flag in zip(values.tolist(), flags, strict=True)
    ]
    return pa.array(rows, type_)


def rolled(day=DAY):
    return Rolled(
        day, ("HSLA, over 2.5 to 3 mm", "all families, over 2.5 to 3 mm", "all coils"), "strip_speed_m_s"
    )


def trained():
    """Of 48 coils of six days before."""
    days = {f"C{no:02d}": date(2026, 11, 14 + no % 6) for no in range(48)}
    known = {coil_id: rolled(day) for coil_id, day in days.items()}
    coils = [(coil_id, coil(no)) for no, coil_id in enumerate(days)]
    nothing = Levels((), (), np.empty(0, np.int64), MEASURED, np.empty((0, len(MEASURED))))
    rows = list(samples(coils, known, SEGMENTS))
    return train_step("finishing", "normal/finishing/2026-11-19", rows, nothing)


@cache
def model():
    return trained().model


def found(*coils, models=True, of_coils=None, place_errors=None):
    ids = [f"X{no}" for no in range(len(coils))]
    judged = {DAY: [model()]} if models else {}
    known = Known({no: rolled() for no in ids}, judged, of_coils or {}, place_errors or {})
    batches = process_faults(zip(ids, coils, strict=True), known, SEGMENTS, SCHEMA)
    return [row for batch in batches for row in batch.to_pylist()]


def test_usual_coils_hardly_ever_have_faults():
    rows = found(*(coil(seed) for seed in range(100, 120)))
    assert len({row["coil_id"] for row in rows}) <= 2


def test_a_stretch_that_is_too_hot_is_told_with_place_part_mode_and_sentence():
    rows = found(coil(200, coiling_temp_c=lambda m: np.where((m >= 200) & (m < 300), 20.0, 0.0)))
    assert {row["detector"] for row in rows} >= {"level signal"}
    row = next(row for row in rows if row["detector"] == "level signal")
    assert (row["coil_id"], row["step"], row["is_sensor"], row["part"]) == ("X0", "finishing", False, "body")
    assert row["from_m"] == pytest.approx(200, abs=2) and row["to_m"] == pytest.approx(300, abs=2)
    assert row["mode"] == "HSLA, over 2.5 to 3 mm" and row["model_id"] == "normal/finishing/2026-11-19"
    assert row["signals"] == ["coiling_temp_c"] and row["residual_sigmas"][0] > 3
    assert row["strength_ratio"] > 1
    assert row["sentence"].startswith("Coiling temperature ") and row["sentence"].endswith(" for 100 m.")


def test_a_cold_head_is_placed_at_the_head_and_not_beside_it():
    cold = coil(207, coiling_temp_c=lambda m: np.where(m < 80, -20.0, 0.0))
    row = next(row for row in found(cold) if row["detector"] == "level signal")
    assert row["from_m"] == pytest.approx(0, abs=2) and row["to_m"] == pytest.approx(80, abs=2)
    assert row["residual_sigmas"][0] < -3 and "below normal" in row["sentence"]


def test_the_error_of_a_place_is_that_of_the_signals_station():
    hot = coil(200, coiling_temp_c=lambda m: np.where((m >= 200) & (m < 300), 20.0, 0.0))
    near, far = (
        next(row["sigma_m"] for row in found(hot, place_errors=errors) if row["detector"] == "level signal")
        for errors in ({}, {"X0": {"coiling_temp_c": (8.0, 10.0, 12.0)}})
    )
    # In the middle of the coil, and what the looking leaves open is the same.
    assert far**2 - near**2 == pytest.approx(10.0**2 - 0.5**2, rel=0.05)


def test_where_a_fault_fades_in_its_ends_are_told_less_surely():
    def fading(over_m):
        return lambda m: 20.0 * np.clip(np.minimum(m - 200, 400 - m) / over_m, 0, 1)

    sharp, slow = (
        next(row for row in found(coil(200, coiling_temp_c=added)) if row["detector"] == "level signal")
        for added in (fading(1), fading(80))
    )
    assert sharp["sigma_m"] < 3 and slow["sigma_m"] > 1.5 * sharp["sigma_m"]


def test_a_stretch_that_swings_is_told_with_its_period():
    swings = coil(
        201, thickness_mm=lambda m: np.where((m >= 200) & (m < 320), 0.04, 0) * np.cos(2 * np.pi * m / 15)
    )
    rows = [row for row in found(swings) if row["detector"].startswith("swing")]
    assert rows and all(row["signals"] == ["thickness_mm"] for row in rows)
    assert "once in 10 to 24 m" in rows[0]["sentence"]
    assert rows[0]["from_m"] == pytest.approx(200, abs=15) and rows[0]["to_m"] == pytest.approx(320, abs=15)


def test_a_plants_own_signal_is_judged_without_code():
    rows = found(coil(202, torch_gap_mm=lambda m: np.where((m >= 100) & (m < 200), 1.0, 0.0)))
    assert {name for row in rows for name in row["signals"]} == {"torch_gap_mm"}


def test_a_frozen_sensor_is_a_sensor_and_is_not_fed_to_the_model():
    chance = np.random.default_rng(203)
    values = {"coiling_temp_c": 600 + 3 * chance.normal(size=METRES), "thickness_mm": np.full(METRES, 3.0)}
    values["coiling_temp_c"][100:180] = 640.0
    flags = {"coiling_temp_c": ["frozen" if 100 <= m < 180 else None for m in range(METRES)]}
    [row] = found(segments(values, flags))
    assert (row["detector"], row["is_sensor"], row["signals"]) == ("frozen sensor", True, ["coiling_temp_c"])
    assert (row["from_m"], row["to_m"], row["model_id"]) == (100.0, 180.0, None)
    assert row["sentence"] == "The sensor of coiling temperature was frozen for 80 m."


def test_what_is_off_on_a_whole_coil_is_told_over_its_length():
    drift = Fault(
        0, "coil drift signal", 0.0, np.nan, 0.0, 1.2, "all coils", ("width_mm",), (5.0,), "Width drifts."
    )
    [row] = found(coil(110), of_coils={"X0": [("finishing", "normal/finishing/2026-11-19", drift)]})
    assert (row["detector"], row["from_m"], row["to_m"]) == ("coil drift signal", 0.0, 500.0)
    assert (row["signals"], row["is_sensor"]) == (["width_mm"], False)


def test_without_a_model_only_sensors_are_told():
    assert found(coil(204, coiling_temp_c=lambda m: np.where(m < 300, 30.0, 0.0)), models=False) == []


def test_a_coil_without_segments_is_passed_over():
    assert found(coil(205).slice(0, 0)) == []


def test_coils_come_to_the_same_whatever_they_are_judged_with():
    hot = coil(206, coiling_temp_c=lambda m: np.where((m >= 200) & (m < 300), 20.0, 0.0))
    alone = found(hot)
    among = [row for row in found(hot, *(coil(seed) for seed in range(300, 305))) if row["coil_id"] == "X0"]
    assert among == alone


def test_training_again_on_the_same_coils_gives_the_same_model():
    one, other = trained(), trained()
    assert one.fingerprint == other.fingerprint and list(cards(one)) == list(cards(other))
    for name, view in one.model.views.items():
        assert (view.components.loadings == other.model.views[name].components.loadings).all()
