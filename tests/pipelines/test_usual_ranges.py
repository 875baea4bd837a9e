"""Centres and scales: of a mode where enough was rolled, else of a wider one; faults hardly move them."""

import numpy as np
import pytest

from pipelines.usual_ranges import Rows, mode_known, standardised, usual_ranges

ROWS_A_PIECE = 40


def rows_of(levels, modes, blocks, seed=1, noise=1.0):
    """Pieces with a level each and noise around it; one signal, one part."""
    chance = np.random.default_rng(seed)
    count = len(levels)
    values = np.repeat(levels, ROWS_A_PIECE)[:, None] + noise * chance.normal(size=(count * ROWS_A_PIECE, 1))
    piece = np.repeat(np.arange(count), ROWS_A_PIECE)
    return Rows(("temp_c",), values, piece, np.zeros(len(piece), np.int64), modes, np.array(blocks))


def test_a_mode_has_its_own_centre_and_a_rare_one_that_of_all():
    levels = [10.0] * 20 + [50.0] * 4
    modes = [("common", "all")] * 20 + [("rare", "all")] * 4
    ranges = usual_ranges(rows_of(levels, modes, [no % 4 for no in range(24)]))
    assert set(ranges) == {("common", 0), ("all", 0)}
    assert ranges["common", 0].centre == pytest.approx([10.0], abs=0.2)
    assert mode_known(ranges, ("rare", "all")) == "all"


def test_pieces_of_one_campaign_do_not_make_a_mode():
    ranges = usual_ranges(rows_of([10.0] * 20, [("new", "all")] * 20, [7] * 20))
    assert ("new", 0) not in ranges and ("all", 0) in ranges


def test_faulty_pieces_hardly_move_the_centre_and_widen_the_scale_on_their_side_only():
    levels = [10.0 + (30.0 if no % 12 == 0 else 0.0) for no in range(60)]
    usual = usual_ranges(rows_of(levels, [("all",)] * 60, [no % 5 for no in range(60)]))["all", 0]
    assert usual.centre == pytest.approx([10.0], abs=0.2)
    assert usual.below == pytest.approx([1.0], abs=0.15)


def test_faulty_rows_of_less_than_a_hundredth_leave_the_scale_as_it_is():
    rows = rows_of([10.0] * 60, [("all",)] * 60, [no % 5 for no in range(60)])
    values = rows.values.copy()
    values[::150] += 30.0
    usual = usual_ranges(rows._replace(values=values))["all", 0]
    assert usual.above == pytest.approx([1.0], abs=0.25)


def test_a_piece_of_an_unknown_mode_is_not_judged():
    rows = rows_of([10.0] * 20, [("known",)] * 20, [no % 4 for no in range(20)])
    assert np.isnan(standardised(rows._replace(modes=[("other",)] * 20), usual_ranges(rows))).all()


def test_a_signal_that_never_moved_is_not_judged():
    rows = rows_of([10.0] * 20, [("all",)] * 20, [no % 4 for no in range(20)], noise=0.0)
    assert np.isnan(standardised(rows, usual_ranges(rows))).all()
