"""Limits of a coil: which class it falls into, from what they count, and until when they hold."""

from datetime import UTC, datetime

import pytest

from pipelines.core.strip_limits import strip_limits
from schemas.core.coils import CORE_COILS
from schemas.raw.coils import RAW_COILS
from schemas.raw.grade_limits import RAW_GRADE_LIMITS
from schemas.raw.orders import RAW_ORDERS
from schemas.raw.tolerances import RAW_TOLERANCES

BEFORE, AFTER = datetime(2026, 10, 1, tzinfo=UTC), datetime(2026, 12, 1, tzinfo=UTC)


@pytest.fixture
def limits(given):
    """The limits of one HSLA coil of 3 mm x 1250 mm that was asked to be finished at 880 degrees."""

    def rows(grade_limits=(), tolerances=(), coil=None, raw_coil=None, order=None):
        held = {"valid_from_at": BEFORE}
        frame = strip_limits(
            given(CORE_COILS, coil or {}),
            given(RAW_COILS, raw_coil or {}),
            given(RAW_ORDERS, order or {}),
            given(RAW_GRADE_LIMITS, *(held | row for row in grade_limits)),
            given(RAW_TOLERANCES, *(held | row for row in tolerances)),
        )
        return frame.orderBy("signal", "source").collect()

    return rows


@pytest.mark.engines
def test_limits_count_from_what_the_coil_was_asked_for_or_are_absolute(limits):
    absolute = {"signal": "wedge_um", "target_field": None, "least_of_signal": -35.0, "most_of_signal": None}
    finishing, wedge = limits([{}, absolute])
    assert (finishing.least_of_signal, finishing.target_of_signal, finishing.most_of_signal) == (
        860,
        880,
        900,
    )
    assert (wedge.least_of_signal, wedge.target_of_signal, wedge.most_of_signal) == (-35, None, None)
    assert (finishing.basis, finishing.source) == ("HSLA", "raw/grade_limits")


@pytest.mark.engines
def test_a_target_that_was_not_delivered_is_said(limits):
    unknown = {"signal": "crown_um", "target_field": "target_crown_um"}
    crown, finishing = limits([{}, unknown], raw_coil={"target_finishing_temp_c": None})
    assert finishing.not_computable == "target_finishing_temp_c was not delivered"
    assert crown.not_computable == "target_crown_um was not delivered"
    assert (finishing.least_of_signal, finishing.most_of_signal) == (None, None)


@pytest.mark.parametrize("ordered_mm", [2.0, 4.0])
def test_a_class_begins_above_its_lower_border_and_has_its_upper(limits, ordered_mm):
    found = limits([{}], order={"thickness_mm": ordered_mm})
    assert [row.signal for row in found] == (["finishing_temp_c"] if ordered_mm == 4.0 else [])


def test_a_coil_without_an_order_goes_by_the_dimensions_asked_for(limits):
    assert limits([{}], coil={"order_id": None, "target_thickness_mm": 3.5})
    assert not limits([{}], coil={"order_id": None, "target_thickness_mm": 4.5})


@pytest.mark.engines
def test_of_limits_that_hold_at_once_the_later_one_does_and_one_to_come_does_not(limits):
    later = {
        "valid_from_at": datetime(2026, 11, 1, tzinfo=UTC),
        "most_of_signal": 15.0,
        "thickness_over_mm": 1.0,
    }
    to_come = {"valid_from_at": AFTER, "most_of_signal": 5.0}
    (row,) = limits([{}, later, to_come])
    assert row.most_of_signal == 895


def test_limits_that_ended_do_not_hold(limits):
    assert not limits([{"valid_to_at": datetime(2026, 11, 1, tzinfo=UTC)}])


@pytest.mark.engines
def test_tolerances_are_those_of_the_order_s_class_and_free_the_uncropped_ends_of_thickness(limits):
    every = {"thickness_over_mm": 0.0, "thickness_to_mm": 15.0}
    wider = every | {"dimension": "width with mill edges", "lower_mm": 0.0, "upper_mm": 20.0}
    trimmed = wider | {"dimension": "width with trimmed edges", "upper_mm": 5.0}
    other = {"tolerance_class": "EN 10051 B", "upper_mm": 0.9}
    of_five = {"thickness_over_mm": 4.0, "thickness_to_mm": 6.0, "lower_mm": -0.24, "upper_mm": 0.24}
    order = {"thickness_mm": 5.0, "width_mm": 1250.0}
    thickness, width = limits(tolerances=[of_five, wider, trimmed, of_five | other], order=order)
    # EN 10051:2010: 90 / 5 mm = 18 m.
    assert (thickness.least_of_signal, thickness.most_of_signal, thickness.free_ends_m) == (4.76, 5.24, 18)
    assert (width.signal, width.least_of_signal, width.most_of_signal, width.free_ends_m) == (
        "width_mm",
        1250,
        1270,
        0,
    )
