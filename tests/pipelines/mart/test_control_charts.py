"""The charts of a night: limits of the days before, its own points, and why there are none."""

from datetime import UTC, date, datetime, timedelta

import numpy as np
import pytest

from pipelines.mart.control_charts import control_charts
from pipelines.run_rules import nelson
from schemas.mart.coil_characteristics import MART_COIL_CHARACTERISTICS
from schemas.mart.control_charts import MART_CONTROL_CHARTS

NIGHT = date(2026, 11, 20)
BASELINE = np.random.default_rng(20).standard_normal((10, 12))
"""Ten days of twelve coils before the night."""


def coil(days_before, no, value, **fields):
    day = NIGHT - timedelta(days=days_before)
    coiled_at = datetime(day.year, day.month, day.day, 8, no, tzinfo=UTC)
    return {
        "coil_id": f"C{day:%y%m%d}{no:04d}",
        "production_day": day,
        "coiled_at": coiled_at,
        "value_of_characteristic": float(value),
    } | fields


def days_before(values=BASELINE, **fields):
    return [
        coil(len(values) - day, no, v, **fields)
        for day, of_day in enumerate(values)
        for no, v in enumerate(of_day)
    ]


@pytest.fixture
def charted(given):
    """The night's points in order."""

    def rows(*coils, days=(NIGHT,), **how):
        frame = control_charts(given(MART_COIL_CHARACTERISTICS, *coils), days, **how)
        return (
            frame.select(*MART_CONTROL_CHARTS.field_names).orderBy("charted_at", "characteristic").collect()
        )

    return rows


@pytest.mark.engines
def test_a_night_is_charted_by_the_limits_of_the_days_before(charted):
    calm, off = charted(*days_before(), coil(0, 1, 0.0), coil(0, 2, 30.0))
    assert (calm.chart, calm.baseline_n, calm.baseline_days_n) == ("individuals", 120, 10)
    assert calm.center_of_characteristic == pytest.approx(0, abs=0.25)
    assert calm.upper_of_characteristic == pytest.approx(3, abs=0.6)
    assert calm.violations == []
    assert {"Western Electric 1", "EWMA above", "CUSUM above"} <= set(off.violations)
    assert off.point_id == "C2611200002"


def test_a_days_own_coils_do_not_make_its_limits(charted):
    far = charted(*days_before(), *(coil(0, no, 30.0) for no in range(40)))
    assert all("Western Electric 1" in row.violations for row in far)


@pytest.mark.engines
def test_rules_go_on_over_the_turn_of_a_day(charted):
    last = [coil(1, 20 + no, 0.4) for no in range(7)]
    rows = charted(*days_before(), *last, coil(0, 1, 0.4))
    assert "Western Electric 4" in rows[0].violations
    (row,) = charted(*days_before(), *last, coil(0, 1, 0.4), rules=nelson)
    assert not any(rule.startswith("Western") for rule in row.violations)


@pytest.mark.engines
def test_too_short_a_baseline_has_no_limits_and_says_so(charted):
    (row,) = charted(*days_before(BASELINE[:4]), coil(0, 1, 30.0))
    assert (row.deviation_sigmas, row.violations) == (None, [])
    assert row.not_computable == "48 coils of 4 days in the baseline, of at least 50 of 5"


def test_what_never_differs_has_no_limits(charted):
    (row,) = charted(*days_before(np.full((10, 12), 5.0)), coil(0, 1, 6.0))
    assert row.not_computable == "most values of the baseline are the same"


@pytest.mark.engines
def test_hits_are_charted_as_the_days_share(charted):
    hit = {"kind": "hit", "unit": "share of coils", "characteristic": "thickness_mm, head, hit of order"}
    before = np.ones((10, 12))
    before[::2, 0] = 0
    (row,) = charted(*days_before(before, **hit), *(coil(0, no, no % 2, **hit) for no in range(10)))
    assert (row.chart, row.point_id, row.coils_n) == ("rate", "2026-11-20", 10)
    assert row.value_of_characteristic == 0.5
    # (115 + 0.5) / (120 + 1), by the days that the share does not deny.
    assert row.center_of_characteristic == pytest.approx(0.9545, abs=1e-3)
    assert "Western Electric 1" in row.violations


def test_modes_and_characteristics_are_charted_apart(charted):
    other = {"mode": "mild steel, over 8 mm"}
    rows = charted(
        *days_before(), *days_before(BASELINE + 30, **other), coil(0, 1, 0.0), coil(0, 2, 30.0, **other)
    )
    assert [row.violations for row in rows] == [[], []]


@pytest.mark.engines
def test_many_days_at_once_are_as_each_by_itself(charted):
    values = days_before()
    both = charted(*values, coil(0, 1, 0.3), days=[NIGHT - timedelta(days=1), NIGHT])
    assert len(both) == 13
    assert both[-1] == charted(*values, coil(0, 1, 0.3))[0]


def test_a_coil_without_a_value_is_no_point(charted):
    assert (
        len(charted(*days_before(), coil(0, 1, 0.3), coil(0, 2, 0.0) | {"value_of_characteristic": None}))
        == 1
    )
