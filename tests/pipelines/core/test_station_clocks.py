"""Clocks of the stations: when a head came, how late a clock is, and the skew between two systems."""

from datetime import UTC, date, datetime, timedelta

import numpy as np
import pyarrow as pa
import pytest

from jobs.lake.delta import arrow_schema
from pipelines.core.coil_segments import Coil, signals_of
from pipelines.core.station_clocks import station_clocks
from schemas.core.coil_segments import CORE_COIL_SEGMENTS
from schemas.core.station_clocks import CORE_STATION_CLOCKS
from tests.pipelines.strips import DAY, PLANT, strips

FIRST_AT = datetime(2026, 11, 20, 8, tzinfo=UTC)
SIGNALS = signals_of(CORE_COIL_SEGMENTS)


def readings(strip):
    """A strip of the mill as the lake has it."""
    time_us = np.rint((strip.readings["sampled_s"] - strip.readings["sampled_s"][0]) * 1e6).astype(np.int64)
    at = pa.array(time_us + int(FIRST_AT.timestamp()) * 1_000_000, pa.timestamp("us", tz="UTC"))
    signals = {name: values for name, values in strip.readings.items() if name != "sampled_s"}
    return pa.table({"sampled_at": at} | {name: pa.array(v, from_pandas=True) for name, v in signals.items()})


def clocks(tables, length_m, started_at=None, sensors=PLANT):
    coils = {coil_id: Coil(date(2026, 11, 20), length_m, tuple(sensors)) for coil_id in tables}
    started = dict.fromkeys(tables, started_at)
    batches = station_clocks(tables.items(), coils, started, SIGNALS, arrow_schema(CORE_STATION_CLOCKS))
    return [row for batch in batches for row in batch.to_pylist()]


@pytest.fixture(scope="module")
def strip():
    return next(iter(strips(seed=11, hz=10.0, coils=1)))


def test_every_station_of_a_coil_has_a_row_and_heads_come_down_the_line(strip):
    rows = clocks({"C1": readings(strip)}, strip.length_m, FIRST_AT)
    assert {row["station"] for row in rows} == {sensor.station for sensor in PLANT}
    assert {(row["coil_id"], row["production_day"], row["rolling_started_at"]) for row in rows} == {
        ("C1", DAY, FIRST_AT)
    }
    heads = [row["head_at"] for row in sorted(rows, key=lambda row: row["distance_m"]) if row["head_at"]]
    assert len(heads) > 15 and heads == sorted(heads)


def test_a_place_behind_the_mill_is_less_sure_towards_the_tail_by_what_the_length_is_worth(strip):
    of = {row["station"]: row for row in clocks({"C1": readings(strip)}, strip.length_m)}
    head_m, middle_m, tail_m = (of["exit gauges"][f"{at}_sigma_m"] for at in ("head", "middle", "tail"))
    assert head_m < middle_m < tail_m
    # Of a measured length 0.06 % are one standard deviation.
    assert 0.0006 * strip.length_m < tail_m < 0.0006 * strip.length_m + head_m


def test_a_station_without_places_claims_no_errors(strip):
    blind = readings(strip).drop_columns(["length_m", *(s for s in SIGNALS if s.endswith("speed_m_s"))])
    blind = blind.append_column("length_m", pa.nulls(len(blind), pa.float64()))
    for signal in set(SIGNALS) - set(blind.column_names):
        blind = blind.append_column(signal, pa.nulls(len(blind), pa.float64()))
    told = {row[f"{at}_sigma_m"] for row in clocks({"C1": blind}, None) for at in ("head", "middle", "tail")}
    assert told == {None}


def test_a_head_is_told_by_the_clock_of_the_readings(strip):
    [row] = [
        r for r in clocks({"C1": readings(strip)}, strip.length_m) if r["station"] == "finishing pyrometer"
    ]
    seen = int(np.flatnonzero(~np.isnan(strip.truth["finishing pyrometer"]))[0])
    time_s = strip.readings["sampled_s"]
    true_at = FIRST_AT + timedelta(seconds=float(time_s[seen] - time_s[0]))
    assert abs(row["head_at"] - true_at) < timedelta(seconds=0.3)


def test_a_late_clock_is_told_and_allowed_for_only_where_the_tail_shows_it_too(strip):
    late = readings(strip)
    values = np.concatenate([np.full(20, np.nan), late["coiling_temp_c"].to_numpy()[:-20]])
    column = late.schema.get_field_index("coiling_temp_c")
    late = late.set_column(column, "coiling_temp_c", pa.array(values, from_pandas=True))
    of = {row["station"]: row for row in clocks({"C1": late}, strip.length_m)}
    assert of["coiling pyrometer"]["late_s"] == pytest.approx(2.0, abs=0.3)
    assert of["finishing pyrometer"]["late_s"] == pytest.approx(0.0, abs=0.1)
    # Its readings end before the tail is there.
    assert not of["coiling pyrometer"]["is_applied"]


def test_a_station_at_two_distances_is_two_stations(strip):
    moved = [s._replace(distance_m=-34.9) if s.signal == "f1_force_kn" else s for s in PLANT]
    of = {row["station"]: row for row in clocks({"C1": readings(strip)}, strip.length_m, sensors=moved)}
    [distance_m] = {s.distance_m for s in PLANT if s.station == "F1"}
    assert {name: row["distance_m"] for name, row in of.items() if name.startswith("F1")} == {
        "F1 at -34.9 m": -34.9,
        f"F1 at {distance_m} m": distance_m,
    }
    assert {s.station for s in PLANT} - set(of) == {"F1"}


def test_a_coil_without_readings_tells_nothing_of_clocks(strip):
    assert clocks({"C1": readings(strip).slice(0, 0)}, strip.length_m) == []
