from datetime import date

import pytest

from pipelines.reference_mill import Mill
from pipelines.reference_mill.finishing_line import finishing_day
from pipelines.reference_mill.pieces import cut_table
from pipelines.reference_mill.truth import finishing_line_truth

MILL = Mill(coils_a_day=300, days=10)
DAY = date(2026, 11, 25)


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
    cuts = cut_table(MILL, DAY).to_pandas().set_index("piece_id").loc[truth.index]
    stretched = truth.length_m / (truth.to_m - truth.from_m)

    assert truth.from_m.to_numpy() == pytest.approx(cuts.parent_from_m.to_numpy(), abs=0.01)
    assert truth.to_m.to_numpy() == pytest.approx(cuts.parent_to_m.to_numpy(), abs=0.01)
    assert truth.length_m.to_numpy() == pytest.approx(cuts.length_m.to_numpy(), abs=0.06)
    assert truth.is_reversed.all()
    assert (truth.is_side_flipped == cuts.is_turned).all()
    assert 0.1 < truth.is_side_flipped.mean() < 0.5
    # Temper rolling elongates by 0.6 to 1.4 %, all else by nothing.
    assert ((stretched > 1.005) == (truth.operation == "temper rolling")).all()


def test_the_work_of_a_day_fits_into_what_is_planned():
    jobs = finishing_day(MILL, DAY).jobs

    assert 30 < len(jobs) < 70
    assert jobs[-1].finished_s < finishing_day(MILL, DAY).planned_s
    assert [job.finished_s for job in jobs] == sorted(job.finished_s for job in jobs)


def test_the_line_has_nothing_to_do_before_the_mill_has_rolled():
    first = finishing_day(MILL, MILL.first_day)

    assert first.jobs == ()
    assert first.planned_s == 0
