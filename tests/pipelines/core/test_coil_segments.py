"""Coils become rows of core/coil_segments: every metre, measured or not."""

from datetime import date

import numpy as np
import pyarrow as pa
import pytest

from jobs.lake.delta import arrow_schema
from pipelines.core.coil_segments import Coil, Places, coil_segments
from pipelines.strip_segments import Placed
from schemas.core.coil_segments import CORE_COIL_SEGMENTS, COUNTER, SIGNALS

DAY = date(2026, 11, 20)


def readings(length_m, **signals):
    """Readings of one coil; a signal that is not named was not measured."""
    nothing = {signal.name: pa.nulls(len(length_m), pa.float64()) for signal in SIGNALS}
    return pa.table(nothing | {COUNTER: pa.array(length_m, pa.float64())} | signals)


def segments_of(strips, lengths_m, segment_m=1.0, **kwargs):
    coils = {coil_id: Coil(DAY, length_m) for coil_id, length_m in lengths_m.items()}
    batches = list(coil_segments(strips.items(), coils, segment_m, **kwargs))
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


def test_a_signal_comes_to_the_place_of_its_own_station():
    def places(strip, length_m):
        at_m = strip[COUNTER].to_numpy()
        return Placed({"length counter": at_m, "coiler": at_m - 1.0}, {"coiler": np.full(len(at_m), 0.3)})

    strip = readings([0.5, 1.5], coiling_temp_c=[600.0, 610.0], width_mm=[1250.0, 1251.0])
    first, second = segments_of(
        {"C1": strip}, {"C1": 2.0}, places=Places(places, {"coiling_temp_c": "coiler"})
    )
    assert (first["coiling_temp_c"]["mean"], second["coiling_temp_c"]["mean"]) == (610.0, None)
    assert (first["width_mm"]["mean"], second["width_mm"]["mean"]) == (1250.0, 1251.0)
    assert (first["sigma_m"], second["sigma_m"]) == (0.3, None)
