"""Capability of a window of days: what it is called, what it rests on, why there is none."""

from datetime import UTC, date, datetime, timedelta

import numpy as np
import pytest
from scipy import stats

from pipelines.mart.process_capability import process_capability
from schemas.mart.coil_characteristics import MART_COIL_CHARACTERISTICS
from schemas.mart.process_capability import MART_PROCESS_CAPABILITY

NIGHT = date(2026, 11, 20)
NORMAL = stats.norm.ppf((np.random.default_rng(5).permutation(240) + 0.5) / 240).reshape(12, 20)
"""Twelve days of twenty coils, in control: mean 0, sigma 1."""


def coils(values, **fields):
    rows = []
    for back, of_day in enumerate(reversed(values)):
        day = NIGHT - timedelta(days=back)
        for no, value in enumerate(of_day):
            coiled_at = datetime(day.year, day.month, day.day, 8, no, tzinfo=UTC)
            row = {"coil_id": f"C{day:%y%m%d}{no:04d}", "production_day": day, "coiled_at": coiled_at}
            limits = {"least_of_characteristic": -6.0, "most_of_characteristic": 4.5}
            rows.append(row | limits | {"value_of_characteristic": float(value)} | fields)
    return rows


@pytest.fixture
def judged(given):
    def rows(characteristics, days=(NIGHT,)):
        frame = process_capability(given(MART_COIL_CHARACTERISTICS, *characteristics), days)
        return frame.select(*MART_PROCESS_CAPABILITY.field_names).orderBy("production_day", "mode").collect()

    return rows


@pytest.mark.engines
def test_a_stable_process_is_capable_by_the_well_known_formulas(judged):
    (row,) = judged(coils(NORMAL))
    assert (row.indices, row.is_stable, row.distribution, row.doubt) == ("Cp, Cpk", True, "normal", None)
    assert (row.coils_n, row.days_n, row.limits_n, row.beyond_pct) == (240, 12, 1, 0)
    # (4.5 + 6) / 6, 6 / 3 and 4.5 / 3.
    assert row.potential_ratio == pytest.approx(1.75, rel=0.01)
    assert (row.lower_ratio, row.upper_ratio) == pytest.approx((2.0, 1.5), rel=0.01)
    assert row.critical_ratio == row.upper_ratio
    assert row.critical_low_ratio == pytest.approx(1.5 - 1.96 * np.sqrt(1 / 2160 + 1.5**2 / 480), abs=0.02)
    assert row.within_critical_ratio == pytest.approx(1.5, rel=0.15)


@pytest.mark.engines
def test_a_process_that_shifted_performs_and_is_not_called_capable(judged):
    shifted = NORMAL + np.repeat([0.0, 1.5], 6)[:, None]
    (row,) = judged(coils(shifted))
    assert (row.indices, row.is_stable) == ("Pp, Ppk", False)
    assert "complete a pattern of Western Electric's" in row.stability
    # Mean 0.75; of the variance, 0.5625 is the shift's: what is left from coil to coil looks better.
    assert row.critical_ratio == pytest.approx(3.75 / 3 / np.sqrt(1.5625), rel=0.06)
    assert row.within_critical_ratio > row.critical_ratio + 0.1


def test_few_days_show_no_stability(judged):
    (row,) = judged(coils(NORMAL[:4]))
    assert (row.indices, row.is_stable) == ("Pp, Ppk", None)
    assert row.stability == "4 days are too few to call it stable, of at least 10"


@pytest.mark.engines
def test_few_coils_have_no_index(judged):
    (row,) = judged(coils(NORMAL[:2]))
    assert (row.critical_ratio, row.is_stable, row.indices) == (None, None, None)
    assert row.not_computable == "40 coils, of at least 50"


@pytest.mark.engines
def test_one_limit_gives_one_side(judged):
    (row,) = judged(coils(NORMAL, least_of_characteristic=None))
    assert (row.potential_ratio, row.lower_ratio, row.least_of_characteristic) == (None, None, None)
    assert row.critical_ratio == pytest.approx(1.5, rel=0.01)


def test_coils_of_several_limits_count_by_their_place_between_them(judged):
    """Twice the band and twice the distance from its middle is the same place."""
    wide = coils(2 * NORMAL[:5], least_of_characteristic=-12.0, most_of_characteristic=9.0)
    mixed = [*coils(NORMAL)[100:], *wide[:100]]
    (row,) = judged([{**coil, "coil_id": f"C{no}"} for no, coil in enumerate(mixed)])
    assert (row.limits_n, row.least_of_characteristic, row.most_of_characteristic) == (2, -6.0, 4.5)
    assert row.critical_ratio == pytest.approx(1.5, rel=0.1)


def test_two_processes_in_one_fit_no_distribution_and_say_so(judged):
    (row,) = judged(coils(NORMAL + np.repeat([0.0, 9.0], 6)[:, None]))
    assert "no distribution fits well" in row.doubt


def test_what_has_no_limits_is_not_judged(judged):
    assert judged(coils(NORMAL, least_of_characteristic=None, most_of_characteristic=None)) == []


def test_every_day_looks_back_over_its_own_window(judged):
    first, last = judged(coils(NORMAL), days=[NIGHT - timedelta(days=1), NIGHT])
    assert (first.coils_n, last.coils_n) == (220, 240)
