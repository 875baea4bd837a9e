from datetime import date, timedelta

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipelines.reference_mill import CLEAN, Mill
from pipelines.reference_mill.casting import casts
from pipelines.reference_mill.casting_readings import casting_table, level_unrest_mm
from pipelines.reference_mill.fault_plan import mould_bursts
from pipelines.reference_mill.melt_shop import heats
from pipelines.reference_mill.order_book import slabs

ROLLED_ON = date(2026, 11, 22)
CAST_ON = ROLLED_ON - timedelta(days=2)
MILL = Mill(coils_a_day=60, casting_hz=1.0, dirt=CLEAN, faults=0)


def readings_of(mill, rolled_on):
    """What the caster delivered while the slabs of a rolling day were cast, and in the days around it."""
    days = [rolled_on - timedelta(days=days) for days in (3, 2, 1)]
    return pd.concat([casting_table(mill, day).to_pandas() for day in days], ignore_index=True)


def of_slab(readings, mill, rolled_on, no):
    """The samples of a slab: its strand and its metres, in the hour and a half before it is cut."""
    melt = heats(mill, rolled_on)
    cut_at = pd.Timestamp(mill.day_start(rolled_on)) + pd.to_timedelta(melt.cast_s[no], unit="s")
    since_m = readings.cast_length_m - melt.cast_from_m[no]
    is_slab = (readings.strand == str(melt.strand[no])) & (since_m >= 0)
    is_slab &= since_m < slabs(mill, rolled_on).length_m[no]
    is_slab &= (readings.sampled_at < cut_at) & (readings.sampled_at > cut_at - pd.Timedelta(minutes=90))
    return readings[is_slab].assign(since_m=since_m[is_slab])


@settings(max_examples=20, deadline=None)
@given(
    coils=st.integers(1, 600), seed=st.integers(0, 1000), day=st.dates(date(2026, 1, 1), date(2027, 12, 1))
)
def test_a_strand_casts_one_metre_at_a_time_also_from_day_to_day(coils, seed, day):
    mill = Mill(coils_a_day=coils, seed=seed)
    today, tomorrow = casts(mill, day), casts(mill, day + timedelta(days=1))
    for strand in np.unique(today.strand):
        first, following = today.strand == strand, tomorrow.strand == strand
        from_s = np.append(today.from_s[first], tomorrow.from_s[following] + mill.day_length_s(day))
        to_s = np.append(today.to_s[first], tomorrow.to_s[following] + mill.day_length_s(day))
        assert (to_s > from_s).all()
        assert (from_s[1:] >= to_s[:-1] - 1e-6).all()


@pytest.mark.parametrize("coils", [60, 600])
def test_every_metre_of_a_slab_is_in_the_mould_before_it_is_cut(coils):
    mill = Mill(coils_a_day=coils, casting_hz=0.2, dirt=CLEAN, faults=0)
    readings = readings_of(mill, ROLLED_ON)

    for no in range(0, coils, 1 + coils // 20):
        slab = of_slab(readings, mill, ROLLED_ON, no)
        assert slab.since_m.min() < 0.15
        assert slab.since_m.max() > slabs(mill, ROLLED_ON).length_m[no] - 0.15


def test_the_casting_speed_adds_up_to_the_metres_of_the_strand():
    readings = casting_table(MILL, CAST_ON).to_pandas()
    one = readings[readings.strand == "1"]
    same_heat = one.sampled_at.diff() == pd.Timedelta(seconds=1)

    assert one.cast_length_m.diff()[same_heat].sum() == pytest.approx(
        one.casting_speed_m_min[same_heat].sum() / 60, rel=2e-3
    )
    assert readings.casting_speed_m_min.min() > 0.6
    assert readings.casting_speed_m_min.max() < 1.7


def test_a_strand_is_slow_after_a_change_of_ladle_and_the_superheat_falls_along_the_heat():
    cast_of, readings = casts(MILL, ROLLED_ON), casting_table(MILL, CAST_ON).to_pandas()
    start = pd.Timestamp(MILL.day_start(ROLLED_ON))
    since_s = (readings.sampled_at - start).dt.total_seconds() - cast_of.from_s[0]
    heat = readings[
        (readings.strand == "1") & (since_s >= 0) & (since_s < cast_of.to_s[0] - cast_of.from_s[0])
    ]
    superheat_c = heats(MILL, ROLLED_ON).superheat_c[cast_of.heat_no[0]]

    assert heat.casting_speed_m_min[:150].mean() / heat.casting_speed_m_min[400:].mean() == pytest.approx(
        0.75, abs=0.01
    )
    assert heat.superheat_c.mean() == pytest.approx(superheat_c, abs=0.2)
    assert heat.superheat_c[:60].mean() - heat.superheat_c[-60:].mean() == pytest.approx(9, abs=0.8)


def test_the_mould_takes_the_heat_that_savage_and_pritchard_found():
    readings = casting_table(MILL, CAST_ON).to_pandas()

    # 0.8 m at 1.2 m/min are 40 s: 2.68 - 2/3 x 0.335 x sqrt(40) = 1.27 MW/m2.
    assert readings.mould_heat_flux_mw_m2.between(0.75, 1.6).all()
    usual = readings[readings.casting_speed_m_min.between(1.18, 1.22) & readings.superheat_c.between(23, 27)]
    assert usual.mould_heat_flux_mw_m2.quantile(0.6) == pytest.approx(1.27, abs=0.03)


def test_a_burst_of_the_mould_level_lies_at_its_metre_of_the_strand():
    mill = Mill(coils_a_day=60, casting_hz=1.0, dirt=CLEAN, faults=1)
    readings, bursts = readings_of(mill, ROLLED_ON), mould_bursts(mill, ROLLED_ON)

    assert len(bursts) >= 8
    for burst in bursts:
        slab = of_slab(readings, mill, ROLLED_ON, burst.slab_no)
        is_burst = slab.since_m.between(burst.from_m, burst.to_m)
        swings = slab.mould_level_mm[is_burst].std()
        assert swings == pytest.approx(burst.swings_mm / np.sqrt(2), rel=0.2)
        restless_mm = level_unrest_mm(mill, ROLLED_ON)[burst.slab_no]
        at_rest = slab.mould_level_mm[~is_burst & (slab.since_m > 3)]
        assert at_rest.std() == pytest.approx(restless_mm, rel=0.25)


def test_the_caster_samples_as_often_as_it_is_asked_to():
    often, seldom = (casting_table(Mill(casting_hz=hz), CAST_ON).num_rows for hz in (1.0, 0.1))

    assert often == pytest.approx(10 * seldom, rel=0.01)
