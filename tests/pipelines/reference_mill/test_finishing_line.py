from datetime import date

import pytest

from pipelines.reference_mill import Mill
from pipelines.reference_mill.finishing_line import finishing_day

MILL = Mill(coils_a_day=300, days=10)
DAY = date(2026, 11, 25)


def test_pieces_and_scrap_of_a_coil_are_its_mass():
    for job in finishing_day(MILL, DAY).jobs:
        made_t = sum(piece.mass_t for piece in job.pieces) + sum(mass_t for _, mass_t in job.scrap_t)
        assert made_t == pytest.approx(job.rolled.masses.coil_t[job.slab_no], rel=1e-9)


def test_pieces_lie_on_their_coil_one_behind_the_other():
    for job in finishing_day(MILL, DAY).jobs:
        borders = [border for piece in job.pieces for border in (piece.from_m, piece.to_m)]
        assert borders == sorted(borders)
        assert all(0 < border < job.rolled.length_m[job.slab_no] for border in borders)


def test_dividing_makes_two_or_three_pieces_and_all_else_one():
    for job in finishing_day(MILL, DAY).jobs:
        cut = len(job.pieces) + sum(kind == "scrapped piece" for kind, _ in job.scrap_t)
        assert cut in ((2, 3) if job.operation == "dividing" else (1,))


def test_the_work_of_a_day_fits_into_what_is_planned():
    jobs = finishing_day(MILL, DAY).jobs

    assert 30 < len(jobs) < 70
    assert jobs[-1].finished_s < finishing_day(MILL, DAY).planned_s
    assert [job.finished_s for job in jobs] == sorted(job.finished_s for job in jobs)


def test_the_line_has_nothing_to_do_before_the_mill_has_rolled():
    first = finishing_day(MILL, MILL.first_day)

    assert first.jobs == ()
    assert first.planned_s == 0
