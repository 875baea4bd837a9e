"""Conditions of a coil: its heat, its slab, its rolls and what came before it on the line."""

from datetime import UTC, date, datetime, timedelta

import pyarrow as pa
import pytest

from jobs.core import coil_conditions as job
from jobs.lake.delta import arrow_schema
from jobs.lake.queries import open_lake
from pipelines.core.coil_conditions import Beside, coil_conditions
from schemas.core.coil_conditions import CORE_COIL_CONDITIONS
from schemas.core.coils import CORE_COILS
from schemas.raw.coils import RAW_COILS
from schemas.raw.heats import RAW_HEATS
from schemas.raw.roll_changes import RAW_ROLL_CHANGES
from schemas.raw.slabs import RAW_SLABS
from schemas.raw.stoppages import RAW_STOPPAGES

DAY = date(2026, 11, 20)
SIX = datetime(2026, 11, 20, 6, tzinfo=UTC)
TABLES = {
    "raw_coils": RAW_COILS,
    "slabs": RAW_SLABS,
    "heats": RAW_HEATS,
    "roll_changes": RAW_ROLL_CHANGES,
    "stoppages": RAW_STOPPAGES,
}


def at(minutes):
    return SIX + timedelta(minutes=minutes)


def rows_of(table, rows):
    example = {field.name: field.example for field in table.fields}
    return pa.Table.from_pylist([example | row for row in rows], arrow_schema(table))


def coils(*named):
    """Coils that enter F1 every three minutes and are coiled two minutes later."""
    return [
        {
            "coil_id": f"C{no}",
            "slab_id": f"S{no}",
            "rolling_started_at": at(3 * no),
            "coiled_at": at(3 * no + 2),
            "length_m": 500.0,
            "mass_t": 20.0,
        }
        | coil
        for no, coil in enumerate(named)
    ]


def conditions(rolled, days=(DAY,), **beside):
    """The conditions of coils; what the test does not name is not there."""
    beside.setdefault("raw_coils", [{"coil_id": coil["coil_id"], "rolls": None} for coil in rolled])

    def look(name):
        every = rows_of(TABLES[name], beside.get(name, []))
        return lambda by, values: every.filter(
            pa.compute.is_in(every[by], value_set=pa.array(values, every[by].type))
        )

    lines = [("HSM", rows_of(CORE_COILS, rolled))]
    batches = coil_conditions(lines, days, Beside(*map(look, TABLES)))
    return pa.Table.from_batches(
        [batch.cast(arrow_schema(CORE_COIL_CONDITIONS)) for batch in batches]
    ).to_pylist()


def told(rows, name):
    return [row[name] for row in rows]


def test_a_coil_has_its_heat_and_its_furnace():
    slab = {
        "slab_id": "S0",
        "cast_at": at(-1200),
        "charged_at": at(-180),
        "discharged_at": at(-3),
        "width_mm": 1270.0,
    }
    [row] = conditions(
        coils({"heat_id": "H1", "target_width_mm": 1250.0}),
        heats=[{"heat_id": "H1", "superheat_c": 31.0}, {"heat_id": "H2", "superheat_c": 12.0}],
        slabs=[slab],
    )
    assert (row["superheat_c"], row["slab_wait_h"], row["furnace_stay_min"]) == (31, 17, 177)
    assert (row["discharge_to_mill_s"], row["width_reduction_mm"]) == (180, 20)


def test_what_a_plant_does_not_deliver_is_missing_and_every_coil_is_there():
    bare = {
        "slab_id": None,
        "heat_id": None,
        "rolling_started_at": None,
        "target_width_mm": None,
        "grade_family": None,
    }
    rows = conditions(coils(bare, bare), raw_coils=[])
    assert told(rows, "coil_id") == ["C0", "C1"]
    missing = ("superheat_c", "furnace_stay_min", "gap_min", "width_step_mm", "is_family_change", "cast_at")
    assert all(
        row[name] is None for row in rows for name in (*missing, "since_stoppage_min", "slab_of_heat_no")
    )
    assert told(rows, "roll_ids") == [[], []]


def test_steps_are_from_the_coil_before_also_of_the_day_before():
    yesterday = {"production_day": date(2026, 11, 19), "target_width_mm": 1200.0, "grade_family": "HSLA"}
    today = {"target_width_mm": 1300.0, "target_thickness_mm": 2.5, "grade_family": "low carbon"}
    rows = conditions(coils(yesterday | {"target_thickness_mm": 3.0}, today, today))
    assert told(rows, "coil_id") == ["C1", "C2"]
    assert told(rows, "width_step_mm") == [100, 0]
    assert told(rows, "thickness_step_mm") == [-0.5, 0]
    assert told(rows, "is_family_change") == [True, False]
    assert told(rows, "gap_min") == [1, 1]


def test_a_coil_knows_the_last_stoppage_that_ended_before_it():
    logged = [
        {"from_at": at(2.5), "to_at": at(5.5)},
        {"from_at": at(7), "to_at": None},
        {"from_at": at(8), "to_at": at(7)},
    ]
    rows = conditions(coils({}, {}, {}, {}), stoppages=logged)
    assert told(rows, "since_stoppage_min") == [None, None, 0.5, 3.5]
    assert told(rows, "last_stoppage_min") == [None, None, 3, 3]
    assert told(rows, "coil_after_stoppage_no") == [None, None, 1, 2]


def test_the_age_of_a_roll_counts_from_the_coil_that_first_had_it():
    rolls = [{"F7 top work": "W1"}, {"F7 top work": "W1"}, {"F7 top work": "W2"}, {"F7 top work": "W2"}]
    raw = [{"coil_id": f"C{no}", "rolls": list(at_place.items())} for no, at_place in enumerate(rolls)]
    rows = conditions(coils({}, {}, {}, {}), raw_coils=raw)
    assert told(rows, "roll_ids") == [["W1"], ["W1"], ["W2"], ["W2"]]
    assert told(rows, "roll_coils_n") == [[None], [None], [0], [1]]
    assert told(rows, "roll_km") == [[None], [None], [0], [0.5]]
    assert told(rows, "roll_t") == [[None], [None], [0], [20]]


def test_a_roll_that_goes_in_again_is_new_and_one_change_counts_once():
    change = {"stand": "F7", "position": "top work", "changed_at": at(4), "roll_in_id": "W1"}
    raw = [{"coil_id": f"C{no}", "rolls": [("F7 top work", "W1")]} for no in range(4)]
    rows = conditions(coils({}, {}, {}, {}), raw_coils=raw, roll_changes=[change])
    assert told(rows, "roll_coils_n") == [[None], [None], [0], [1]]
    for no in (0, 1):
        raw[no]["rolls"] = [("F7 top work", "W0")]
    late = [change | {"changed_at": at(6.1)}]
    assert told(conditions(coils({}, {}, {}, {}), raw_coils=raw, roll_changes=late), "roll_coils_n")[2:] == [
        [0],
        [1],
    ]


def test_where_coils_do_not_name_their_rolls_the_log_of_changes_does():
    change = {"stand": "F7", "position": "top work", "changed_at": at(4), "roll_in_id": "W1"}
    rows = conditions(coils({}, {}, {}), roll_changes=[change])
    assert told(rows, "roll_places") == [[], [], ["F7 top work"]]
    assert told(rows, "roll_ids") == [[], [], ["W1"]]


def test_a_slab_has_its_place_in_its_heat_and_tells_a_change_of_grade():
    def slab(no, heat_id, grade, from_m, strand="1"):
        place = {"strand": strand, "cast_at": at(no), "cast_from_m": from_m, "cast_to_m": from_m + 10}
        return {"slab_id": f"S{no}", "heat_id": heat_id, "grade": grade} | place

    slabs = [
        slab(0, "H1", "S355MC", 0.0),
        slab(1, "H1", "S355MC", 10.0),
        slab(2, "H2", "DD11", 20.0),
        slab(3, "H2", "DD11", 55.0),
        slab(4, "H1", "S355MC", 0.0, strand="2"),
    ]
    rows = conditions(coils({}, {}, {}, {}, {}), slabs=slabs)
    assert told(rows, "slab_of_heat_no") == [1, 2, 1, 2, 1]
    assert told(rows, "is_first_of_heat") == [True, False, True, False, True]
    # Between the third slab and the fourth 25 m of the strand are not known.
    assert told(rows, "is_grade_change") == [False, False, True, None, False]


@pytest.mark.engines
def test_the_job_makes_its_day_with_the_rolls_of_the_days_before(lake, publish):
    root = lake.settings.lake
    days = [date(2026, 11, 19), DAY, DAY]
    rolled = coils(*({"production_day": day} for day in days))
    publish(root, CORE_COILS, *rolled)
    rolls = [("W1", 0), ("W2", 1), ("W2", 2)]
    publish(
        root,
        RAW_COILS,
        *(rolled[no] | {"slab_id": None, "rolls": [("F7 top work", roll)]} for roll, no in rolls),
    )
    publish(root, RAW_SLABS, {"slab_id": "S1", "furnace": "RF2"}, {"slab_id": "S2"})
    job.main(lake.for_table(CORE_COIL_CONDITIONS), [DAY])
    query = (
        "select coil_id, roll_ids, roll_coils_n, slab_thickness_mm from core.coil_conditions order by coil_id"
    )
    assert open_lake(root).sql(query).fetchall() == [
        ("C1", ["W2"], [0.0], 3.0),
        ("C2", ["W2"], [1.0], 3.0),
    ]
