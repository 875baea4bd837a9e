from datetime import UTC, datetime, timedelta

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipelines.reference_mill import CLEAN, Dirt
from pipelines.reference_mill.arrow_tables import delivered_schema
from pipelines.reference_mill.dirt import SENTINEL, dirty_readings, dirty_rows
from schemas.raw.furnace_readings import RAW_FURNACE_READINGS
from schemas.raw.scrap import RAW_SCRAP
from schemas.raw.stoppages import RAW_STOPPAGES

MINUTE = datetime(2026, 11, 20, 6, tzinfo=UTC)


def weighings(count):
    return [{"weighing_id": f"W{no}", "line": "HSM", "mass_t": 0.1 + no} for no in range(count)]


def furnace_minutes(count):
    rows = [
        {
            "slab_id": "S1",
            "sampled_at": MINUTE + timedelta(minutes=no),
            "furnace": "RF1",
            "zone": "soaking",
            "top_zone_temp_c": 1250.0,
            "bottom_zone_temp_c": None if no % 7 == 0 else 1240.0,
            "core_temp_c": 1000.0 + no,
        }
        for no in range(count)
    ]
    return pa.Table.from_pylist(rows, schema=delivered_schema(RAW_FURNACE_READINGS))


shares = st.floats(0, 0.3)


@given(count=st.integers(0, 200), twice=shares, keyless=shares, bad=shares, seed=st.integers(0, 1000))
def test_what_is_planted_in_rows_is_what_is_counted(count, twice, keyless, bad, seed):
    dirt = Dirt(duplicate_row=twice, keyless_row=keyless, bad_text=bad)
    rows, planted = dirty_rows(RAW_SCRAP, weighings(count), dirt, np.random.default_rng(seed))
    ids = [row["weighing_id"] for row in rows if row["weighing_id"] is not None]

    assert len(rows) == count + planted.duplicate_rows
    assert len(ids) - len(set(ids)) == planted.duplicate_rows
    assert sum(row["weighing_id"] is None for row in rows) == planted.keyless_rows
    assert sum(isinstance(row["mass_t"], str) for row in rows) == planted.bad_text_cells
    assert all(row["weighing_id"] for row in rows if isinstance(row["mass_t"], str))


@given(count=st.integers(0, 200), twice=shares, keyless=shares, cells=shares, seed=st.integers(0, 1000))
def test_what_is_planted_in_readings_is_what_is_counted(count, twice, keyless, cells, seed):
    dirt = Dirt(duplicate_row=twice, keyless_row=keyless, sentinel_cell=cells, not_a_number_cell=cells)
    clean = furnace_minutes(count)
    dirty, planted = dirty_readings(RAW_FURNACE_READINGS, clean, dirt, np.random.default_rng(seed))
    temperatures = [dirty[name] for name in ("top_zone_temp_c", "bottom_zone_temp_c", "core_temp_c")]

    assert dirty.num_rows == count + planted.duplicate_rows
    assert len(dirty.group_by("sampled_at").aggregate([])) == count
    assert dirty["slab_id"].null_count == planted.keyless_rows
    assert counted(pc.equal(column, SENTINEL) for column in temperatures) == planted.sentinel_cells
    assert counted(pc.is_nan(column) for column in temperatures) == planted.not_a_number_cells
    assert dirty.schema == clean.schema


def counted(columns):
    return sum(pc.sum(column).as_py() or 0 for column in columns)


def test_a_plant_in_order_delivers_what_it_has():
    chance = np.random.default_rng(1)

    assert dirty_rows(RAW_SCRAP, weighings(50), CLEAN, chance)[0] == weighings(50)
    assert dirty_readings(RAW_FURNACE_READINGS, furnace_minutes(50), CLEAN, chance)[0] == furnace_minutes(50)


def test_what_was_missing_stays_missing_beside_a_bad_cell():
    dirt = Dirt(duplicate_row=0, keyless_row=0, sentinel_cell=0.05, not_a_number_cell=0)
    clean = furnace_minutes(140)
    dirty, planted = dirty_readings(RAW_FURNACE_READINGS, clean, dirt, np.random.default_rng(1))
    bottom, before = dirty["bottom_zone_temp_c"], clean["bottom_zone_temp_c"]
    filled = counted([pc.and_(pc.is_null(before), pc.equal(bottom, SENTINEL).fill_null(False))])

    assert planted.sentinel_cells > 0
    assert bottom.null_count == before.null_count - filled


def test_a_word_is_planted_where_a_number_should_be():
    rows, _ = dirty_rows(RAW_SCRAP, weighings(20), Dirt(bad_text=1), np.random.default_rng(1))
    words = [row["mass_t"] for row in rows if isinstance(row["mass_t"], str)]

    assert len(words) >= 15
    for word in words:
        with pytest.raises(ValueError):
            float(word)


def test_a_table_without_numbers_has_none_to_spoil():
    stoppages = [{"stoppage_id": f"D{no}", "line": "HSM", "reason": "cobble"} for no in range(9)]
    rows, planted = dirty_rows(
        RAW_STOPPAGES, stoppages, Dirt(duplicate_row=0, keyless_row=0, bad_text=1), np.random.default_rng(1)
    )

    assert rows == stoppages
    assert planted.bad_text_cells == 0
