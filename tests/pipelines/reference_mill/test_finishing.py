import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipelines.reference_mill.finishing import Strip, finishing_setup
from pipelines.reference_mill.line import MILL_MODULUS_KN_MM, ZERO_FORCE_KN


def strip(thickness_mm=3.0, width_mm=1250.0, finishing_temp_c=880.0, mn_pct=0.3, nb_pct=0.0):
    one = np.ones(1)
    radius_mm = np.array([[400.0, 400.0, 400.0, 360.0, 340.0, 340.0, 340.0]])
    return Strip(
        thickness_mm * one,
        width_mm * one,
        finishing_temp_c * one,
        0.06 * one,
        mn_pct * one,
        nb_pct * one,
        radius_mm,
    )


@given(thickness_mm=st.floats(2, 12), width_mm=st.floats(1000, 1600), mn_pct=st.floats(0.1, 1.5))
def test_the_mass_flow_is_the_same_in_every_stand(thickness_mm, width_mm, mn_pct):
    setup = finishing_setup(strip(thickness_mm, width_mm, mn_pct=mn_pct))
    flow = setup.exit_mm * setup.roll_speed_m_s * (1 + setup.rolling.forward_slip)

    assert flow == pytest.approx(np.full((1, 7), thickness_mm * setup.threading_m_s[0]), rel=1e-9)


@given(thickness_mm=st.floats(2, 12), width_mm=st.floats(1000, 1600))
def test_reductions_decline_from_stand_to_stand(thickness_mm, width_mm):
    setup = finishing_setup(strip(thickness_mm, width_mm))
    entry_mm = np.append(setup.bar_mm, setup.exit_mm[0, :-1])
    reduction = 1 - setup.exit_mm[0] / entry_mm

    assert (np.diff(reduction) < 0).all()
    assert 0.05 < reduction[-1] < reduction[0] < 0.5


def test_the_gap_is_the_thickness_less_what_the_stand_gives_way():
    setup = finishing_setup(strip())

    assert setup.gap_mm + (setup.rolling.force_kn - ZERO_FORCE_KN) / MILL_MODULUS_KN_MM == pytest.approx(
        setup.exit_mm
    )


@pytest.mark.parametrize(("thickness_mm", "slowest", "fastest"), [(2.0, 9.5, 12.0), (10.0, 2.0, 3.1)])
def test_thin_strip_runs_at_ten_metres_a_second_and_thick_at_two_to_three(thickness_mm, slowest, fastest):
    assert slowest < finishing_setup(strip(thickness_mm)).running_m_s[0] < fastest


def test_the_set_up_hits_the_finishing_temperature():
    setup = finishing_setup(strip(finishing_temp_c=880.0))

    assert setup.finishing_temp_c == pytest.approx([880.0], abs=0.1)
    assert 950 < setup.entry_temp_c[0] < 1100
    assert (np.diff(setup.stand_temp_c[0]) < 0).all()


def test_niobium_makes_the_last_stands_work_harder():
    plain, niobium = finishing_setup(strip()), finishing_setup(strip(nb_pct=0.04))
    harder = (niobium.rolling.force_kn / plain.rolling.force_kn)[0]

    assert harder[0] < 1.05
    assert harder[6] > 1.12
