"""Inspected metres of a coil: each metre of a side in one state of a system, and none where nobody looked."""

from datetime import UTC, date, datetime

import pytest

from pipelines.core.coil_inspections import coil_inspections
from schemas.core.coil_inspections import CORE_COIL_INSPECTIONS
from schemas.core.coils import CORE_COILS
from schemas.core.length_maps import CORE_LENGTH_MAPS
from schemas.raw.inspections import RAW_INSPECTIONS

TOLD = {"material_id": "C1", "line": "HSM", "side": "top", "from_m": 0.0, "to_m": 700.0, "state": "working"}
HALF = {
    "child_kind": "piece",
    "child_id": "C1A",
    "line": "FIN1",
    "made_at": datetime(2026, 11, 20, 20, tzinfo=UTC),
    "child_to_m": 300.0,
    "parent_id": "C1",
    "parent_from_m": 400.0,
    "parent_to_m": 700.0,
    "is_reversed": True,
    "is_side_flipped": True,
}


@pytest.fixture
def inspected(given):
    """Side, from, to and state of the inspected intervals, in order."""

    def made(*told, maps=(HALF,)):
        frame = coil_inspections(
            given(CORE_COILS, {"coil_id": "C1", "length_m": 700.0, "line": "HSM"}),
            given(CORE_LENGTH_MAPS, *maps),
            given(RAW_INSPECTIONS, *(TOLD | row for row in told)),
        )
        rows = frame.select(*CORE_COIL_INSPECTIONS.field_names).orderBy("side", "from_m").collect()
        assert {row.production_day for row in rows} <= {date(2026, 11, 20)}
        return [(row.side, row.from_m, row.to_m, row.state) for row in rows]

    return made


@pytest.mark.engines
def test_metres_that_were_off_are_in_no_row_and_neighbours_of_one_state_are_one(inspected):
    told = inspected(
        {"to_m": 200.0},
        {"from_m": 200.0, "to_m": 300.0},
        {"from_m": 300.0, "to_m": 500.0, "state": "off"},
        {"from_m": 500.0, "to_m": 700.0, "state": "degraded"},
        {"side": "bottom"},
    )

    assert told == [
        ("bottom", 0.0, 700.0, "working"),
        ("top", 0.0, 300.0, "working"),
        ("top", 500.0, 700.0, "degraded"),
    ]


@pytest.mark.engines
def test_where_two_intervals_claim_a_metre_the_worse_state_holds(inspected):
    told = inspected(
        {},
        {"from_m": 100.0, "to_m": 200.0, "state": "off"},
        {"from_m": 150.0, "to_m": 300.0, "state": "degraded"},
    )

    assert told == [
        ("top", 0.0, 100.0, "working"),
        ("top", 200.0, 300.0, "degraded"),
        ("top", 300.0, 700.0, "working"),
    ]


def test_intervals_are_stretched_to_the_length_of_the_coil(inspected):
    told = inspected({"to_m": 343.0}, {"from_m": 343.0, "to_m": 686.0, "state": "degraded"})

    assert told == [("top", 0.0, 350.0, "working"), ("top", 350.0, 700.0, "degraded")]


def test_an_interval_without_an_end_lasts_to_the_next_and_the_last_one_tells_nothing(inspected):
    told = inspected({"to_m": None}, {"from_m": 300.0, "to_m": None, "state": "degraded"})

    assert told == [("top", 0.0, 300.0, "working")]


def test_an_inspected_piece_is_inspected_metres_of_its_coil(inspected):
    piece = {"material_id": "C1A", "line": "FIN1"}
    told = inspected(piece | {"to_m": 100.0}, piece | {"from_m": 100.0, "to_m": 300.0, "state": "off"})

    assert told == [("bottom", 600.0, 700.0, "working")]


def test_what_is_of_no_known_piece_tells_of_no_metre(inspected):
    assert inspected({"material_id": "C9"}) == []
    assert (
        inspected(
            {"material_id": "C1A", "line": "FIN1", "to_m": 300.0},
            maps=[HALF, HALF | {"made_at": datetime(2026, 11, 20, 22, tzinfo=UTC)}],
        )
        == []
    )


def test_a_state_that_was_not_told_stays_untold(inspected):
    assert inspected({"state": None}) == [("top", 0.0, 700.0, None)]
