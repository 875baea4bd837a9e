"""The defects of a reference mill against its truth: they lie where they are said to, within the error."""

import numpy as np
import pandas as pd
import pytest

from pipelines.core.coil_defects import coil_defects
from pipelines.core.coil_inspections import coil_inspections
from pipelines.reference_mill import CLEAN, Mill
from pipelines.reference_mill.defect_truth import surface_defect_truth
from pipelines.reference_mill.inspection import TWICE, detections
from pipelines.reference_mill.inspection_tables import defect_table, inspection_table, intervals
from pipelines.reference_mill.mill import Dirt
from pipelines.reference_mill.pieces import coil_table
from pipelines.reference_mill.rolling_day import rolling_day
from schemas.core.coil_defects import CORE_COIL_DEFECTS
from schemas.core.coils import CORE_COILS
from schemas.core.length_maps import CORE_LENGTH_MAPS
from schemas.raw.inspections import RAW_INSPECTIONS
from schemas.raw.surface_defects import RAW_SURFACE_DEFECTS

# A seed that nobody had looked at when the errors were set; its cameras fail in every way.
FAILS = Dirt(**{**vars(CLEAN), "inspection_failure": 1.0})
MILL = Mill(seed=83, days=2, coils_a_day=60, dirt=FAILS, causes=3, roll_marks=0.6)


@pytest.fixture(scope="module")
def delivered():
    """Table -> its rows of both days."""

    def rows(table):
        days = MILL.all_days
        return [
            row | {"production_day": day}
            for day in days
            for row in table(MILL, day).to_pylist(maps_as_pydicts="strict")
        ]

    return {
        CORE_COILS: [{name: row.get(name) for name in CORE_COILS.field_names} for row in rows(coil_table)],
        RAW_SURFACE_DEFECTS: rows(defect_table),
        RAW_INSPECTIONS: rows(inspection_table),
    }


@pytest.fixture
def inputs(given, delivered):
    """Coils, maps, detections and inspections as the pipelines take them."""
    coils, found, inspected = (given(table, *rows) for table, rows in delivered.items())
    return coils, given(CORE_LENGTH_MAPS, {}).where("false"), found, inspected


def test_defects_lie_where_they_truly_are_within_the_stated_error(inputs):
    placed = coil_defects(*inputs).select(*CORE_COIL_DEFECTS.field_names).toPandas()
    true = pd.concat([surface_defect_truth(MILL, day).to_pandas() for day in MILL.all_days])
    placed["detection_no"] = placed.defect_id.str.split("/").str[-1].astype("int64")
    both = placed.merge(true, on=["coil_id", "detection_no"], suffixes=("", "_true"))
    compared = both[both.sigma_m.notna()]
    off = (compared.from_m - compared.from_m_true).abs() / compared.sigma_m
    shares = [np.mean(off <= sigmas) for sigmas in (1, 2, 3)]

    assert len(compared) > 1000
    # A normal error: 68, 95 and 99.7 %. The mill's cameras and counters are kinder than the error says.
    assert shares[0] > 0.75 and shares[1] > 0.97 and shares[2] > 0.995
    assert (both.side == both.side_true).all()
    assert placed.doubt.isna().all()


def test_each_detection_is_in_one_defect_and_the_boxes_that_came_twice_are_joined(inputs):
    placed = coil_defects(*inputs).toPandas()
    found_n = sum(len(detections(MILL, day).slab_no) for day in MILL.all_days)

    assert placed.detections_n.sum() == found_n
    assert placed.defect_id.is_unique
    assert (placed.detections_n > 1).mean() == pytest.approx(TWICE, abs=0.015)


def test_inspected_metres_are_those_that_passed_working_or_degraded_cameras(inputs):
    coils, maps, _, inspected = inputs
    made = coil_inspections(coils, maps, inspected).toPandas()
    true = {}
    for day in MILL.all_days:
        rolled = rolling_day(MILL, day)
        for one in intervals(rolled):
            if one.state != "off":
                key = (rolled.coil_id(one.slab_no), one.side, one.state)
                true[key] = true.get(key, 0.0) + one.to_m - one.from_m
    found = (made.to_m - made.from_m).groupby([made.coil_id, made.side, made.state]).sum().to_dict()

    assert {state for *_, state in true} == {"working", "degraded"}
    assert set(found) == set(true)
    for key, metres in true.items():
        assert found[key] == pytest.approx(metres, abs=0.004 * metres + 1.0), key
