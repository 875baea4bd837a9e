"""What became of each coil: metres that were inspected, defects that lie on them."""

from datetime import UTC, datetime, timedelta

import numpy as np
import pyarrow as pa
import pytest

from jobs.lake.delta import arrow_schema
from pipelines.causes.faults import fault_places, local_ratio, of_faults
from pipelines.causes.outcomes import outcomes
from schemas.core.coil_conditions import CORE_COIL_CONDITIONS
from schemas.core.coil_defects import CORE_COIL_DEFECTS
from schemas.core.coil_inspections import CORE_COIL_INSPECTIONS
from schemas.mart.process_faults import MART_PROCESS_FAULTS

EIGHT = datetime(2026, 11, 20, 8, tzinfo=UTC)


def rows_of(table, rows):
    example = {field.name: field.example for field in table.fields}
    return pa.Table.from_pylist([example | row for row in rows], arrow_schema(table))


def coils(*named):
    at = ({"coil_id": f"C{no}", "coiled_at": EIGHT + timedelta(minutes=no)} for no in range(len(named)))
    return rows_of(CORE_COIL_CONDITIONS, [one | coil for one, coil in zip(at, named, strict=True)])


def became(conditions, defects=(), inspections=()):
    return outcomes(
        conditions, rows_of(CORE_COIL_DEFECTS, defects), rows_of(CORE_COIL_INSPECTIONS, inspections)
    )


def looked_at(coil_id, from_m=0.0, to_m=700.0, **row):
    return {"coil_id": coil_id, "from_m": from_m, "to_m": to_m} | row


def defect(coil_id, at_m=350.0, **row):
    return {"coil_id": coil_id, "from_m": at_m, "to_m": at_m + 0.5, "confidence_pct": 100.0} | row


def test_metres_of_both_sides_are_inspected_and_a_coil_that_nobody_looked_at_is_left_out():
    of = became(
        coils({}, {}, {}),
        inspections=[looked_at("C0"), looked_at("C0", side="bottom", to_m=600.0), looked_at("C2", 100.0)],
        defects=[defect("C0"), defect("C1"), defect("C2")],
    )
    assert of.coil_id.to_pylist() == ["C0", "C2"]
    assert of.metres.tolist() == [1300, 600] and of.length_m.tolist() == [700, 700]
    assert of.defects.tolist() == [[1, 1]]


def test_where_inspection_was_degraded_or_off_neither_metres_nor_defects_count():
    states = [
        looked_at("C0", 0.0, 300.0),
        looked_at("C0", 300.0, 400.0, state="degraded"),
        looked_at("C0", 500.0),
    ]
    places = [100.0, 350.0, 450.0, 600.0]
    of = became(coils({}), inspections=states, defects=[defect("C0", at_m) for at_m in places])
    assert of.metres.tolist() == [500]
    assert of.defects.tolist() == [[2]]
    assert of.places[0].from_m.tolist() == [100, 600]


def test_a_defect_counts_by_its_confidence_and_one_without_a_class_does_not():
    told = [
        defect("C0", confidence_pct=80.0),
        defect("C0", 20.0, confidence_pct=None),
        defect("C0", defect_class=None),
    ]
    of = became(coils({}), inspections=[looked_at("C0")], defects=told)
    assert (of.defects.tolist(), of.counts.tolist(), of.sure.tolist()) == ([[2]], [[1.8]], [[1]])
    assert of.grain[0] == pytest.approx((0.8**2 + 1) / 1.8)


def test_a_coil_with_a_hundred_marks_is_one_coil_with_marks():
    every = [{} for _ in range(300)]
    told = [defect(f"C{no}") for no in range(0, 300, 3)] + [defect("C7", at_m / 2) for at_m in range(100)]
    of = became(coils(*every), told, [looked_at(f"C{no}") for no in range(300)])
    assert of.defects.max() == 100 and of.counts.max() < 10


def test_of_a_class_that_marks_are_taken_for_more_is_due_on_coils_with_marks():
    chance, count, marked = np.random.default_rng(4), 400, range(100, 160)
    stains, slivers = chance.poisson([[0.5], [0.5]], (2, count))
    stains[marked] += chance.poisson(2.0, len(marked))
    told = [defect(f"C{no}", 9 * n, defect_class="roll mark") for no in marked for n in range(60)]
    for no in range(count):
        told += [defect(f"C{no}", 9 * n, defect_class="stain") for n in range(stains[no])]
        told += [defect(f"C{no}", 9 * n, defect_class="sliver") for n in range(slivers[no])]
    of = became(coils(*[{} for _ in range(count)]), told, [looked_at(f"C{no}") for no in range(count)])
    due = dict(zip(of.classes, of.exposure / of.exposure[:, :1], strict=True))
    assert (due["sliver"] == 1).all() and (due["roll mark"] == 1).all()
    assert (due["stain"][:100] == 1).all() and due["stain"][130] == pytest.approx(2.5 / 0.5, rel=0.25)


def test_a_class_that_comes_beside_marks_alone_is_due_as_its_coils_are():
    told = [defect(f"C{no}", 9 * n, defect_class="roll mark") for no in range(5) for n in range(60)]
    told += [defect(f"C{no}", 650.0, defect_class="stain") for no in range(5)]
    of = became(coils(*[{} for _ in range(300)]), told, [looked_at(f"C{no}") for no in range(300)])
    assert of.exposure[of.classes.index("stain")] == pytest.approx(of.exposure[0, 0])


def test_modes_are_families_by_class_of_thickness_and_blocks_are_days_campaigns_and_heats():
    thin, thick = {"target_thickness_mm": 2.0, "heat_id": "H1"}, {"target_thickness_mm": 2.1, "heat_id": None}
    conditions = coils(thin, thin, thick, thick | {"grade_family": "DP", "campaign": "K2"})
    of = became(conditions, inspections=[looked_at(f"C{no}") for no in range(4)], defects=[defect("C0")])
    assert of.stratum[0] == of.stratum[1] and len(set(of.stratum.tolist())) == 3
    assert of.blocks["heat"][0] == of.blocks["heat"][1] and len(set(of.blocks["heat"].tolist())) == 3
    assert len(set(of.blocks["campaign"].tolist())) == 2 and len(set(of.blocks["day"].tolist())) == 1


@pytest.mark.parametrize(("grows_with", "power"), [("strip", 1.0), ("slab", 0.0)])
def test_it_is_learned_whether_defects_come_with_the_strip_or_with_the_slab(grows_with, power):
    chance = np.random.default_rng(4)
    lengths = chance.uniform(200, 1200, 2_000)
    mean = lengths / 700 if grows_with == "strip" else np.ones(2_000)
    told = [
        defect(f"C{no}", 1.0) for no, count in enumerate(chance.poisson(0.4 * mean)) for _ in range(count)
    ]
    of = became(
        coils(*({"slab_length_m": 9.6} for _ in lengths)),
        told,
        [looked_at(f"C{no}", 0.0, m) for no, m in enumerate(lengths)],
    )
    relative = of.exposure[0] / of.exposure[0].mean()
    assert relative == pytest.approx(lengths**power / (lengths**power).mean())


def test_without_inspections_or_defects_nothing_is_told_and_nothing_fails():
    assert became(coils({}), defects=[defect("C0")]).classes == ()
    of = became(coils({}, {}), inspections=[looked_at("C0")])
    assert (of.classes, of.counts.shape) == ((), (0, 1))


def fault(coil_id, from_m, to_m, **row):
    return {"coil_id": coil_id, "from_m": from_m, "to_m": to_m, "sigma_m": 0.0} | row


def test_metres_off_normal_are_counted_once_whatever_found_them():
    found = [
        fault("C0", 100.0, 200.0),
        fault("C0", 150.0, 250.0, detector="T2"),
        fault("C1", 0.0, 10.0),
        fault("C9", 0.0, 10.0),
    ]
    found += [
        fault("C0", 400.0, 500.0, is_sensor=True),
        fault("C1", 50.0, 60.0, signals=["width_mm", "coiling_temp_c"]),
    ]
    places = fault_places(rows_of(MART_PROCESS_FAULTS, found), pa.array(["C0", "C1"]))
    metres = dict(of_faults(places, 2))
    assert metres["coiling_temp_c off normal"].tolist() == [150, 20]
    assert metres["width_mm off normal"].tolist() == [0, 10]


def test_defects_on_the_fault_itself_are_compared_with_the_rest_of_the_same_coils():
    places = fault_places(rows_of(MART_PROCESS_FAULTS, [fault("C0", 100.0, 200.0)]), pa.array(["C0", "C1"]))
    on, off = [defect("C0", 110.0 + no) for no in range(20)], [defect("C0", 300.0 + no) for no in range(18)]
    elsewhere = [defect("C1", 5.0 * no) for no in range(100)]
    of = became(
        coils({}, {}), [*on, *off, *elsewhere], [looked_at("C0", 0.0, 1000.0), looked_at("C1", 0.0, 1000.0)]
    )
    # 20 on 100 m, 18 on 900 m; the other coil has no fault and tells nothing.
    assert local_ratio(places["coiling_temp_c"], of.length_m, of.places[0]).ratio == pytest.approx(10)
