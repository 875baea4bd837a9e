"""Where the benchmark sees a fault in what it changes, and which error it allows; expected values by hand."""

import numpy as np
import pytest

from benchmarks.fault_places import Seen, crests, ends
from pipelines.reference_mill.process_fault import Disturbance, ProcessFault

AT_M = np.arange(100) + 0.5


def seen(change):
    """A metre a segment; places are said to be off by 0.3 m."""
    return Seen(AT_M, 1.0, np.asarray(change, float), 0.1, np.full(100, 0.3))


def fault(from_m, to_m, kind="cooling bank loss", period_m=None):
    swings = (Disturbance("coiling_k", from_m, to_m, 30.0, period_m, 0.7),) if period_m else ()
    who = ("F1", 1, kind, "cooling", "bank 1", "valve closed")
    return ProcessFault(*who, from_m, to_m, ("coiling_temp_c",), 30.0, 3.0, period_m, swings)


def test_a_fault_begins_and_ends_between_two_readings():
    change = np.where((AT_M > 20) & (AT_M < 40), 30.0, 0.0)
    change[[19, 39, 40]] = np.nan
    told = ends(fault(20.0, 40.5), 100.0, seen(change))
    # Between 18.5 and 20.5 m, and between 38.5 and 41.5 m.
    assert told["begin"] == pytest.approx((-0.5, np.sqrt(0.3**2 + 2**2 / 12 + 1 / 24)))
    assert told["end"] == pytest.approx((-0.5, np.sqrt(0.3**2 + 3**2 / 12 + 1 / 24)))
    assert told["middle"] == pytest.approx((-0.5, np.sqrt(0.3**2 + (13 / 12 + 2 / 24) / 4)))


def test_an_end_of_the_strip_is_none_of_the_faults():
    told = ends(fault(0.0, 12.0), 100.0, seen(np.where(AT_M < 12, -40.0, 0.0)))
    assert told == {"end": pytest.approx((0.0, np.sqrt(0.3**2 + 1 / 12 + 1 / 24)))}


def test_a_stuck_pyrometer_shows_at_first_what_it_would_have_shown():
    told = ends(
        fault(20.0, 40.0, "stuck pyrometer"), 100.0, seen(np.where((AT_M > 21) & (AT_M < 40), 5.0, 0))
    )
    assert told["begin"][0] == pytest.approx(0.0)


@pytest.mark.parametrize("sign", [1, -1])
def test_crests_that_lie_too_far_on_are_off_by_so_much(sign):
    turns = 2 * np.pi * (AT_M - 0.4) / 10 + 0.7
    told = crests(fault(0.0, 100.0, "skid marks", 10.0), 100.0, seen(sign * np.cos(turns)))
    assert {end: pytest.approx((0.4, 0.3)) for end in ("begin", "middle", "end")} == told
