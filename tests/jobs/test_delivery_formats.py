"""Files of every format, whole and damaged."""

import gzip
import json
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from jobs.delivery import connect, read_delivery
from jobs.lake import delta
from jobs.outcomes import GROWING
from jobs.staging import StagingError
from schemas.core.quarantine import CORE_QUARANTINE
from tests.jobs.delivered import COILS, NOW


@pytest.mark.parametrize(
    "content", ["", COILS, COILS + "\n\n"], ids=["no byte", "header only", "blank lines"]
)
def test_a_file_without_rows_is_empty(delivered, content):
    empty = delivered("coils/a.csv", content)
    assert (empty.outcome.status, empty.counts) == ("empty", (0, 0, 0, 0))


def a_parquet_file():
    sink = pa.BufferOutputStream()
    pq.write_table(pa.table({"coil_id": ["C1"], "line": ["HSM"], "coiled_at": [NOW]}), sink)
    return sink.getvalue().to_pybytes()


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("a.csv.gz", gzip.compress((COILS + "C1;HSM;2026-11-20T08:30:00Z;1\n" * 9999).encode())[:-9]),
        ("a.parquet", a_parquet_file()[:-20]),
        ("a.parquet", b"no Parquet at all"),
        ("a.xlsx", b"PK"),
        ("a.csv", "coil_id;coil_id;line;coiled_at\n1;2;3;4\n"),
        ("a.csv", b"\x00\xff" * 999),
        ("a.csv", b"x" * 200_000),
    ],
)
def test_a_file_that_cannot_be_read_to_its_end_gives_no_row_at_all(delivered, name, content):
    broken = delivered(f"coils/{name}", content)
    assert (broken.outcome.status, broken.counts, broken.outcome.files) == ("unreadable", (0, 0, 0, 0), {})
    assert broken.outcome.message.endswith(".")
    assert not list(Path(broken.plan.lake).rglob("*.parquet"))


@pytest.mark.parametrize(("ending", "codec"), [("gz", "gzip"), ("zst", "zstd")])
def test_a_file_that_is_packed_is_read(delivered, ending, codec):
    packed = pa.compress((COILS + "C1;HSM;2026-11-20T08:30:00Z;1\n").encode(), codec, asbytes=True)
    assert delivered(f"coils/a.csv.{ending}", packed).counts == (1, 1, 0, 0)


def test_json_lines_are_read_line_by_line(delivered):
    rows = [
        {"coil_id": "C1", "line": "HSM", "coiled_at": "2026-11-20T08:30:00Z", "mass_t": 21.5, "Haspel": 2},
        {"coil_id": "C2", "line": "HSM", "coiled_at": "2026-11-20T08:30:00Z", "rolls": {"F7": "WR-1"}},
    ]
    text = "\n".join([json.dumps(rows[0]), "", '{"coil_id": "C3"', "[1]", json.dumps(rows[1])])
    lines = delivered("coils/a.jsonl", text)
    assert lines.counts == (4, 2, 2, 0)
    first, second = lines.rows()
    assert (first["mass_t"], dict(first["attributes"]), first["row_number"]) == (21.5, {"Haspel": "2"}, 1)
    assert (dict(second["rolls"]), second["attributes"], second["row_number"]) == ({"F7": "WR-1"}, None, 4)
    assert lines.quarantined == [(n, n + 1, "The line is not one whole JSON object.") for n in (2, 3)]


def test_a_parquet_row_is_quarantined_as_json(delivered, tmp_path):
    table = pa.table({"coil_id": ["C1"], "line": ["HSM"], "coiled_at": [NOW], "mass_t": [71]})
    pq.write_table(table, tmp_path / "a.parquet")
    parquet = delivered("coils/a.parquet", (tmp_path / "a.parquet").read_bytes())
    (row,) = parquet.rows(CORE_QUARANTINE)
    assert json.loads(row["original"]) == {
        "coil_id": "C1",
        "line": "HSM",
        "coiled_at": "2026-11-21 03:00:00+00:00",
        "mass_t": 71,
    }
    assert row["line_no"] is None


def test_nothing_is_taken_of_a_file_that_grows_while_it_is_read(delivered, monkeypatch):
    csv = delivered("coils/a.csv", COILS + "C1;HSM;2026-11-20T08:30:00Z;1\n")
    with csv.file.path.open("a") as more:
        more.write("C2;HSM;2026-11-20T08:30:00Z;1\n")
    again = read_delivery(csv.plan, connect(1))
    assert (again.status, again.rows_read, again.files) == (GROWING, 0, {})


def test_a_lake_that_cannot_be_written_is_not_the_files_fault(delivered, monkeypatch):
    csv = delivered("coils/a.csv", COILS + "C1;HSM;2026-11-20T08:30:00Z;1\n")

    def full(*args):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(delta, "stage_batches", full)
    with pytest.raises(StagingError, match="No space left on device"):
        read_delivery(csv.plan, connect(1))
