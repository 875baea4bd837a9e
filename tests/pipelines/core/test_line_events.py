"""Events of a line are cut where shifts and production days end, and no minute of them is lost."""

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import HealthCheck
from hypothesis import given as for_all
from hypothesis import settings as trying
from hypothesis import strategies as st

from pipelines.core.line_events import line_events
from schemas.raw.roll_changes import RAW_ROLL_CHANGES
from schemas.raw.shift_calendar import RAW_SHIFT_CALENDAR
from schemas.raw.stoppages import RAW_STOPPAGES

DAY = date(2026, 11, 20)


def at(hour, minute=0, day=20):
    return datetime(2026, 11, day, hour, minute, tzinfo=UTC)


THREE_SHIFTS = (
    {"shift": "A", "from_at": at(6), "to_at": at(14)},
    {"shift": "B", "from_at": at(14), "to_at": at(22)},
    {"shift": "C", "from_at": at(22), "to_at": at(6, day=21)},
)


@pytest.fixture
def events(given):
    """The parts of the events, in order of time."""

    def made(stoppages=(), shifts=(), roll_changes=(), kind="stoppage", **mill):
        frame = line_events(
            given(RAW_STOPPAGES, *stoppages),
            given(RAW_SHIFT_CALENDAR, *shifts),
            given(RAW_ROLL_CHANGES, *roll_changes),
            **mill,
        )
        return frame.where(f"event_kind = '{kind}'").orderBy("line", "event_id", "from_at").collect()

    return made


def clock(moment):
    # PySpark gives moments in the zone of this machine, without saying so.
    return moment.astimezone(UTC).strftime("%d %H:%M")


@pytest.mark.engines
def test_a_stoppage_over_the_end_of_a_shift_becomes_two_parts_and_one_start(events):
    early, late = events([{"from_at": at(13, 50), "to_at": at(14, 20)}], THREE_SHIFTS)

    assert (early.shift, early.duration_min, early.is_start) == ("A", 10.0, True)
    assert (late.shift, late.duration_min, late.is_start) == ("B", 20.0, False)
    assert clock(early.to_at) == clock(late.from_at) == "20 14:00"


def test_a_stoppage_over_the_start_of_the_mills_day_belongs_to_both_days(events):
    before, after = events([{"from_at": at(5, 30), "to_at": at(6, 15)}])

    assert (before.production_day, before.duration_min) == (date(2026, 11, 19), 30.0)
    assert (after.production_day, after.duration_min) == (DAY, 15.0)


@pytest.mark.engines
def test_a_stoppage_that_ends_with_the_day_has_no_part_in_the_next(events):
    [part] = events([{"from_at": at(5, 30), "to_at": at(6)}])

    assert (part.production_day, part.duration_min) == (date(2026, 11, 19), 30.0)


@pytest.mark.engines
def test_the_day_starts_at_the_mills_own_hour(events):
    vienna = {"time_zone": "Europe/Vienna", "day_starts_at_h": 5}

    before, after = events([{"from_at": at(3, 30), "to_at": at(4, 15)}], **vienna)

    assert (clock(before.to_at), clock(after.from_at)) == ("20 04:00", "20 04:00")


@pytest.mark.engines
def test_time_between_shifts_is_kept_and_is_not_scheduled(events):
    day_shift = {"shift": "A", "from_at": at(8), "to_at": at(16)}

    parts = events([{"from_at": at(7), "to_at": at(17)}], [day_shift])

    assert [(part.shift, part.is_scheduled, part.duration_min) for part in parts] == [
        (None, False, 60.0),
        ("A", True, 480.0),
        (None, False, 60.0),
    ]


@pytest.mark.engines
def test_without_a_calendar_nothing_is_said_of_the_schedule(events):
    [part] = events([{"from_at": at(7), "to_at": at(8)}])

    assert (part.shift, part.is_scheduled) == (None, None)


def test_a_shift_that_was_not_to_run_is_not_scheduled(events):
    holiday = {"shift": "A", "from_at": at(6), "to_at": at(14), "is_planned": False}

    [part] = events([{"from_at": at(7), "to_at": at(8)}], [holiday])

    assert (part.shift, part.is_scheduled) == ("A", False)


@pytest.mark.engines
def test_a_stoppage_that_still_lasts_is_cut_at_the_end_of_each_day(events):
    first, second, *_ = events([{"from_at": at(22), "to_at": None}])

    assert (first.production_day, first.duration_min) == (DAY, 480.0)
    assert (second.production_day, second.duration_min) == (date(2026, 11, 21), 1440.0)
    assert first.event_to_at is None and first.fault.startswith("no end is logged")


@pytest.mark.engines
def test_a_stoppage_that_ends_before_it_starts_is_kept_without_length(events):
    [part] = events([{"from_at": at(9), "to_at": at(8)}])

    assert (part.duration_min, clock(part.event_to_at)) == (0.0, "20 08:00")
    assert part.fault.startswith("ends before it starts")


def test_a_stoppage_longer_than_it_is_followed_says_so(events):
    parts = events([{"from_at": at(6, day=1), "to_at": at(6, day=20)}])

    assert len(parts) == 8
    assert {part.fault for part in parts} == {"lasts longer than the 7 days over which it is followed"}


@pytest.mark.engines
def test_of_two_shifts_that_overlap_the_later_one_takes_over(events):
    late, early = {"shift": "B", "from_at": at(13)}, {"shift": "A", "from_at": at(6)}

    shifts = events(shifts=[late | {"to_at": at(22)}, early | {"to_at": at(14)}], kind="shift")

    assert [(shift.shift, shift.duration_min) for shift in shifts] == [("A", 420.0), ("B", 540.0)]


@pytest.mark.engines
def test_a_roll_change_has_a_moment_a_place_and_a_shift(events):
    [change] = events(shifts=THREE_SHIFTS, roll_changes=[{"changed_at": at(14)}], kind="roll change")

    assert (change.event_id, change.shift, change.duration_min) == ("F3 top work", "B", 0.0)
    assert change.reason == "WR-1042 for WR-1017"


MOMENTS = st.integers(0, 3 * 24 * 60).map(lambda minute: at(0, day=19) + timedelta(minutes=minute))
STOPPAGES = st.lists(st.tuples(MOMENTS, MOMENTS).map(sorted), min_size=1, max_size=30)
CALENDARS = st.lists(
    st.tuples(MOMENTS, st.integers(60, 900), st.booleans()), max_size=8, unique_by=lambda s: s[0]
)


@trying(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@for_all(stoppages=STOPPAGES, calendar=CALENDARS)
def test_whatever_the_calendar_the_parts_are_the_stoppage(events, stoppages, calendar):
    named = [
        {"stoppage_id": f"D{no:02}", "from_at": begin, "to_at": end}
        for no, (begin, end) in enumerate(stoppages)
    ]
    shifts = [
        {
            "shift": f"S{no}",
            "from_at": begin,
            "to_at": begin + timedelta(minutes=length),
            "is_planned": planned,
        }
        for no, (begin, length, planned) in enumerate(calendar)
    ]

    parts = events(named, shifts, time_zone="Europe/Vienna")

    for stoppage in named:
        own = [part for part in parts if part.event_id == stoppage["stoppage_id"]]
        length = (stoppage["to_at"] - stoppage["from_at"]).total_seconds() / 60
        assert sum(part.duration_min for part in own) == length
        assert [part.to_at for part in own[:-1]] == [part.from_at for part in own[1:]]
        assert [part.is_start for part in own] == [True] + [False] * (len(own) - 1)
