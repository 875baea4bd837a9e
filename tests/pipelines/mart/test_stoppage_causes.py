"""Stopped time by cause."""

from datetime import UTC, datetime

import pytest

from pipelines.mart.stoppage_causes import stoppage_causes
from schemas.core.line_events import CORE_LINE_EVENTS
from schemas.mart.line_efficiency import MART_LINE_EFFICIENCY
from schemas.mart.stoppage_causes import MART_STOPPAGE_CAUSES


@pytest.fixture
def causes(given):
    def rows(*stops, efficiency=({},)):
        frame = stoppage_causes(given(CORE_LINE_EVENTS, *stops), given(MART_LINE_EFFICIENCY, *efficiency))
        return frame.select(*MART_STOPPAGE_CAUSES.field_names).orderBy("line", "rank").collect()

    return rows


def stop(reason, first_minute, last_minute, **told):
    hour = {"from_at": first_minute, "to_at": last_minute}
    times = {name: datetime(2026, 11, 20, 8, minute, tzinfo=UTC) for name, minute in hour.items()}
    return {"reason": reason, "event_id": f"{reason} {first_minute}"} | times | told


@pytest.mark.engines
def test_the_cause_that_stopped_longest_comes_first(causes):
    cobble, gauge = causes(stop("gauge", 0, 5), stop("cobble", 10, 25), stop("cobble", 30, 35))

    assert (cobble.reason, cobble.rank, cobble.stoppages, cobble.stopped_min) == ("cobble", 1, 2, 20.0)
    assert (gauge.share_of_stopped_pct, cobble.share_of_stopped_pct) == pytest.approx((20.0, 80.0))


@pytest.mark.engines
def test_equal_causes_are_ranked_by_how_often_then_by_name(causes):
    ranked = causes(stop("b", 0, 10), stop("a", 10, 20), stop("c", 20, 25), stop("c", 30, 35))

    assert [cause.reason for cause in ranked] == ["c", "a", "b"]


def test_a_part_carried_over_has_minutes_and_no_start(causes):
    [cause] = causes(stop("cobble", 0, 10, is_start=False))

    assert (cause.stoppages, cause.stopped_min) == (0, 10.0)


def test_what_the_plant_does_not_name_is_missing_and_not_planned(causes):
    [cause] = causes(stop(None, 0, 10, category=None, equipment=None, is_planned=None))

    assert (cause.reason, cause.category, cause.equipment) == ("(missing)",) * 3
    assert cause.is_planned is False


def test_planned_and_unplanned_stops_for_one_reason_are_two_causes(causes):
    assert len(causes(stop("roll change", 0, 10, is_planned=True), stop("roll change", 20, 25))) == 2


def test_the_production_time_of_the_day_stands_beside_each_cause(causes):
    [cause] = causes(
        stop("cobble", 0, 10),
        efficiency=[
            {"shift": "A", "actual_production_min": 400.0},
            {"shift": "all", "actual_production_min": 1_200.0},
        ],
    )

    assert cause.actual_production_min == 1_200.0


def test_shifts_and_roll_changes_are_no_stoppages(causes):
    assert causes(stop("A", 0, 50, event_kind="shift")) == []
