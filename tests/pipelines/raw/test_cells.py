"""Cells as delivered become values, or a fault with a reason that a plant engineer understands."""

import pyarrow as pa
import pytest

from pipelines.raw.cells import Delivered
from pipelines.raw.rows import rows_sql
from pipelines.raw.source_map import in_the_contracts_names
from schemas.lineage import raw_tables
from schemas.raw_table import delivered


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


def test_every_field_of_every_raw_table_is_read_as_its_example(connection, arrival):
    for table in raw_tables():
        given = {f.name: f.example for f in delivered(table) if f.example is not None}
        types = {name: pa.scalar(value).type for name, value in given.items() if not isinstance(value, dict)}
        cells = pa.table({name: pa.array([given[name]], type_) for name, type_ in types.items()})
        block = cells.rename_columns([f"c{no}" for no in range(len(types))])
        connection.register("block", block.append_column("row_number", pa.array([1])))
        queries = rows_sql(in_the_contracts_names(table).tables[0], Delivered(types), (), arrival)
        (row,) = connection.sql(queries.rows).to_arrow_table().to_pylist()
        assert row["fault"] == 0
        assert {name: row[name] for name in types} == {name: given[name] for name in types}, table.path
