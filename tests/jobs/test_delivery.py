"""One file read: each of its rows is kept, quarantined or a duplicate, whatever the file looks like."""

from datetime import date

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from schemas.core.cell_faults import CORE_CELL_FAULTS
from schemas.core.quarantine import CORE_QUARANTINE
from tests.jobs.delivered import COILS, NOW, READINGS


def test_a_clean_file_is_kept_row_by_row_with_its_place(delivered):
    csv = delivered("coils/a.csv", COILS + "C1;HSM;2026-11-20T08:30:00Z;21.5\nC2;HSM;2026-11-20T05:59:00Z;\n")
    assert csv.counts == (2, 2, 0, 0)
    first, second = sorted(csv.rows(), key=lambda row: row["row_number"])
    assert (first["coil_id"], first["mass_t"], first["row_number"]) == ("C1", 21.5, 1)
    assert (first["source_file"], first["ingested_at"], first["superseded_at"]) == ("coils/a.csv", NOW, None)
    # The day starts at 6 o'clock.
    assert (first["production_day"], second["production_day"]) == (date(2026, 11, 20), date(2026, 11, 19))
    assert second["mass_t"] is None


def test_a_bad_cell_of_an_entity_costs_the_row(delivered):
    csv = delivered(
        "coils/a.csv", COILS + "C1;HSM;2026-11-20T08:30:00Z;21.5t\n\nC2;HSM;2026-11-20T08:30:00Z;71\n"
    )
    assert csv.counts == (2, 0, 2, 0)
    assert csv.quarantined == [
        (1, 2, "mass_t: '21.5t' is not a number."),
        (2, 4, "mass_t: 71.0 is above 60 t, the most that can be."),
    ]
    assert csv.rows(CORE_QUARANTINE)[0]["original"] == "C1;HSM;2026-11-20T08:30:00Z;21.5t"
    assert csv.rows(CORE_QUARANTINE)[0]["column_name"] == "mass_t"


def test_a_bad_cell_of_a_reading_costs_the_cell(delivered):
    csv = delivered("furnace_readings/a.csv", READINGS + "S1;2026-11-20T08:30:00Z;-999\n")
    assert csv.counts == (1, 1, 0, 0)
    assert csv.rows()[0]["top_zone_temp_c"] is None
    (fault,) = csv.rows(CORE_CELL_FAULTS)
    assert fault == {
        "delivery_id": "d1",
        "table_path": "raw/furnace_readings",
        "source_file": "furnace_readings/a.csv",
        "row_number": 1,
        "column_name": "top_zone_temp_c",
        "reason": "-999.0 is below -40 °C, the least that can be.",
        "original": "-999",
        "production_day": date(2026, 11, 20),
    }


@pytest.mark.parametrize("row", [";2026-11-20T08:30:00Z;1", "S1;;1", "S1;2026-02-30T08:30:00Z;1"])
def test_a_reading_without_key_or_time_is_quarantined(delivered, row):
    assert delivered("furnace_readings/a.csv", f"{READINGS}{row}\n").counts == (1, 0, 1, 0)


def test_numbers_that_are_none_are_faults(delivered):
    table = pa.table(
        {
            "slab_id": ["S1"] * 4,
            "sampled_at": pa.array([NOW.replace(minute=m) for m in range(4)], pa.timestamp("ms", "UTC")),
            "top_zone_temp_c": [float("nan"), float("inf"), None, 1250.0],
        }
    )
    sink = pa.BufferOutputStream()
    pq.write_table(table, sink)
    parquet = delivered("furnace_readings/a.parquet", sink.getvalue().to_pybytes())
    assert parquet.counts == (4, 4, 0, 0)
    assert [row["top_zone_temp_c"] for row in parquet.rows()] == [None, None, None, 1250.0]
    reasons = [row["reason"] for row in parquet.rows(CORE_CELL_FAULTS)]
    assert reasons == ["'nan' is not a finite number.", "'inf' is not a finite number."]


def test_a_row_that_cannot_be_taken_apart_is_quarantined_with_its_text(delivered):
    text = (
        COILS
        + 'C1;HSM;2026-11-20T08:30:00Z\n"C2;HSM;2026-11-20T08:30:00Z;1\nC3;HSM;2026-11-20T08:30:00Z;1;1\n'
    )
    csv = delivered("coils/a.csv", text + "C4;HSM;2026-11-20T08:30:00Z;1\n")
    assert csv.counts == (4, 1, 3, 0)
    assert csv.quarantined == [
        (1, 2, "The row has 3 cells where the header has 4."),
        (2, 3, "A quote is opened and not closed."),
        (3, 4, "The row has 5 cells where the header has 4."),
    ]
    assert csv.rows()[0]["row_number"] == 4


def test_a_character_of_another_encoding_costs_its_row(delivered):
    text = (COILS + "Cä;HSM;2026-11-20T08:30:00Z;1\n").encode() + b"C\xe4;HSM;2026-11-20T08:30:00Z;1\n"
    assert delivered("coils/a.csv", text).quarantined == [
        (2, 3, "Byte 0xe4 at place 2 of the line is not utf-8.")
    ]


def test_a_file_of_windows_1252_is_read_as_such_and_says_so(delivered):
    csv = delivered("coils/a.csv", (COILS + "Cä;HSM;2026-11-20T08:30:00Z;1\n").encode("cp1252"))
    assert csv.rows()[0]["coil_id"] == "Cä"
    assert csv.outcome.message == "Read with encoding cp1252."


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16"])
def test_a_byte_order_mark_says_how_a_file_is_written(delivered, encoding):
    csv = delivered("coils/a.csv", (COILS + "Cä;HSM;2026-11-20T08:30:00Z;1\n").encode(encoding))
    assert csv.rows()[0]["coil_id"] == "Cä"


@pytest.mark.parametrize("separator", [",", ";", "\t", "|"])
def test_the_separator_is_the_one_that_finds_the_fields(delivered, separator):
    row = "C1;HSM;2026-11-20T08:30:00Z;1\n"
    assert delivered("coils/a.csv", (COILS + row).replace(";", separator)).counts == (1, 1, 0, 0)


def test_a_decimal_comma_is_seen_where_no_number_has_a_point(delivered):
    csv = delivered(
        "coils/a.csv", COILS + "C1;HSM;2026-11-20T08:30:00Z;21,5\nC2;HSM;2026-11-20T08:30:00Z;1\n"
    )
    assert [row["mass_t"] for row in csv.rows()] == [21.5, 1.0]
    assert csv.outcome.message == "Read with decimal comma."


def test_points_and_commas_in_one_file_are_not_guessed(delivered):
    csv = delivered(
        "coils/a.csv", COILS + "C1;HSM;2026-11-20T08:30:00Z;21,5\nC2;HSM;2026-11-20T08:30:00Z;1.5\n"
    )
    assert csv.quarantined == [(1, 2, "mass_t: '21,5' is not a number.")]


def test_a_new_column_is_kept_and_named(delivered):
    csv = delivered("coils/a.csv", "coil_id;line;coiled_at;Haspel\nC1;HSM;2026-11-20T08:30:00Z;2\n")
    assert dict(csv.rows()[0]["attributes"]) == {"Haspel": "2"}
    assert csv.outcome.unknown_columns == ["Haspel"]


def test_a_column_that_every_row_needs_is_missed_by_name(delivered):
    csv = delivered("coils/a.csv", "coil;line;coiled_at\nC1;HSM;2026-11-20T08:30:00Z\n")
    assert (csv.outcome.status, csv.counts) == ("unreadable", (0, 0, 0, 0))
    assert csv.outcome.message == (
        "raw/coils promises coil_id in every row, but the file has no column 'coil_id', only coil, line, "
        "coiled_at; deliver that column, or mend the map."
    )


def test_a_key_twice_with_equal_content_is_a_duplicate_and_the_first_stays(delivered):
    row = "S1;2026-11-20T08:30:00Z;{}\n"
    csv = delivered(
        "furnace_readings/a.csv",
        READINGS + row.format(-999) + "S2;2026-11-20T08:30:00Z;1\n" + row.format(-999),
    )
    assert csv.counts == (3, 2, 0, 1)
    assert [r["row_number"] for r in csv.rows()] == [1, 2]
    # What is said of the duplicate's cells went with it.
    assert [r["row_number"] for r in csv.rows(CORE_CELL_FAULTS)] == [1]


def test_a_key_twice_with_different_content_is_quarantined_all_of_it(delivered):
    row = "S1;2026-11-20T08:30:00Z;{}\n"
    csv = delivered("furnace_readings/a.csv", READINGS + row.format(1) + row.format(2) + row.format(1))
    reason = (
        "slab_id S1, sampled_at 2026-11-20 08:30:00+00 occurs 3 times in this file, with different content."
    )
    assert csv.counts == (3, 0, 3, 0)
    assert csv.quarantined == [(n, n + 1, reason) for n in (1, 2, 3)]
    assert [r["original"] for r in csv.rows(CORE_QUARANTINE)][1] == "S1;2026-11-20T08:30:00Z;2"
