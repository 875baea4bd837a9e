"""Periods of marks on a strip."""

import numpy as np
import pytest

from pipelines.repetitions import bands, repetition


def marks(period_m, length_m, seed, seen=0.6, spread_m=0.1, others=4):
    """Places of a mark that is missed now and then, and of some other defects in the same band."""
    chance = np.random.default_rng(seed)
    turns = chance.uniform(0, period_m) + np.arange(int(length_m / period_m)) * period_m
    turns = turns[chance.random(len(turns)) < seen]
    turns = turns + chance.normal(0, spread_m, len(turns))
    return np.sort(np.append(turns, chance.uniform(0, length_m, others)))


@pytest.mark.parametrize("seed", range(8))
def test_a_mark_that_is_often_missed_has_its_own_period_and_not_a_part_or_a_multiple_of_it(seed):
    found = repetition(marks(4.3, 700.0, seed), 700.0)
    assert found.period_m == pytest.approx(4.3, abs=3 * found.sigma_m)
    assert found.sigma_m < 0.01


@pytest.mark.parametrize("seed", range(8))
def test_some_four_in_ten_turns_are_missed(seed):
    assert repetition(marks(4.3, 700.0, seed), 700.0).missed_pct == pytest.approx(40, abs=15)


def test_defects_that_do_not_repeat_have_a_period_in_less_than_one_case_of_a_hundred():
    chance = np.random.default_rng(3)
    cases = [repetition(np.sort(chance.uniform(0, 800.0, 25)), 800.0) for _ in range(300)]
    # The test promises 1 in 1,000; 3 of 300 would come by chance in 4 of 1,000 runs of it.
    assert sum(case is not None for case in cases) < 3


def test_five_defects_are_too_few_to_repeat():
    assert repetition(np.arange(5) * 3.0, 500.0) is None


def test_one_band_does_not_take_what_lies_in_another():
    found = bands(np.array([*np.linspace(400, 420, 8), *np.linspace(900, 910, 6), 100.0]))
    assert [band.sum() for band in found] == [8, 6]
