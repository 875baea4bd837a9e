"""Causes of defects, faults of the process and marks of rolls in the report."""

from datetime import UTC, datetime, timedelta

import pytest

from jobs.lake.queries import open_lake
from jobs.report.blocks import Grid, Note, Picture
from jobs.report.sections import process_faults, roll_marks, root_causes
from schemas.core.coil_inspections import CORE_COIL_INSPECTIONS
from schemas.core.coils import CORE_COILS
from schemas.mart.model_cards import MART_MODEL_CARDS
from schemas.mart.process_faults import MART_PROCESS_FAULTS
from schemas.mart.roll_marks import MART_ROLL_MARKS
from schemas.mart.root_causes import MART_ROOT_CAUSES
from schemas.raw.prices import RAW_PRICES

CLASS = {"defect_class": "sliver", "rank": 0, "condition": None, "lost_m": None}


def of_kind(blocks, kind):
    return [block for block in blocks if isinstance(block, kind)]


def notes(blocks):
    return [note.text for note in of_kind(blocks, Note)]


@pytest.fixture
def told(day, tmp_path, publish):
    """The blocks of a section of a lake that has these rows of the day."""

    def blocks(section, *tables):
        for table, *rows in tables:
            publish(str(tmp_path), table, *({"production_day": day} | row for row in rows))
        return list(section.content(open_lake(str(tmp_path)), day))

    return blocks


@pytest.fixture
def prices(day):
    """Prime of HSLA is worth 400 EUR a tonne more than scrap, other prime 300; last year nothing was."""
    at = datetime(day.year, 1, 1, tzinfo=UTC)
    now = {"currency": "EUR", "valid_from_at": at, "valid_to_at": None}
    worth = {("prime", "HSLA"): 680.0, ("prime", "any"): 580.0, ("scrap", "any"): 280.0}
    prices = [now | dict(zip(("quality", "grade_family"), of, strict=True)) for of in worth]
    rows = [row | {"price_money_t": price} for row, price in zip(prices, worth.values(), strict=True)]
    last_year = {"valid_from_at": at - timedelta(days=365), "valid_to_at": at, "price_money_t": 0.0}
    days = [{"production_day": row["valid_from_at"].date()} | row for row in (*rows, rows[0] | last_year)]
    return (RAW_PRICES, *days)


@pytest.fixture
def coils():
    """25 and 20 kg a metre."""
    hsla = {"coil_id": "C1", "grade_family": "HSLA", "mass_t": 20.0, "length_m": 800.0}
    return CORE_COILS, hsla, {"coil_id": "C2", "grade_family": "DD", "mass_t": 20.0, "length_m": 1000.0}


def test_a_cause_costs_the_metres_that_it_spoils_at_prime_less_scrap(told, coils, prices):
    of_one = {"rank": 1, "grade_families": ["HSLA"], "lost_m": 95.0}
    of_all = {"rank": 2, "grade_families": [], "lost_m": 90.0, "is_new": False, "is_growing": False}
    (grid,) = of_kind(told(root_causes, coils, prices, (MART_ROOT_CAUSES, CLASS, of_one, of_all)), Grid)
    # 0.025 t/m x 400 EUR/t x 95 m; (20 t x 400 EUR/t + 20 t x 300 EUR/t) / 1800 m x 90 m.
    assert [row["cost"] for row in grid.rows] == ["950 EUR", "700 EUR"]
    assert [row["state"] for row in grid.rows] == ["new", "steady"]


def test_a_new_cause_stands_before_a_steady_one_that_costs_more(told, coils, prices):
    steady = {"rank": 1, "is_new": False, "is_growing": False, "lost_m": 900.0, "grade_families": []}
    growing = {"rank": 2, "is_new": False, "is_growing": True, "lost_m": 10.0, "grade_families": []}
    blocks = told(root_causes, coils, prices, (MART_ROOT_CAUSES, CLASS, steady, growing))
    (grid,) = of_kind(blocks, Grid)
    assert [(row["rank"], row["state"]) for row in grid.rows] == [(2, "growing"), (1, "steady")]
    assert of_kind(blocks, Picture)[0].says.startswith("sliver: casting_speed_m_min at least 1.31: 10 m, ")


def test_since_when_is_a_day_or_the_days_between_which_it_began(told, day):
    days = {"earliest_day": day - timedelta(days=9), "latest_day": day - timedelta(days=2)}
    one_day, untold = dict.fromkeys(days, day), dict.fromkeys(days)
    causes = [{"rank": no, "first_day": day} | of for no, of in enumerate((days, one_day, untold), 1)]
    rows = of_kind(told(root_causes, (MART_ROOT_CAUSES, CLASS, *causes)), Grid)[0].rows
    assert [row["since"] for row in sorted(rows, key=lambda row: row["rank"])] == [
        f"{days['earliest_day']} to {days['latest_day']}",
        str(day),
        str(day),
    ]


def test_without_prices_there_is_no_cost_and_the_report_says_what_is_missing(told, coils):
    blocks = told(root_causes, coils, (MART_ROOT_CAUSES, CLASS, {"rank": 1}))
    assert of_kind(blocks, Grid)[0].rows[0]["cost"] is None
    assert any("raw/prices has no price" in text for text in notes(blocks))


def test_a_class_without_a_cause_says_why(told):
    why = {"remark": "6 defects in all, 10 are needed"}
    told_of = notes(told(root_causes, (MART_ROOT_CAUSES, CLASS | why)))
    assert told_of == ["No cause stands out in any class of defects.", f"sliver: {why['remark']}"]


def test_the_strongest_fault_stands_first_and_sensors_apart(told):
    weak = {"coil_id": "C1", "strength_ratio": 1.1, "from_m": 0.0, "to_m": 30.0}
    strong = {"coil_id": "C2", "strength_ratio": 5.0, "from_m": 100.0, "to_m": 150.0}
    sensor = {"coil_id": "C3", "is_sensor": True, "model_id": None, "strength_ratio": None}
    trained = {"production_day": MART_MODEL_CARDS.field("production_day").example - timedelta(days=30)}
    three = [{"coil_id": name} for name in ("C1", "C2", "C3")]
    blocks = told(
        process_faults,
        (CORE_COILS, *three),
        (MART_MODEL_CARDS, trained),
        (MART_PROCESS_FAULTS, weak, strong, sensor | {"signals": ["width_mm"], "to_m": 400.0}),
    )
    faults, sensors = of_kind(blocks, Grid)
    assert faults.caption == "2 intervals on 2 of 3 coils"
    assert [row["coil_id"] for row in faults.rows] == ["C2", "C1"]
    assert [(row["signal"], row["coils_n"], row["faulty_m"]) for row in sensors.rows] == [
        ("width_mm", 1, 50.0)
    ]
    # 30 m of the one and 50 m of the other.
    assert of_kind(blocks, Picture)[0].says == "coiling_temp_c: 80 m, 2 coils"


def test_a_day_before_any_training_says_how_to_train(told):
    (text,) = notes(told(process_faults, (CORE_COILS, {})))
    assert "coilmart train normal --until" in text


def test_a_calm_day_and_a_day_without_coils_are_told_apart(told, day):
    assert notes(told(process_faults)) == [f"No coil was rolled on {day}."]
    trained = {"production_day": day - timedelta(days=1)}
    calm = told(process_faults, (CORE_COILS, {}), (MART_MODEL_CARDS, trained))
    assert notes(calm) == ["None of 1 coil left its normal behaviour."]


def test_the_coils_of_one_mark_are_one_row_from_its_first_coil_on(told):
    first = {"coil_id": "C1", "defects_n": 10, "rolled_t": 840.0}
    after = {"coil_id": "C2", "defects_n": 30, "rolled_t": 862.0}
    below = {"coil_id": "C1", "side": "bottom", "stand": None, "position": None, "roll_id": None}
    unknown = below | {"doubt": "two rolls explain it", "suspects": ["a", "b"], "defects_n": 5}
    (grid,) = of_kind(told(roll_marks, (MART_ROLL_MARKS, first, after, unknown)), Grid)
    assert [(row["roll"], row["coils_n"], row["defects_n"], row["rolled_t"]) for row in grid.rows[:1]] == [
        ("F5 top work WR-5093", 2, 40, 840.0)
    ]
    assert (grid.rows[1]["roll"], grid.rows[1]["doubt"]) == ("not known", "two rolls explain it")


def test_no_marks_and_no_inspection_are_told_apart(told):
    assert "Nobody told of an inspection" in notes(told(roll_marks))[0]
    assert notes(told(roll_marks, (CORE_COIL_INSPECTIONS, {}))) == ["No defects repeat along a strip."]
