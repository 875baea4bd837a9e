"""One candidate against classes of defects: chance stays chance, what was planted is found where it acts."""

import numpy as np
import pytest

from pipelines.causes.background import background
from pipelines.causes.scan import Binned, Scope, binned, exposed, scan
from tests.pipelines.causes.coils import Weeks


def found(weeks, values):
    of = weeks.outcomes()
    return scan(binned(values), of, background(of))[0]


def equipment(which):
    return Binned(which, np.empty(0), tuple(str(no) for no in np.unique(which)))


def test_by_chance_few_p_values_are_small_whatever_a_candidate_goes_with():
    p_values = []
    for seed in range(12):
        weeks = Weeks(seed, classes=("a", "b", "c", "d", "e", "f"))
        of = weeks.outcomes()
        base = background(of)
        columns = [weeks.by_coil() for _ in range(4)] + [weeks.by_heat() for _ in range(4)]
        columns += [weeks.drifting(), np.arange(weeks.count) % 55.0, np.floor(weeks.day / 3.0)]
        every = [binned(column) for column in columns] + [equipment(weeks.by_campaign()) for _ in range(3)]
        p_values += [find.p for one in every for find in scan(one, of, base)]
    p_values = np.array(p_values)
    assert len(p_values) == 12 * 14 * 6
    # Of 1,008 about 50 and 10 where p values are what they say; they are no smaller than that.
    assert (p_values < 0.05).sum() <= 65
    assert (p_values < 0.01).sum() <= 18
    assert p_values.min() > 1e-5


def test_defects_that_come_by_heats_are_no_evidence_for_what_is_of_heats():
    weeks = Weeks(3)
    of_heat = weeks.chance.gamma(0.5, 2.0, weeks.heat.max() + 1)[weeks.heat]
    weeks.plant(weeks.day >= 0, of_heat)
    of = weeks.outcomes()
    p_values = [scan(binned(weeks.by_heat()), of, background(of))[0].p for _ in range(30)]
    assert sum(p < 0.05 for p in p_values) <= 4


@pytest.mark.parametrize("is_above", [True, False])
def test_a_threshold_is_learned_with_its_side(is_above):
    weeks = Weeks(1)
    signal = weeks.by_coil()
    where = signal > 0.84 if is_above else signal < -0.84
    weeks.plant(where, 3.0)
    find = found(weeks, signal)
    assert find.p < 1e-10 and find.is_above == is_above
    assert (exposed(binned(signal), find) == where).mean() > 0.94


def test_a_piece_of_equipment_is_named():
    weeks = Weeks(2)
    roll = weeks.by_campaign()
    weeks.plant(roll == 4, 3.0)
    of = weeks.outcomes()
    [find] = scan(equipment(roll), of, background(of))
    assert find.p < 1e-4 and find.cut == 4


def test_what_acts_in_one_family_alone_is_found_there():
    weeks = Weeks(4)
    signal = weeks.by_coil()
    weeks.plant((signal > 0) & (weeks.family == 2), 3.0)
    find = found(weeks, signal)
    assert find.p < 1e-5 and find.scope.family == 2 and find.is_above


def test_what_comes_by_heats_and_acts_in_one_family_is_found_there():
    p_values = []
    for seed in range(10):
        weeks = Weeks(seed, days=56)
        signal = weeks.by_heat()
        weeks.plant((signal > 0.2) & (weeks.family == 2), 3.0)
        p_values.append(found(weeks, signal).p)
    # How much heats and days differ is told by all coils; those of the family alone leave four of them out.
    assert sum(p < 1e-9 for p in p_values) >= 8


def test_few_coils_that_are_not_as_the_others_of_their_mode_are_little_evidence():
    p_values = []
    for seed in range(80):
        weeks = Weeks(seed, rate=3.0)
        signal = (weeks.family == 1).astype(float)
        few = weeks.chance.choice(weeks.count, 20, replace=False)
        signal[few] = 1 - signal[few]
        p_values.append(found(weeks, signal).p)
    assert min(p_values) > 1e-5


def test_what_began_late_is_found_in_the_late_part():
    weeks = Weeks(5)
    signal = weeks.by_coil()
    weeks.plant((signal > 1) & (weeks.day >= 21), 4.0)
    assert found(weeks, signal).scope == Scope(first_quarter=3)


def test_a_mode_with_more_defects_is_no_cause():
    weeks = Weeks(6)
    weeks.plant(weeks.thickness == 2, 4.0)
    signal = weeks.by_coil() + 3.0 * (weeks.thickness == 2)
    assert found(weeks, signal).p > 0.01


def test_few_coils_or_defects_are_no_evidence():
    weeks = Weeks(7)
    rare = np.zeros(weeks.count)
    rare[:9] = 1.0
    weeks.plant(rare == 1, 50.0)
    assert found(weeks, rare).p == 1
    scarce = Weeks(7, rate=0.004)
    signal = scarce.by_coil()
    scarce.plant(signal > 1, 5.0)
    assert scarce.outcomes().counts.sum() > 10
    assert found(scarce, signal).p > 1e-4


def test_what_is_missing_is_compared_with_nothing():
    weeks = Weeks(9, days=56)
    signal = weeks.by_coil()
    weeks.plant(signal > 1, 3.0)
    weeks.plant(weeks.day % 2 == 0, 2.0)
    signal[weeks.day % 2 == 0] = np.nan
    find = found(weeks, signal)
    assert find.p < 1e-3 and find.is_above
    assert not exposed(binned(signal), find)[weeks.day % 2 == 0].any()
    assert binned(np.full(weeks.count, np.nan)) is None and binned(np.ones(weeks.count)) is None


def test_what_most_coils_have_none_of_has_a_cut_at_any():
    values = np.zeros(1_000)
    values[:12] = np.arange(1, 13)
    assert (binned(values).bins >= 1).sum() == 12
