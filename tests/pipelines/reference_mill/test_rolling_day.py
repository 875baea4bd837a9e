from dataclasses import replace
from datetime import date, timedelta

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from pipelines.reference_mill import CLEAN, Dirt, Mill, MillSettingError
from pipelines.reference_mill.rolling_day import rolling_day
from pipelines.reference_mill.speed import SENSORS, time_at_s

DAY = date(2026, 11, 20)
BUSY = Mill(coils_a_day=600)


def in_f1(rolled):
    """When head and tail of each strip are in F1, in seconds of the day."""
    head_m = -rolled.offsets_m[:, SENSORS.index("F1")]
    return tuple(
        rolled.cone_from_s + time_at_s(rolled.cone, place_m) for place_m in (head_m, head_m + rolled.length_m)
    )


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(
    coils=st.integers(1, 600),
    seed=st.integers(0, 10_000),
    day=st.dates(date(2026, 1, 1), date(2027, 12, 31)),
    time_zone=st.sampled_from(["UTC", "Europe/Vienna", "America/Chicago"]),
)
def test_a_day_is_rolled_one_strip_after_the_other_and_ends_in_time(coils, seed, day, time_zone):
    mill = Mill(coils_a_day=coils, seed=seed, time_zone=time_zone)
    rolled = rolling_day(mill, day)
    head_s, tail_s = in_f1(rolled)

    assert len(rolled.length_m) == coils
    assert (head_s[1:] > tail_s[:-1]).all()
    assert (rolled.heats.cast_s < rolled.charged_s).all()
    assert (rolled.charged_s < rolled.discharged_s).all()
    assert rolled.discharged_s.min() > 0
    assert rolled.coiled_s.max() < mill.day_length_s(day)


def test_no_strip_is_rolled_while_the_mill_stands_still():
    rolled = rolling_day(BUSY, DAY)
    head_s, tail_s = in_f1(rolled)

    for stop in rolled.schedule.stoppages:
        assert not ((head_s < stop.to_s - 1) & (tail_s > stop.from_s + 1)).any(), stop


def test_a_cobble_stops_the_mill():
    mill = next(m for m in (Mill(coils_a_day=600, seed=seed) for seed in range(50)) if cobbles(m).any())
    rolled = rolling_day(mill, DAY)
    stops = [stop for stop in rolled.schedule.stoppages if stop.reason == "cobble"]

    assert len(stops) == cobbles(mill).sum()
    assert all(stop.to_s - stop.from_s >= 20 * 60 for stop in stops)


def cobbles(mill):
    return rolling_day(mill, DAY).schedule.is_cobble


def test_each_campaign_starts_with_new_work_rolls_and_goes_from_wide_to_narrow():
    rolled = rolling_day(BUSY, DAY)
    changes = [stop for stop in rolled.schedule.stoppages if stop.category == "roll change"]

    assert len(changes) == len(rolled.campaigns) >= 6
    for no in range(len(rolled.campaigns)):
        widths_mm = rolled.slabs.target_width_mm[rolled.slabs.campaign_no == no]
        assert (np.diff(widths_mm) <= 0).all()


def test_the_masses_of_a_slab_add_up():
    masses = rolling_day(BUSY, DAY).masses
    parts_t = [values for name, values in vars(masses).items() if name != "slab_t"]

    assert sum(parts_t) == pytest.approx(masses.slab_t, rel=1e-12)


def test_the_loss_from_slab_to_coil_is_what_mills_lose():
    days = [rolling_day(BUSY, DAY + timedelta(days=no)).masses for no in range(5)]
    lost = 1 - sum(day.coil_t.sum() for day in days) / sum(day.slab_t.sum() for day in days)

    assert 0.02 < lost < 0.035


def test_the_scales_tell_the_truth_within_what_scales_can():
    rolled = rolling_day(BUSY, DAY)
    weighed, masses = rolled.weighed, rolled.masses
    slab_error_t = weighed.slab_t - masses.slab_t
    coil_error_t = (weighed.coil_t - masses.coil_t)[rolled.coils]

    assert np.abs(slab_error_t).max() < 0.11
    assert np.abs(coil_error_t).max() < 0.05
    assert abs(slab_error_t.mean()) < 0.005


def test_a_coil_is_as_long_as_its_mass_and_section_make_it():
    rolled = rolling_day(BUSY, DAY)
    coils = rolled.coils
    theoretical_t = rolled.length_m * rolled.true_thickness_mm * rolled.true_width_mm * 7.85e-6

    assert theoretical_t[coils] == pytest.approx(rolled.masses.coil_t[coils], rel=1e-9)


@pytest.mark.parametrize(("thickness_mm", "length_m"), [(2.0, 1080), (10.0, 216)])
def test_coils_have_the_length_that_a_slab_of_22_t_and_1250_mm_gives(thickness_mm, length_m):
    lengths = [
        (rolled.length_m * rolled.strip.width_mm / 1250)[rolled.strip.thickness_mm == thickness_mm]
        for rolled in (rolling_day(BUSY, DAY + timedelta(days=no)) for no in range(5))
    ]

    assert np.concatenate(lengths).mean() == pytest.approx(length_m, rel=0.03)


def test_dirt_changes_no_steel():
    clean, dirty = (rolling_day(replace(BUSY, dirt=dirt), DAY) for dirt in (CLEAN, Dirt()))

    assert (clean.masses.coil_t == dirty.masses.coil_t).all()
    assert (clean.schedule.f1_in_s == dirty.schedule.f1_in_s).all()


def test_another_seed_is_another_mill():
    assert not np.array_equal(
        rolling_day(BUSY, DAY).length_m, rolling_day(replace(BUSY, seed=2), DAY).length_m
    )


@pytest.mark.parametrize(
    ("name", "value"),
    [("coils_a_day", 601), ("coils_a_day", 0), ("days", 0), ("readings_hz", 0), ("seed", -1)],
)
def test_a_setting_that_the_mill_cannot_run_with_is_refused(name, value):
    with pytest.raises(MillSettingError, match=f"Mill.{name} promises .* but {value} was given"):
        replace(BUSY, **{name: value})


def test_a_share_of_dirt_over_one_is_refused():
    with pytest.raises(MillSettingError, match="Dirt.late_file promises a share"):
        Dirt(late_file=1.5)
