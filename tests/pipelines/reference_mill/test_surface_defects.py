"""Defects come by chance, by their cause where it acts, and by a roll once a turn."""

from dataclasses import replace

import numpy as np
import pytest

from pipelines.reference_mill import CLEAN, Mill
from pipelines.reference_mill.cause_plan import causes
from pipelines.reference_mill.causes import acts
from pipelines.reference_mill.defect_classes import CLASS_NAMES, CLASSES, ROLL_MARK
from pipelines.reference_mill.defect_truth import cause_truth, roll_mark_truth, surface_defect_truth
from pipelines.reference_mill.fault_plan import mould_bursts
from pipelines.reference_mill.process_faults import process_faults
from pipelines.reference_mill.roll_marks import marked, roll_marks
from pipelines.reference_mill.rolling_day import rolling_day
from pipelines.reference_mill.surface_defects import surface_defects

MILL = Mill(coils_a_day=200, days=10, dirt=CLEAN, causes=0, roll_marks=0)
DAYS = MILL.all_days


def defects_of(mill, name):
    """Slab, cause and place of each defect of a class, day by day."""
    for day in DAYS:
        found = surface_defects(mill, day)
        is_of = found.class_no == CLASS_NAMES.index(name)
        yield rolling_day(mill, day), found.slab_no[is_of], found.cause_no[is_of], found.from_m[is_of]


def test_without_a_cause_a_class_is_as_frequent_as_it_is_said_to_be():
    # Families of grades differ, and a seed draws by how much.
    mills = [replace(MILL, seed=seed) for seed in range(8)]
    numbers = [surface_defects(mill, day).class_no for mill in mills for day in DAYS[:3]]
    a_coil = np.bincount(np.concatenate(numbers), minlength=len(CLASSES)) / (len(numbers) * MILL.coils_a_day)

    assert a_coil == pytest.approx(np.array([kind.usual_a_coil for kind in CLASSES]), rel=0.25)


def test_defects_come_in_clusters():
    counts = np.concatenate(
        [np.bincount(slab, minlength=MILL.coils_a_day) for _, slab, _, _ in defects_of(MILL, "scratch")]
    )

    assert counts.var() / counts.mean() > 1.15


@pytest.mark.parametrize("wish", ["sliver: equipment", "rolled-in scale: threshold", "scratch: dose"])
def test_where_a_cause_acts_its_class_is_as_many_times_as_frequent(wish):
    mill = replace(MILL, causes=(wish,), cause_strength=3.0)
    [cause] = causes(mill)
    chance = caused = 0
    for rolled, slab_no, cause_no, _ in defects_of(mill, cause.defect_class):
        hit = acts(cause, rolled)[slab_no]
        chance += (hit & (cause_no < 0)).sum()
        caused += (cause_no == 0).sum()
        assert hit[cause_no == 0].all()

    assert (chance + caused) / chance == pytest.approx(3.0, rel=0.2)


def test_a_cause_changes_no_other_defect():
    clean, caused = (surface_defects(replace(MILL, causes=c), DAYS[0]) for c in (0, ("stain: threshold",)))
    by_chance = caused.cause_no < 0

    assert len(caused) > len(clean)
    for name in ("class_no", "slab_no", "from_m", "to_edge_mm", "severity"):
        assert getattr(caused, name)[by_chance].tolist() == getattr(clean, name).tolist(), name


def test_a_local_cause_makes_defects_on_the_metres_of_its_fault():
    mill = replace(MILL, causes=("sliver: local",), faults=0.5)
    found = 0
    for rolled, slab_no, cause_no, from_m in defects_of(mill, "sliver"):
        bursts = {burst.slab_no for burst in mould_bursts(mill, rolled.day)}
        faults = {fault.slab_no: fault for fault in process_faults(rolled)}
        for no, at_m in zip(slab_no[cause_no == 0].tolist(), from_m[cause_no == 0].tolist(), strict=True):
            found += 1
            assert no in bursts
            # A box begins half its length before the place.
            assert faults[no].from_m - 2 < at_m < faults[no].to_m
    assert found > 100


def test_scale_at_skid_marks_lies_where_they_made_the_bar_colder():
    mill = replace(MILL, causes=("rolled-in scale: local",), faults=0.5)
    colder = []
    for rolled, slab_no, cause_no, _ in defects_of(mill, "rolled-in scale"):
        found = surface_defects(mill, rolled.day)
        middle_m = ((found.from_m + found.to_m) / 2)[found.class_no == CLASS_NAMES.index("rolled-in scale")]
        faults = {fault.slab_no: fault for fault in process_faults(rolled)}
        for no, at_m in zip(slab_no[cause_no == 0].tolist(), middle_m[cause_no == 0].tolist(), strict=True):
            colder.append(faults[no].disturbances[0].at(np.array([at_m]))[0] < 0)

    assert len(colder) > 100
    assert np.mean(colder) > 0.97


def test_a_roll_marks_its_side_once_a_turn_as_far_from_the_edge():
    mill = replace(MILL, roll_marks=1)
    marks = [
        (rolled, no)
        for rolled in (rolling_day(mill, day) for day in DAYS)
        for no in range(len(roll_marks(rolled)))
    ]
    positions = [roll_marks(rolled)[no].position.split()[1] for rolled, no in marks]
    assert positions.count("work") >= 20 and "backup" in positions
    for rolled, no in marks:
        mark, found = roll_marks(rolled)[no], surface_defects(mill, rolled.day)
        told = marked(rolled, mark)
        coil, period_m, edge_mm = told.coils[0], told.period_m[0], told.from_edge_mm[0]
        is_of = (found.mark_no == no) & (found.slab_no == coil)
        at_m = np.sort((found.from_m + found.to_m)[is_of] / 2)
        across_mm = (found.from_edge_mm + found.to_edge_mm)[is_of] / 2

        assert (found.class_no[is_of] == ROLL_MARK).all()
        assert set(found.is_top[is_of]) == {mark.side == "top"}
        assert np.diff(at_m)[1:-1].mean() == pytest.approx(period_m, rel=2e-3)
        # At an edge a box ends with the strip.
        assert np.median(across_mm) == pytest.approx(edge_mm, abs=8)
        # A circumference, lengthened by all that is still rolled out behind the stand.
        turn_m = np.pi * mark.roll.diameter_mm / 1000
        thinner = rolled.setup.exit_mm[coil, mark.stand - 1] / rolled.setup.exit_mm[coil, -1]
        assert 1.0 <= period_m / (turn_m * thinner) < 1.15


def test_a_work_roll_marks_from_a_coil_of_its_campaign_until_it_is_changed():
    mill = replace(MILL, roll_marks=1)
    rolled = rolling_day(mill, DAYS[0])
    marks = [mark for mark in roll_marks(rolled) if mark.position.endswith("work")]

    assert len(marks) == len(rolled.campaigns)
    for no, mark in enumerate(marks):
        slabs = np.flatnonzero(rolled.slabs.campaign_no == no)
        assert slabs[0] <= mark.from_slab <= slabs[-1]
        assert mark.to_slab == slabs[-1] + 1
    table = roll_mark_truth(mill, DAYS[0]).to_pandas()
    assert set(table.mark_id) <= {mark.mark_id for mark in roll_marks(rolled)}


def test_the_truth_adds_up():
    mill = replace(MILL, causes=3, roll_marks=0.2)
    for day in DAYS[:3]:
        defects, told = surface_defect_truth(mill, day).to_pandas(), cause_truth(mill, day).to_pandas()
        for cause in told.itertuples():
            own = defects[defects.cause_id == cause.cause_id]
            assert (len(own), own.detection_no.count()) == (cause.defects_n, cause.detected_n)
            assert set(own.defect_class) <= {cause.defect_class}
        marks = roll_mark_truth(mill, day).to_pandas()
        assert defects.mark_id.count() == marks.marks_n.sum()
        assert defects.coil_id.notna().all()
