"""Coils that are off by themselves, and drifts that no coil shows; within a mode, none without one."""

import numpy as np
import pytest

from pipelines.coil_levels import Levels, coil_faults, fit_coils
from pipelines.strip_faults import StepModel

SIGNALS = ("coiling_temp_c", "width_mm", "crown_um")
A_DAY = 40


def levels(seed, days=12, drift_a_coil=0.0, jump=0.0):
    """Coils of two modes by turns, with levels of their own; in the second half of the days crowns drift."""
    chance = np.random.default_rng(seed)
    count = days * A_DAY
    no = np.arange(count)
    values = chance.normal(size=(count, 3)) + 10 * (no % 2)[:, None]
    late = np.maximum(no - count // 2, 0)
    values[:, 2] += drift_a_coil * late + jump * (late > 0)
    modes = [(f"mode {n % 2}", "all coils") for n in range(count)]
    ids = [f"C{n:04d}" for n in range(count)]
    return Levels(ids, modes, no // A_DAY, SIGNALS, values)


@pytest.fixture(scope="module")
def model():
    return StepModel(
        "normal/finishing/x",
        "finishing",
        {name: fitted.model for name, fitted in fit_coils(levels(1)).items()},
    )


def drifting(model, judged):
    return [
        (coil_id, fault)
        for coil_id, fault in coil_faults(model, judged)
        if fault.detector == "coil drift signal"
    ]


def test_coils_that_do_not_drift_are_hardly_ever_told(model):
    told = {coil_id for coil_id, _ in coil_faults(model, levels(2))}
    assert len(told) <= 0.03 * 12 * A_DAY


def test_a_shift_of_one_and_a_half_sigmas_is_told_within_a_day_and_names_its_signal(model):
    told = dict(drifting(model, levels(3, jump=1.5)))
    first = min(int(coil_id[1:]) for coil_id, fault in told.items() if fault.signals[0] == "crown_um")
    assert 6 * A_DAY < first < 7 * A_DAY
    fault = told[f"C{first:04d}"]
    assert fault.sigmas[0] > 0 and fault.strength > 1
    assert fault.sentence.startswith("Crown has drifted upwards over the last coils of its mode")


def test_a_slow_drift_is_told_though_no_coil_is_far_off(model):
    told = [fault for _, fault in drifting(model, levels(4, drift_a_coil=0.01))]
    assert sum(fault.signals[0] == "crown_um" for fault in told) > 100


def test_one_odd_coil_is_told_and_is_no_drift(model):
    odd = levels(5)
    odd.values[300, 0] += 8.0
    told = [fault for coil_id, fault in coil_faults(model, odd) if coil_id == "C0300"]
    assert [(fault.detector, fault.signals) for fault in told] == [("coil level signal", ("coiling_temp_c",))]
    assert (
        told[0].sentence
        == f"Coiling temperature {told[0].sigmas[0]:.1f} standard deviations above normal on the whole coil."
    )
    around = {f"C{no:04d}" for no in range(300, 310)}
    assert not around & {coil_id for coil_id, _ in drifting(model, odd)}


def test_a_coil_like_none_before_is_not_judged(model):
    other = levels(8)
    strangers = other._replace(modes=[("new", "all coils")] * len(other.modes), values=other.values + 100)
    assert list(coil_faults(model, strangers)) == []


def test_a_signal_that_was_not_measured_for_a_while_goes_on_where_it_was(model):
    gaps = levels(6, jump=2.0)
    gaps.values[250:300, 2] = np.nan
    assert "C0310" in dict(drifting(model, gaps))


def test_levels_that_never_differ_have_no_model():
    same = levels(7)._replace(values=np.ones((12 * A_DAY, 3)))
    assert fit_coils(same) == {}
