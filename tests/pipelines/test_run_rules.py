"""Rules of runs: the published run length; for each rule a series that breaks it, one that nearly does."""

import numpy as np
import pytest

from pipelines.run_rules import nelson, western_electric

WITHIN_ONE = [0.3, 0.5, -0.2, -0.4] * 4
BY_TURNS = [0.5, -0.5] * 7
BOTH_SIDES = [1.2, -1.3, 1.4, -1.5, 1.2, -1.4, 1.3, -1.2]
BREAK = {
    "Nelson 1": [0.5, -0.5, 3.1],
    "Nelson 2": [0.2, 0.4, 0.3] * 3,
    "Nelson 3": [0.5, 0.3, 0.1, -0.1, -0.3, -0.5],
    "Nelson 4": BY_TURNS,
    "Nelson 5": [-2.5, 0.0, -2.2],
    "Nelson 6": [1.5, 1.2, 0.5, 1.3, 1.4],
    "Nelson 7": WITHIN_ONE[:15],
    "Nelson 8": BOTH_SIDES,
}
DO_NOT = {
    "Nelson 1": [0.5, -0.5, 3.0],
    "Nelson 2": [0.2, 0.4, 0.3, 0.2, -0.1, 0.3, 0.2, 0.4, 0.3],
    "Nelson 3": [-0.5, -0.3, -0.1, 0.1, 0.3, 0.3],
    "Nelson 4": [*BY_TURNS[:13], 0.6],
    "Nelson 5": [2.5, 0.0, 0.0, 2.2, 0.1, -2.1],
    "Nelson 6": [1.5, 1.2, 0.5, -1.3, 1.4],
    "Nelson 7": [*WITHIN_ONE[:14], 1.1],
    "Nelson 8": [*BOTH_SIDES[:7], -0.9],
}


def broken(rules, points):
    return {rule for rule, found in rules(np.array(points)).items() if found.any()}


@pytest.mark.parametrize("rule", BREAK)
def test_a_series_that_breaks_one_of_nelsons_rules_breaks_no_other(rule):
    assert broken(nelson, BREAK[rule]) == {rule}
    # Its last point completes the pattern.
    assert np.flatnonzero(nelson(np.array(BREAK[rule]))[rule]).tolist() == [len(BREAK[rule]) - 1]


@pytest.mark.parametrize("rule", DO_NOT)
def test_a_series_that_nearly_breaks_a_rule_breaks_none(rule):
    assert broken(nelson, DO_NOT[rule]) == set()


def test_eight_on_one_side_are_western_electrics_and_nine_nelsons():
    eight = [-0.2, -0.4, -0.3, -0.2, -0.4, -0.3, -0.2, -0.4]
    assert broken(western_electric, eight) == {"Western Electric 4"}
    assert broken(western_electric, eight[:7]) == broken(nelson, eight) == set()


def test_in_control_the_rules_of_western_electric_run_for_91_75_points():
    """Champ and Woodall (1987), table 1. 8,000 runs: 1.1 % standard error; one in 700 is longer than 600."""
    points = np.random.default_rng(91).standard_normal((8_000, 600))
    signals = np.logical_or.reduce(list(western_electric(points).values()))
    run_length = np.where(signals.any(axis=1), signals.argmax(axis=1) + 1, 600)
    assert run_length.mean() == pytest.approx(91.75, rel=0.035)
