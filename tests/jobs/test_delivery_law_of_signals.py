"""A signal that a source declares obeys the law of raw: each cell is a value, a bad cell or missing."""

import math

import pyarrow as pa
import pyarrow.parquet as pq
from hypothesis import given
from hypothesis import strategies as st

from schemas.core.cell_faults import CORE_CELL_FAULTS
from tests.jobs.delivered import NOW, Delivered
from tests.jobs.test_delivery_law import CELLS, NO_WAIT

TOML = """
time_zone = "UTC"
[[table]]
table = "finishing_readings"
files = "{coil}.*"
[table.columns]
coil_id = "coil"
sampled_at = "at"
f1_oil_bar = { column = "oil", meaning = "Oil pressure of F1.", minimum = 0, maximum = 400ENTRY }
"""
IN_MPA = TOML.replace("ENTRY", ', unit = "MPa"')
IN_BAR = TOML.replace("ENTRY", "")


def check_cells(read, cells_n):
    """Every row is kept; of its cells so many are there, and each is a value or a bad cell."""
    values = [row["f1_oil_bar"] for row in read.rows()]
    assert read.outcome.rows_kept == len(values) == read.outcome.rows_read
    assert all(0 <= value <= 400 for value in values if value is not None)
    faults = [fault["column_name"] for fault in read.rows(CORE_CELL_FAULTS)]
    assert faults == ["f1_oil_bar"] * len(faults)
    assert sum(value is not None for value in values) + len(faults) == cells_n


@NO_WAIT
@given(
    numbers=st.lists(st.none() | st.floats(-1, 50) | st.floats(), min_size=1, max_size=8), mega=st.booleans()
)
def test_the_law_holds_for_numbers(tmp_path_factory, numbers, mega):
    sink = pa.BufferOutputStream()
    at = [NOW.replace(microsecond=no) for no in range(len(numbers))]
    pq.write_table(pa.table({"at": at, "oil": pa.array(numbers, pa.float64())}), sink)
    folder = tmp_path_factory.mktemp("law")
    read = Delivered(
        folder, "hydraulics/C1.parquet", sink.getvalue().to_pybytes(), IN_MPA if mega else IN_BAR
    )
    check_cells(read, sum(number is not None for number in numbers))
    factor = 10 if mega else 1
    for row, number in zip(read.rows(), numbers, strict=True):
        is_measured = number is not None and math.isfinite(number) and 0 <= number * factor <= 400
        assert (row["f1_oil_bar"] is not None) == is_measured
        assert row["coil_id"] == "C1"


@NO_WAIT
@given(cells=st.lists(CELLS.filter(lambda cell: not set(cell) & set(';"\n\r\0')), min_size=1, max_size=8))
def test_the_law_holds_for_texts(tmp_path_factory, cells):
    lines = [f"2026-11-20 08:00:00.{no:03d};{cell}" for no, cell in enumerate(cells)]
    content = "\n".join(["at;oil", *lines]).encode("utf-8", "replace")
    read = Delivered(tmp_path_factory.mktemp("law"), "hydraulics/C1.csv", content, IN_MPA)
    missing = {"", "null", "none", "n/a", "#n/a", "\\n"}
    check_cells(read, sum(cell.strip().lower() not in missing for cell in cells))
