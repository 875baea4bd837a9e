"""Causes are drawn by seed, act on some of the coils, and multiply the rate of their class where they act."""

from dataclasses import replace

import numpy as np
import pytest

from pipelines.reference_mill import CLEAN, Mill, MillSettingError
from pipelines.reference_mill.cause_menu import KINDS, MENUS, kinds_of
from pipelines.reference_mill.cause_plan import causes
from pipelines.reference_mill.causes import Condition, acts, extra
from pipelines.reference_mill.conditions import conditions
from pipelines.reference_mill.rolling_day import rolling_day
from pipelines.reference_mill.strip_readings import SIGNALS, strip_readings

MILL = Mill(history_days=25, finishing_readings=False, dirt=CLEAN)
DAYS = MILL.all_days[-4:]
EVERY_WISH = [(name, kind) for name, menu in MENUS.items() for kind in kinds_of(menu)]


def share_of(cause, mill):
    return np.mean(np.concatenate([acts(cause, rolling_day(mill, day)) for day in DAYS]))


def test_every_kind_can_be_asked_for():
    assert {kind for _, kind in EVERY_WISH} == set(KINDS)


@pytest.mark.parametrize(("name", "kind"), EVERY_WISH)
def test_a_cause_acts_on_some_coils_and_not_on_most(name, kind):
    # Two furnaces are lit, so that each can be the cause.
    mill = replace(MILL, coils_a_day=200, causes=(f"{name}: {kind}",))
    [cause] = causes(mill)

    assert (cause.defect_class, cause.kind, cause.strength) == (name, kind, 3.0)
    if kind == "local":
        assert 0.001 < share_of(cause, mill) < 0.05
    elif not any("age" in condition.signal for condition in cause.conditions):
        assert 0.03 < share_of(cause, mill) < 0.6


def test_a_cause_of_days_only_begins_in_the_middle_of_the_days():
    [cause] = causes(replace(MILL, causes=("scratch: delayed",)))
    rolled = [rolling_day(replace(MILL, causes=("scratch: delayed",)), day) for day in MILL.all_days]
    struck = [bool(acts(cause, day).any()) for day in rolled]

    assert MILL.all_days[5] < cause.active_from < MILL.all_days[-5]
    assert struck == [day >= cause.active_from for day in MILL.all_days]


def test_causes_are_of_different_classes_and_a_mill_with_more_has_those_of_one_with_fewer():
    few, many = (causes(replace(MILL, causes=count)) for count in (2, 6))

    assert len({cause.defect_class for cause in many}) == 6
    assert many[:2] == few
    assert causes(replace(MILL, causes=0)) == ()


def test_mills_of_different_seeds_have_different_causes():
    drawn = {tuple((c.defect_class, c.kind) for c in causes(replace(MILL, seed=seed))) for seed in range(5)}
    values = {
        causes(replace(MILL, seed=seed, causes=("sliver: threshold",)))[0].conditions for seed in range(5)
    }

    assert len(drawn) >= 4
    assert len(values) == 5


@pytest.mark.parametrize(
    "wishes",
    [
        ("sliver: magic",),
        ("dent: threshold",),
        ("sliver: dose", "sliver: threshold"),
        ("edge crack: equipment",),
    ],
)
def test_a_cause_that_the_mill_cannot_have_is_refused(wishes):
    # Of sixty coils a day one furnace is lit, which cannot be the cause.
    with pytest.raises(MillSettingError, match=r"Mill\.causes promises .* but "):
        causes(replace(MILL, causes=wishes))


def test_a_dose_raises_the_rate_with_the_signal_and_on_average_by_the_strength():
    mill = replace(MILL, coils_a_day=200, causes=("sliver: dose",), cause_strength=4.0)
    [cause] = causes(mill)
    [condition] = cause.conditions
    more = np.concatenate([extra(cause, rolling_day(mill, day)) for day in DAYS])
    signal = np.concatenate([conditions(mill, day)[condition.signal] for day in DAYS])

    assert more[more > 0].mean() == pytest.approx(3.0, rel=0.15)
    assert np.corrcoef(condition.beyond(signal)[more > 0], more[more > 0])[0, 1] > 0.9
    assert (more > 0).tolist() == (condition.beyond(signal) > 0).tolist()


def test_two_conditions_act_together_only():
    mill = replace(MILL, causes=("sliver: interaction",))
    [cause] = causes(mill)
    rolled, of_day = rolling_day(mill, DAYS[0]), conditions(mill, DAYS[0])
    one, other = (condition.beyond(of_day[condition.signal]) > 0 for condition in cause.conditions)

    assert cause.conditions[0].signal != cause.conditions[1].signal
    assert acts(cause, rolled).tolist() == (one & other).tolist()
    assert (one & ~other).any() and (other & ~one).any()


def test_the_readings_show_what_a_cause_acts_by():
    day = MILL.first_day
    rolled, of_day = rolling_day(MILL, day), conditions(MILL, day)
    shown = {"finishing_temp_c": [], "coiling_temp_c": [], "descaling_pressure_bar": []}
    for coil in rolled.coils.tolist():
        since_s = np.arange(30.0, rolled.cone.at_s[coil, -1] - 30, 2.0)
        readings = strip_readings(rolled, coil, since_s)
        # Behind the tail the descaler rests.
        readings[
            np.isnan(readings[:, SIGNALS.index("entry_temp_c")]), SIGNALS.index("descaling_pressure_bar")
        ] = np.nan
        for signal, means in shown.items():
            means.append(np.nanmean(readings[:, SIGNALS.index(signal)]))
    shown["finishing_temp_c"] -= rolled.strip.finishing_temp_c[rolled.coils]
    shown["coiling_temp_c"] -= rolled.target_coiling_temp_c[rolled.coils]

    for signal, means in shown.items():
        true = of_day[signal][rolled.coils]
        assert np.corrcoef(true, means)[0, 1] > 0.95, signal
        assert np.mean(true - means) == pytest.approx(0, abs=0.6 * np.std(true)), signal


def test_a_condition_holds_beyond_its_threshold_alone():
    assert (Condition("superheat_c", True, 30.0).beyond(np.array([30.0, 30.1])) > 0).tolist() == [False, True]
