import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipelines.reference_mill.speed import SENSORS, position_at, sensor_offsets_m, speed_cone, time_at_s

EXIT_MM = np.array([[20.0, 12.0, 8.0, 5.5, 4.2, 3.4, 3.0]])
BAR_MM = np.array([36.0])


def cone_of(length_m, threading_m_s=7.5):
    offsets_m = sensor_offsets_m(BAR_MM, EXIT_MM)
    threading = np.array([threading_m_s])
    return speed_cone(threading, threading / 0.85, np.array([length_m]), offsets_m)


def test_a_stand_is_ahead_of_f7_by_the_strip_between_them():
    offsets_m = sensor_offsets_m(BAR_MM, EXIT_MM)[0]

    # One spacing of 5.8 m of 3.4 mm is 5.8 x 3.4 / 3.0 m of finished strip.
    assert offsets_m[SENSORS.index("F6")] == pytest.approx(5.8 * 3.4 / 3.0)
    assert offsets_m[SENSORS.index("F1")] == pytest.approx(5.8 * (20 + 12 + 8 + 5.5 + 4.2 + 3.4) / 3.0)
    assert offsets_m[SENSORS.index("coiling")] == -118.0


@given(length_m=st.floats(170, 1200), share=st.floats(0, 1))
def test_where_a_strip_is_and_when_it_is_there_are_inverse(length_m, share):
    cone = cone_of(length_m)
    place_m = cone.at_m[:, 0] + share * (cone.at_m[:, -1] - cone.at_m[:, 0])
    at_m, _ = position_at(cone, 0, time_at_s(cone, place_m))

    assert at_m == pytest.approx(place_m, abs=1e-6)


@given(length_m=st.floats(150, 1200))
def test_a_strip_only_moves_forward_and_never_faster_than_the_mill_runs(length_m):
    cone = cone_of(length_m)
    at_m, speed_m_s = position_at(cone, 0, np.linspace(0, cone.at_s[0, -1], 500))

    assert (np.diff(at_m) > 0).all()
    assert speed_m_s.min() >= 7.5 - 1e-9
    assert speed_m_s.max() <= 7.5 / 0.85 + 1e-9
    assert at_m[-1] == pytest.approx(length_m + 128)
