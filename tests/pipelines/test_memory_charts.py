"""EWMA and CUSUM: worked examples of the handbook and the textbook, and published run lengths."""

import numpy as np
import pytest

from pipelines.memory_charts import cusum, ewma, ewma_limits

TABLE_9_1 = [9.45, 7.99, 9.29, 11.66, 12.16, 10.18, 8.04, 11.46, 9.20, 10.34, 9.03, 11.47, 10.51, 9.40, 10.08]
TABLE_9_1 += [
    9.37,
    10.62,
    10.31,
    8.52,
    10.84,
    10.90,
    9.33,
    12.29,
    11.50,
    10.60,
    11.08,
    10.38,
    11.62,
    11.31,
    10.52,
]
"""Montgomery, Introduction to Statistical Quality Control: mean 10, from the 21st on 11; sigma 1."""

HANDBOOK_EWMA = [52.0, 47.0, 53.0, 49.3, 50.1, 47.0, 51.0, 50.1, 51.2, 50.5]
HANDBOOK_EWMA += [49.6, 47.6, 49.9, 51.3, 47.8, 51.2, 52.6, 52.4, 53.6, 52.1]
HANDBOOK_CUSUM = [324.925, 324.675, 324.725, 324.350, 325.350, 325.225, 324.125, 324.525, 325.225, 324.600]
HANDBOOK_CUSUM += [324.625, 325.150, 328.325, 327.250, 327.825, 328.500, 326.675, 327.775, 326.875, 328.350]
"""NIST/SEMATECH e-Handbook of Statistical Methods, 6.3.2.4 and 6.3.2.3."""


def test_the_handbooks_ewma():
    sigma = 2.0539
    found = 50 + sigma * ewma((np.array(HANDBOOK_EWMA) - 50) / sigma, 0.3)
    assert found[:6].round(2).tolist() == [50.60, 49.52, 50.56, 50.18, 50.16, 49.21]
    assert found[-2:].round(2).tolist() == [51.94, 51.99]
    assert 50 + sigma * ewma_limits(200, 0.3, 3)[-1] == pytest.approx(52.5884, abs=1e-3)


def test_the_textbooks_ewma_with_limits_that_widen():
    """Example 9.2: lambda 0.10, L 2.7."""
    found, limits = 10 + ewma(np.array(TABLE_9_1) - 10, 0.1), ewma_limits(30, 0.1, 2.7)
    assert found[:4] == pytest.approx([9.945, 9.7495, 9.70355, 9.8992], abs=1e-4)
    assert (10 + limits[:2]).round(2).tolist() == [10.27, 10.36]
    assert (10 + limits[-1]).round(2) == 10.62
    assert np.flatnonzero(found - 10 > limits)[0] + 1 == 29


def test_the_textbooks_cusum_signals_at_the_29th():
    """Table 9.2: k 0.5, h 5; the sum left 0 behind the 22nd."""
    above, below = cusum(np.array(TABLE_9_1) - 10, 0.5, 5.0)
    assert above[:8].round(2).tolist() == [0, 0, 0, 1.16, 2.82, 2.50, 0.04, 1.00]
    assert below[:4].round(2).tolist() == [0.05, 1.56, 1.77, 0]
    assert above[28:].round(2).tolist() == [5.28, 5.30]
    assert np.flatnonzero(above > 5)[0] + 1 == 29 and not (below > 5).any()
    assert np.flatnonzero(above[:29] == 0)[-1] + 1 == 22


def test_the_handbooks_cusum_signals_at_the_14th():
    above, below = cusum(np.array(HANDBOOK_CUSUM) - 325, 0.3175, 4.1959)
    assert above[12:15].round(2).tolist() == [3.01, 4.94, 7.45]
    assert np.flatnonzero(above > 4.1959)[0] + 1 == 14 and not (below > 4.1959).any()


def test_a_cusum_that_restarts_begins_anew_behind_its_signal():
    points = np.array([4.0, 4.0, 4.0])
    assert cusum(points, 0.5, 5.0, True)[0].tolist() == [3.5, 7.0, 3.5]


def mean_run(signals_of, shift, longest, runs=4_000):
    chance = np.random.default_rng(465)
    lengths = []
    for _ in range(runs):
        signals = signals_of(chance.standard_normal(longest) + shift)
        lengths.append(signals.argmax() + 1 if signals.any() else longest)
    return np.mean(lengths)


@pytest.mark.parametrize(
    ("shift", "points_n", "longest"), [(0.0, 465, 4_500), (1.0, 10.4, 200), (2.0, 4.01, 50)]
)
def test_a_cusum_of_k_one_half_and_h_five_runs_as_published(shift, points_n, longest):
    """Montgomery, table 9.3. 4,000 runs: 1.6 % standard error in control, less than 1 % else."""

    def signals(points):
        above, below = cusum(points, 0.5, 5.0)
        return (above > 5) | (below > 5)

    assert mean_run(signals, shift, longest) == pytest.approx(points_n, rel=0.04)


def test_the_usual_ewma_runs_for_500_points_in_control():
    """Lucas and Saccucci (1990), lambda 0.2, L 2.962; limits that widen cost a few points at the start."""
    limits = ewma_limits(4_500)
    assert mean_run(lambda points: np.abs(ewma(points)) > limits, 0.0, 4_500) == pytest.approx(500, rel=0.06)
