import numpy as np
import pytest

from pipelines.station_offsets import Sensor, StationError, offsets, speeds, stations
from pipelines.strip_motion import motion
from pipelines.strip_places import places

LENGTH_M = 400.0
TIME_S = np.arange(0.05, 120, 0.1)
AT_M = 5 * (TIME_S - 10)
"""A strip that passes the counter at 5 m/s, its head after 10 s."""

SHORT_LINE = [
    Sensor("entry_temp_c", "entry", -10.0, "mill_m_s"),
    Sensor("length_m", "counter", 0.0, "strip_m_s"),
    Sensor("strip_m_s", "counter", 0.0, "strip_m_s"),
    Sensor("finishing_temp_c", "exit", 10.0, "strip_m_s"),
    Sensor("coiling_temp_c", "coiler", 100.0, "strip_m_s"),
]


def seen(values, at_m):
    return np.where((at_m >= 0) & (at_m < LENGTH_M), values, np.nan)


def passing(entry_ahead_m=20.0):
    """Readings of the strip; before the counter it is twice as thick, so 10 m of way are 20 m of it."""
    wobble = np.random.default_rng(3).normal(0, 2, (3, len(TIME_S)))
    return {
        "sampled_s": TIME_S,
        "length_m": np.round(seen(AT_M, AT_M), 1),
        "strip_m_s": np.full(len(TIME_S), 5.0),
        "entry_temp_c": seen(1000 + wobble[0], AT_M + entry_ahead_m),
        "finishing_temp_c": seen(880 + wobble[1], AT_M - 10),
        "coiling_temp_c": seen(600 + wobble[2], AT_M - 100),
    }


def worst_m(place_m, true_m):
    assert (np.isnan(place_m) == np.isnan(seen(true_m, true_m))).mean() > 0.99
    return np.nanmax(np.abs(place_m - true_m))


def test_a_station_behind_the_counter_sees_what_passed_the_counter_before():
    placed = places(passing(), LENGTH_M, SHORT_LINE)
    assert worst_m(placed.place_m["exit"], AT_M - 10) < 0.4
    assert worst_m(placed.place_m["coiler"], AT_M - 100) < 0.4


def test_a_station_before_the_counter_sees_thicker_strip():
    """The entry has no speed of its own: head and tail tell how much strip lies between."""
    placed = places(passing(entry_ahead_m=26), LENGTH_M, SHORT_LINE)
    assert worst_m(placed.place_m["entry"], AT_M + 26) < 0.4


def test_by_mass_flow_a_place_upstream_is_as_much_further_on_as_the_strip_is_slower():
    """F1 at 2 m/s, F2 at 4, the counter at 8: 10 m behind F2 twice, 10 m behind F1 four times.

    Before F1 nobody knows: twice as much again, with a large error.
    """
    line = [
        Sensor("entry_temp_c", "entry", -24.0, "f1_m_s"),
        Sensor("f1_force_kn", "F1", -20.0, "f1_m_s"),
        Sensor("f1_m_s", "F1", -20.0, "f1_m_s"),
        Sensor("looper_deg", "looper", -15.0, "f1_m_s"),
        Sensor("f2_m_s", "F2", -10.0, "f2_m_s"),
        Sensor("f3_m_s", "F3", 0.0, "f3_m_s"),
        Sensor("thickness_mm", "gauge", 2.5),
    ]
    readings = {"f1_m_s": np.full(9, 2.0), "f2_m_s": np.full(9, 4.0), "f3_m_s": np.full(9, 8.0)}
    looks = offsets(stations(line), speeds(line, readings), readings)
    further_on_m = {name: look.at_m for name, look in looks.items()}
    assert further_on_m == {
        "entry": 92.0,
        "F1": 60.0,
        "looper": 40.0,
        "F2": 20.0,
        "F3": 0.0,
        "gauge": -2.5,
    }
    assert looks["entry"].sigma_m > 20 > looks["F1"].sigma_m


@pytest.mark.parametrize("runs", [1.0, 0.95])
def test_without_a_counter_speed_is_integrated_and_calibrated_to_the_measured_length(runs):
    readings = passing()
    del readings["length_m"]
    readings["strip_m_s"] = runs * readings["strip_m_s"]
    placed = places(readings, LENGTH_M, SHORT_LINE)
    assert worst_m(placed.place_m["coiler"], AT_M - 100) < 0.5
    assert np.nanmax(placed.sigma_m["coiler"]) > 0.5


def test_without_counter_and_speed_no_place_is_told():
    readings = passing()
    del readings["length_m"], readings["strip_m_s"]
    placed = places(readings, LENGTH_M, SHORT_LINE)
    assert all(np.isnan(place_m).all() for place_m in placed.place_m.values())


def test_a_counter_alone_places_the_strip():
    readings = passing()
    del readings["strip_m_s"]
    placed = places(readings, None, SHORT_LINE)
    assert worst_m(placed.place_m["exit"], AT_M - 10) < 0.5


def counter_m():
    return np.round(seen(AT_M, AT_M), 1)


def frozen(counter):
    counter[500:600] = counter[500]


def missing(counter):
    counter[500:600] = np.nan


def jumping(counter):
    counter[[300, 301, 500, 700]] += [40, 40, -7, 900]


def without_lost_metres(counter):
    counter[500:600] = counter[500]
    counter[600:] -= 50


def waiting_with_the_coil_before(counter):
    counter[:100], counter[-350:] = 812.3, counter[:-300][~np.isnan(counter[:-300])].max()


def still_counting_the_coil_before(counter):
    counter[:100] = np.round(600 + AT_M[:100], 1)


FAILURES = [
    frozen,
    missing,
    jumping,
    without_lost_metres,
    waiting_with_the_coil_before,
    still_counting_the_coil_before,
]


@pytest.mark.parametrize("fails", FAILURES)
def test_a_counter_that_fails_is_bridged_by_speed(fails):
    counter = counter_m()
    fails(counter)
    moved = motion(TIME_S, counter, np.full(len(TIME_S), 5.0))
    on_strip = ~np.isnan(counter_m())
    assert np.abs(moved.at_m - AT_M)[on_strip].max() < 0.3


def test_where_the_counter_is_missing_the_place_is_less_sure():
    counter = counter_m()
    missing(counter)
    moved = motion(TIME_S, counter, np.full(len(TIME_S), 5.0))
    assert moved.sigma_m[550] > moved.sigma_m[400]


def late(values, late_s):
    return np.concatenate([np.full(round(late_s * 10), np.nan), values[: -round(late_s * 10)]])


def test_a_late_clock_is_told_and_allowed_for_where_head_and_tail_both_show_it():
    readings = passing()
    readings["finishing_temp_c"] = late(readings["finishing_temp_c"], 2.0)
    placed = places(readings, LENGTH_M, SHORT_LINE)
    skew = placed.skew_s["exit"]
    assert skew.is_applied
    assert abs(skew.late_s - 2.0) < 3 * skew.sigma_s < 0.3
    assert worst_m(placed.place_m["exit"], AT_M - 10 - 2 * 5) < 0.5
    assert not placed.skew_s["coiler"].is_applied


def test_a_sensor_that_misses_the_head_is_not_taken_for_a_late_clock():
    readings = passing()
    readings["finishing_temp_c"][:200] = np.nan
    placed = places(readings, LENGTH_M, SHORT_LINE)
    skew = placed.skew_s["exit"]
    assert not skew.is_applied
    assert worst_m(placed.place_m["exit"], AT_M - 10) < 0.4


def test_a_length_that_is_not_the_counters_stretches_the_places():
    readings = {name: values[::10] for name, values in passing().items()}
    placed = places(readings, 1.05 * LENGTH_M, SHORT_LINE)
    half = np.searchsorted(AT_M[::10] - 10, LENGTH_M / 2)
    assert placed.place_m["exit"][half] == pytest.approx(1.05 * (AT_M[::10][half] - 10), abs=2.0)


def test_one_sensor_that_goes_out_early_does_not_outvote_the_counter():
    readings = {name: passing()[name] for name in ("sampled_s", "length_m", "strip_m_s", "coiling_temp_c")}
    readings["coiling_temp_c"][AT_M - 100 > LENGTH_M / 2] = np.nan
    line = [sensor for sensor in SHORT_LINE if sensor.signal != "entry_temp_c"]
    assert worst_m(places(readings, LENGTH_M, line).place_m["coiler"], AT_M - 100) < 0.4


def test_doubled_readings_change_no_place():
    readings = passing()
    twice = np.sort(np.concatenate([np.arange(len(TIME_S)), np.arange(0, len(TIME_S), 7)]))
    once = places(readings, LENGTH_M, SHORT_LINE)
    doubled = places({name: values[twice] for name, values in readings.items()}, LENGTH_M, SHORT_LINE)
    np.testing.assert_allclose(doubled.place_m["coiler"], once.place_m["coiler"][twice], atol=0.05)


def test_a_coil_of_one_reading_has_no_place():
    readings = {name: values[:1] for name, values in passing().items()}
    assert np.isnan(places(readings, LENGTH_M, SHORT_LINE).place_m["entry"]).all()


def test_a_station_at_two_places_is_refused():
    with pytest.raises(StationError, match="name the stations apart"):
        stations([Sensor("thickness_mm", "gauges", 2.5), Sensor("width_mm", "gauges", 3.0)])


def test_the_moment_at_which_the_head_reached_a_station_is_told():
    head_s = places(passing(), LENGTH_M, SHORT_LINE).head_s
    assert head_s["counter"] == pytest.approx(10, abs=0.1)
    assert head_s["exit"] == pytest.approx(12, abs=0.1)


def test_a_plant_with_one_gauge_and_a_counter_read_every_200_ms_has_places():
    readings = {name: passing()[name][::2] for name in ("sampled_s", "length_m", "coiling_temp_c")}
    placed = places(readings, LENGTH_M, [Sensor("coiling_temp_c", "pyrometer", 100.0)])
    assert placed.place_m.keys() == {"pyrometer"}
    assert worst_m(placed.place_m["pyrometer"], AT_M[::2] - 100) < 0.6


@pytest.mark.parametrize("unknown", [None, np.nan, 0.0])
def test_a_coil_whose_length_is_not_known_is_placed_by_the_counter_to_where_its_tail_was_seen(unknown):
    placed = places(passing(), unknown, SHORT_LINE)
    assert worst_m(placed.place_m["coiler"], AT_M - 100) < 0.5
