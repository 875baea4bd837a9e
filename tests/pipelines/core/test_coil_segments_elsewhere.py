"""Segments of a plant with one station and twelve signals of its own: the contract decides, no code."""

from dataclasses import replace
from datetime import UTC, date, datetime

import numpy as np
import pyarrow as pa
import pytest

from jobs.lake.delta import arrow_schema
from pipelines.core.coil_segments import Coil, coil_segments, signals_of
from pipelines.strip_sensors import sensors_at
from pipelines.upstream_segments import UPSTREAM
from schemas.contract import Field
from schemas.core.coil_segments import CORE_COIL_SEGMENTS, COUNTER, SIGNALS, moments

DAY = date(2026, 11, 20)
TWELVE = tuple(f"zone_{no}_temp_c" for no in range(12))
OF_OTHERS = {*UPSTREAM, "upstream_sigma_m", *(signal.name for signal in SIGNALS)}
ELSEWHERE = replace(
    CORE_COIL_SEGMENTS,
    fields=(
        *(field for field in CORE_COIL_SEGMENTS.fields if field.name not in OF_OTHERS),
        *(moments(Field(name, "double", "Temperature.", 900.0)) for name in TWELVE),
    ),
)
BEHIND_M = 4.0
BEGUN_AT, LATER_AT = datetime(2026, 1, 1, tzinfo=UTC), datetime(2026, 11, 20, 12, tzinfo=UTC)


def sensor(signal, distance_m=BEHIND_M, **named):
    row = {
        "line": "PM",
        "signal": signal,
        "station": "camera",
        "distance_m": distance_m,
        "speed_signal": None,
    }
    return row | {"valid_from_at": BEGUN_AT, "valid_to_at": None} | named


def strip(length_m=60.0):
    """A strip at 2 m/s, read every 200 ms."""
    at_m = np.arange(-1.0, length_m + BEHIND_M + 1.0, 0.4)
    seen_m = at_m - BEHIND_M
    seen_c = np.where((seen_m >= 0) & (seen_m < length_m), 900 + seen_m, np.nan)
    time = pa.array(np.arange(len(at_m)) * 200_000, pa.timestamp("us", tz="UTC"))
    counter = {"sampled_at": time, COUNTER: pa.array(np.clip(at_m, 0, length_m))}
    return pa.table(
        counter | {name: pa.array(seen_c + no, from_pandas=True) for no, name in enumerate(TWELVE)}
    )


def segments(sensors):
    coils = {"C1": Coil(DAY, 60.0, sensors)}
    batches = list(coil_segments([("C1", strip())], coils, 5.0, table=ELSEWHERE))
    return pa.Table.from_batches(batches, arrow_schema(ELSEWHERE)).to_pylist()


def test_one_station_with_twelve_signals_has_its_segments():
    assert signals_of(ELSEWHERE) == list(TWELVE)
    made = segments(sensors_at([sensor(name) for name in TWELVE], "PM", LATER_AT))
    assert (len(made), made[-1]["to_m"]) == (12, 60.0)
    for segment in made:
        middle_m = (segment["from_m"] + segment["to_m"]) / 2
        for no, name in enumerate(TWELVE):
            assert segment[name]["mean"] == pytest.approx(900 + no + middle_m, abs=0.5)
            assert segment[name]["flag"] is None


def test_sensors_hold_from_when_they_were_put_there_until_others_were():
    rows = [sensor("a_temp_c"), sensor("a_temp_c", 9.0, valid_from_at=LATER_AT), sensor("b_temp_c", line="X")]
    before = sensors_at(rows, "PM", LATER_AT.replace(hour=11))
    assert [(s.signal, s.distance_m) for s in before] == [(COUNTER, 0.0), ("a_temp_c", BEHIND_M)]
    assert [s.distance_m for s in sensors_at(rows, "PM", LATER_AT)] == [0.0, 9.0]


def test_a_sensor_that_was_there_for_a_while_gives_way_to_the_one_that_still_holds():
    begun_at, ended_at = BEGUN_AT.replace(month=2), BEGUN_AT.replace(month=3)
    rows = [sensor("a_temp_c"), sensor("a_temp_c", 9.0, valid_from_at=begun_at, valid_to_at=ended_at)]
    held = [[s.distance_m for s in sensors_at(rows, "PM", at)][1:] for at in (begun_at, ended_at)]
    assert held == [[9.0], [BEHIND_M]]


def test_a_sensor_that_was_taken_away_holds_no_longer():
    rows = [sensor("a_temp_c", valid_to_at=LATER_AT)]
    assert [s.signal for s in sensors_at(rows, "PM", LATER_AT)] == [COUNTER]
