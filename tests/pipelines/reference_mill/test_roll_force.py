"""Sims' closed forms against his own pressures, integrated; the rest by hand."""

import numpy as np
import pytest

from pipelines.reference_mill.roll_force import (
    flattened_radius_mm,
    flow_stress_mpa,
    forward_slip,
    neutral_thickness_ratio,
    roll_pass,
    sims_factor,
)


def pressures(reduction, radius_per_exit):
    """Sims (1954): pressure per plane-strain flow stress, from the exit and from the entry side."""
    entry = 1 / (1 - reduction)
    bite = np.sqrt((entry - 1) / radius_per_exit)
    angle = np.linspace(0, bite, 400_001)
    thickness, root = 1 + radius_per_exit * angle**2, np.sqrt(radius_per_exit)
    from_exit = np.pi / 4 * (1 + np.log(thickness)) + root * np.arctan(root * angle)
    from_entry = np.pi / 4 * (1 + np.log(thickness / entry)) + root * (
        np.arctan(root * bite) - np.arctan(root * angle)
    )
    return angle, thickness, from_exit, from_entry


@pytest.mark.parametrize(("reduction", "radius_per_exit"), [(0.45, 20), (0.3, 100), (0.1, 200), (0.2, 5)])
def test_roll_force_factor_is_the_integral_of_the_pressure(reduction, radius_per_exit):
    angle, _, from_exit, from_entry = pressures(reduction, radius_per_exit)
    integral = radius_per_exit * np.trapezoid(np.minimum(from_exit, from_entry), angle)
    contact_length = np.sqrt(radius_per_exit * reduction / (1 - reduction))

    assert sims_factor(reduction, radius_per_exit) == pytest.approx(integral / contact_length, rel=1e-6)


@pytest.mark.parametrize(("reduction", "radius_per_exit"), [(0.45, 20), (0.3, 100), (0.1, 200)])
def test_the_neutral_point_is_where_the_two_pressures_meet(reduction, radius_per_exit):
    _, thickness, from_exit, from_entry = pressures(reduction, radius_per_exit)
    meeting = thickness[np.abs(from_exit - from_entry).argmin()]

    assert neutral_thickness_ratio(reduction, radius_per_exit) == pytest.approx(meeting, abs=1e-5)


def test_flow_stress_of_carbon_steel_is_what_misaka_gives_by_hand():
    # 0.126 - 0.175 + 0.00594 + (2851 + 296.8 - 11.2) / 1273.15 = 2.42063; e to it is 11.2530;
    # x 0.3^0.21 = 0.77660, x 10^0.13 = 1.34896: 11.7886 kgf/mm2 = 115.61 MPa
    misaka_alone = (1 - 0.768) / 0.137

    assert flow_stress_mpa(1000.0, 0.3, 10.0, c_pct=0.1, mn_pct=misaka_alone) == pytest.approx(
        115.61, abs=0.02
    )


def test_colder_faster_and_alloyed_steel_is_harder():
    usual = flow_stress_mpa(950.0, 0.3, 50.0, 0.06, 0.3)

    assert flow_stress_mpa(900.0, 0.3, 50.0, 0.06, 0.3) > usual
    assert flow_stress_mpa(950.0, 0.3, 150.0, 0.06, 0.3) > usual
    assert flow_stress_mpa(950.0, 0.3, 50.0, 0.06, 1.4, 0.05) > 1.15 * usual


def test_flattened_radius_is_what_hitchcock_gives_by_hand():
    # 16 x 0.91 / (pi x 215) = 0.021556 mm2/kN; 12000 / 1250 / 1 = 9.6 kN/mm2: 350 x (1 + 0.20694)
    assert flattened_radius_mm(350.0, 12_000.0, 1250.0, 1.0) == pytest.approx(422.43, abs=0.01)


def test_forward_slip_keeps_the_volume_from_the_neutral_point_on():
    reduction, radius_per_exit = 0.15, 150.0
    thickness = neutral_thickness_ratio(reduction, radius_per_exit)
    angle = np.sqrt((thickness - 1) / radius_per_exit)

    assert 1 + forward_slip(reduction, radius_per_exit) == pytest.approx(thickness * np.cos(angle), rel=1e-6)


def test_a_pass_is_consistent_with_the_roll_that_it_flattens():
    one = np.array([1.0])
    rolled = roll_pass(
        3.4 * one, 3.0 * one, 1250 * one, 350 * one, 8 * one, 900 * one, 0.06 * one, 0.4 * one, 0 * one
    )
    flattened = flattened_radius_mm(350, rolled.force_kn, 1250, 0.4)
    by_hand_kn = (
        2
        / np.sqrt(3)
        * rolled.flow_stress_mpa
        * 1250
        * np.sqrt(flattened * 0.4)
        * sims_factor(0.4 / 3.4, flattened / 3.0)
        / 1000
    )

    assert rolled.force_kn == pytest.approx(by_hand_kn, rel=2e-3)
    assert rolled.contact_length_mm == pytest.approx(np.sqrt(flattened * 0.4), rel=2e-3)
