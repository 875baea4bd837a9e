"""Parts of a coil: their moments are those of all their readings, without what a faulty sensor told."""

from datetime import UTC, date, datetime

import numpy as np
import pyarrow as pa
import pytest

from jobs.core import coil_parts as job
from jobs.lake.delta import arrow_schema
from jobs.lake.queries import open_lake
from pipelines.core.coil_parts import coil_parts
from pipelines.core.coil_segments import Coil
from pipelines.station_offsets import Sensor
from pipelines.strip_segments import edges_m
from schemas.core.coil_parts import CORE_COIL_PARTS
from schemas.core.coil_segments import CORE_COIL_SEGMENTS
from schemas.core.coils import CORE_COILS
from schemas.raw.sensors import RAW_SENSORS

DAY = date(2026, 11, 20)
SPEED = Sensor("strip_speed_m_s", "length counter", 0.0, "strip_speed_m_s")
SIGNALS = [field for field in arrow_schema(CORE_COIL_PARTS) if pa.types.is_struct(field.type)]


def moments_of(readings, flag=None):
    """What core/coil_segments tells of a segment's readings, NaN where one is not valid."""
    valid = [value for value in readings if not np.isnan(value)]
    return {
        "n": len(valid),
        "mean": float(np.mean(valid)) if valid else None,
        "sd": float(np.std(valid, ddof=1)) if len(valid) > 1 else None,
        "min": min(valid, default=None),
        "max": max(valid, default=None),
        "valid_pct": 100.0 * len(valid) / len(readings) if readings else None,
        "flag": flag if readings else "missing",
    }


def strip(length_m, segment_m, **signals):
    """Segments of a coil; of each signal the moments one by one."""
    edges = edges_m(length_m, segment_m)
    columns = {"from_m": edges[:-1], "to_m": edges[1:]}
    for field in SIGNALS:
        columns[field.name] = pa.array(signals.get(field.name, [None] * (len(edges) - 1)), field.type)
    return pa.table(columns)


def parts_of(*strips, sensors=()):
    named = {f"C{no}": segments for no, segments in enumerate(strips)}
    coils = {coil_id: Coil(DAY, None, sensors) for coil_id in named}
    batches = list(coil_parts(named.items(), coils))
    return pa.Table.from_batches(batches, arrow_schema(CORE_COIL_PARTS)).to_pylist()


def by_part(rows, signal="width_mm", coil_id="C0"):
    return {row["part"]: row[signal] for row in rows if row["coil_id"] == coil_id}


def test_a_part_has_the_moments_of_all_its_readings():
    chance = np.random.default_rng(5)
    readings = [chance.normal(1250, 2, n).tolist() for n in (3, 1, 7, 4, 2, 5, 6, 1, 1, 9)]
    rows = parts_of(strip(100, 10, width_mm=[moments_of(part) for part in readings]))
    assert [(row["part"], row["from_m"], row["to_m"]) for row in rows] == [
        ("head", 0, 10),
        ("body", 10, 90),
        ("tail", 90, 100),
        ("whole", 0, 100),
    ]
    expected = {"head": readings[:1], "body": readings[1:9], "tail": readings[9:], "whole": readings}
    for part, told in by_part(rows).items():
        of_part = moments_of([value for segment in expected[part] for value in segment])
        assert told.pop("flag") == of_part.pop("flag")
        assert told == pytest.approx(of_part, rel=1e-12), part


def test_coils_do_not_mix():
    one = strip(40, 10, width_mm=[moments_of([1250.0, 1252.0])] * 4)
    other = strip(20, 10, width_mm=[moments_of([900.0]), moments_of([])])
    rows = parts_of(one, other)
    assert [row["coil_id"] for row in rows] == 4 * ["C0"] + 3 * ["C1"]
    assert by_part(rows)["whole"]["mean"] == 1251
    assert by_part(rows, coil_id="C1")["whole"]["mean"] == 900
    assert by_part(rows, coil_id="C1")["tail"]["mean"] is None
    assert by_part(rows, coil_id="C1")["tail"]["flag"] == "missing"


def test_what_a_frozen_or_jumping_sensor_told_is_left_out_and_said():
    good, bad = moments_of([1250.0, 1252.0]), moments_of([1400.0, 1402.0], flag="frozen")
    body = by_part(parts_of(strip(120, 10, width_mm=[good, *4 * [bad], *7 * [good]])))["body"]
    assert (body["n"], body["mean"], body["max"], body["flag"]) == (12, 1251, 1252, "frozen")
    assert body["valid_pct"] == 60
    jumped = moments_of([9000.0, 1250.0], flag="jumping")
    body = by_part(parts_of(strip(120, 10, width_mm=[good, jumped, *10 * [good]])))["body"]
    assert (body["n"], body["max"], body["flag"]) == (18, 1252, None)


def test_segments_that_miss_some_readings_count_with_those_that_they_have():
    some = moments_of([1250.0, float("nan")], flag="missing")
    whole = by_part(parts_of(strip(40, 10, width_mm=[some] * 4)))["whole"]
    assert (whole["n"], whole["mean"], whole["valid_pct"], whole["flag"]) == (4, 1250, 50, "missing")


def test_metres_that_nothing_was_sampled_at_say_nothing_of_the_sensor():
    whole = by_part(parts_of(strip(40, 10, width_mm=[moments_of([1250.0]), *3 * [moments_of([])]])))["whole"]
    assert (whole["valid_pct"], whole["flag"]) == (100, None)


@pytest.mark.parametrize("sensors", [(SPEED,), ()])
def test_speed_up_is_told_by_the_speed_behind_the_last_stand(sensors):
    speed = [moments_of([value]) for value in (8, 8, 9, 10, 10, 10, 10, 10, 10, 7)]
    rows = parts_of(strip(300, 30, strip_speed_m_s=speed), sensors=sensors)
    told = ["head", "speed-up", "body", "tail", "whole"] if sensors else ["head", "body", "tail", "whole"]
    assert [row["part"] for row in rows] == told
    if sensors:
        assert (rows[1]["from_m"], rows[1]["to_m"]) == (30, 90)


def test_the_spread_of_a_signal_far_from_zero_does_not_cancel():
    readings = [[1e9 + no, 1e9 + no + 1] for no in range(10)]
    whole = by_part(parts_of(strip(100, 10, width_mm=[moments_of(r) for r in readings])))["whole"]
    assert whole["sd"] == pytest.approx(np.std([v for r in readings for v in r], ddof=1), rel=1e-9)


@pytest.mark.engines
def test_the_job_makes_the_parts_of_its_day_from_the_lake(lake, publish):
    root = lake.settings.lake
    coil = {"coiled_at": datetime(2026, 11, 20, 8, tzinfo=UTC), "length_m": 60.0}
    publish(root, CORE_COILS, {"coil_id": "C1"} | coil, {"coil_id": "C2"} | coil)
    publish(
        root,
        RAW_SENSORS,
        {"signal": "strip_speed_m_s", "distance_m": 0.0, "valid_from_at": datetime(2020, 1, 1, tzinfo=UTC)},
    )
    segment = {"readings_n": 1, "length_m": 60.0, "width_mm": moments_of([1250.0, 1254.0])}
    places = [{"segment_no": no, "from_m": 10.0 * no, "to_m": 10.0 * no + 10} for no in range(6)]
    publish(root, CORE_COIL_SEGMENTS, *({"coil_id": "C1"} | segment | place for place in places))
    job.main(lake.for_table(CORE_COIL_PARTS), [DAY])
    query = "select coil_id, part, from_m, to_m, width_mm.n, width_mm.mean from core.coil_parts order by part"
    assert open_lake(root).sql(query).fetchall() == [
        ("C1", "body", 10, 50, 8, 1252),
        ("C1", "head", 0, 10, 2, 1252),
        ("C1", "tail", 50, 60, 2, 1252),
        ("C1", "whole", 0, 60, 12, 1252),
    ]
