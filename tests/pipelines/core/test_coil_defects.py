"""Detections come to their place on the hot coil, each once, and what has no place says why."""

from datetime import UTC, date, datetime

import pytest

from pipelines.core.coil_defects import coil_defects
from schemas.core.coil_defects import CORE_COIL_DEFECTS
from schemas.core.coils import CORE_COILS
from schemas.core.length_maps import CORE_LENGTH_MAPS
from schemas.raw.inspections import RAW_INSPECTIONS
from schemas.raw.surface_defects import RAW_SURFACE_DEFECTS

COIL = {"coil_id": "C1", "length_m": 700.0, "line": "HSM"}
SEEN = {"material_id": "C1", "line": "HSM", "side": "top", "from_m": 100.0, "to_m": 101.0}
WHOLE = {"material_id": "C1", "side": "top", "from_m": 0.0, "to_m": 700.0}
HALF = {
    "child_kind": "piece",
    "child_id": "C1A",
    "line": "FIN1",
    "made_at": datetime(2026, 11, 21, 9, tzinfo=UTC),
    "production_day": date(2026, 11, 21),
    "child_to_m": 300.0,
    "parent_id": "C1",
    "parent_from_m": 400.0,
    "parent_to_m": 700.0,
    "is_reversed": True,
    "is_side_flipped": True,
    "sigma_m": 0.5,
}
ON_HALF = {
    "material_id": "C1A",
    "line": "FIN1",
    "inspection_system": "SIS FIN1",
    "detected_at": datetime(2026, 11, 21, 8, 50, tzinfo=UTC),
    "production_day": date(2026, 11, 21),
}


@pytest.fixture
def placed(given):
    """The defects of some detections, by their number."""

    def made(*detections, coils=({},), maps=(), inspections=(WHOLE,)):
        numbered = [SEEN | {"detection_no": no} | seen for no, seen in enumerate(detections, 1)]
        frame = coil_defects(
            given(CORE_COILS, *(COIL | coil for coil in coils)),
            given(CORE_LENGTH_MAPS, *maps) if maps else given(CORE_LENGTH_MAPS, HALF).where("false"),
            given(RAW_SURFACE_DEFECTS, *numbered),
            given(RAW_INSPECTIONS, *inspections)
            if inspections
            else given(RAW_INSPECTIONS, {}).where("false"),
        )
        return frame.select(*CORE_COIL_DEFECTS.field_names).orderBy("defect_id").collect()

    return made


@pytest.mark.engines
def test_the_counter_of_the_inspection_is_stretched_to_the_length_of_the_coil(placed):
    [defect] = placed({"from_m": 343.0, "to_m": 343.7}, inspections=[WHOLE | {"to_m": 686.0}])

    assert (defect.from_m, defect.to_m) == pytest.approx((350.0, 350.714), abs=1e-3)
    # Both ends are seen to 0.2 m, and 350 m of a counter are sure to 0.35 m.
    assert defect.sigma_m == pytest.approx((0.2**2 + 0.35**2) ** 0.5)
    assert (defect.coil_id, defect.defect_id, defect.doubt) == ("C1", "SIS HSM/C1/1", None)


def test_a_place_is_as_delivered_and_of_unknown_error_where_the_lengths_cannot_be_compared(placed):
    [untold] = placed({}, inspections=())
    [half_seen] = placed({}, inspections=[WHOLE | {"to_m": 400.0}])

    assert (untold.from_m, untold.sigma_m, untold.doubt) == (100.0, None, None)
    assert (half_seen.from_m, half_seen.sigma_m) == (100.0, None)


def test_what_the_camera_missed_counts_for_the_length_too(placed):
    off = WHOLE | {"from_m": 340.0, "to_m": 686.0, "state": "off"}
    [defect] = placed({"from_m": 343.0, "to_m": 343.0}, inspections=[WHOLE | {"to_m": 340.0}, off])

    assert defect.from_m == pytest.approx(350.0)


@pytest.mark.engines
def test_a_defect_of_a_piece_lies_where_the_piece_was_on_the_coil(placed):
    [defect] = placed(ON_HALF | {"from_m": 40.0, "to_m": 42.0}, maps=[HALF], inspections=())

    # The piece is the coil's metres 400 to 700, the other way round and turned over.
    assert (defect.from_m, defect.to_m, defect.side) == (658.0, 660.0, "bottom")
    assert (defect.coil_id, defect.production_day) == ("C1", date(2026, 11, 21))
    assert (defect.from_edge_mm, defect.doubt) == (None, None)


def test_a_piece_of_a_piece_is_followed_to_the_coil(placed):
    quarter = HALF | {
        "child_id": "C1AB",
        "made_at": datetime(2026, 11, 21, 12, tzinfo=UTC),
        "child_to_m": 101.0,
        "parent_id": "C1A",
        "parent_from_m": 0.0,
        "parent_to_m": 100.0,
    }
    told = [
        {
            "material_id": "C1AB",
            "inspection_system": "SIS FIN1",
            "to_m": 101.0,
            "production_day": HALF["production_day"],
        }
    ]
    [defect] = placed(
        ON_HALF | {"material_id": "C1AB", "from_m": 10.1, "to_m": 10.1},
        maps=[HALF, quarter],
        inspections=told,
    )

    # 10.1 m of the quarter are 90 m of the half, which are 610 m of the coil; two turns are none.
    assert (defect.from_m, defect.side) == (pytest.approx(610.0), "top")
    # 0.5 m of the quarter's own map, 0.5 m of the half's and the counter's 0.2 m, a hundredth apart in scale.
    assert defect.sigma_m == pytest.approx((0.5**2 + 0.505**2 + 0.2**2 + 0.0101**2) ** 0.5 / 1.01, rel=1e-3)


def test_a_side_that_nobody_told_is_missing_with_the_reason(placed):
    [defect] = placed(ON_HALF | {"from_m": 40.0}, maps=[HALF | {"is_side_flipped": None}], inspections=())

    assert (defect.side, defect.from_m) == (None, pytest.approx(599.0))
    assert defect.doubt == "nobody told whether the strip was turned over"


@pytest.mark.parametrize(
    ("detection", "says"),
    [
        ({"material_id": "C9"}, "C9 is no coil or piece that is known"),
        ({"from_m": 720.0, "to_m": 721.0}, "720.0 to 721.0 m lies outside a strip of 700.0 m"),
        ({"from_m": None}, "its place was not delivered"),
        ({"from_m": 102.0}, "its box ends before it begins"),
    ],
)
def test_what_has_no_place_says_why_and_is_not_lost(placed, detection, says):
    [defect] = placed(detection)

    assert (defect.from_m, defect.sigma_m, defect.doubt) == (None, None, says)
    assert defect.coil_id == (None if "material_id" in detection else "C1")


def test_a_box_at_the_tail_that_the_counter_puts_a_little_behind_it_ends_with_the_strip(placed):
    [defect] = placed({"from_m": 699.5, "to_m": 700.9})

    assert (defect.from_m, defect.to_m, defect.doubt) == (699.5, 700.0, None)


def test_a_number_that_two_pieces_bear_is_not_guessed(placed):
    again = HALF | {
        "made_at": datetime(2026, 11, 21, 15, tzinfo=UTC),
        "parent_from_m": 0.0,
        "parent_to_m": 300.0,
    }
    [defect] = placed(ON_HALF, maps=[HALF, again], inspections=())

    assert (defect.coil_id, defect.from_m) == ("C1", None)
    assert defect.doubt == "could be any of 2 pieces of the number C1A"


def test_a_piece_with_its_coils_number_is_told_from_it_by_the_line(placed):
    same_number = HALF | {"child_id": "C1"}
    on_coil, on_piece = placed({}, ON_HALF | {"material_id": "C1"}, maps=[same_number])

    assert (on_piece.from_m, on_coil.from_m) == (100.0, 599.0)


@pytest.mark.engines
def test_overlapping_boxes_are_one_defect_told_by_the_most_confident(placed):
    box = {"from_m": 100.0, "to_m": 101.0, "from_edge_mm": 400.0, "to_edge_mm": 440.0}
    again = box | {"from_m": 100.6, "to_m": 101.4, "from_edge_mm": 430.0, "to_edge_mm": 460.0}
    other_side, elsewhere = box | {"side": "bottom"}, box | {"from_edge_mm": 900.0, "to_edge_mm": 950.0}
    defects = placed(
        box | {"confidence_pct": 60.0},
        again | {"confidence_pct": 80.0, "inspection_system": "SIS 2"},
        other_side,
        elsewhere | {"confidence_pct": None},
    )

    assert [defect.defect_id for defect in defects] == ["SIS 2/C1/2", "SIS HSM/C1/3", "SIS HSM/C1/4"]
    assert [defect.detections_n for defect in defects] == [2, 1, 1]


def test_marks_beside_a_long_scratch_stay_marks_of_their_own(placed):
    scratch = {"from_m": 100.0, "to_m": 120.0, "from_edge_mm": 300.0, "to_edge_mm": 304.0}
    marks = [
        {"from_m": m, "to_m": m + 0.05, "from_edge_mm": 800.0, "to_edge_mm": 820.0}
        for m in (104.0, 106.2, 108.4)
    ]

    assert [defect.detections_n for defect in placed(scratch, *marks)] == [1, 1, 1, 1]


def test_a_strip_inspected_before_midnight_and_coiled_after_it_is_known_with_its_coil(placed):
    just_before = {
        "detected_at": datetime(2026, 11, 21, 5, 59, tzinfo=UTC),
        "production_day": date(2026, 11, 20),
    }
    coiled = {"production_day": date(2026, 11, 21), "coiled_at": datetime(2026, 11, 21, 6, 1, tzinfo=UTC)}
    [known] = placed(
        just_before, coils=[coiled], inspections=[WHOLE | {"production_day": date(2026, 11, 21)}]
    )
    [unknown] = placed(just_before | {"material_id": "C9"})

    assert (known.production_day, known.sigma_m is None) == (date(2026, 11, 21), False)
    assert unknown.production_day == date(2026, 11, 21)
