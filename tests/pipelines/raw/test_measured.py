"""Measurements that are numbers already go as they are, and say the same of a bad cell as any other."""

import pyarrow as pa
import pytest

from pipelines.raw.measured import measured
from pipelines.raw.source_toml import source_map

READINGS = """
[[table]]
table = "furnace_readings"
files = "*"
[table.columns]
slab_id = "slab"
sampled_at = "at"
top_zone_temp_c = ENTRY
"""


def taken(values, entry="'top'", toml=READINGS):
    table_map = source_map(toml.replace("ENTRY", entry), "source.toml").tables[0]
    return measured(table_map, pa.table({"top": pa.chunked_array([pa.array(values)])}))


def test_a_column_within_its_limits_is_the_same_column():
    found = taken([-40.0, None, 1500.0])
    assert found.values["top_zone_temp_c"].to_pylist() == [-40.0, None, 1500.0]
    assert len(found.faults) == 0


def test_a_bad_cell_of_a_reading_becomes_empty_and_says_why():
    found = taken([20.0, -999.0, None, float("nan"), 1500.5, float("-inf")])
    assert found.values["top_zone_temp_c"].to_pylist() == [20.0, None, None, None, None, None]
    assert [tuple(fault.values()) for fault in found.faults.to_pylist()] == [
        (1, "top_zone_temp_c", "-999.0 is below -40 °C, the least that can be.", "-999.0"),
        (3, "top_zone_temp_c", "'nan' is not a finite number.", "nan"),
        (4, "top_zone_temp_c", "1500.5 is above 1500 °C, the most that can be.", "1500.5"),
        (5, "top_zone_temp_c", "'-inf' is not a finite number.", "-inf"),
    ]


@pytest.mark.parametrize(
    "entry", ["{ column = 'top', unit = 'degF' }", "{ column = 'top', null_words = ['0'] }", "'else'"]
)
def test_a_column_that_needs_work_is_left_to_others(entry):
    assert taken([20.0], entry).values == {}


def test_a_column_of_another_type_is_left_to_others():
    assert taken(["20.0"]).values == {}
    assert taken([20]).values == {}


def test_a_bad_cell_of_an_entity_is_left_to_others_since_it_costs_the_row():
    coils = (
        READINGS.replace("furnace_readings", "coils")
        .replace("slab_id", "coil_id")
        .replace("sampled_at", "coiled_at")
    )
    coils = coils.replace("top_zone_temp_c", "mass_t") + "[table.constants]\nline = 'HSM'\n"
    assert list(taken([20.0], toml=coils).values) == ["mass_t"]
    assert taken([20.0, 99.0], toml=coils).values == {}
