"""The benchmark of the segments on a few coils: all rows agree; what it measures is no test."""

import json
import subprocess
import sys
from pathlib import Path

import pyarrow as pa
import pytest
from deltalake import write_deltalake

from benchmarks.segment_makers import PARTS
from benchmarks.segment_readings import NAMES
from benchmarks.segments import disagreements

ROOT = Path(__file__).parent.parent.parent


def test_every_maker_makes_the_same_rows_of_a_few_coils():
    command = [sys.executable, "-m", "benchmarks.segments", "--quick", "--engine", "embedded"]
    ran = subprocess.run(command, cwd=ROOT, capture_output=True, text=True)
    assert ran.returncode == 0, ran.stderr
    assert set(json.loads(ran.stdout.splitlines()[-1])) == {"ratio_embedded", "ratio_read"}


@pytest.mark.parametrize(
    "change, told",
    [
        ({}, []),
        ({f"{NAMES[0]}_sd": 1.0 + 1e-10}, []),
        ({f"{NAMES[0]}_sd": 1.0 + 1e-8}, [f"1 rows differ in {NAMES[0]}.sd"]),
        ({f"{NAMES[1]}_n": None}, [f"1 rows differ in {NAMES[1]}.n"]),
        ({"segment_no": 4}, ["2 rows differ in a row of one alone"]),
    ],
)
def test_rows_that_differ_are_told(tmp_path, change, told):
    parts = dict.fromkeys(PARTS, 1.0)
    ours = {"coil_id": "C1", "segment_no": 3} | dict.fromkeys(NAMES, parts)
    flat = {f"{name}_{part}": 1.0 for name in NAMES for part in PARTS}
    write_deltalake(str(tmp_path / "ours"), pa.Table.from_pylist([ours]))
    others = {"coil_id": "C1", "segment_no": 3} | flat | change
    write_deltalake(str(tmp_path / "other"), pa.Table.from_pylist([others]))
    assert list(disagreements(tmp_path / "ours", tmp_path / "other"))[:1] == told
