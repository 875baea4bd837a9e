"""What `coilmart tables` says, exports and generates."""

import json
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from jsonschema.validators import validator_for
from open_data_contract_standard.model import OpenDataContractStandard

from jobs.odcs import odcs, write_odcs
from jobs.tables import UnknownTable, describe_table, list_tables, table_named
from jobs.tables_page import tables_page
from schemas.lineage import TABLES
from schemas.mart.coil_yields import MART_COIL_YIELDS
from schemas.mart.table_freshness import MART_TABLE_FRESHNESS
from schemas.mart.yield_ledger import MART_YIELD_LEDGER

PAGE = Path(__file__).parents[2] / "docs" / "tables.md"


@pytest.fixture
def lake(tmp_path, publish):
    days = [{"production_day": date(2026, 11, day)} for day in (20, 21)]
    publish(str(tmp_path), MART_COIL_YIELDS, *days)
    made = {"table_path": "mart/coil_yields", "made_at": datetime(2026, 11, 22, 3, tzinfo=UTC)}
    publish(str(tmp_path), MART_TABLE_FRESHNESS, made)
    return str(tmp_path)


def test_the_list_says_row_key_days_and_freshness(lake):
    listed = list_tables(lake)
    assert (
        "mart/coil_yields\n"
        f"    one row per {MART_COIL_YIELDS.row}\n"
        f"    key {', '.join(MART_COIL_YIELDS.key)}\n"
        "    2 days from 2026-11-20 to 2026-11-21, 2 rows; reaches to 2026-11-20 08:30Z; "
        "knows deliveries to 2026-11-20 08:30Z; made 2026-11-22 03:00Z\n"
    ) in listed
    assert "raw/heats\n    one row per heat\n    key heat_id\n    no rows yet\n" in listed


def test_a_contract_in_full_has_every_field_with_unit_and_limits():
    described = describe_table(MART_YIELD_LEDGER)
    assert "made from     core/coils (40 days back), core/materials (3 days back, 1 day ahead)" in described
    assert "  The accounts of a piece add up to the mass charged. (block)" in described
    crop = MART_YIELD_LEDGER.field("crop_mass_t")
    line = next(line for line in described.splitlines() if line.startswith("crop_mass_t"))
    assert " ".join(line.split()) == f"crop_mass_t double t 0 to 60; may be missing {crop.meaning}"
    assert all(f"\n{field.name} " in described for field in MART_YIELD_LEDGER.fields)


def test_a_table_is_found_by_its_path_and_by_its_name_in_sql():
    assert table_named("mart.yield_ledger") is table_named("mart/yield_ledger") is MART_YIELD_LEDGER
    with pytest.raises(UnknownTable, match="there is no mart/yield_leger; is it mart/yield_ledger?"):
        table_named("mart/yield_leger")


@pytest.fixture(scope="module")
def standard():
    """What validates a contract by the standard's own JSON schema."""
    schema = json.loads(OpenDataContractStandard.json_schema())
    validator = validator_for(schema)
    validator.check_schema(schema)
    return validator(schema)


@pytest.mark.parametrize("table", TABLES.values(), ids=TABLES)
def test_every_contract_is_one_of_the_open_data_contract_standard(standard, table):
    written = odcs(table).to_yaml()
    read = OpenDataContractStandard.from_string(written)
    assert read == odcs(table)
    standard.validate(json.loads(read.model_dump_json(exclude_none=True, by_alias=True)))


def test_the_standard_carries_key_unit_limits_and_promises():
    (schema,) = odcs(MART_YIELD_LEDGER).schema_
    fields = {field.name: field for field in schema.properties}
    assert [name for name, field in fields.items() if field.primaryKey] == ["line", "piece_id", "worked_at"]
    assert fields["crop_mass_t"].logicalTypeOptions == {"minimum": 0, "maximum": 60}
    assert fields["crop_mass_t"].customProperties[0].value == "t"
    assert [promise.severity for promise in schema.quality] == ["block", "block", "warn"]


def test_the_export_is_one_file_per_table(tmp_path):
    files = write_odcs(tmp_path)
    assert {str(file.relative_to(tmp_path)) for file in files} == {f"{path}.yaml" for path in TABLES}
    assert (
        OpenDataContractStandard.from_file(str(tmp_path / "mart" / "coil_yields.yaml")).name
        == "mart/coil_yields"
    )


def test_the_page_of_tables_is_current():
    assert PAGE.read_text(encoding="utf-8") == tables_page(), "run `coilmart tables --docs docs/tables.md`"
