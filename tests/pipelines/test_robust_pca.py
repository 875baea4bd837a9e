"""Components: not moved by faulty rows; what is missing is completed by what was measured."""

import numpy as np
import pytest

from pipelines.robust_pca import completed, distances, fit_components

CHANCE = np.random.default_rng(3)


def rows_of(rows_n, faulty=0):
    """Six signals of two common causes; faulty rows have the first signal off."""
    causes = CHANCE.normal(size=(rows_n, 2))
    loadings = np.array([[1, 1, 1, 0, 0, 0], [0, 0, 0, 1, 1, 1.0]])
    rows = causes @ loadings + 0.3 * CHANCE.normal(size=(rows_n, 6))
    rows[:faulty, 0] += 6.0
    return rows


def test_every_tenth_row_faulty_leaves_components_and_variances_as_they_are():
    clean, faulty = fit_components(rows_of(5_000)), fit_components(rows_of(5_000, faulty=500))
    together = np.linalg.svd(clean.loadings.T @ faulty.loadings)[1]
    assert together == pytest.approx(np.ones(2), abs=0.01)
    assert faulty.variances == pytest.approx(clean.variances, rel=0.15)


def test_t2_and_spe_of_new_rows_have_the_means_of_their_distributions():
    far = distances(fit_components(rows_of(20_000)), rows_of(20_000))
    assert np.mean(far.t2) == pytest.approx(2.0, rel=0.05)
    # Four directions are left, each with the variance of the noise.
    assert np.mean(far.spe) == pytest.approx(4 * 0.09, rel=0.05)


def test_a_missing_signal_is_completed_from_those_that_go_with_it():
    components, rows = fit_components(rows_of(5_000)), rows_of(2_000)
    gaps = rows.copy()
    gaps[:, 2] = np.nan
    # The best guess of the third signal from the first two, by hand: its covariance over theirs.
    best = (rows[:, 0] + rows[:, 1]) / (2 + 0.09)
    assert completed(components, gaps)[:, 2] == pytest.approx(best, abs=0.35)


def test_a_row_with_half_of_its_signals_missing_is_not_judged():
    row = np.array([[1.0, 1.0, 1.0, np.nan, np.nan, np.nan], [1.0, 1.0, 1.0, 0.0, 0.0, np.nan]])
    far = distances(fit_components(rows_of(2_000)), row)
    assert np.isnan(far.t2).tolist() == np.isnan(far.spe).tolist() == [True, False]
