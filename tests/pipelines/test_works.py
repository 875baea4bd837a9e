"""Scrap belongs to the work that it fell off, and every weighing to one work at most."""

from datetime import UTC, date, datetime, timedelta

import pytest

from pipelines.works import pieces_made, scrap_of_works
from pipelines.works_of_parents import by_parents
from schemas.core.length_maps import CORE_LENGTH_MAPS
from schemas.core.materials import CORE_MATERIALS

DAY = date(2026, 11, 20)


def when(hour, minute=0, day=0):
    """A moment of the production day, which starts at 06:00, and the day itself."""
    at = datetime(2026, 11, 20, hour, minute, tzinfo=UTC) + timedelta(days=day)
    return {"made_at": at, "production_day": (at - timedelta(hours=6)).date()}


def coil(**told):
    return when(8) | {"material_id": "C1", "parent_id": "S1"} | told


def piece(operation="dividing", **told):
    made = {"material_kind": "piece", "line": "FIN1", "operation": operation, "parent_id": "C1"}
    return when(12) | made | {"material_id": "C1A"} | told


def scrap(parent, **told):
    mine = {"material_id": "W1", "material_kind": "scrap", "scrap_kind": "trim", "operation": None}
    return when(9) | mine | {"line": "FIN1", "parent_id": parent} | told


@pytest.fixture
def work_of(given):
    """Line, piece, operation and day of the work that the only weighing belongs to."""

    def named(*materials):
        frame = given(CORE_MATERIALS, *materials)
        pieces = by_parents(pieces_made(frame), given(CORE_LENGTH_MAPS))
        [row] = scrap_of_works(frame, pieces).collect()
        return row.line, row.piece_id, row.operation, row.production_day

    return named


@pytest.mark.engines
@pytest.mark.parametrize("number", ["S1", "C1"])
def test_scrap_names_the_piece_that_went_in_or_one_that_came_out(work_of, number):
    assert work_of(coil(), scrap(number, line="HSM")) == ("HSM", "S1", "rolling", DAY)


def test_scrap_of_a_coil_on_another_line_is_that_lines(work_of):
    assert work_of(coil(), piece(), scrap("C1")) == ("FIN1", "C1", "dividing", DAY)


@pytest.mark.engines
@pytest.mark.parametrize(("hour", "day"), [(7, 1), (5, 2), (5, 0)])
def test_scrap_weighed_within_a_day_belongs_to_the_day_of_the_work(work_of, hour, day):
    assert work_of(piece(), scrap("C1", **when(hour, day=day))) == ("FIN1", "C1", "dividing", DAY)


def test_scrap_weighed_two_days_later_is_of_no_work_that_is_known(work_of):
    weighed_on = DAY + timedelta(days=2)

    assert work_of(piece(), scrap("C1", **when(9, day=2))) == ("FIN1", "C1", None, weighed_on)


@pytest.mark.engines
def test_the_work_of_the_same_day_goes_before_a_nearer_one_of_another(work_of):
    before, after = piece(**when(6, 10, day=1)), piece(material_id="C1B", **when(23, day=1))

    early = work_of(piece(**when(22)), before, after, scrap("C1", **when(5, 50, day=1)))
    late = work_of(piece(**when(5, 50, day=1)), after, scrap("C1", **when(6, 10, day=1)))

    assert (early[-1], late[-1]) == (DAY, DAY + timedelta(days=1))


def test_the_day_before_goes_before_the_day_after(work_of):
    yesterday, tomorrow = piece(), piece(material_id="C1B", **when(12, day=2))

    assert work_of(yesterday, tomorrow, scrap("C1", **when(23, day=1)))[-1] == DAY


@pytest.mark.engines
def test_of_several_works_of_a_day_the_nearest_in_time(work_of):
    tempered, divided = piece("temper rolling", **when(10)), piece("dividing", **when(15))

    assert work_of(tempered, divided, scrap("C1", **when(14, 30)))[2] == "dividing"


def test_scrap_that_names_no_piece_stands_for_itself(work_of):
    assert work_of(piece(), scrap(None)) == ("FIN1", "W1", None, DAY)
