"""Limits of T2 and SPE against distributions and simulation; of held-out pieces against planted faults."""

import numpy as np
import pytest
from scipy import stats

from pipelines.mspc_limits import held_out_limit, jackson_mudholkar, t2_limit

CHANCE = np.random.default_rng(5)


@pytest.mark.parametrize("rows_n", [20, 100])
def test_t2_of_a_new_row_exceeds_its_limit_as_often_as_it_says(rows_n):
    # Each time a model is fitted to few rows, and one new row judged.
    beyond = []
    for _ in range(4_000):
        rows, new = CHANCE.normal(size=(rows_n, 3)), CHANCE.normal(size=3)
        off = new - rows.mean(axis=0)
        beyond.append(off @ np.linalg.solve(np.cov(rows.T), off) > t2_limit(rows_n, 3, 0.05))
    assert np.mean(beyond) == pytest.approx(0.05, abs=0.012)


def test_a_model_of_fewer_rows_than_components_has_no_limit():
    assert np.isnan(t2_limit(3, 3, 0.05))


@pytest.mark.parametrize("share", [0.05, 0.01, 0.001])
def test_spe_of_equal_eigenvalues_is_a_chi_squared(share):
    assert jackson_mudholkar(np.full(12, 0.3), share) == pytest.approx(
        0.3 * stats.chi2.isf(share, 12), rel=0.01
    )


def test_spe_of_unequal_eigenvalues_exceeds_its_limit_nearly_as_often_as_it_says():
    # The formula is an approximation; it is known to be a little wide for unequal eigenvalues.
    rest = np.array([1.0, 0.6, 0.3, 0.2, 0.1, 0.05])
    spe = np.square(CHANCE.normal(size=(200_000, 6))) @ rest
    assert np.mean(spe > jackson_mudholkar(rest, 0.01)) == pytest.approx(0.01, abs=0.003)


def test_nothing_left_out_has_a_limit_of_nothing():
    assert jackson_mudholkar(np.zeros(3), 0.01) == 0.0


def test_faulty_pieces_among_the_held_out_ones_hardly_move_the_limit():
    # The greatest of a hundred chi-squared values on each of 400 pieces; every tenth piece is faulty.
    greatest = stats.chi2.rvs(10, size=(400, 100), random_state=CHANCE).max(axis=1)
    faulty = np.where(np.arange(400) % 10 == 0, 5 * greatest, greatest)
    true = stats.chi2.isf(-np.expm1(np.log1p(-0.005) / 100), 10)
    limit = held_out_limit(faulty, 0.005, textbook=true)
    assert limit.enter == pytest.approx(true, rel=0.25)
    assert limit.leave == pytest.approx(np.median(greatest), rel=0.05)


def test_what_is_nothing_on_all_pieces_is_never_beyond():
    assert held_out_limit(np.zeros(50), 0.005, 1.0).enter == np.inf


def test_without_held_out_pieces_nothing_is_ever_beyond():
    assert held_out_limit(np.array([np.nan]), 0.005, 1.0).enter == np.inf
