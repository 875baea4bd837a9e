"""Coils become rows of core/coil_segments: every metre, measured or not."""

from datetime import date

import numpy as np
import pyarrow as pa
import pytest

from jobs.lake.delta import arrow_schema
from pipelines.core.coil_segments import Coil, coil_segments
from pipelines.station_offsets import Sensor
from schemas.core.coil_segments import CORE_COIL_SEGMENTS, COUNTER, SIGNALS

DAY = date(2026, 11, 20)


def readings(length_m, **signals):
    """Readings of one coil, one a second; a signal that is not named was not measured."""
    nothing = {signal.name: pa.nulls(len(length_m), pa.float64()) for signal in SIGNALS}
    sampled_at = pa.array(np.arange(len(length_m)) * 1_000_000, pa.timestamp("us", tz="UTC"))
    counted = {"sampled_at": sampled_at, COUNTER: pa.array(length_m, pa.float64())}
    return pa.table(nothing | counted | signals)


def segments_of(strips, lengths_m, segment_m=1.0, sensors=()):
    coils = {coil_id: Coil(DAY, length_m, sensors) for coil_id, length_m in lengths_m.items()}
    batches = list(coil_segments(strips.items(), coils, segment_m))
    return pa.Table.from_batches(batches, arrow_schema(CORE_COIL_SEGMENTS)).to_pylist()


def test_a_signal_is_told_metre_by_metre():
    strip = readings([0.2, 0.6, 1.5], finishing_temp_c=[880.0, 884.0, None])
    first, second = segments_of({"C1": strip}, {"C1": 1.8})
    assert (first["coil_id"], first["production_day"], first["segment_no"]) == ("C1", DAY, 0)
    assert (first["from_m"], first["to_m"], second["from_m"], second["to_m"]) == (0.0, 1.0, 1.0, 1.8)
    assert first["length_m"] == 1.8
    assert (first["readings_n"], second["readings_n"]) == (2, 1)
    assert first["finishing_temp_c"] == {
        "n": 2,
        "mean": 882.0,
        "sd": pytest.approx(8**0.5, rel=1e-15),
        "min": 880.0,
        "max": 884.0,
        "valid_pct": 100.0,
        "flag": None,
    }
    nothing = {
        "n": 0,
        "mean": None,
        "sd": None,
        "min": None,
        "max": None,
        "valid_pct": 0.0,
        "flag": "missing",
    }
    assert second["finishing_temp_c"] == nothing


def test_one_reading_has_no_spread_to_tell():
    [segment] = segments_of({"C1": readings([0.5], width_mm=[1250.0])}, {"C1": 1.0})
    assert (segment["width_mm"]["n"], segment["width_mm"]["sd"]) == (1, None)


def test_metres_that_nothing_was_measured_on_are_there_and_missing():
    segments = segments_of({"C1": readings([2.5], width_mm=[1250.0])}, {"C1": 4.0})
    assert [s["width_mm"]["flag"] for s in segments] == ["missing", "missing", None, "missing"]
    assert segments[0]["width_mm"]["valid_pct"] is None


def test_a_coil_without_readings_has_all_its_metres():
    segments = segments_of({"C1": readings([])}, {"C1": 2.5})
    assert [(s["from_m"], s["to_m"], s["readings_n"]) for s in segments] == [
        (0, 1, 0),
        (1, 2, 0),
        (2, 2.5, 0),
    ]


def test_a_coil_of_unknown_length_ends_where_the_counter_did():
    segments = segments_of({"C1": readings([0.5, None, 2.25])}, {"C1": None})
    assert {s["length_m"] for s in segments} == {2.25}
    assert segments[-1]["to_m"] == 2.25


@pytest.mark.parametrize("bad_no", [0, 1, 10, 18, 19])
def test_a_jump_of_the_counter_adds_no_metres_to_a_coil_of_unknown_length(bad_no):
    length_m = np.arange(20) * 2.0
    length_m[bad_no] = 19_000.0
    segments = segments_of({"C1": readings(length_m)}, {"C1": None})
    assert segments[-1]["to_m"] == pytest.approx(38.0, abs=0.1)


def test_a_coil_of_which_no_length_is_known_has_no_segments():
    assert segments_of({"C1": readings([None])}, {"C1": None}) == []


def test_coils_follow_one_another_each_from_its_own_head():
    strips = {"C1": readings([0.5], width_mm=[1.0]), "C2": readings([0.5], width_mm=[2.0])}
    segments = segments_of(strips, {"C1": 2.0, "C2": 1.0})
    assert [(s["coil_id"], s["segment_no"], s["width_mm"]["mean"]) for s in segments] == [
        ("C1", 0, 1.0),
        ("C1", 1, None),
        ("C2", 0, 2.0),
    ]


AT_THE_MILL = Sensor(COUNTER, "length counter", 0.0)
GAUGE = Sensor("width_mm", "length counter", 0.0)
COILER_M = 7.0


def running(length_m=30.0, **frozen):
    """A strip at 5 m/s, read at 50 Hz until it has left a pyrometer that stands behind the mill."""
    at_m = np.arange(-1.0, length_m + COILER_M + 1.0, 0.1) + 0.05
    at_coiler_m = at_m - COILER_M
    coiling_c = np.where((at_coiler_m >= 0) & (at_coiler_m < length_m), 600 + at_coiler_m, np.nan)
    width_mm = np.where((at_m >= 0) & (at_m < length_m), 1250 + np.sin(at_m), np.nan)
    for from_m, to_m in frozen.values():
        width_mm[(at_m >= from_m) & (at_m < to_m)] = 1250.5
    time_us = np.arange(len(at_m)) * 20_000
    return readings(
        np.clip(at_m, 0, length_m),
        coiling_temp_c=pa.array(coiling_c, from_pandas=True),
        width_mm=pa.array(width_mm, from_pandas=True),
        sampled_at=pa.array(time_us, pa.timestamp("us", tz="UTC")),
    )


def test_a_signal_comes_to_the_place_of_its_own_station():
    sensors = (AT_THE_MILL, GAUGE, Sensor("coiling_temp_c", "pyrometer", COILER_M))
    segments = segments_of({"C1": running()}, {"C1": 30.0}, sensors=sensors)
    for segment in segments:
        middle_m = (segment["from_m"] + segment["to_m"]) / 2
        assert segment["coiling_temp_c"]["mean"] == pytest.approx(600 + middle_m, abs=0.3)
        assert segment["width_mm"]["mean"] == pytest.approx(1250 + np.sin(middle_m), abs=0.3)
        assert 0.02 < segment["sigma_m"] < 0.5
        assert segment["unplaced_n"] == 0


def test_a_signal_without_a_sensor_is_taken_where_the_counter_stands():
    without = segments_of({"C1": running()}, {"C1": 30.0}, sensors=(AT_THE_MILL,))
    assert without[COILER]["coiling_temp_c"]["mean"] == pytest.approx(600.5, abs=0.3)
    assert without[0]["coiling_temp_c"] == without[0]["coiling_temp_c"] | {"flag": "missing", "n": 0}


def test_no_error_is_claimed_where_a_measured_signal_has_no_sensor():
    segments = segments_of({"C1": running()}, {"C1": 30.0}, sensors=(AT_THE_MILL, GAUGE))
    # Of the pyrometer; that it tells nothing of the first metres is false, too.
    assert {(s["unplaced_n"], s["sigma_m"]) for s in segments} == {(1, None)}


@pytest.mark.parametrize("station", ["gauges", "length counter"])
def test_signals_of_one_station_at_two_distances_lie_where_their_own_rows_say(station):
    sensors = (AT_THE_MILL, Sensor("width_mm", station, 0.0), Sensor("coiling_temp_c", station, COILER_M))
    for segment in segments_of({"C1": running()}, {"C1": 30.0}, sensors=sensors):
        middle_m = (segment["from_m"] + segment["to_m"]) / 2
        assert segment["coiling_temp_c"]["mean"] == pytest.approx(600 + middle_m, abs=0.3)
        assert segment["width_mm"]["mean"] == pytest.approx(1250 + np.sin(middle_m), abs=0.3)


COILER = int(COILER_M)


def test_what_stands_still_is_flagged_at_its_metres_and_still_counts():
    segments = segments_of({"C1": running(frozen=(12, 20))}, {"C1": 30.0}, sensors=(AT_THE_MILL,))
    assert [s["segment_no"] for s in segments if s["width_mm"]["flag"] == "frozen"] == list(range(12, 20))
    assert {segments[no]["width_mm"]["mean"] for no in range(13, 19)} == {1250.5}


def test_a_sensor_that_stands_still_for_a_whole_coil_is_found_by_the_other_coils():
    strips = {f"C{no}": running() for no in range(4)} | {"C4": running(frozen=(0, 30))}
    segments = segments_of(strips, dict.fromkeys(strips, 30.0), sensors=(AT_THE_MILL,))
    flagged = {s["coil_id"] for s in segments if s["width_mm"]["flag"] == "frozen"}
    assert flagged == {"C4"}


def test_a_signal_that_jumps_for_a_few_readings_is_flagged():
    strip = running()
    width_mm = strip["width_mm"].to_numpy().copy()
    width_mm[121:125] = 1900.0
    at = strip.schema.get_field_index("width_mm")
    strip = strip.set_column(at, "width_mm", pa.array(width_mm, from_pandas=True))
    [hit] = [
        s
        for s in segments_of({"C1": strip}, {"C1": 30.0}, sensors=(AT_THE_MILL,))
        if s["width_mm"]["flag"] == "jumping"
    ]
    assert (hit["segment_no"], hit["width_mm"]["max"]) == (11, 1900.0)
