"""mart/defect_traces: a defect on coil, slab and strand, with what was not normal there."""

import pytest

from pipelines.mart.defect_traces import defect_traces
from schemas.core.coil_defects import CORE_COIL_DEFECTS
from schemas.core.length_maps import CORE_LENGTH_MAPS
from schemas.mart.defect_traces import MART_DEFECT_TRACES
from schemas.mart.process_faults import MART_PROCESS_FAULTS

pytestmark = pytest.mark.engines

COIL_ON_SLAB = {"child_kind": "hot coil", "child_id": "C1", "child_from_m": 0.0, "child_to_m": 900.0}
COIL_ON_SLAB |= {
    "parent_id": "S1",
    "parent_from_m": 0.5,
    "parent_to_m": 9.5,
    "sigma_m": 3.0,
    "is_reversed": False,
}
SLAB_ON_STRAND = {"child_kind": "slab", "child_id": "S1", "child_from_m": 0.0, "child_to_m": 10.0}
SLAB_ON_STRAND |= {"parent_id": "strand 1", "parent_from_m": 200.0, "parent_to_m": 210.0, "sigma_m": 0.01}
SLAB_ON_STRAND |= {"is_reversed": False, "line": "RF1"}
DEFECT = {"defect_id": "d", "coil_id": "C1", "from_m": 450.0, "to_m": 452.0, "sigma_m": 4.0, "doubt": None}


def fault(**fields):
    return {"coil_id": "C1", "is_sensor": False, "sigma_m": 0.0, "strength_ratio": 2.0} | fields


@pytest.fixture
def traced(given):
    def traced(*faults, defect=DEFECT, maps=(COIL_ON_SLAB, SLAB_ON_STRAND)):
        rows = defect_traces(
            given(CORE_COIL_DEFECTS, defect),
            given(CORE_LENGTH_MAPS, *maps),
            given(MART_PROCESS_FAULTS, *faults),
        )
        assert set(MART_DEFECT_TRACES.field_names) == set(rows.columns)
        return {(row.piece_kind, row.suspect_no): row for row in rows.collect()}

    return traced


def test_a_defect_is_followed_to_slab_and_strand_with_its_error(traced):
    found = traced()
    # A metre of this coil is a centimetre of slab: 0.5 + 450 / 100; the errors 4 m and 3 m make 5 m of coil.
    on_slab, on_strand = found["slab", 0], found["strand", 0]
    assert (on_slab.piece_id, on_slab.from_m, on_slab.to_m) == ("S1", pytest.approx(5.0), pytest.approx(5.02))
    assert on_slab.sigma_m == pytest.approx(0.05)
    assert (on_strand.piece_id, on_strand.from_m) == ("strand 1", pytest.approx(205.0))
    # sqrt(0.05^2 + 0.01^2)
    assert on_strand.sigma_m == pytest.approx(0.05099, abs=1e-5)
    assert not any(row.is_ambiguous for row in found.values())


def test_on_a_turned_piece_the_order_of_metres_is_reversed(traced):
    found = traced(maps=(COIL_ON_SLAB | {"is_reversed": True}, SLAB_ON_STRAND))
    # 9.5 - 452 / 100 to 9.5 - 450 / 100
    assert (found["slab", 0].from_m, found["slab", 0].to_m) == (pytest.approx(4.98), pytest.approx(5.0))


def test_a_fault_is_a_suspect_on_the_piece_that_its_step_works_on(traced):
    found = traced(
        fault(step="casting", from_m=440.0, to_m=470.0), fault(step="finishing", from_m=100.0, to_m=110.0)
    )
    assert found["strand", 1].step == "casting"
    assert (found["strand", 1].distance_m, found["strand", 1].fault_from_m) == (0.0, 440.0)
    assert {("hot coil", 0), ("slab", 0)} <= set(found)


def test_a_fault_beside_the_defect_is_a_suspect_within_two_errors_and_not_beyond(traced):
    # 4 m of the defect and 3 m of the fault are 5 m: a distance of 9 m is within two, one of 11 m is not.
    near = fault(step="finishing", detector="SPE", from_m=461.0, to_m=480.0, sigma_m=3.0)
    far = fault(step="finishing", detector="T2", from_m=463.0, to_m=480.0, sigma_m=3.0)
    found = traced(near, far)
    assert [(row.detector, row.distance_m) for (kind, no), row in found.items() if no] == [("SPE", 9.0)]


def test_two_faults_at_a_place_are_both_told_the_nearest_first(traced):
    found = traced(
        fault(step="finishing", detector="T2", from_m=455.0, to_m=460.0),
        fault(step="finishing", detector="SPE", from_m=440.0, to_m=460.0),
    )
    assert [found["hot coil", no].detector for no in (1, 2)] == ["SPE", "T2"]
    assert found["hot coil", 1].is_ambiguous
    assert found["hot coil", 1].doubt == "2 process faults lie at this place"


def test_a_faulty_sensor_is_no_suspect(traced):
    found = traced(fault(step="finishing", from_m=440.0, to_m=470.0, is_sensor=True))
    assert found["hot coil", 0].suspects_n == 0


def test_a_slab_of_which_two_maps_hold_is_not_guessed(traced):
    other = COIL_ON_SLAB | {"parent_id": "S2", "line": "other"}
    found = traced(maps=(COIL_ON_SLAB, other, SLAB_ON_STRAND))
    assert (found["slab", 0].piece_id, found["slab", 0].from_m) == (None, None)
    assert found["slab", 0].doubt == "could be on S1 or S2"


def test_a_defect_without_a_map_stays_with_the_reason(traced):
    found = traced(maps=())
    assert found["slab", 0].doubt == "no map of lengths tells what it was made from"
    assert found["hot coil", 0].doubt is None
