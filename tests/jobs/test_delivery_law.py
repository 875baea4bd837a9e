"""Every row read is kept, quarantined or a duplicate, whatever the file holds."""

import json
from datetime import date, datetime

import pyarrow as pa
import pyarrow.parquet as pq
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from schemas.core.quarantine import CORE_QUARANTINE
from tests.jobs.delivered import NOW, Delivered

CELLS = st.one_of(
    st.sampled_from(
        ["C1", "C2", "HSM", "2026-11-20T08:30:00Z", "2026-11-20 08:30", "20.11.2026", "2026-02-30T00:00:00Z"]
    ),
    st.sampled_from(
        ["1", "2.5", "2,5", "-999", "nan", "inf", "1e999", "", "n/a", "NULL", " x ", "true", "9" * 40, "1_0"]
    ),
    st.sampled_from(
        ['"', '""', '"a;b"', '"a\nb"', "'", "\r", "\\", "\x00", "ä", "{", '{"a": 1}', "infinity", "epoch"]
    ),
    st.text(max_size=6),
)


PLAUSIBLE = {
    "coil_id": ["C1", "C2", "C3"],
    "line": ["HSM"],
    "coiled_at": ["2026-11-20T08:30:00Z", "2026-11-20T09:30:00+02:00"],
    "mass_t": ["21.5", ""],
    "sequence_no": ["1", "2.0", ""],
    "rolls": ["", '{"F7": "WR-1"}'],
    "Haspel": ["", "2"],
}
NAMES = list(PLAUSIBLE)
ENTITIES = st.lists(
    st.tuples(*(st.sampled_from(cells * 4) | CELLS for cells in PLAUSIBLE.values())), max_size=8
)
NO_WAIT = settings(
    max_examples=25,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)


def check_the_law(tmp_path_factory, name, content):
    result = Delivered(tmp_path_factory.mktemp("law"), name, content)
    outcome = result.outcome
    assert outcome.rows_read == outcome.rows_kept + outcome.rows_quarantined + outcome.rows_duplicate
    assert outcome.rows_kept == len(result.rows())
    assert outcome.rows_quarantined == len(result.rows(CORE_QUARANTINE))
    places = [row["row_number"] for row in (*result.rows(), *result.rows(CORE_QUARANTINE))]
    assert len(places) == len(set(places)) and set(places) <= set(range(1, outcome.rows_read + 1))
    assert all(row["production_day"] for row in result.rows())
    return result


@NO_WAIT
@given(rows=ENTITIES, cut=st.integers(0, 3), end=st.sampled_from(["\n", "\r\n", "\r"]))
def test_the_law_holds_for_any_csv(tmp_path_factory, rows, cut, end):
    lines = [
        ";".join(NAMES),
        *(";".join(row[: 7 - cut] if no % 3 == 2 else row) for no, row in enumerate(rows)),
    ]
    check_the_law(tmp_path_factory, "coils/a.csv", end.join(lines).encode("utf-8", "replace"))


@NO_WAIT
@given(garbage=st.binary(max_size=200), header=st.booleans())
def test_the_law_holds_for_any_bytes(tmp_path_factory, garbage, header):
    for name in ("a.csv", "a.jsonl", "a.parquet", "a.csv.gz"):
        start = (";".join(NAMES) + "\n").encode() if header else b""
        check_the_law(tmp_path_factory, f"coils/{name}", start + garbage)


VALUES = CELLS | st.none() | st.booleans() | st.integers() | st.floats() | st.lists(st.integers(), max_size=2)
OBJECTS = st.fixed_dictionaries(
    {}, optional={name: st.sampled_from(cells * 4) | VALUES for name, cells in PLAUSIBLE.items()}
)


@NO_WAIT
@given(rows=st.lists(OBJECTS, max_size=8), torn=st.booleans())
def test_the_law_holds_for_any_json_lines(tmp_path_factory, rows, torn):
    lines = [json.dumps(row) for row in rows]
    if torn and lines:
        lines[0] = lines[0][:-1]
    read = check_the_law(tmp_path_factory, "coils/a.jsonl", "\n".join(lines))
    assert read.outcome.rows_read == len(rows)


COLUMNS = [
    pa.array(["C1", None, "C2", ""]),
    pa.array([1, 2, None, 2**62]),
    pa.array([1.5, float("nan"), float("-inf"), None]),
    pa.array([True, False, None, True]),
    pa.array([NOW, None, NOW.replace(hour=4), NOW], pa.timestamp("ns", "UTC")),
    pa.array([NOW.replace(tzinfo=None)] * 4, pa.timestamp("us")),
    pa.array([date(2026, 11, 20), None, date(1, 1, 1), date(9999, 12, 31)]),
    pa.array([datetime(1, 1, 1), datetime(9999, 12, 31), None, NOW], pa.timestamp("us", "UTC")),
    pa.array([{"a": 1}, None, {"a": 2}, {"a": None}]),
    pa.array([[1], [], None, [2]]),
    pa.array(["a", "b", "a", None]).dictionary_encode(),
    pa.array([b"\xff", b"a", None, b""]),
    pa.array([1, 2, None, 10**20], pa.decimal128(38, 2)),
    pa.nulls(4),
]
KEPT = {"coil_id": COLUMNS[0], "line": pa.array(["HSM"] * 4), "coiled_at": pa.array([NOW] * 4)}


@NO_WAIT
@given(
    columns=st.dictionaries(st.sampled_from([*NAMES, *("thickness_mm", "shift")]), st.sampled_from(COLUMNS))
)
def test_the_law_holds_for_any_parquet(tmp_path_factory, columns):
    sink = pa.BufferOutputStream()
    pq.write_table(pa.table(KEPT | columns), sink)
    read = check_the_law(tmp_path_factory, "coils/a.parquet", sink.getvalue().to_pybytes())
    assert read.outcome.rows_read == 4, read.outcome.message
