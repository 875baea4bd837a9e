"""Rates over strata and many tests, against published numbers (those of the docstrings besides)."""

import numpy as np
import pytest
from scipy.stats import norm

from pipelines.causes.rates import (
    best_cut_p,
    counted_z,
    false_discovery,
    homogeneity_p,
    leaning_z,
    rate_ratio,
)

# British doctors: deaths from coronary disease and person-years of smokers and others, in five age groups
# (Breslow and Day, Statistical Methods in Cancer Research II, IARC 1987).
SMOKERS = np.array([32.0, 104, 206, 186, 102]), np.array([52407.0, 43248, 28612, 12663, 5317])
OTHERS = np.array([2.0, 12, 28, 28, 31]), np.array([18790.0, 10673, 5710, 2585, 1462])


def test_the_ratio_of_one_stratum_is_that_of_its_rates():
    found = rate_ratio(*(part[:1] for part in (*SMOKERS, *OTHERS)))
    assert found.ratio == pytest.approx((32 / 52407) / (2 / 18790))
    # Of one stratum the variance is that of two Poisson counts.
    assert found.log_se == pytest.approx(np.sqrt(1 / 32 + 1 / 2))


def test_ages_differ_in_their_ratio_as_published():
    # Pearson's chi square of the common ratio is 11.16 on 4 degrees of freedom, p 0.0249.
    assert homogeneity_p(*SMOKERS, *OTHERS, 1.4255) == pytest.approx(0.0249, abs=0.0001)
    assert homogeneity_p(*SMOKERS, *OTHERS, 1.4255, inflation=2.0) > 0.1


def test_a_stratum_with_one_side_alone_tells_nothing():
    both = rate_ratio(*SMOKERS, *OTHERS)
    alone = (np.append(part, more) for part, more in zip((*SMOKERS, *OTHERS), (50, 900, 0, 0), strict=True))
    assert rate_ratio(*alone) == pytest.approx(both)


def test_what_cannot_be_told_is_no_number():
    nothing, metres = np.array([0.0]), np.array([100.0])
    assert np.isnan(rate_ratio(nothing, metres, nothing, metres).ratio)
    assert np.isnan(rate_ratio(np.array([5.0]), metres, nothing, metres).log_se)


def test_the_rate_of_false_discoveries_pays_for_tests_that_are_not_shown():
    p = np.array([0.001, 0.02])
    assert false_discovery(p).tolist() == [0.002, 0.02]
    assert false_discovery(p, tests_n=10).tolist() == [0.01, 0.1]


def test_one_cut_is_one_test_and_the_same_cut_twice_is_too():
    single = best_cut_p(2.5, np.array([0.5]))
    assert single == pytest.approx(0.01242, abs=1e-5)
    assert best_cut_p(2.5, np.array([0.5, 0.5])) == pytest.approx(single)
    assert best_cut_p(2.5, np.array([0.1, 0.9])) == pytest.approx(2 * single, rel=0.05)


def test_cuts_that_were_tried_are_paid_for():
    chance = np.random.default_rng(8)
    rank = np.arange(400) / 400
    shares = np.arange(0.1, 0.95, 0.1)
    indicator = rank[:, None] >= shares
    weight = (indicator - indicator.mean(axis=0)) / np.sqrt(400 * shares * (1 - shares))
    best = np.abs(chance.standard_normal((20_000, 400)) @ weight).max(axis=1)
    for z in (2.0, 2.5, 3.0):
        assert best_cut_p(z, shares) == pytest.approx((best > z).mean(), rel=0.2)


def test_counts_that_scatter_more_are_less_far_from_what_is_due():
    assert counted_z(20, 10, 10.5) > counted_z(20, 10, 15) > counted_z(20, 10, 40) > 0


@pytest.mark.parametrize("shares", [[0.02] * 10, [0.01] * 9 + [0.2], [0.9] * 5 + [0.05] * 20])
@pytest.mark.parametrize("sigmas", [3.0, 3.7])
def test_where_few_of_a_stratum_are_exposed_great_differences_are_as_rare_as_they_are(shares, sigmas):
    share, cases = np.array(shares), 60
    variance = cases * share * (1 - share)
    difference = sigmas * np.sqrt(variance.sum())
    drawn = np.random.default_rng(5).binomial(cases, share, (400_000, len(share))).sum(axis=1)
    by_chance = (drawn - cases * share.sum() >= difference).mean()
    leans = (variance * (1 - 2 * share)).sum()
    z = leaning_z(difference, variance.sum(), leans, 1.0001 * variance.sum())
    # Counts come in steps, so they are not met exactly; the normal distribution is five times too sure.
    assert by_chance / 1.7 < norm.sf(z) < by_chance * 1.7
    assert norm.sf(sigmas) < norm.sf(z)


def test_what_leans_to_the_other_side_is_rarer_than_the_normal_distribution_says():
    assert leaning_z(10.0, 9.0, -5.0, 12.0) == np.inf
