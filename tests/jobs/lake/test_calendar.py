"""A lake counts its days in one way."""

from dataclasses import replace

import pytest

from jobs.lake.calendar import CalendarError, settle_calendar


def test_a_lake_keeps_the_calendar_of_its_first_run(settings):
    settle_calendar(settings)
    settle_calendar(settings)
    with pytest.raises(CalendarError, match="from 6 h in UTC and this run from 6 h in Europe/Vienna"):
        settle_calendar(replace(settings, time_zone="Europe/Vienna"))


def test_another_lake_may_count_otherwise(settings, tmp_path):
    settle_calendar(settings)
    settle_calendar(replace(settings, lake=str(tmp_path / "other"), day_starts_at_h=0))
