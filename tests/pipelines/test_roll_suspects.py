"""Which roll a mark names."""

import pytest

from pipelines.roll_suspects import Seen, Turn, suspects


def coil(coil_id, period_m, sigma_m=0.004, **periods_m):
    turns = [Turn(f"{place} top work", f"WR-{place}", 700.0, m, 500.0) for place, m in periods_m.items()]
    return Seen(coil_id, period_m, sigma_m, turns)


def test_the_roll_whose_turn_is_the_period_is_named():
    [first] = suspects([coil("C1", 2.21, F6=2.60, F7=2.20)])
    assert (first.place, first.roll_id, first.multiple) == ("F7 top work", "WR-F7", 1)
    # The mark's period is 2.21 / 2.20 of the turn, so the roll by the mark is as much thicker: 703.2 mm.
    assert first.by_mark_mm == pytest.approx(703.18, abs=0.01)


def test_two_rolls_of_one_turn_are_both_told_on_one_coil():
    found = suspects([coil("C1", 2.205, F6=2.21, F7=2.20)])
    assert {suspect.place for suspect in found} == {"F6 top work", "F7 top work"}
    assert found[0].probability < 0.95


def test_a_second_coil_of_another_reduction_tells_the_two_apart():
    found = suspects([coil("C1", 2.205, F6=2.21, F7=2.20), coil("C2", 2.204, F6=2.60, F7=2.20)])
    assert [suspect.place for suspect in found] == ["F7 top work"]


def test_a_roll_that_was_changed_between_the_coils_did_not_make_both_marks():
    later = Seen("C2", 2.2, 0.004, [Turn("F7 top work", "WR-other", 700.0, 2.2, 10.0)])
    assert suspects([coil("C1", 2.2, F7=2.2), later]) == []


def test_every_other_mark_missed_names_the_roll_with_two_turns_a_mark():
    [first] = suspects([coil("C1", 4.4, F7=2.2, F1=9.0)])
    assert (first.place, first.multiple) == ("F7 top work", 2)


def test_a_period_of_no_roll_names_none():
    assert suspects([coil("C1", 3.3, F6=2.6, F7=2.2)]) == []
