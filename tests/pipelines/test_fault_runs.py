"""Intervals with hysteresis, worked by hand."""

import numpy as np
import pytest

from pipelines.fault_runs import intervals, stretch


@pytest.mark.parametrize(
    ("values", "found"),
    [
        ([0, 2, 2, 0], []),
        ([0, 4, 2, 2, 0], [(1, 4)]),
        ([2, 2, 4, 0, 4], [(0, 3), (4, 5)]),
        ([4, np.nan, np.nan, 2, 0], [(0, 4)]),
        ([np.nan, np.nan], []),
    ],
)
def test_an_interval_begins_above_the_limit_and_goes_on_above_the_lower_one(values, found):
    assert intervals(np.array(values, float), enter=3, leave=1) == found


def test_intervals_with_a_short_gap_are_one():
    values = np.array([4, 0, 4, 0, 0, 4.0])
    assert intervals(values, 3, 1, gap=1) == [(0, 3), (5, 6)]


def test_a_stretch_that_differs_is_found_in_noise():
    chance = np.random.default_rng(2)
    values = chance.normal(size=80)
    values[30:45] += 4.0
    first, end = stretch(values)
    assert abs(first - 30) <= 1 and abs(end - 45) <= 1
