"""Inspection sees most defects, names most of them rightly, and says where it did not look."""

from dataclasses import replace

import numpy as np
import pytest

from pipelines.reference_mill import CLEAN, Mill
from pipelines.reference_mill.defect_classes import CLASS_NAMES, CLASSES
from pipelines.reference_mill.inspection import detections
from pipelines.reference_mill.inspection_failures import stretches
from pipelines.reference_mill.inspection_tables import defect_table, inspection_table, intervals
from pipelines.reference_mill.rolling_day import rolling_day
from pipelines.reference_mill.surface_defects import surface_defects

MILL = Mill(coils_a_day=300, days=8, dirt=CLEAN, roll_marks=0)
FAILING = replace(MILL, dirt=replace(CLEAN, inspection_failure=1.0), days=14)


@pytest.mark.parametrize("name", ["sliver", "edge crack", "stain"])
def test_most_defects_are_seen_and_most_of_those_named_rightly(name):
    no = CLASS_NAMES.index(name)
    seen, right, true = [], [], 0
    for day in MILL.all_days:
        defects, found = surface_defects(MILL, day), detections(MILL, day)
        shown = found.defect_no[found.defect_no >= 0]
        seen.append(np.isin(np.flatnonzero(defects.class_no == no), shown))
        of_class = (found.defect_no >= 0) & (defects.class_no[found.defect_no] == no)
        right.append(found.class_no[of_class] == no)
        true += (defects.class_no == no).sum()

    misnamed = sum(share for _, share in CLASSES[no].taken_for)
    assert true > 500
    assert np.concatenate(seen).mean() == pytest.approx(CLASSES[no].detected, abs=0.05)
    assert np.concatenate(right).mean() == pytest.approx(1 - misnamed, abs=0.04)


def test_a_detection_of_nothing_is_less_sure_than_one_of_a_defect():
    found = detections(MILL, MILL.first_day)
    is_true = found.defect_no >= 0

    assert np.nanmedian(found.confidence_pct[is_true]) > 75
    assert np.nanmedian(found.confidence_pct[~is_true]) < 50
    assert 0.1 < (~is_true).mean() < 0.4


def test_a_working_inspection_tells_of_every_metre_of_both_sides():
    rolled, table = rolling_day(MILL, MILL.first_day), inspection_table(MILL, MILL.first_day).to_pandas()

    assert len(table) == 2 * len(rolled.coils)
    assert (table.state == "working").all() and (table.from_m == 0).all()
    # By a counter of its own, which differs by a thousandth and sees the head to a decimetre.
    length_m = np.repeat(rolled.length_m[rolled.coils], 2)
    assert (np.abs(table.to_m - length_m) < 0.005 * length_m + 0.6).all()


def test_nothing_is_detected_where_the_cameras_were_off():
    hit = 0
    for day in FAILING.all_days:
        rolled, found = rolling_day(FAILING, day), detections(FAILING, day)
        for stretch in stretches(rolled):
            on_it = (
                (found.slab_no == stretch.slab_no)
                & (stretch.from_m <= found.at_m)
                & (found.at_m < stretch.to_m)
            )
            on_side = np.isin(np.where(found.is_top, "top", "bottom"), stretch.failure.sides)
            # The second box of a defect begins where the first is half over.
            first = np.unique(found.defect_no, return_index=True)[1]
            is_first = np.isin(np.arange(len(found.slab_no)), first) | (found.defect_no < 0)
            if stretch.failure.state == "off":
                hit += 1
                assert not (on_it & on_side & is_first & (found.at_m > stretch.from_m + 30)).any()
    assert hit > 30


def test_a_failure_is_off_on_a_side_degraded_or_silent_and_metres_add_up():
    states, silent = set(), 0
    for day in FAILING.all_days:
        rolled = rolling_day(FAILING, day)
        told = intervals(rolled)
        states |= {interval.state for interval in told}
        of_side = {}
        for interval in told:
            assert interval.from_m == pytest.approx(of_side.get(interval[:2], 0.0), abs=0.03)
            of_side[interval[:2]] = interval.to_m
        silent += 2 * len(rolled.coils) - len(of_side)
        for (slab_no, _), end_m in of_side.items():
            assert end_m == pytest.approx(rolled.length_m[slab_no], abs=0.03)

    assert states == {"working", "off", "degraded"}
    assert silent > 0


def test_detections_are_numbered_along_their_coil_in_order_of_time():
    table = defect_table(MILL, MILL.first_day).to_pandas()

    assert not table.duplicated(["material_id", "detection_no"]).any()
    for _, of_coil in table.groupby("material_id"):
        assert of_coil.detection_no.tolist() == list(range(1, len(of_coil) + 1))
        assert of_coil.detected_at.is_monotonic_increasing
