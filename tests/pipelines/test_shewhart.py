"""Limits of Shewhart charts: worked examples and tables."""

import numpy as np
import pytest

from pipelines.shewhart import (
    individuals,
    screened_individuals,
    subgroup_means_by_range,
    subgroup_means_by_sd,
)

FLOW_RATES = [49.6, 47.6, 49.9, 51.3, 47.8, 51.2, 52.6, 52.4, 53.6, 52.1]
"""NIST/SEMATECH e-Handbook of Statistical Methods, 6.3.2.2."""

CONCENTRATIONS = [102.0, 94.8, 98.3, 98.4, 102.0, 98.5, 99.0, 97.7, 100.0, 98.1]
CONCENTRATIONS += [101.3, 98.7, 101.1, 98.4, 97.0, 96.7, 100.3, 101.4, 97.2, 101.0]
"""Montgomery and Runger, Applied Statistics and Probability for Engineers, table 16-3."""


def test_individuals_of_the_handbooks_flow_rates():
    line = individuals(np.array(FLOW_RATES))
    assert line.center == pytest.approx(50.81)
    assert (line.lower, line.upper) == pytest.approx((45.8159, 55.8041), abs=2e-3)


def test_individuals_of_the_textbooks_concentrations():
    line = individuals(np.array(CONCENTRATIONS))
    assert line.center == pytest.approx(99.1, abs=0.01)
    assert (line.lower, line.upper) == pytest.approx((92.21, 105.99), abs=0.015)


@pytest.mark.parametrize(
    ("size", "a2", "a3"), [(2, 1.880, 2.659), (4, 0.729, 1.628), (5, 0.577, 1.427), (10, 0.308, 0.975)]
)
def test_limits_of_means_by_the_tables_of_factors(size, a2, a3):
    subgroups = np.random.default_rng(size).standard_normal((25, size))
    by_range, by_sd = subgroup_means_by_range(subgroups), subgroup_means_by_sd(subgroups)
    mean_range = np.ptp(subgroups, axis=1).mean()
    mean_sd = subgroups.std(axis=1, ddof=1).mean()
    assert by_range.upper == pytest.approx(subgroups.mean() + a2 * mean_range, abs=1e-3)
    assert by_sd.lower == pytest.approx(subgroups.mean() - a3 * mean_sd, abs=1e-3)


def test_special_causes_in_the_baseline_do_not_widen_its_limits():
    calm = np.random.default_rng(4).standard_normal(400)
    struck = calm.copy()
    struck[100:140] += 8
    assert screened_individuals(struck).upper == pytest.approx(screened_individuals(calm).upper, abs=0.2)
    assert individuals(struck).center > 0.7


def test_two_values_are_the_least_of_a_chart():
    assert np.isnan(individuals(np.array([1.0])).sigma)
