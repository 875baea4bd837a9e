"""Set-ups of the reference mill: what its model reckoned with, which the strip then mostly is."""

from datetime import date

import numpy as np
import pytest

from pipelines.reference_mill.line import MILL_MODULUS_KN_MM, ZERO_FORCE_KN
from pipelines.reference_mill.mill import Mill
from pipelines.reference_mill.rolling_day import rolling_day
from pipelines.reference_mill.setup_table import setup_table

MILL, DAY = Mill(coils_a_day=40, days=1), date(2026, 11, 20)


@pytest.fixture(scope="module")
def rows():
    return setup_table(MILL, DAY).to_pylist()


def test_every_coil_has_a_set_up_of_every_stand_before_its_head_comes(rows):
    rolled = rolling_day(MILL, DAY)
    assert len({row["coil_id"] for row in rows}) == len(rolled.coils)
    assert len(rows) == 17 * len(rolled.coils)
    start = MILL.day_start(DAY)
    first = rolled.schedule.f1_in_s[rolled.coils[0]]
    assert (rows[0]["set_at"] - start).total_seconds() == pytest.approx(first - 15, abs=0.01)


def test_its_gap_and_force_make_the_thickness_asked_for(rows):
    """Gap + (force - zero force) / mill modulus, behind the last stand."""
    told = {(row["coil_id"], row["signal"]): row["setup_of_signal"] for row in rows}
    rolled = rolling_day(MILL, DAY)
    modulus = np.broadcast_to(MILL_MODULUS_KN_MM, 7)[-1]
    for no in rolled.coils:
        gap, force = (told[rolled.coil_id(no), f"f7_{name}"] for name in ("gap_mm", "force_kn"))
        stretched = (force - ZERO_FORCE_KN) / modulus
        assert gap + stretched == pytest.approx(rolled.strip.thickness_mm[no], abs=0.01)


def test_a_force_may_differ_by_a_tenth_to_be_hit(rows):
    force = next(row for row in rows if row["signal"] == "f1_force_kn")
    assert force["hit_within_of_signal"] == pytest.approx(0.1 * force["setup_of_signal"], abs=0.01)
