"""Finished pieces on the coil that they were made from; what could be two things names both."""

from datetime import UTC, datetime

import pytest

from pipelines.cut_maps import cut_pieces
from schemas.raw.cuts import RAW_CUTS
from schemas.raw.welds import RAW_WELDS

EARLY, LATE = (datetime(2026, 11, 20, 9, minute, tzinfo=UTC) for minute in (22, 25))


@pytest.fixture
def cut(given):
    """The maps of a line's pieces, in the order in which they were finished; 360 m if not said otherwise."""

    def rows(*pieces):
        cuts = given(RAW_CUTS, *({"length_m": 360.0} | piece for piece in pieces))
        return cut_pieces(cuts, given(RAW_WELDS)).orderBy("made_at").collect()

    return rows


def test_a_coil_that_was_coiled_again_has_its_head_where_its_tail_was(cut):
    for operation in ("dividing", "cropping", "temper rolling", "re-coiling"):
        [piece] = cut({"operation": operation})
        assert piece.is_reversed


@pytest.mark.parametrize("is_turned", [True, False, None])
def test_a_strip_that_was_turned_over_has_its_bottom_on_top(cut, is_turned):
    [piece] = cut({"is_turned": is_turned})

    assert piece.is_side_flipped is is_turned


def test_temper_rolling_stretches_the_metres_of_a_piece(cut):
    cuts = {"operation": "temper rolling", "parent_from_m": 2.0, "parent_to_m": 402.0, "length_m": 404.0}
    [piece] = cut(cuts)

    assert (piece.child_to_m, piece.parent_from_m, piece.parent_to_m) == (404.0, 2.0, 402.0)
    # The shear 0.1 m at both ends, the counter 0.1 % from 2 to 402 m, in metres that are 1 % longer.
    counted = 0.001**2 * (2.0**2 + 2.0 * 402.0 + 402.0**2)
    assert piece.sigma_m == pytest.approx(((2 * 0.1**2 + counted) / 3) ** 0.5 * 1.01)


def test_an_unmeasured_piece_is_as_long_as_its_interval_but_for_its_elongation(cut):
    [sure] = cut({"length_m": None})
    [tempered] = cut({"length_m": None, "operation": "temper rolling"})

    assert sure.child_to_m == tempered.child_to_m == 360.0
    assert tempered.sigma_m == pytest.approx((sure.sigma_m**2 + 3.6**2 / 3) ** 0.5)


@pytest.mark.parametrize("place", [{"parent_from_m": None}, {"parent_to_m": 0.0}])
def test_a_piece_without_an_interval_could_be_any_part_of_its_parent(cut, place):
    [piece] = cut(place)

    assert piece.could_be == "any part of C2611200001: its interval was not delivered"
    assert piece.parent_from_m is None or piece.parent_to_m is None


def test_a_piece_without_an_operation_lies_either_way_round(cut):
    [piece] = cut({"operation": None})

    assert piece.is_reversed is None
    assert piece.could_be == "either way round: the operation was not delivered"


def test_a_piece_without_a_parent_has_no_candidates(cut):
    [piece] = cut({"parent_id": None})

    assert (piece.parent_id, piece.could_be) == (None, None)


def test_an_interval_that_is_not_as_long_as_the_piece_says_both(cut):
    [piece] = cut({"length_m": 500.0})

    assert piece.could_be == "cut as 360.0 m or measured as 500.0 m"


@pytest.mark.engines
def test_two_pieces_that_claim_the_same_metres_name_each_other(cut):
    one, other = cut(
        {"piece_id": "A", "finished_at": EARLY},
        {"piece_id": "B", "finished_at": LATE, "parent_from_m": 300.0, "parent_to_m": 660.0},
    )

    claims = "these metres of C2611200001 are also"
    assert one.could_be == f"{claims} B (300.0 to 660.0 m of C2611200001, 2026-11-20 09:25:00 UTC)"
    assert other.could_be == f"{claims} A (0.0 to 360.0 m of C2611200001, 2026-11-20 09:22:00 UTC)"
    assert (one.parent_from_m, one.parent_to_m) == (0.0, 360.0)


@pytest.mark.engines
def test_two_pieces_of_one_number_name_each_other(cut):
    one, other = cut(
        {"piece_id": "A", "finished_at": EARLY},
        {"piece_id": "A", "finished_at": LATE, "parent_from_m": 360.0, "parent_to_m": 720.0},
    )

    number = "the number A is also of"
    assert one.could_be == f"{number} A (360.0 to 720.0 m of C2611200001, 2026-11-20 09:25:00 UTC)"
    assert other.could_be == f"{number} A (0.0 to 360.0 m of C2611200001, 2026-11-20 09:22:00 UTC)"


def test_a_piece_that_is_worked_on_under_its_number_is_no_doubt(cut):
    again = {"parent_id": "A", "piece_id": "A", "operation": "re-coiling", "finished_at": LATE}
    pieces = cut({"piece_id": "A", "finished_at": EARLY}, again)

    assert [piece.could_be for piece in pieces] == [None, None]


@pytest.mark.parametrize("other", [{"line": "FIN2"}, {"operation": "cropping"}, {"parent_id": "C2"}])
def test_metres_that_are_worked_twice_are_no_doubt(cut, other):
    pieces = cut({"piece_id": "A", "finished_at": EARLY}, {"piece_id": "B", "finished_at": LATE} | other)

    assert [piece.could_be for piece in pieces] == [None, None]


@pytest.mark.parametrize(
    "again",
    [
        {"piece_id": "C2611200001", "parent_from_m": 360.0, "parent_to_m": 720.0},
        {"piece_id": "C2611200001", "parent_id": "C2"},
    ],
)
def test_a_number_given_again_is_a_doubt_only_where_the_other_was_not_made_of_it(cut, again):
    """The pieces of a coil that bear its number are two of one number; a number may pass on once."""
    kept, *_ = cut({"piece_id": "C2611200001", "finished_at": EARLY}, {"finished_at": LATE} | again)

    assert (kept.could_be is not None) == ("parent_id" not in again)


def test_pieces_of_two_parents_cannot_have_one_number(cut):
    one, other = cut(
        {"piece_id": "A", "finished_at": EARLY}, {"piece_id": "A", "parent_id": "C2", "finished_at": LATE}
    )

    assert one.could_be == "the number A is also of A (0.0 to 360.0 m of C2, 2026-11-20 09:25:00 UTC)"
    assert other.could_be is not None
