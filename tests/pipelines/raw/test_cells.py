"""Cells as delivered become values, or a fault with a reason that a plant engineer understands."""

from datetime import UTC, date, datetime

import duckdb
import pyarrow as pa
import pytest

from pipelines.raw.cells import Delivered, cleaned, null_words
from pipelines.raw.rows import Arrival, rows_sql
from pipelines.raw.source_map import in_the_contracts_names
from pipelines.raw.source_toml import source_map
from schemas.lineage import raw_tables
from schemas.raw_table import delivered

ARRIVAL = Arrival("d1", "a.csv", datetime(2026, 11, 21, tzinfo=UTC), date(2026, 11, 21), "UTC", 6)
KEYS = {
    "coils": {"coil_id": "C1", "line": "HSM", "coiled_at": "2026-11-20T08:30:00Z"},
    "heats": {"heat_id": "H1", "tapped_at": "2026-11-20T08:30:00Z", "grade": "S355MC"},
    "stoppages": {"stoppage_id": "D1", "line": "HSM", "from_at": "2026-11-20T08:30:00Z"},
    "furnace_readings": {"slab_id": "S1", "sampled_at": "2026-11-20T08:30:00Z"},
}


@pytest.fixture(scope="module")
def connection():
    with duckdb.connect() as connection:
        connection.execute("set timezone = 'UTC'")
        yield connection


@pytest.fixture
def read(connection):
    """One cell, read as a field of a table; all other fields that a row needs are there."""

    def value_or_reason(table, field, cell, entry="column = 'cell'", source="", format=""):
        constants = "\n".join(f"{name} = '{text}'" for name, text in KEYS[table].items() if name != field)
        map_ = source_map(
            f"{source}\n[[table]]\ntable = '{table}'\nfiles = '*'\n[table.format]\n{format}\n"
            f"[table.columns]\n{field} = {{ {entry} }}\n[table.constants]\n{constants}",
            "source.toml",
        ).tables[0]
        cells = pa.table({"cell": cell if isinstance(cell, pa.Array) else [cell]})
        delivered = Delivered(
            {"cell": cells.schema.types[0]}, map_.format.decimal or ".", map_.format.thousands
        )
        block = (
            cleaned(cells, null_words(map_)).rename_columns(["c0"]).append_column("row_number", pa.array([1]))
        )
        connection.register("block", block)
        queries = rows_sql(map_, delivered, (), ARRIVAL)
        (row,) = connection.sql(queries.rows).to_arrow_table().to_pylist()
        if not row["fault"]:
            return row[field]
        of_row = connection.sql(queries.row_faults).to_arrow_table()["reason"].to_pylist()
        of_cell = connection.sql(queries.cell_faults).to_arrow_table()["reason"].to_pylist()
        assert row["fault"] == (2 if of_row else 1)
        return " ".join(of_row or of_cell).removeprefix(f"{field}: ")

    return value_or_reason


@pytest.mark.parametrize(
    ("cell", "value"),
    [
        ("21.5", 21.5),
        (" 21.5 ", 21.5),
        ("2.15e1", 21.5),
        ("+21.5", 21.5),
        ("", None),
        ("  ", None),
        ("NULL", None),
        ("n/a", None),
        ("0", 0.0),
        ("60", 60.0),
        ("60.1", "60.1 is above 60 t, the most that can be."),
        ("-0.1", "-0.1 is below 0 t, the least that can be."),
        ("21,5", "'21,5' is not a number."),
        ("21.5 t", "'21.5 t' is not a number."),
        ("1_0", "'1_0' is not a number."),
        ("0x10", "'0x10' is not a number."),
        ("-", "'-' is not a number."),
        ("nan", "'nan' is not a finite number."),
        ("-inf", "'-inf' is not a finite number."),
        ("1e999", "'1e999' is not a finite number."),
    ],
)
def test_a_number(read, cell, value):
    assert read("coils", "mass_t", cell) == value


def test_a_bad_cell_of_a_reading_says_the_same(read):
    assert (
        read("furnace_readings", "top_zone_temp_c", "-999")
        == "-999.0 is below -40 °C, the least that can be."
    )


@pytest.mark.parametrize(
    ("cell", "format", "value"),
    [
        ("21,5", "decimal = ','", 21.5),
        ("21.5", "decimal = ','", "'21.5' is not a number."),
        ("1.021,5", "decimal = ','\nthousands = '.'", "1021.5 is above 60 t, the most that can be."),
        ("0 021.5", "thousands = ' '", 21.5),
    ],
)
def test_a_number_as_the_plant_writes_it(read, cell, format, value):
    assert read("coils", "mass_t", cell, format=format) == value


@pytest.mark.parametrize(
    ("table", "field", "unit", "cell", "value"),
    [
        ("coils", "mass_t", "kg", "22560", 22.56),
        ("coils", "mass_t", "lb", "2204.6226218", 1.0),
        ("coils", "length_m", "ft", "1000", 304.8),
        ("heats", "tapping_temp_c", "degF", "2912", 1600.0),
        ("heats", "superheat_c", "delta_degF", "45", 25.0),
        ("heats", "mn_pct", "ppm", "12000", 1.2),
    ],
)
def test_a_number_in_the_plants_unit(read, table, field, unit, cell, value):
    assert read(table, field, cell, f"column = 'cell', unit = '{unit}'") == pytest.approx(value, rel=1e-9)


def test_a_limit_is_that_of_the_contracts_unit(read):
    told = read("coils", "mass_t", "71000", "column = 'cell', unit = 'kg'")
    assert told == "71.0 is above 60 t, the most that can be."


@pytest.mark.parametrize(
    ("cell", "value"),
    [
        ("17", 17),
        ("17.0", 17),
        ("17.5", "'17.5' is not a whole number."),
        ("0", "0.0 is below 1, the least that can be."),
    ],
)
def test_a_whole_number(read, cell, value):
    assert read("coils", "sequence_no", cell) == value


@pytest.mark.parametrize(
    ("cell", "value"), [("true", True), ("0", False), ("N", False), ("ja", "'ja' is neither true nor false.")]
)
def test_true_or_false(read, cell, value):
    assert read("stoppages", "is_planned", cell) == value


def test_a_set_of_names_and_texts(read):
    assert dict(read("coils", "rolls", '{"F7": "WR-1042", "F6": 7}')) == {"F7": "WR-1042", "F6": "7"}
    assert read("coils", "rolls", "WR-1042") == (
        '\'WR-1042\' is not a set of names and texts such as {"F7": "WR-1042"}.'
    )


def test_a_text_is_of_one_line_and_one_of_those_allowed(read):
    assert read("coils", "coiler", " DC1 ") == "DC1"
    assert (
        read("coils", "coiler", "DC1\nC2")
        == "holds a line break: a quote may be missing, or two lines were joined."
    )
    assert read("coils", "coil_id", "n/a") == "Nothing was delivered."


def test_a_number_that_is_an_identity_has_no_decimals(read):
    assert read("coils", "campaign", pa.array([7232058.0])) == "7232058"
    assert read("coils", "campaign", pa.array([7232058])) == "7232058"


@pytest.mark.parametrize("words", ["null_words = ['x', '-999']", "[[skip]]"])
def test_words_for_a_missing_cell(read, words):
    if words.startswith("["):
        assert read("coils", "mass_t", "-999", "column = 'cell', null_words = ['-999']") is None
    else:
        assert read("coils", "mass_t", "X", source=words) is None
        assert read("coils", "mass_t", "null", source=words) == "'null' is not a number."
        assert read("coils", "mass_t", pa.array([-999]), source=words) is None


def test_words_of_the_plant_become_words_of_the_contract(read):
    entry = "column = 'cell', values = { 'Geplant' = true, 'Störung' = false }"
    assert read("stoppages", "is_planned", "Geplant", entry) is True
    assert (
        read("stoppages", "is_planned", "?", entry) == "'?' is not among the values that source.toml knows."
    )
    assert read("stoppages", "is_planned", "?", f"{entry}, otherwise = false") is False
    assert read("stoppages", "is_planned", "", f"{entry}, otherwise = false") is None


def test_several_columns_make_one_text(read):
    assert read("stoppages", "reason", "a'b", "template = '<{cell}/{cell}>'") == "<a'b/a'b>"
    assert read("stoppages", "reason", "", "template = '{cell}/1'") is None


AT = datetime(2026, 11, 20, 8, 30, tzinfo=UTC)
NO_TIME = "is not a time such as 2026-11-20T08:30:00Z (years 1900 to 2200)."


@pytest.mark.parametrize(
    ("cell", "value"),
    [
        ("2026-11-20T08:30:00Z", AT),
        ("2026-11-20 08:30Z", AT),
        ("2026-11-20T09:30:00+01:00", AT),
        ("2026-11-20 09:30:00 +0100", AT),
        ("2026-11-20T08:30:00.5Z", AT.replace(microsecond=500_000)),
        ("2026-02-30T08:30:00Z", f"'2026-02-30T08:30:00Z' {NO_TIME}"),
        ("2026-11-20T25:00:00Z", f"'2026-11-20T25:00:00Z' {NO_TIME}"),
        ("0206-11-20T08:30:00Z", f"'0206-11-20T08:30:00Z' {NO_TIME}"),
        ("infinity", f"'infinity' {NO_TIME}"),
        ("epoch", f"'epoch' {NO_TIME}"),
        ("20.11.2026 08:30", f"'20.11.2026 08:30' {NO_TIME}"),
    ],
)
def test_a_time_with_its_offset(read, cell, value):
    assert read("coils", "coiled_at", cell) == value


@pytest.mark.parametrize("cell", ["2026-11-20T08:30:00", "2026-11-20", "2026-11-20T08:30:00+25:00"])
def test_a_time_that_does_not_say_its_zone_is_no_moment(read, cell):
    remedy = "write an offset such as +01:00, or set time_zone in a source.toml."
    assert read("coils", "coiled_at", cell) == f"'{cell}' does not say its time zone: {remedy}"


VIENNA = "time_zone = 'Europe/Vienna'"


@pytest.mark.parametrize(
    ("cell", "value"),
    [
        ("2026-11-20 09:30", AT),
        ("2026-11-20 08:30Z", AT),
        ("2024-03-31 01:59:59", datetime(2024, 3, 31, 0, 59, 59, tzinfo=UTC)),
        ("2024-03-31 02:30", "02:30 on 31 March 2024 does not exist in Europe/Vienna: the clock skips it."),
        ("2024-03-31 03:00", datetime(2024, 3, 31, 1, 0, tzinfo=UTC)),
        ("2024-04-01 02:30", datetime(2024, 4, 1, 0, 30, tzinfo=UTC)),
        ("2024-10-27 01:59", datetime(2024, 10, 26, 23, 59, tzinfo=UTC)),
        (
            "2024-10-27 02:30",
            "02:30 on 27 October 2024 occurs twice in Europe/Vienna: "
            "set ambiguous_hour in source.toml to earlier or later.",
        ),
        ("2024-10-27 03:00", datetime(2024, 10, 27, 2, 0, tzinfo=UTC)),
        ("2024-10-28 02:30", datetime(2024, 10, 28, 1, 30, tzinfo=UTC)),
        ("9999-12-31 23:59", f"'9999-12-31 23:59' {NO_TIME}"),
    ],
)
def test_a_local_time(read, cell, value):
    assert read("coils", "coiled_at", cell, source=VIENNA) == value


@pytest.mark.parametrize(("which", "hour"), [("earlier", 0), ("later", 1)])
def test_an_hour_that_occurs_twice(read, which, hour):
    source = f"{VIENNA}\nambiguous_hour = '{which}'"
    at = datetime(2024, 10, 27, hour, 30, tzinfo=UTC)
    assert read("coils", "coiled_at", "2024-10-27 02:30", source=source) == at


def test_the_clock_may_change_by_half_an_hour(read):
    source = "time_zone = 'Australia/Lord_Howe'"
    assert "occurs twice" in read("coils", "coiled_at", "2024-04-07 01:45", source=source)
    assert "does not exist" in read("coils", "coiled_at", "2024-10-06 02:15", source=source)


@pytest.mark.parametrize(
    ("cell", "format", "value"),
    [
        ("20.11.2026 09:30", "'%d.%m.%Y %H:%M'", AT),
        ("11/20/26 09:30", "['%d.%m.%Y %H:%M', '%m/%d/%y %H:%M']", AT),
        ("20261120083000+0000", "'%Y%m%d%H%M%S%z'", AT),
        ("1795163400", "'epoch s'", AT),
        ("1795163400000", "'epoch ms'", AT),
        ("x", "'epoch s'", "'x' is not a time as epoch s (years 1900 to 2200)."),
        ("1e300", "'epoch s'", "'1e300' is not a time as epoch s (years 1900 to 2200)."),
        (
            "30.02.2024 10:00",
            "'%d.%m.%Y %H:%M'",
            "'30.02.2024 10:00' is not a time written as %d.%m.%Y %H:%M (years 1900 to 2200).",
        ),
    ],
)
def test_a_time_as_the_plant_writes_it(read, cell, format, value):
    assert read("coils", "coiled_at", cell, f"column = 'cell', format = {format}", VIENNA) == value


def test_a_typed_time_without_zone_is_local(read):
    naive = pa.array([datetime(2026, 11, 20, 9, 30)], pa.timestamp("ns"))
    assert read("coils", "coiled_at", naive, source=VIENNA) == AT
    assert "does not say its time zone" in read("coils", "coiled_at", naive)
    assert read("coils", "coiled_at", pa.array([AT], pa.timestamp("ms", "UTC"))) == AT


@pytest.mark.parametrize(
    ("cell", "unit", "value"),
    [
        ("1:30:00", "", AT.replace(hour=10, minute=0)),
        ("01:30", "", AT.replace(hour=10, minute=0)),
        ("0:00:00.5", "", AT.replace(microsecond=500_000)),
        ("90", ", unit = 'min'", AT.replace(hour=10, minute=0)),
        ("90", "", "'90' is not a duration such as 01:30:00, of 400 days at most."),
        ("10-May", "", "'10-May' is not a duration such as 01:30:00, of 400 days at most."),
        ("999999999999:00", "", "'999999999999:00' is not a duration such as 01:30:00, of 400 days at most."),
        ("", "", None),
    ],
)
def test_a_duration_counts_from_another_time(read, cell, unit, value):
    assert read("stoppages", "to_at", cell, f"duration = 'cell', after = 'from_at'{unit}") == value


def test_every_field_of_every_raw_table_is_read_as_its_example(connection):
    for table in raw_tables():
        given = {f.name: f.example for f in delivered(table) if f.example is not None}
        types = {name: pa.scalar(value).type for name, value in given.items() if not isinstance(value, dict)}
        cells = pa.table({name: pa.array([given[name]], type_) for name, type_ in types.items()})
        block = cells.rename_columns([f"c{no}" for no in range(len(types))])
        connection.register("block", block.append_column("row_number", pa.array([1])))
        queries = rows_sql(in_the_contracts_names(table).tables[0], Delivered(types), (), ARRIVAL)
        (row,) = connection.sql(queries.rows).to_arrow_table().to_pylist()
        assert row["fault"] == 0
        assert {name: row[name] for name in types} == {name: given[name] for name in types}, table.path
