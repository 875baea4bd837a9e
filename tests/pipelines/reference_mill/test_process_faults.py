from datetime import date

import numpy as np
import pytest

from pipelines.reference_mill import CLEAN, Mill
from pipelines.reference_mill.eccentricity import Eccentricity, eccentric
from pipelines.reference_mill.fault_plan import mould_bursts
from pipelines.reference_mill.process_faults import process_faults
from pipelines.reference_mill.rolling_day import rolling_day
from pipelines.reference_mill.rolls import SIDES, backup_roll
from pipelines.reference_mill.speed import SENSORS, position_at
from pipelines.reference_mill.strip_readings import SIGNALS, strip_readings
from pipelines.reference_mill.truth import process_fault_truth

DAY = date(2026, 11, 20)
MILL = Mill(coils_a_day=60, faults=1.0, dirt=CLEAN)
ROLLED = rolling_day(MILL, DAY)
SENSOR_OF = {"entry_temp_c": "entry", "finishing_temp_c": "finishing", "coiling_temp_c": "coiling"}


def faults_of(kind):
    """Some faults of a kind."""
    found = [fault for fault in process_faults(ROLLED) if fault.kind == kind]
    assert len(found) >= 5
    return found[:5]


def sensor_of(signal):
    stand = signal[:2].upper()
    return SENSOR_OF.get(signal) or (stand if stand in SENSORS else "gauges")


def seen(fault, signal, faults=None, hz=25.0):
    """True places on the coil at which the signal was measured, and what it showed there."""
    coil = fault.slab_no
    since_s = np.arange(0, ROLLED.cone.at_s[coil, -1], 1 / hz)
    readings = strip_readings(ROLLED, coil, since_s, [fault] if faults is None else faults)
    column = SENSORS.index(sensor_of(signal))
    place_m = position_at(ROLLED.cone, coil, since_s)[0] + ROLLED.offsets_m[coil, column]
    on_it = (place_m >= 0) & (place_m <= ROLLED.length_m[coil])
    return place_m[on_it], readings[on_it, SIGNALS.index(signal)]


def added(fault, signal):
    """Places, and what the fault adds to the signal there: the same strip with it, less without it."""
    place_m, faulty = seen(fault, signal)
    return place_m, faulty - seen(fault, signal, ())[1]


def inside(fault, place_m, margin_m=0.0):
    return (place_m >= fault.from_m + margin_m) & (place_m < fault.to_m - margin_m)


def swing(place_m, values, period_m):
    """Amplitude at a period, by least squares beside a straight line."""
    turns = 2 * np.pi * place_m / period_m
    columns = np.column_stack([np.ones_like(place_m), place_m, np.cos(turns), np.sin(turns)])
    return np.hypot(*np.linalg.lstsq(columns, values, rcond=None)[0][2:])


def strongest_period_m(place_m, values, around_m):
    """The period with the largest swing, within a third of the expected one."""
    periods_m = around_m * np.linspace(0.67, 1.33, 133)
    return periods_m[np.argmax([swing(place_m, values, period_m) for period_m in periods_m])]


def test_skid_marks_have_the_period_of_the_beams_stretched_to_the_strip():
    for fault in faults_of("skid marks"):
        rolled_to_m, slab_m = ROLLED.length_m[fault.slab_no], ROLLED.slabs.length_m[fault.slab_no]
        place_m, entry_c = seen(fault, "entry_temp_c")
        body = inside(fault, place_m, 0.1 * rolled_to_m)
        found_m = strongest_period_m(place_m[body], entry_c[body], fault.period_m)

        # Crops and samples take one to three metres in a hundred.
        assert fault.period_m == pytest.approx(1.9 * rolled_to_m / slab_m, rel=0.03)
        assert found_m == pytest.approx(fault.period_m, rel=0.05)
        assert swing(*added(fault, "entry_temp_c"), fault.period_m) == pytest.approx(fault.strength, abs=0.1)


def test_the_extra_skid_marks_lie_on_the_usual_ones():
    for fault in faults_of("skid marks"):
        usual = swing(*seen(fault, "entry_temp_c", ()), fault.period_m)
        together = swing(*seen(fault, "entry_temp_c"), fault.period_m)

        assert together == pytest.approx(usual + fault.strength, rel=0.03)


def test_a_cold_slab_end_is_colder_by_its_strength_and_rolls_harder_and_thicker():
    for fault in faults_of("cold slab end"):
        place_m, colder_k = added(fault, "entry_temp_c")
        force_m, harder_kn = added(fault, "f3_force_kn")
        gauge_m, thicker_mm = added(fault, "thickness_mm")

        assert colder_k[inside(fault, place_m)] == pytest.approx(fault.strength, abs=0.11)
        assert (colder_k[~inside(fault, place_m)] == 0).all()
        assert harder_kn[inside(fault, force_m)].min() > 100
        assert (harder_kn[~inside(fault, force_m)] == 0).all()
        # Gauge control leaves 0.04 % of the thickness per kelvin.
        target_mm = ROLLED.strip.thickness_mm[fault.slab_no]
        assert thicker_mm[inside(fault, gauge_m)] == pytest.approx(
            -0.0004 * target_mm * fault.strength, abs=0.0011
        )


def test_a_cold_end_of_the_slab_is_an_end_of_the_coil():
    ends = [
        (fault.from_m, ROLLED.length_m[fault.slab_no] - fault.to_m) for fault in faults_of("cold slab end")
    ]

    assert all(min(from_head_m, from_tail_m) == pytest.approx(0) for from_head_m, from_tail_m in ends)
    assert {from_head_m < 1 for from_head_m, _ in ends} == {True, False}


def test_a_stuck_pyrometer_shows_one_value_while_its_stretch_runs_by():
    for fault in faults_of("stuck pyrometer"):
        [signal] = fault.signals
        place_m, temp_c = seen(fault, signal)

        assert len(set(temp_c[inside(fault, place_m)])) == 1
        assert len(set(temp_c[~inside(fault, place_m)])) > 20
        assert fault.strength is None


def test_a_bank_without_water_leaves_its_stretch_hotter():
    for fault in faults_of("cooling bank loss"):
        place_m, hotter_k = added(fault, "coiling_temp_c")
        assert hotter_k[inside(fault, place_m)] == pytest.approx(fault.strength, abs=0.11)
        assert (hotter_k[~inside(fault, place_m)] == 0).all()

        water_m3_h = added(fault, "cooling_water_m3_h")[1]
        assert water_m3_h.min() < -50
        assert water_m3_h.max() <= 0


def test_a_backup_roll_out_of_round_swings_with_its_own_turn():
    for fault in faults_of("roll eccentricity"):
        coil, stand = fault.slab_no, int(fault.equipment[1])
        side = next(side for side in SIDES if side in fault.equipment)
        turn_m = np.pi * backup_roll(DAY, stand, side).diameter_mm / 1000
        slip = ROLLED.setup.rolling.forward_slip[coil, stand - 1]
        thinned = ROLLED.setup.exit_mm[coil, stand - 1] / ROLLED.setup.exit_mm[coil, 6]
        place_m, force_kn = seen(fault, f"f{stand}_force_kn", hz=100.0)
        body = inside(fault, place_m, 0.15 * ROLLED.length_m[coil])
        _, before = added(fault, f"f{stand - 1}_force_kn")

        assert fault.period_m == pytest.approx(turn_m * (1 + slip) * thinned)
        assert strongest_period_m(place_m[body], force_kn[body], fault.period_m) == pytest.approx(
            fault.period_m, rel=0.01
        )
        assert swing(*added(fault, f"f{stand}_force_kn"), fault.period_m) == pytest.approx(
            fault.strength, rel=0.02
        )
        assert (before == 0).all()
        assert (added(fault, f"f{stand}_gap_mm")[1] == 0).all()


def test_where_the_gap_opens_the_strip_is_thicker_and_takes_less_force():
    """By the stretch of the stands, 5,200 kN/mm in F6 and F7: thickness = gap + force / modulus."""
    odd = Eccentricity(6, backup_roll(DAY, 6, "top"), 0.05)
    f6, f7, gauge = (disturbance.amplitude for disturbance in eccentric(ROLLED, 3, odd, 0.0))
    slope_kn_mm = 0.6 * ROLLED.setup.rolling.force_kn[3] / -np.diff(ROLLED.setup.exit_mm[3], prepend=36)

    # F6 opens by 0.05 mm, and what it gives less of force is what its slope takes of the thickness.
    thicker_mm = 0.05 + f6 / 5_200
    assert f6 == pytest.approx(-slope_kn_mm[5] * thicker_mm)
    # F7 stretches by what leaves it thicker, and takes more force for entering thicker than for leaving so.
    assert gauge == pytest.approx(f7 / 5_200)
    assert f7 == pytest.approx(slope_kn_mm[6] * (thicker_mm - gauge))


def test_hunting_swings_the_gap_of_the_last_stand_and_the_thickness_behind_it():
    for fault in faults_of("thickness hunting"):
        place_m, swings_mm = added(fault, "thickness_mm")
        gap_m, gap_mm = added(fault, "f7_gap_mm")
        stretch = inside(fault, place_m)

        assert swing(place_m[stretch], swings_mm[stretch], fault.period_m) == pytest.approx(
            fault.strength, rel=0.03
        )
        assert (swings_mm[~stretch] == 0).all()
        assert np.abs(gap_mm[inside(fault, gap_m)]).max() > fault.strength
        assert (added(fault, "f6_force_kn")[1] == 0).all()


def test_a_burst_lies_on_the_coil_where_its_metres_of_the_strand_were_rolled_to():
    truth = process_fault_truth(MILL, DAY).to_pandas()
    truth = truth[truth.kind == "mould level burst"].set_index("slab_id")
    bursts = {str(ROLLED.heats.slab_id[burst.slab_no]): burst for burst in mould_bursts(MILL, DAY)}

    for slab_id, row in truth.iterrows():
        burst = bursts[slab_id]
        cast_from_m = ROLLED.heats.cast_from_m[burst.slab_no]
        assert row.strand_from_m == pytest.approx(cast_from_m + burst.from_m)
        assert row.slab_to_m == pytest.approx(burst.to_m)
        # 1 % of crop, sample and scale at most moves a place by as much of the coil.
        share = burst.from_m / ROLLED.slabs.length_m[burst.slab_no]
        assert row.from_m / ROLLED.length_m[burst.slab_no] == pytest.approx(share, abs=0.02)
        assert row.strength_sigmas == pytest.approx(burst.swings_mm)
