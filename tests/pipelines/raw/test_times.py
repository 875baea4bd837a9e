"""A time, as plants write it, becomes a moment or a fault that says why."""

from datetime import UTC, datetime

import pyarrow as pa
import pytest

AT = datetime(2026, 11, 20, 8, 30, tzinfo=UTC)
NO_TIME = "is not a time such as 2026-11-20T08:30:00Z (years 1900 to 2200)."


@pytest.mark.parametrize(
    ("cell", "value"),
    [
        ("2026-11-20T08:30:00Z", AT),
        ("2026-11-20 08:30Z", AT),
        ("2026-11-20T09:30:00+01:00", AT),
        ("2026-11-20 09:30:00 +0100", AT),
        ("2026-11-20T08:30:00.5Z", AT.replace(microsecond=500_000)),
        ("2026-02-30T08:30:00Z", f"'2026-02-30T08:30:00Z' {NO_TIME}"),
        ("2026-11-20T25:00:00Z", f"'2026-11-20T25:00:00Z' {NO_TIME}"),
        ("0206-11-20T08:30:00Z", f"'0206-11-20T08:30:00Z' {NO_TIME}"),
        ("infinity", f"'infinity' {NO_TIME}"),
        ("epoch", f"'epoch' {NO_TIME}"),
        ("20.11.2026 08:30", f"'20.11.2026 08:30' {NO_TIME}"),
    ],
)
def test_a_time_with_its_offset(read, cell, value):
    assert read("coils", "coiled_at", cell) == value


@pytest.mark.parametrize("cell", ["2026-11-20T08:30:00", "2026-11-20", "2026-11-20T08:30:00+25:00"])
def test_a_time_that_does_not_say_its_zone_is_no_moment(read, cell):
    remedy = "write an offset such as +01:00, or set time_zone in a source.toml."
    assert read("coils", "coiled_at", cell) == f"'{cell}' does not say its time zone: {remedy}"


VIENNA = "time_zone = 'Europe/Vienna'"


@pytest.mark.parametrize(
    ("cell", "value"),
    [
        ("2026-11-20 09:30", AT),
        ("2026-11-20 08:30Z", AT),
        ("2024-03-31 01:59:59", datetime(2024, 3, 31, 0, 59, 59, tzinfo=UTC)),
        ("2024-03-31 02:30", "02:30 on 31 March 2024 does not exist in Europe/Vienna: the clock skips it."),
        ("2024-03-31 03:00", datetime(2024, 3, 31, 1, 0, tzinfo=UTC)),
        ("2024-04-01 02:30", datetime(2024, 4, 1, 0, 30, tzinfo=UTC)),
        ("2024-10-27 01:59", datetime(2024, 10, 26, 23, 59, tzinfo=UTC)),
        (
            "2024-10-27 02:30",
            "02:30 on 27 October 2024 occurs twice in Europe/Vienna: "
            "set ambiguous_hour in source.toml to earlier or later.",
        ),
        ("2024-10-27 03:00", datetime(2024, 10, 27, 2, 0, tzinfo=UTC)),
        ("2024-10-28 02:30", datetime(2024, 10, 28, 1, 30, tzinfo=UTC)),
        ("9999-12-31 23:59", f"'9999-12-31 23:59' {NO_TIME}"),
    ],
)
def test_a_local_time(read, cell, value):
    assert read("coils", "coiled_at", cell, source=VIENNA) == value


@pytest.mark.parametrize(("which", "hour"), [("earlier", 0), ("later", 1)])
def test_an_hour_that_occurs_twice(read, which, hour):
    source = f"{VIENNA}\nambiguous_hour = '{which}'"
    at = datetime(2024, 10, 27, hour, 30, tzinfo=UTC)
    assert read("coils", "coiled_at", "2024-10-27 02:30", source=source) == at


def test_the_clock_may_change_by_half_an_hour(read):
    source = "time_zone = 'Australia/Lord_Howe'"
    assert "occurs twice" in read("coils", "coiled_at", "2024-04-07 01:45", source=source)
    assert "does not exist" in read("coils", "coiled_at", "2024-10-06 02:15", source=source)


@pytest.mark.parametrize(
    ("cell", "format", "value"),
    [
        ("20.11.2026 09:30", "'%d.%m.%Y %H:%M'", AT),
        ("11/20/26 09:30", "['%d.%m.%Y %H:%M', '%m/%d/%y %H:%M']", AT),
        ("20261120083000+0000", "'%Y%m%d%H%M%S%z'", AT),
        ("1795163400", "'epoch s'", AT),
        ("1795163400000", "'epoch ms'", AT),
        ("x", "'epoch s'", "'x' is not a time as epoch s (years 1900 to 2200)."),
        ("1e300", "'epoch s'", "'1e300' is not a time as epoch s (years 1900 to 2200)."),
        (
            "30.02.2024 10:00",
            "'%d.%m.%Y %H:%M'",
            "'30.02.2024 10:00' is not a time written as %d.%m.%Y %H:%M (years 1900 to 2200).",
        ),
    ],
)
def test_a_time_as_the_plant_writes_it(read, cell, format, value):
    assert read("coils", "coiled_at", cell, f"column = 'cell', format = {format}", VIENNA) == value


def test_a_typed_time_without_zone_is_local(read):
    naive = pa.array([datetime(2026, 11, 20, 9, 30)], pa.timestamp("ns"))
    assert read("coils", "coiled_at", naive, source=VIENNA) == AT
    assert "does not say its time zone" in read("coils", "coiled_at", naive)
    assert read("coils", "coiled_at", pa.array([AT], pa.timestamp("ms", "UTC"))) == AT


@pytest.mark.parametrize(
    ("cell", "unit", "value"),
    [
        ("1:30:00", "", AT.replace(hour=10, minute=0)),
        ("01:30", "", AT.replace(hour=10, minute=0)),
        ("0:00:00.5", "", AT.replace(microsecond=500_000)),
        ("90", ", unit = 'min'", AT.replace(hour=10, minute=0)),
        ("90", "", "'90' is not a duration such as 01:30:00, of 400 days at most."),
        ("10-May", "", "'10-May' is not a duration such as 01:30:00, of 400 days at most."),
        ("999999999999:00", "", "'999999999999:00' is not a duration such as 01:30:00, of 400 days at most."),
        ("", "", None),
    ],
)
def test_a_duration_counts_from_another_time(read, cell, unit, value):
    assert read("stoppages", "to_at", cell, f"duration = 'cell', after = 'from_at'{unit}") == value
