"""What holds for every contract."""

from datetime import date, datetime

import duckdb
import pytest

from schemas.contract import MOMENT_TYPES, MOMENTS, UNITS
from schemas.lineage import TABLES, days_read, days_to_remake, made_tables

EVERY_TABLE = pytest.mark.parametrize("table", TABLES.values(), ids=list(TABLES))
IN_PYTHON = {
    "string": str,
    "double": float,
    "bigint": int,
    "boolean": bool,
    "date": date,
    "timestamp": datetime,
    "map<string,string>": dict,
    "array<string>": list,
    "array<double>": list,
    "array<date>": list,
    MOMENTS: dict,
}
IN_DUCKDB = {
    "string": "varchar",
    "map<string,string>": "map(varchar, varchar)",
    "array<string>": "varchar[]",
    "array<double>": "double[]",
    "array<date>": "date[]",
    MOMENTS: f"struct({', '.join(' '.join(part) for part in MOMENT_TYPES.items())})",
}


@EVERY_TABLE
def test_names_are_unique(table):
    assert len(set(table.field_names)) == len(table.field_names)


@EVERY_TABLE
def test_the_key_is_of_required_fields(table):
    assert table.key
    # Of readings, the system is missing where there is one.
    assert all(table.field(name).required for name in table.key if name != "system")


@EVERY_TABLE
def test_the_day_comes_from_a_required_time_of_the_row(table):
    assert table.field("production_day").type == "date"
    assert table.field(table.day_of).required
    assert table.field(table.day_of).type in {"timestamp", "date"}


@EVERY_TABLE
def test_an_example_is_of_its_type(table):
    for field in table.fields:
        if field.example is None:
            assert not field.required, f"{table.path}.{field.name} is required and has no example."
        else:
            # Exact: a bool is an int, a datetime is a date.
            assert type(field.example) is IN_PYTHON[field.type], f"{table.path}.{field.name}"


@EVERY_TABLE
def test_an_example_is_within_its_limits(table):
    for field in (field for field in table.fields if field.example is not None):
        where = f"{table.path}.{field.name}"
        assert field.minimum is None or field.example >= field.minimum, where
        assert field.maximum is None or field.example <= field.maximum, where
        assert not field.values or field.example in field.values, where


@EVERY_TABLE
def test_a_measured_value_ends_in_its_unit(table):
    bare = [field.name for field in table.fields if field.type == "double" and not field.unit]
    assert not bare, f"{table.path} has {bare} without a unit; end the name in one of {list(UNITS)}."


@EVERY_TABLE
def test_a_time_ends_in_at_and_a_truth_begins_with_is_or_has(table):
    for field in table.fields:
        where = f"{table.path}.{field.name}"
        assert (field.type == "timestamp") == field.name.endswith("_at"), where
        assert (field.type == "boolean") == field.name.startswith(("is_", "has_")), where


@EVERY_TABLE
def test_a_meaning_is_a_sentence(table):
    assert table.meaning.endswith(".")
    assert not table.row.startswith(("one row", "One row")) and not table.row.endswith(".")
    for field in table.fields:
        assert field.meaning.endswith("."), f"{table.path}.{field.name}"


@EVERY_TABLE
def test_promises_are_conditions_that_duckdb_reads(table):
    names = [promise.name for promise in table.promises]
    assert len(set(names)) == len(names)
    columns = ", ".join(f"{field.name} {IN_DUCKDB.get(field.type, field.type)}" for field in table.fields)
    with duckdb.connect() as lake:
        lake.execute(f"create table day ({columns})")
        for promise in table.promises:
            lake.execute(f"select * from (select {promise.condition} as kept from day) where not kept")


def test_one_name_has_one_type():
    types: dict[str, dict[str, str]] = {}
    for table in TABLES.values():
        for field in table.fields:
            # A signal and its moments have one name.
            measured = "double" if field.type == MOMENTS else field.type
            types.setdefault(field.name, {}).setdefault(measured, table.path)
    assert not {name: found for name, found in types.items() if len(found) > 1}


def test_a_table_is_delivered_or_made_or_kept_by_the_run():
    for table in TABLES.values():
        ways = [table.layer == "raw", bool(table.made_from), table.kept_by_the_run]
        assert ways.count(True) == 1, f"{table.path} must come about in one way."


def test_a_night_makes_each_table_after_those_it_is_made_from():
    there = {table.path for table in TABLES.values() if not table.made_from}
    for table in made_tables():
        missing = {declared.table.path for declared in table.made_from} - there
        assert not missing, f"{table.path} comes before {missing}."
        there.add(table.path)
    assert there == set(TABLES)


def test_layers_point_one_way():
    rank = {"raw": 0, "core": 1, "mart": 2}
    for table in made_tables():
        assert all(rank[declared.table.layer] <= rank[table.layer] for declared in table.made_from), (
            table.path
        )


def test_a_late_delivery_remakes_the_days_that_read_it_and_no_others():
    days = [date(2026, 11, day) for day in (10, 12, 13, 20)]
    remade = days_to_remake({"raw/slabs": [date(2026, 11, 10)]}, days)
    # core/coils reads slabs three days back.
    assert remade["core/coils"] == {date(2026, 11, day) for day in (10, 12, 13)}
    assert "raw/slabs" not in remade


def test_a_window_reaches_from_its_first_day_back_to_its_last_day_ahead():
    slabs = next(i for i in TABLES["core/coils"].made_from if i.table.path == "raw/slabs")
    days = [date(2026, 11, 20), date(2026, 11, 22)]
    assert days_read(slabs, days) == (date(2026, 11, 17), date(2026, 11, 22))


def test_what_changes_in_a_month_of_the_past_makes_its_charts_not_again():
    days = [date(2026, 11, day) for day in (10, 11, 30)]
    remade = days_to_remake({"raw/setups": [date(2026, 11, 10)]}, days)
    # A set-up of the day before may be of the first coil; the charts of the 30th read both and stay.
    assert remade["mart/coil_characteristics"] == {date(2026, 11, 10), date(2026, 11, 11)}
    assert remade["mart/control_charts"] == remade["mart/process_capability"] == {days[0], days[1]}
