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
    found = stretch(values)
    assert abs(found.first - 30) <= 1 and abs(found.end - 45) <= 1


@pytest.mark.parametrize("alike", [0.0, 0.6])
@pytest.mark.parametrize("height", [1.0, 1.5, 3.0])
def test_the_ends_of_a_stretch_lie_where_they_are_said_to_be_likely(height, alike):
    within, widths = [], []
    for seed in range(60):
        chance = np.random.default_rng(seed)
        noise = chance.normal(size=120)
        for no in range(1, len(noise)):
            noise[no] = alike * noise[no - 1] + np.sqrt(1 - alike**2) * noise[no]
        values = noise.copy()
        values[30:75] += height
        found = stretch(values)
        for true, (least, most) in ((30, found.firsts), (75, found.ends)):
            within.append(least <= true <= most)
            widths.append(most - least)
    assert np.mean(within) > 0.85
    # Of two standard deviations and no noise it is told to a value or two.
    assert height < 3 or alike or np.median(widths) <= 3
