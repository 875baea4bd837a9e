"""Capability by quantiles: calculations by hand, skewed characteristics, intervals that hold."""

import numpy as np
import pytest
from scipy import stats

from pipelines.capability import capability, indices, most_pattern_share, pattern_share, within_indices
from pipelines.spread_families import FROM_ZERO, JOHNSON_SU, NORMAL, SHIFTED_LOGNORMAL
from pipelines.spread_fits import best_fit, fit

CHANCE = np.random.default_rng(22514)


def test_a_normal_process_has_the_well_known_indices():
    """Mean 10 and sigma 2 of the values: (22 - 1) / 12, (10 - 1) / 6, (22 - 10) / 6."""
    values = np.repeat([8.0, 12.0], 200)
    found = capability(fit(NORMAL, values), values, 1.0, 22.0)
    assert found.potential.value == pytest.approx(1.75, rel=1e-4)
    assert (found.lower, found.upper) == pytest.approx((1.5, 2.0), rel=1e-4)
    assert found.critical.value == pytest.approx(1.5, rel=1e-4)
    # Bissell (1990), Applied Statistics 39: 1 / (9 n) + Cpk^2 / (2 n).
    reach = 1.96 * np.sqrt(1 / (9 * 400) + 1.5**2 / 800)
    assert found.critical.high - 1.5 == pytest.approx(reach, rel=0.01)
    assert found.potential.high - 1.75 == pytest.approx(1.96 * 1.75 / np.sqrt(800), rel=0.01)


def test_values_that_follow_each_other_tell_less():
    values = np.repeat([8.0, 12.0], 200)
    alone, following = (capability(fit(NORMAL, values), values, 1.0, 22.0, r) for r in (0.0, 0.6))
    # (1 + 0.6) / (1 - 0.6) = 4: twice the width.
    width = following.critical.high - following.critical.low
    assert width == pytest.approx(2 * (alone.critical.high - alone.critical.low))
    assert following.critical.value == alone.critical.value


def test_one_limit_leaves_the_other_index_out():
    values = np.repeat([8.0, 12.0], 200)
    found = capability(fit(NORMAL, values), values, np.nan, 22.0)
    assert np.isnan(found.potential.value) and np.isnan(found.lower)
    assert found.critical.value == pytest.approx(2.0, rel=1e-4)


def test_a_skewed_process_is_judged_by_its_own_quantiles():
    """Rayleigh of sigma 1: quantiles sqrt(-2 ln(1 - p)) = 0.0520, 1.1774, 3.6349; most 4.5."""
    assert indices(np.array([0.0520, 1.1774, 3.6349]), np.nan, 4.5)[2] == pytest.approx(1.352, abs=1e-3)
    values = stats.rayleigh.ppf((np.arange(800) + 0.5) / 800)
    found = best_fit(values)
    assert found.family.name == "Rayleigh"
    assert capability(found, values, np.nan, 4.5).upper == pytest.approx(1.352, rel=0.02)
    # As a normal distribution it would seem better: (4.5 - 1.2533) / (3 x 0.6551).
    assert capability(fit(NORMAL, values), values, np.nan, 4.5).upper == pytest.approx(1.652, rel=0.01)


@pytest.mark.parametrize(
    ("family", "drawn_from"),
    [
        ("normal", stats.norm(-2, 5)),
        ("half-normal", stats.halfnorm(0, 3)),
        ("Rayleigh", stats.rayleigh(0, 2)),
        ("folded normal", stats.foldnorm(1.5, 0, 2)),
        ("Weibull", stats.weibull_min(1.4, 0, 4)),
        ("lognormal", stats.lognorm(0.5, 0, 3)),
        ("Johnson SU", stats.johnsonsu(0, 1.2, 0, 2)),
    ],
)
def test_the_family_is_found_that_the_values_are_of(family, drawn_from):
    assert best_fit(drawn_from.ppf((np.arange(1_000) + 0.5) / 1_000)).family.name == family


@pytest.mark.parametrize("family", [NORMAL, JOHNSON_SU, *FROM_ZERO], ids=lambda family: family.name)
def test_densities_are_those_of_scipy(family):
    values = np.linspace(0.2, 3.0, 9)
    parameters = np.array([0.3, -0.2, 0.1, 0.4])[: len(family.start(values))]
    expected = family.frozen(parameters).logpdf(values)
    assert family.log_density(parameters, values) == pytest.approx(expected)


def test_the_density_of_a_shifted_lognormal_is_that_of_its_scipy_form():
    """With skew 0.5, middle 1 and spread 2 it is a lognormal of sigma 0.5 and scale 4 behind -3."""
    values = np.linspace(-1.0, 9.0, 7)
    expected = stats.lognorm(0.5, -3, 4).logpdf(values)
    assert SHIFTED_LOGNORMAL.log_density(np.array([1.0, np.log(2), 0.5]), values) == pytest.approx(expected)


@pytest.mark.parametrize("side", [1, -1])
def test_a_skew_to_either_side_is_found_without_a_natural_zero(side):
    true = stats.lognorm(0.4, 0, 10)
    values = side * (true.ppf((np.arange(1_000) + 0.5) / 1_000) - 12)
    found = best_fit(values)
    assert found.family.name == "shifted lognormal"
    expected = np.sort(side * (true.ppf([0.00135, 0.99865]) - 12))
    assert found.quantiles([0.00135, 0.99865]) == pytest.approx(expected, rel=0.02)


@pytest.mark.parametrize(
    ("true", "least", "most"), [(stats.norm(5, 2), -2.0, 11.0), (stats.rayleigh(0, 2), np.nan, 8.0)]
)
def test_intervals_hold_the_true_index_as_often_as_they_say(true, least, most):
    """95 %; of 100 processes, three standard errors are 6.5 %."""
    low, middle, high = true.ppf([0.00135, 0.5, 0.99865])
    index = np.nanmin([(middle - least) / (middle - low), (most - middle) / (high - middle)])
    held = 0
    for _ in range(100):
        values = true.rvs(150, random_state=CHANCE)
        found = capability(best_fit(values), values, least, most)
        held += found.critical.low <= index <= found.critical.high
    assert held / 100 == pytest.approx(0.95, abs=0.07)


def test_indices_of_the_variation_from_coil_to_coil_leave_drift_out():
    """Sigma 1 from coil to coil, and a drift of 10: (30 + 10) / 6."""
    values = CHANCE.standard_normal(4_000) + np.linspace(-5, 5, 4_000)
    assert within_indices(values, -30.0, 10.0)[0] == pytest.approx(40 / 6, rel=0.05)


def test_order_makes_a_process_unstable_and_shape_does_not():
    skewed = stats.lognorm(0.8).rvs(600, random_state=CHANCE)
    found = best_fit(skewed)
    assert pattern_share(found, skewed) < most_pattern_share(600)
    assert pattern_share(found, np.sort(skewed)) > 0.9
    shifted = np.concatenate([CHANCE.standard_normal(300), CHANCE.standard_normal(300) + 1.5])
    assert pattern_share(best_fit(shifted), shifted) > most_pattern_share(600)


def test_one_process_in_a_hundred_is_called_unstable_by_chance():
    values = CHANCE.standard_normal((500, 300))
    unstable = [pattern_share(fit(NORMAL, row), row) > most_pattern_share(300) for row in values]
    assert np.mean(unstable) < 0.03
