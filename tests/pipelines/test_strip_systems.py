"""Systems that write files of their own do not make gaps in each other's signals."""

from datetime import UTC, datetime, timedelta

import numpy as np
import pyarrow as pa
import pytest

from pipelines.station_offsets import Sensor
from pipelines.strip_systems import counted, systems

BEGIN = datetime(2026, 11, 20, 8, tzinfo=UTC)
COUNTER = Sensor("length_m", "gauges", 0.0)


def readings(*rows):
    names = ("at_s", "system", "length_m", "f1_force_kn")
    columns = dict(zip(names, zip(*rows, strict=True), strict=True))
    at = [BEGIN + timedelta(seconds=second) for second in columns.pop("at_s")]
    numbers = {name: pa.array(columns[name], pa.float64()) for name in names[2:]}
    return pa.table({"sampled_at": at, "system": pa.array(columns["system"], pa.string())} | numbers)


TWO = readings(
    (0.0, "gauges", 0.0, None),
    (0.5, "F1", None, 100.0),
    (1.0, "gauges", 10.0, None),
    (1.5, "F1", None, 300.0),
    (2.0, "gauges", 20.0, None),
)


def test_one_system_stands_as_it_is():
    for one in (TWO.filter(pa.array([True, False] * 2 + [True])), TWO.drop_columns(["system"])):
        found = systems(one, ["f1_force_kn"], [COUNTER])
        assert found.together is one and found.sensors == (COUNTER,)
        assert found.own({"gauges": [1.0, 2.0]}, np.nan) == {"gauges": [1.0, 2.0]}


def test_signals_of_one_station_by_two_clocks_are_two_stations():
    found = systems(TWO, ["f1_force_kn"], [COUNTER, Sensor("f1_force_kn", "gauges", 0.0)])
    assert [sensor.station for sensor in found.sensors] == ["gauges (gauges)", "gauges (F1)"]


def test_a_station_of_one_system_keeps_its_name():
    found = systems(TWO, ["f1_force_kn"], [COUNTER, Sensor("f1_force_kn", "F1", -30.0)])
    assert [sensor.station for sensor in found.sensors] == ["gauges", "F1"]
    assert found.rows["F1"].tolist() == [False, True, False, True, False]


def test_a_signal_is_placed_between_the_samples_of_another_system():
    found = systems(TWO, ["f1_force_kn"], [COUNTER])
    assert found.together["length_m"].to_pylist() == [0.0, 5.0, 10.0, 15.0, 20.0]
    assert found.together["f1_force_kn"].to_pylist() == [100.0, 100.0, 200.0, 300.0, 300.0]


def test_samples_of_others_have_no_place():
    found = systems(TWO, ["f1_force_kn"], [COUNTER, Sensor("f1_force_kn", "F1", -30.0)])
    place_m = found.own({"gauges": np.arange(5.0), "F1": np.arange(5.0)}, np.nan)
    assert place_m["F1"].tolist() == pytest.approx([np.nan, 1, np.nan, 3, np.nan], nan_ok=True)
    assert place_m["gauges"].tolist() == pytest.approx([0, np.nan, 2, np.nan, 4], nan_ok=True)
    assert found.own({"F1": np.ones(5, bool)}, False)["F1"].tolist() == [False, True, False, True, False]


def test_what_a_system_lacks_at_its_own_sample_is_a_gap():
    gap = readings(
        (0.0, "gauges", 0.0, None),
        (0.5, "F1", None, None),
        (1.5, "F1", None, 3.0),
        (2.0, "gauges", 9.0, None),
    )
    found = systems(gap, ["f1_force_kn"], [COUNTER])
    assert found.together["f1_force_kn"].to_pylist()[1:] == pytest.approx([np.nan, 3.0, 3.0], nan_ok=True)


def test_where_the_counter_starts_anew_it_is_not_told_between_its_samples():
    anew = readings(
        *((float(no), "gauges", metre, None) for no, metre in enumerate([7.0, 8.0, 0.0, 1.0])),
        *((no + 0.5, "F1", None, 100.0) for no in range(4)),
    ).sort_by("sampled_at")
    told = counted(anew, "length_m")
    assert told.tolist() == pytest.approx([7, 7.5, 8, np.nan, 0, 0.5, 1, np.nan], nan_ok=True)
