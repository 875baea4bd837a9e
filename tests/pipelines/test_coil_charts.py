"""Points of coils and of shares of coils, with the limits of a baseline."""

import numpy as np
import pytest

from pipelines.coil_charts import charts, score_shares, score_values

BASELINE = np.arange(1_000) < 500


def following(correlation, count=1_000):
    """Values that follow each other; the spread of all is 1."""
    steps = np.random.default_rng(8).standard_normal(count) * np.sqrt(1 - correlation**2)
    values = np.empty(count)
    values[0] = steps[0]
    for no in range(1, count):
        values[no] = correlation * values[no - 1] + steps[no]
    return values


def test_independent_coils_get_an_individuals_chart():
    scored = score_values(10 + 2 * following(0.0), BASELINE)
    assert scored.kind == "individuals"
    assert scored.center[0] == pytest.approx(10, abs=0.2)
    assert scored.upper[0] - scored.center[0] == pytest.approx(6, rel=0.1)
    assert (np.abs(scored.deviation[500:]) > 3).mean() < 0.01


def test_coils_that_follow_each_other_get_a_chart_of_residuals():
    values = following(0.7)
    scored = score_values(values, BASELINE)
    assert scored.kind == "residuals"
    assert scored.correlation == pytest.approx(0.7, abs=0.1)
    # Moving ranges alone would give sigma sqrt(1 - 0.7) = 0.55: every tenth point out.
    assert (np.abs(values) > 3 * 0.55).mean() > 0.07
    assert (np.abs(scored.deviation[500:]) > 3).mean() < 0.01
    # The limits go with what the coil before lets expect.
    assert np.corrcoef(scored.center[1:], values[:-1])[0, 1] > 0.99


def test_an_outlier_does_not_make_its_neighbour_one():
    values = following(0.5)
    values[700] += 30
    scored = score_values(values, BASELINE)
    assert scored.deviation[700] > 20
    assert abs(scored.deviation[701]) < 3


def test_a_shift_of_one_sigma_is_seen_by_the_charts_that_remember():
    values = following(0.0)
    values[520:560] += 1.0
    seen = charts(score_values(values, BASELINE).deviation).violations[520:560]
    assert any("CUSUM above" in rules for rules in seen)
    assert any("EWMA above" in rules for rules in seen)


def test_a_day_of_few_hits_is_out_and_one_miss_of_few_coils_is_not():
    """Of 95 %: five or fewer hits of ten coils have a probability of 6e-5, nine or fewer of 40 %."""
    hits, coils = np.array([95] * 20 + [9, 5]), np.array([100] * 20 + [10, 10])
    scored = score_shares(hits, coils, np.arange(22) < 20)
    assert scored.kind == "rate"
    assert scored.center[0] == pytest.approx(0.95, abs=0.001)
    assert scored.deviation[20] == pytest.approx(-0.25, abs=0.03)
    assert scored.deviation[21] == pytest.approx(-3.83, abs=0.05)
    # Seven of ten: 0.0012 (of six and fewer 0.001) is the first share that is not out.
    assert scored.lower[21] == pytest.approx(0.7)


def test_days_that_the_baseline_denies_do_not_move_its_share():
    hits = np.array([98] * 20 + [20, 98])
    scored = score_shares(hits, np.full(22, 100), np.arange(22) < 21)
    assert scored.center[0] == pytest.approx(0.98, abs=0.002)


def test_where_all_hit_a_miss_has_a_finite_score():
    scored = score_shares(np.array([60] * 10 + [59]), np.full(11, 60), np.arange(11) < 10)
    assert np.isfinite(scored.deviation).all()
    assert -3 < scored.deviation[10] < 0
