"""Welded pieces on the parents that they were made of; what is told twice, or not at all, is a doubt."""

import pytest

from pipelines.cut_maps import cut_pieces
from schemas.raw.cuts import RAW_CUTS
from schemas.raw.welds import RAW_WELDS
from tests.pipelines.one_weld import EARLY, FIRST, SECOND, WELDED


@pytest.fixture
def parts(given):
    """The parts' maps by number: of W1, 500 m, made of 300 m of C1 and 200 m of C2 unless a test says so."""

    def rows(first=(), second=(), piece=(), more=(), cuts=()):
        told = [FIRST | dict(first), SECOND | dict(second), *more]
        pieces = [WELDED | dict(piece), *cuts]
        maps = cut_pieces(given(RAW_CUTS, *pieces), given(RAW_WELDS, *told))
        return {row.part_no: row for row in maps.where("child_id = 'W1'").orderBy("part_no").collect()}

    return rows


def where(row):
    return row.child_from_m, row.child_to_m, row.parent_id, row.parent_from_m, row.parent_to_m


@pytest.mark.engines
def test_each_part_of_a_welded_piece_lies_on_its_own_parent(parts):
    first, second = parts(first={"is_turned": True}, piece={"is_turned": False}).values()

    assert where(first) == (0.0, 300.0, "C1", 400.0, 700.0)
    assert where(second) == (300.0, 500.0, "C2", 1.0, 201.0)
    assert (first.is_reversed, second.is_reversed) == (True, True)
    assert (first.is_side_flipped, second.is_side_flipped) == (True, False), "else as the piece"
    assert (first.mass_share_pct, second.mass_share_pct) == pytest.approx((60.0, 40.0))
    assert first.could_be is None and second.could_be is None


def test_the_order_is_that_of_the_metres_and_not_of_the_numbers(parts):
    found = parts(first={"part_no": 7})

    assert where(found[7])[:3] == (0.0, 300.0, "C1")


def test_the_place_of_a_weld_has_an_error_of_its_own_at_each_end_that_is_welded(parts):
    middle = SECOND | {"part_no": 3, "parent_id": "C3", "piece_from_m": 500.0, "piece_to_m": 600.0}
    middle |= {"parent_to_m": 101.0}
    found = parts(piece={"length_m": 600.0}, more=[middle])

    def without_welds(from_m, to_m):
        return (2 * 0.1**2 + 0.001**2 * (from_m**2 + from_m * to_m + to_m**2)) / 3

    assert found[1].sigma_m == pytest.approx((without_welds(400, 700) + 0.3**2 / 3) ** 0.5)
    assert found[2].sigma_m == pytest.approx((without_welds(1, 201) + 2 * 0.3**2 / 3) ** 0.5)


@pytest.mark.engines
def test_a_part_ends_where_the_next_begins_and_the_last_with_the_piece(parts):
    first, second = parts(first={"piece_to_m": None}, second={"piece_to_m": None}).values()

    assert (first.child_to_m, second.child_to_m) == (300.0, 500.0)
    assert first.could_be is None


def test_the_parts_stretch_evenly_to_the_measured_length_of_the_piece(parts):
    first, second = parts(piece={"length_m": 505.0, "operation": "temper rolling"}).values()

    assert (first.child_to_m, second.child_from_m, second.child_to_m) == (303.0, 303.0, 505.0)


def test_a_piece_without_a_length_is_as_long_as_its_parts(parts):
    assert parts(piece={"length_m": None})[2].child_to_m == 500.0


@pytest.mark.engines
@pytest.mark.parametrize(
    ("told", "says"),
    [
        ({"second": {"piece_from_m": 290.0}}, "C1 (0.0 to 300.0 m), C2 (290.0 to 500.0 m)"),
        ({"second": {"piece_from_m": 310.0}}, "C1 (0.0 to 300.0 m), C2 (310.0 to 500.0 m)"),
        ({"first": {"piece_from_m": 5.0}}, "C1 (5.0 to 300.0 m), C2 (300.0 to 500.0 m)"),
        ({"second": {"piece_from_m": None}}, "C1 (0.0 to 300.0 m), C2 (? to 500.0 m)"),
        ({"second": {"piece_to_m": 600.0}}, "C1 (0.0 to 300.0 m), C2 (300.0 to 600.0 m)"),
        ({"second": {"piece_to_m": 290.0}}, "C1 (0.0 to 300.0 m), C2 (300.0 to 290.0 m)"),
        (
            {"first": {"piece_to_m": None}, "second": {"piece_from_m": 0.0}},
            "C1 (0.0 to ? m), C2 (0.0 to 500.0 m)",
        ),
    ],
    ids=["overlap", "gap", "head", "place of a weld", "another length", "backwards", "order"],
)
def test_parts_that_do_not_cover_their_piece_once_could_be_anywhere_on_it(parts, told, says):
    first, second = parts(**told).values()

    for part in (first, second):
        assert part.could_be.startswith(f"the parts of W1 do not cover its 500.0 m once: {says}")
        assert (part.child_from_m, part.child_to_m, part.sigma_m) == (0.0, 500.0, None)


def test_without_any_length_nobody_knows_where_the_last_part_ends(parts):
    first, second = parts(piece={"length_m": None}, second={"piece_to_m": None}).values()

    assert "do not cover its ? m once" in first.could_be and second.child_to_m is None


def test_a_decimetre_between_neighbours_is_rounding_and_no_gap(parts):
    first, second = parts(first={"piece_to_m": 299.95, "piece_from_m": 0.05}).values()

    assert (first.child_from_m, first.child_to_m, second.child_from_m) == (0.0, 300.0, 300.0)
    assert first.could_be is None


def test_a_part_that_is_longer_than_its_interval_says_both(parts):
    found = parts(first={"parent_from_m": 300.0})

    assert found[1].could_be == "cut as 400.0 m or measured as 300.0 m"
    assert found[2].could_be is None


def test_a_part_of_an_unknown_parent_leaves_the_others_their_place(parts):
    found = parts(first={"parent_id": None})

    assert (found[1].could_be, found[1].missing) == (None, "not known: the piece that it was made from")
    assert where(found[2]) == (300.0, 500.0, "C2", 1.0, 201.0)


@pytest.mark.engines
def test_metres_of_a_parent_that_are_used_twice_name_each_other(parts):
    again = {"parent_id": "C1", "parent_from_m": 600.0, "parent_to_m": 800.0}
    found = parts(second=again)
    cut = {"piece_id": "X", "parent_id": "C2", "operation": "re-coiling", "finished_at": EARLY}
    cut |= {"parent_from_m": 0.0, "parent_to_m": 360.0}

    claims = "these metres of C1 are also W1"
    assert found[1].could_be == f"{claims} (600.0 to 800.0 m of C1, 2026-11-20 09:25:00 UTC)"
    assert found[2].could_be == f"{claims} (400.0 to 700.0 m of C1, 2026-11-20 09:25:00 UTC)"
    assert parts(cuts=[cut])[2].could_be.startswith("these metres of C2 are also X (0.0 to 360.0 m")


def test_a_coil_welded_again_where_a_fault_was_cut_out_is_no_doubt(parts):
    found = parts(second={"parent_id": "C1"})

    assert [row.could_be for row in found.values()] == [None, None]
    assert where(found[2]) == (300.0, 500.0, "C1", 1.0, 201.0)


def test_a_parent_in_raw_cuts_that_raw_welds_does_not_know_is_told(parts):
    known, other = parts(piece={"parent_id": "C2"}), parts(piece={"parent_id": "C9"})

    assert known[1].could_be is None
    assert other[1].could_be == (
        "raw/cuts names C9 as parent, raw/welds C1 (0.0 to 300.0 m), C2 (300.0 to 500.0 m)"
    )
    assert (other[1].mass_share_pct, other[1].child_to_m) == (None, 300.0)


def test_parts_of_a_piece_that_raw_cuts_does_not_have_say_so(parts):
    assert "raw/cuts has no piece W1 of that time" in parts(piece={"finished_at": EARLY})[2].could_be


@pytest.mark.parametrize("nothing", [{"piece_to_m": None}, {"piece_from_m": None, "piece_to_m": None}])
def test_a_piece_may_be_told_as_one_part(given, nothing):
    [row] = cut_pieces(
        given(RAW_CUTS, WELDED | {"length_m": 300.0}), given(RAW_WELDS, FIRST | nothing)
    ).collect()

    assert (where(row), row.mass_share_pct) == ((0.0, 300.0, "C1", 400.0, 700.0), 100.0)


def test_of_a_piece_that_lost_a_part_nobody_knows_the_share_of_the_other(given):
    [row] = cut_pieces(given(RAW_CUTS, WELDED), given(RAW_WELDS, SECOND)).collect()

    assert row.could_be == "the parts of W1 do not cover its 500.0 m once: C2 (300.0 to 500.0 m)"
    assert row.mass_share_pct is None


@pytest.mark.engines
@pytest.mark.parametrize(
    ("told", "share_pct"),
    [
        ({"first": {"mass_t": 9.0}, "second": {"mass_t": 3.0}}, 75.0),
        # 300 m of 3 mm and 200 m of 2 mm.
        ({"second": {"thickness_mm": 2.0}}, 100 * 900 / 1300),
        ({"first": {"mass_t": 9.0}}, 60.0),
        ({"piece": {"thickness_mm": None}}, 60.0),
        # By the metres of the parents, where nobody told the weld.
        ({"first": {"piece_to_m": None}, "second": {"piece_from_m": None, "parent_to_m": 181.0}}, 62.5),
        ({"second": {"piece_from_m": None, "parent_to_m": None}}, None),
        # 3.1 t of 12 t: a part that weighed the rest did not arrive.
        ({"first": {"mass_t": 2.0}, "second": {"mass_t": 1.1}}, 60.0),
        # 300 m and 200 m of 700 m.
        ({"piece": {"length_m": 700.0}}, None),
    ],
    ids=["told", "by section", "told in part", "no section", "of the parents", "not known", "light", "short"],
)
def test_the_mass_is_divided_by_what_each_parent_gave(parts, told, share_pct):
    first, second = parts(**told).values()

    assert first.mass_share_pct == pytest.approx(share_pct)
    assert share_pct is None or first.mass_share_pct + second.mass_share_pct == pytest.approx(100)
