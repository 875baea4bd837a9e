from datetime import date

import pandas as pd
import pytest

from pipelines.reference_mill import Mill
from pipelines.reference_mill.finished_pieces import finished_pieces
from pipelines.reference_mill.finishing_line import finishing_day
from pipelines.reference_mill.pieces import cut_table, weld_table
from pipelines.reference_mill.truth import finishing_line_truth

MILL = Mill(coils_a_day=300, days=10)
DAY = date(2026, 11, 25)
BUSY = Mill(coils_a_day=600, days=5, seed=3)
WELDED_PIECES = [
    piece for day in BUSY.all_days for piece in finished_pieces(BUSY, day) if len(piece.parts) > 1
]


def test_pieces_and_scrap_of_a_coil_are_its_mass():
    for job in finishing_day(MILL, DAY).jobs:
        made_t = sum(piece.mass_t for piece in job.pieces) + sum(mass_t for _, mass_t in job.scrap_t)
        assert made_t == pytest.approx(job.rolled.masses.coil_t[job.slab_no], rel=1e-9)


def test_pieces_lie_on_their_coil_one_behind_the_other_and_that_of_the_tail_comes_first():
    for job in finishing_day(MILL, DAY).jobs:
        borders = [border for piece in job.pieces for border in (piece.to_m, piece.from_m)]
        assert borders == sorted(borders, reverse=True)
        assert [piece.finished_s for piece in job.pieces] == sorted(piece.finished_s for piece in job.pieces)
        assert all(0 < border < job.rolled.length_m[job.slab_no] for border in borders)


def test_dividing_makes_two_or_three_pieces_and_all_else_one():
    for job in finishing_day(MILL, DAY).jobs:
        cut = len(job.pieces) + sum(kind == "scrapped piece" for kind, _ in job.scrap_t)
        assert cut in ((2, 3) if job.operation == "dividing" else (1,))


def test_the_truth_of_a_piece_is_what_the_cut_says_the_other_way_round_and_now_and_then_turned():
    truth = finishing_line_truth(MILL, DAY).to_pandas().dropna(subset="piece_id").set_index("piece_id")
    cuts = cut_table(MILL, DAY).to_pandas().dropna(subset="parent_id").set_index("piece_id")
    truth = truth.loc[cuts.index]
    stretched = truth.length_m / (truth.to_m - truth.from_m)

    assert truth.from_m.to_numpy() == pytest.approx(cuts.parent_from_m.to_numpy(), abs=0.01)
    assert truth.to_m.to_numpy() == pytest.approx(cuts.parent_to_m.to_numpy(), abs=0.01)
    assert truth.length_m.to_numpy() == pytest.approx(cuts.length_m.to_numpy(), abs=0.06)
    assert truth.is_reversed.all()
    assert (truth.is_side_flipped == cuts.is_turned).all()
    assert 0.1 < truth.is_side_flipped.mean() < 0.5
    # Temper rolling elongates by 0.6 to 1.4 %, all else by nothing.
    assert ((stretched > 1.005) == (truth.operation == "temper rolling")).all()


def test_a_welded_piece_is_the_head_of_a_divided_coil_and_behind_it_the_next_of_its_order():
    welded = [(piece, *piece.parts) for piece in WELDED_PIECES]

    assert len(welded) > 3
    for piece, one, other in welded:
        jobs = [part.job for part in (one, other)]
        assert one.job.operation == piece.operation == "dividing" and other.job.operation != "temper rolling"
        assert one.piece == one.job.pieces[-1] and other.piece == other.job.pieces[0]
        assert len({job.rolled.orders.order_id[job.rolled.slabs.order_no[job.slab_no]] for job in jobs}) == 1
        assert one.piece.width_mm == pytest.approx(other.piece.width_mm, abs=10)
        assert one.thickness_mm == pytest.approx(other.thickness_mm, rel=0.03)
        assert (one.from_m, one.to_m) == (0.0, other.from_m)
        assert one.job.finished_s <= piece.finished_s <= other.job.finished_s


def test_the_cuts_tell_a_welded_piece_as_a_whole_and_the_welds_its_parts():
    [parts, cuts, truth] = (
        pd.concat(table(BUSY, day).to_pandas() for day in BUSY.all_days)
        for table in (weld_table, cut_table, finishing_line_truth)
    )
    truth = truth[truth.piece_id.isin(parts.piece_id)].sort_values(
        ["production_day", "piece_id", "piece_from_m"]
    )
    whole = cuts.set_index("piece_id").loc[parts.piece_id.unique()]
    made_t = truth.groupby("piece_id", sort=False).mass_t.sum().loc[whole.index]

    assert whole.parent_id.isna().all() and whole.is_turned.isna().all()
    assert len(parts) == 2 * len(whole) == len(truth)
    assert whole.mass_t.to_numpy() == pytest.approx(made_t.to_numpy(), abs=0.04)
    assert list(parts.parent_id) == list(truth.coil_id) and list(parts.is_turned) == list(
        truth.is_side_flipped
    )
    for told, true in (("parent_from_m", "from_m"), ("parent_to_m", "to_m")):
        assert parts[told].to_numpy() == pytest.approx(truth[true].to_numpy(), abs=0.01)
    # The line tells a weld with a standard deviation of 0.15 m.
    for end in ("piece_from_m", "piece_to_m"):
        assert parts[end].to_numpy() == pytest.approx(truth[end].to_numpy(), abs=0.7)


def test_the_work_of_a_day_fits_into_what_is_planned():
    jobs = finishing_day(MILL, DAY).jobs

    assert 30 < len(jobs) < 70
    assert jobs[-1].finished_s < finishing_day(MILL, DAY).planned_s
    assert [job.finished_s for job in jobs] == sorted(job.finished_s for job in jobs)


def test_the_line_has_nothing_to_do_before_the_mill_has_rolled():
    first = finishing_day(MILL, MILL.first_day)

    assert first.jobs == ()
    assert first.planned_s == 0
