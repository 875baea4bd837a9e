"""mart/roll_marks: repeating defects and their roll."""

from datetime import UTC, datetime

import numpy as np
import pytest

from pipelines.mart.roll_marks import roll_marks
from pipelines.roll_turns import roll_turns
from schemas.core.coil_conditions import CORE_COIL_CONDITIONS
from schemas.core.coil_defects import CORE_COIL_DEFECTS
from schemas.core.coils import CORE_COILS
from schemas.mart.roll_marks import MART_ROLL_MARKS
from schemas.raw.roll_changes import RAW_ROLL_CHANGES

PARTS = "coil_id string, part string, strip_speed_m_s struct<mean:double>, f6_speed_m_s struct<mean:double>"
PARTS += ", f7_speed_m_s struct<mean:double>"


def at(hour):
    return datetime(2026, 11, 20, hour, tzinfo=UTC)


@pytest.fixture
def turns(given):
    coils = given(CORE_COILS, {"coil_id": "C1", "coiled_at": at(8)}, {"coil_id": "C2", "coiled_at": at(9)})
    known = {"roll_places": ["F6 top work", "F7 bottom work"], "roll_ids": ["R6", "R7"]}
    conditions = given(
        CORE_COIL_CONDITIONS,
        {"coil_id": "C1", "coiled_at": at(8), "roll_t": [0.0, None], **known},
        {"coil_id": "C2", "coiled_at": at(9), "roll_t": [20.0, None], **known},
    )
    changes = given(
        RAW_ROLL_CHANGES,
        {
            "stand": "F6",
            "position": "top work",
            "roll_in_id": "R6",
            "roll_in_diameter_mm": 700.0,
            "changed_at": at(7),
        },
        {
            "stand": "F6",
            "position": "top work",
            "roll_in_id": "R6",
            "roll_in_diameter_mm": 699.0,
            "changed_at": at(12),
        },
    )
    parts = coils.sparkSession.createDataFrame(
        [(name, "body", (10.4,), (8.0,), (10.0,)) for name in ("C1", "C2")], PARTS
    )
    return coils, roll_turns(conditions, changes, parts)


@pytest.mark.engines
def test_a_turn_on_the_strip_is_longer_by_as_much_as_the_strip_is_faster_than_the_roll(turns):
    found = {row.coil_id: row for row in turns[1].where("place = 'F6 top work'").collect()}
    # pi x 0.7 m x 10.4 / 8.0, of the roll as it was ground before the coil.
    assert found["C1"].period_m == pytest.approx(2.8588, abs=1e-4)
    assert (found["C1"].rolled_t, found["C2"].rolled_t) == (0.0, 20.0)


def test_a_roll_whose_change_was_not_delivered_has_no_turn(turns):
    [first, _] = turns[1].where("place = 'F7 bottom work'").collect()
    assert (first.diameter_mm, first.period_m, first.rolled_t) == (None, None, None)


def defects(given, side):
    chance = np.random.default_rng(5)
    places = [(name, no * 2.8588 + chance.normal(0, 0.05)) for name in ("C1", "C2") for no in range(1, 120)]
    return given(
        CORE_COIL_DEFECTS,
        *(
            {"defect_id": f"{name}/{no}", "coil_id": name, "side": side, "from_m": m, "to_m": m + 0.1}
            | {"from_edge_mm": 400.0 + no % 7, "to_edge_mm": 410.0 + no % 7, "defect_class": "roll mark"}
            for no, (name, m) in enumerate(places)
            if chance.random() < 0.7
        ),
    )


@pytest.mark.engines
def test_the_roll_of_a_mark_is_named_with_the_tonnes_it_had_rolled(given, turns):
    coils, of_rolls = turns
    found = {row.coil_id: row for row in roll_marks(defects(given, "top"), coils, of_rolls).collect()}
    assert set(found) == {"C1", "C2"}
    assert (found["C2"].stand, found["C2"].position, found["C2"].roll_id) == ("F6", "top work", "R6")
    assert (found["C2"].rolled_t, found["C2"].mark_coils_n, found["C2"].doubt) == (20.0, 2, None)
    assert found["C2"].period_m == pytest.approx(2.8588, abs=3 * found["C2"].sigma_m)
    assert set(MART_ROLL_MARKS.field_names) == set(found["C1"].asDict())


def test_a_mark_on_the_other_side_is_not_of_that_roll_and_says_so(given, turns):
    [first, _] = roll_marks(defects(given, "bottom"), *turns).collect()
    assert (first.roll_id, first.doubt) == (None, "no roll's diameter and speed are known")
