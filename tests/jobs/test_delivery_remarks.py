"""What the ledger tells of a file that was read otherwise than its plant thinks, or could not be read."""

from datetime import date, timedelta

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from tests.jobs.delivered import COILS
from tests.jobs.raw_mill import HEADER, coil


def coils(count, mass="21,5", first=0):
    return "".join(f"C{no};HSM;2026-11-20T08:30:00Z;{mass}\n" for no in range(first, first + count))


def test_one_number_with_a_point_turns_decimal_commas_off_and_the_ledger_says_so(delivered):
    mixed = delivered("coils/a.csv", COILS + coils(20) + coils(1, "21.5", first=20))
    assert mixed.counts == (21, 1, 20, 0)
    assert mixed.outcome.message == (
        "Numbers are read with a decimal point, but 20 numbers have a comma, such as 21,5: they are no "
        "values; deliver one mark, or set decimal in a source.toml."
    )


def test_a_decimal_comma_that_comes_late_is_told(delivered):
    late = delivered("coils/a.csv", COILS + coils(6000, "21") + coils(1, "21,5", first=6000))
    assert late.counts == (6001, 6000, 1, 0)
    assert "1 number has a comma, such as 21,5" in late.outcome.message


def test_a_point_in_a_file_of_decimal_commas_is_told(delivered):
    late = COILS + coils(6000) + coils(1, "21.5", first=6000)
    assert "1 number has a point, such as 21.5" in delivered("coils/a.csv", late).outcome.message


def test_points_that_part_thousands_are_no_decimal_points(delivered):
    toml = """
    [[table]]
    table = "coils"
    files = "*.csv"
    columns = { coil_id = "coil_id", line = "line", coiled_at = "coiled_at", length_m = "mass_t" }
    format = { decimal = ",", thousands = "." }
    """
    plain = delivered("mes/a.csv", COILS + coils(1, "1.021,5") + coils(1, "1.021", first=1), toml=toml)
    assert (plain.counts, plain.outcome.message) == ((2, 2, 0, 0), None)


def test_a_decimal_comma_alone_is_told_as_before(delivered):
    assert delivered("coils/a.csv", COILS + coils(3)).outcome.message == "Read with decimal comma."


@pytest.mark.parametrize("encoding", ["utf-16-le", "utf-16-be"])
def test_utf_16_without_a_byte_order_mark_is_read_and_told(delivered, encoding):
    wide = delivered("coils/a.csv", (COILS + coils(3, "21")).encode(encoding))
    assert (wide.counts, wide.outcome.message) == ((3, 3, 0, 0), f"Read with encoding {encoding}.")


def a_parquet_file():
    sink = pa.BufferOutputStream()
    pq.write_table(pa.table({"coil_id": ["C1"]}), sink)
    return sink.getvalue().to_pybytes()


@pytest.mark.parametrize(
    ("content", "what"),
    [
        (b"PK\x03\x04" + bytes(range(256)), "a ZIP archive, such as an Excel workbook"),
        (b"\xd0\xcf\x11\xe0" + bytes(512), "an Excel workbook of before 2007"),
        (a_parquet_file(), "a Parquet file"),
        (b"\x1f\x8b" + bytes(64), "packed with gzip"),
        (bytes(range(256)) * 4 + bytes(300), "binary"),
    ],
)
def test_a_binary_file_named_csv_is_told_as_what_it_is(delivered, content, what):
    broken = delivered("coils/a.csv", content)
    assert broken.outcome.status == "unreadable"
    assert broken.outcome.message.startswith(f"A delimited file promises text, but this one is {what}")


def test_a_header_in_other_case_is_told_as_what_it_is(delivered):
    shouted = delivered("coils/a.csv", (COILS + coils(1)).upper())
    assert shouted.outcome.message == (
        "raw/coils promises the column 'coil_id', but the file writes it 'COIL_ID': upper and lower case "
        "count; rename it, or name it so in a source.toml."
    )
    told = delivered("coils/a.csv", COILS.replace("mass_t", "Mass_t") + coils(1, "21")).outcome
    assert (told.rows_kept, told.unknown_columns) == (1, ["Mass_t"])
    assert told.message == "Column Mass_t is not taken for mass_t: upper and lower case count."


def told(mill, name):
    return mill.ask(f"select message from core.ingest_ledger where source_file = '{name}'")


def test_a_slip_in_the_year_is_told_and_a_calendar_of_next_year_is_none(mill):
    today, next_year = date.today(), date.today() + timedelta(days=300)
    now = f"{today}T00:00:00Z"
    mill.deliver(
        "coils/a.csv", coil(1, at=now), coil(2, at="2106-11-20T08:30:00Z"), coil(3, at="2107-11-20T08:30:00Z")
    )
    mill.deliver("coils/b.csv", coil(4, at=now))
    calendar = HEADER.replace("coil_id", "shift").replace("coiled_at,mass_t", "from_at,to_at,is_planned")
    shift = "A,HSM,{0}T06:00:00Z,{0}T14:00:00Z,true"
    mill.deliver("shift_calendar/a.csv", shift.format(next_year), header=calendar)
    mill.ingest()
    assert told(mill, "coils/a.csv") == [
        (
            "Rows of 2 production days, such as 2107-11-20, lie more than 2 days ahead of their delivery: "
            "look at coiled_at.",
        )
    ]
    assert told(mill, "coils/b.csv") == told(mill, "shift_calendar/a.csv") == [(None,)]
