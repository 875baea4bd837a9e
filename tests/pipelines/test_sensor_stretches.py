"""Stretches of faulty sensors from the flags of segments."""

import numpy as np
import pytest

from pipelines.coil_strips import Health
from pipelines.sensor_stretches import sensor_stretches

METRES = 200
FROM_M = np.arange(METRES, dtype=float)


def stretches(**flagged):
    """Signal a, and b where it is given, each with its flag: name -> [(first, end), ...]."""
    health = {flag: np.zeros((METRES, 2)) for flag in Health._fields}
    for name, spans in flagged.items():
        flag, column = name.split("_")
        for first, end in spans:
            health[flag][first:end, "ab".index(column)] = 1
    told = Health(**health)
    return [
        (fault.detector, fault.from_m, fault.to_m, fault.signals)
        for fault in sensor_stretches(0, told, FROM_M, FROM_M + 1, ("a", "b"))
    ]


def test_a_frozen_sensor_is_one_stretch():
    assert stretches(frozen_a=[(50, 90)]) == [("frozen sensor", 50.0, 90.0, ("a",))]


def test_a_bad_reading_or_two_is_no_faulty_sensor():
    assert stretches(jumping_a=[(50, 52), (120, 123)]) == []


def test_short_gaps_do_not_end_a_stretch():
    assert stretches(frozen_a=[(50, 70), (75, 100)]) == [("frozen sensor", 50.0, 100.0, ("a",))]


def test_sensors_that_fail_together_are_told_together():
    found = stretches(missing_a=[(50, 90)], missing_b=[(50, 100)])
    assert found == [("missing sensor", 50.0, 100.0, ("a", "b"))]


def test_a_signal_that_the_coil_has_nothing_of_is_not_delivered_and_not_told():
    assert stretches(missing_a=[(0, METRES)]) == []


def test_where_no_reading_was_taken_nothing_is_told():
    flagged = np.zeros((METRES, 1))
    flagged[50:90] = 1
    # At a coarse rate most metres have no reading.
    flagged[np.arange(METRES) % 5 != 0] = np.nan
    nothing = np.where(np.isnan(flagged), np.nan, 0.0)
    [fault] = sensor_stretches(0, Health(flagged, nothing, nothing), FROM_M, FROM_M + 1, ("a",))
    assert (fault.from_m, fault.to_m) == (50.0, 86.0)
    assert fault.sentence == "The sensor of a was frozen for 36 m."
    # A metre, and anywhere in the five between two readings.
    assert fault.resolution_m == pytest.approx((1 + 25 / 3) ** 0.5)
