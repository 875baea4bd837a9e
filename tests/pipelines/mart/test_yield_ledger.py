"""Every tonne that a line takes in is booked once, and what no scale explains is said."""

from datetime import UTC, date, datetime, timedelta

import pytest

from pipelines.mart.yield_ledger import yield_ledger
from schemas.core.coils import CORE_COILS
from schemas.core.length_maps import CORE_LENGTH_MAPS
from schemas.core.materials import CORE_MATERIALS
from schemas.mart.yield_ledger import MART_YIELD_LEDGER

DAY = date(2026, 11, 20)


def when(hour, minute=0, day=0):
    """A moment of the production day, which starts at 06:00, and the day itself."""
    at = datetime(2026, 11, 20, hour, minute, tzinfo=UTC) + timedelta(days=day)
    return {"made_at": at, "production_day": (at - timedelta(hours=6)).date()}


def slab(number, mass_t, **told):
    mine = {
        "material_id": number,
        "material_kind": "slab",
        "line": "RF1",
        "parent_id": None,
        "operation": None,
    }
    return when(7) | mine | {"mass_t": mass_t} | told


def hot_coil(number, slab_id, mass_t, **told):
    return when(8) | {"material_id": number, "parent_id": slab_id, "mass_t": mass_t} | told


def piece(number, parent, mass_t, **told):
    made = {"material_kind": "piece", "line": "FIN1", "operation": "dividing"}
    return when(12) | made | {"material_id": number, "parent_id": parent, "mass_t": mass_t} | told


def scrap(kind, parent, mass_t, **told):
    weighing = f"W {kind} {parent} {mass_t}"
    mine = {"material_id": weighing, "material_kind": "scrap", "scrap_kind": kind, "operation": None}
    return when(9) | mine | {"parent_id": parent, "mass_t": mass_t, "quality": None} | told


@pytest.fixture
def ledger(given):
    """The rows of the ledger by piece and operation; coils have no crop reckoned unless a test says so."""

    def rows(materials, coils=(), maps=(), **settings):
        no_crop = {"head_crop_mass_t": None, "tail_crop_mass_t": None}
        coils = given(CORE_COILS, *(no_crop | coil for coil in coils))
        genealogy = given(CORE_LENGTH_MAPS, *maps)
        frame = yield_ledger(coils, given(CORE_MATERIALS, *materials), genealogy, **settings)
        return frame.select(*MART_YIELD_LEDGER.field_names).orderBy("production_day", "piece_id").collect()

    return rows


C1 = {"coil_id": "C1", "slab_id": "S1", "slab_mass_t": 22.0}
FIRST_COIL = hot_coil("C1", "S1", 21.5)


@pytest.mark.engines
def test_a_coil_the_crops_and_the_scale_make_up_the_slab(ledger):
    crops = [scrap("head crop", "C1", 0.07), scrap("tail crop", "S1", 0.05)]

    [row] = ledger([FIRST_COIL, *crops], [C1], scale_pct=1.0)

    assert (row.line, row.piece_id, row.coil_id, row.operation) == ("HSM", "S1", "C1", "rolling")
    assert (row.charged_mass_t, row.prime_mass_t, row.crop_mass_t) == (22.0, 21.5, pytest.approx(0.12))
    # 1 % of 22 t is scale, and 0.75 of it is iron: 0.165 t; 22 - 21.5 - 0.12 - 0.165 = 0.215 t.
    assert (row.scale_mass_t, row.unaccounted_mass_t) == pytest.approx((0.165, 0.215))
    assert row.unaccounted_pct == pytest.approx(0.215 / 22 * 100)
    assert (row.estimated, row.not_computable) == (["scale"], None)


def test_the_tolerance_of_the_scales_is_a_setting(ledger):
    [strict] = ledger([FIRST_COIL], [C1], closing_tolerance_pct=0.5)
    [lax] = ledger([FIRST_COIL], [C1], closing_tolerance_pct=1.5)

    assert (strict.is_within_tolerance, lax.is_within_tolerance) == (False, True)


@pytest.mark.parametrize(
    ("weighed", "crop_mass_t", "estimated"),
    [
        ([], 0.11, ["crop", "scale"]),
        ([scrap("head crop", "C1", 0.07)], 0.12, ["crop", "scale"]),
        ([scrap("head crop", "C1", 0.07), scrap("tail crop", "C1", 0.04)], 0.11, ["scale"]),
    ],
)
def test_a_crop_that_was_not_weighed_is_the_shears_reckoning(ledger, weighed, crop_mass_t, estimated):
    reckoned = {"head_crop_mass_t": 0.06, "tail_crop_mass_t": 0.05}

    [row] = ledger([FIRST_COIL, *weighed], [C1 | reckoned])

    assert (row.crop_mass_t, row.estimated) == (pytest.approx(crop_mass_t), estimated)


def test_the_shears_reckoning_is_of_the_hot_coil_and_not_of_a_piece_of_its_number(ledger):
    reckoned = {"head_crop_mass_t": 0.06, "tail_crop_mass_t": 0.05}
    tempered = piece("C1", "C1", 21.4, operation="temper rolling")

    finished, rolled = ledger([FIRST_COIL, tempered], [C1 | reckoned])

    assert (rolled.crop_mass_t, finished.crop_mass_t) == (pytest.approx(0.11), None)


def test_more_out_than_in_is_beyond_the_tolerance_too(ledger):
    [row] = ledger([hot_coil("C1", "S1", 22.5)], [C1])

    assert (row.unaccounted_mass_t < 0, row.is_within_tolerance) == (True, False)


def test_a_crop_that_nobody_weighed_or_reckoned_is_not_known(ledger):
    [row] = ledger([FIRST_COIL], [C1])

    assert (row.crop_mass_t, row.trim_mass_t, row.cobble_mass_t) == (None, None, None)


@pytest.mark.parametrize(
    ("quality", "account"),
    [("prime", "prime"), ("secondary", "secondary"), ("scrap", "scrapped"), (None, "ungraded")],
)
def test_a_coil_is_booked_by_its_quality(ledger, quality, account):
    [row] = ledger([hot_coil("C1", "S1", 21.5, quality=quality)], [C1])

    booked = {name: row[f"{name}_mass_t"] for name in ("prime", "secondary", "ungraded", "scrapped")}
    assert {name: mass for name, mass in booked.items() if mass} == {account: 21.5}


@pytest.mark.engines
def test_a_slab_that_never_became_a_coil_is_charged_on_the_day_its_cobble_is_weighed(ledger):
    next_day = when(7, day=1)

    [row] = ledger([slab("S9", 22.0), scrap("cobble", "S9", 21.6, line="HSM", **next_day)])

    assert (row.production_day, row.operation, row.coil_id) == (DAY + timedelta(days=1), None, None)
    assert (row.charged_mass_t, row.cobble_mass_t, row.prime_mass_t) == (22.0, 21.6, 0.0)
    assert (row.grade, row.order_id) == ("S355MC", "O100001")


def test_scrap_of_a_piece_that_nobody_worked_is_booked_without_a_balance(ledger):
    [row] = ledger([scrap("trim", None, 0.3)])

    assert (row.piece_id, row.trim_mass_t) == ("W trim None 0.3", 0.3)
    assert (row.charged_mass_t, row.unaccounted_mass_t) == (None, None)
    assert row.not_computable == "only scrap was weighed of it, no work on it is known"


@pytest.mark.engines
def test_the_pieces_of_a_divided_coil_are_booked_against_the_coil(ledger):
    heavier = piece("C1A", "C1", 10.6, quality="secondary", order_id="O2")
    lighter = piece("C1B", "C1", 10.4, **when(12, 30))
    sample = scrap("sample", "C1B", 0.02, line="FIN1")

    row, _ = ledger([FIRST_COIL, heavier, lighter, sample], [C1 | {"mass_t": 21.5}])

    assert (row.line, row.piece_id, row.coil_id, row.charged_mass_t) == ("FIN1", "C1", "C1", 21.5)
    assert (row.prime_mass_t, row.secondary_mass_t, row.sample_mass_t) == (10.4, 10.6, 0.02)
    assert (row.unaccounted_mass_t, row.scale_mass_t) == (pytest.approx(0.48), None)
    assert row.order_id == "O2", "the order of the heavier piece"


def test_a_piece_of_a_piece_is_booked_against_the_piece(ledger):
    again = piece("C1A1", "C1A", 10.1, operation="re-coiling", **when(14))

    rows = ledger([piece("C1A", "C1", 10.4), again], [C1 | {"mass_t": 21.5}])

    assert {(row.piece_id, row.charged_mass_t) for row in rows} == {("C1", 21.5), ("C1A", 10.4)}


@pytest.mark.engines
def test_a_coil_divided_over_two_days_is_charged_once(ledger):
    parts = [piece("C1A", "C1", 10.4, **when(5, day=1)), piece("C1B", "C1", 10.6, **when(7, day=1))]

    first, second = ledger(parts, [C1 | {"mass_t": 21.5}])

    assert (first.charged_mass_t, first.unaccounted_mass_t, first.estimated) == (10.4, 0.0, ["charged"])
    assert second.charged_mass_t == pytest.approx(11.1)
    assert (second.unaccounted_mass_t, second.estimated) == (pytest.approx(0.5), [])


def test_a_coil_that_comes_back_later_is_charged_again(ledger):
    parts = [piece("C1A", "C1", 10.4), piece("C1B", "C1", 10.6, **when(12, day=2))]

    rows = ledger(parts, [C1 | {"mass_t": 21.5}])

    assert [row.charged_mass_t for row in rows] == [21.5, 21.5]


def test_two_operations_on_one_coil_are_two_works(ledger):
    tempered = piece("C1", "C1", 21.4, operation="temper rolling")
    halves = [piece(f"C1{half}", "C1", 10.7, **when(15)) for half in "AB"]

    rows = ledger([tempered, *halves], [C1 | {"mass_t": 21.5}])

    assert {(row.operation, row.charged_mass_t, row.prime_mass_t) for row in rows} == {
        ("temper rolling", 21.5, 21.4),
        ("dividing", 21.5, 21.4),
    }


@pytest.mark.engines
def test_without_the_mass_of_the_parent_nothing_is_balanced_and_all_is_booked(ledger):
    same_number = [piece("C7", "C7", 22.56), piece("C7", "C7", 0.84, quality="scrap", **when(12, 3))]

    [row] = ledger(same_number)

    assert (row.prime_mass_t, row.scrapped_mass_t) == (22.56, 0.84)
    assert (row.charged_mass_t, row.unaccounted_mass_t, row.is_within_tolerance) == (None, None, None)
    assert row.not_computable == "mass in was not delivered"


def test_a_coil_without_a_mass_has_no_balance(ledger):
    [row] = ledger([hot_coil("C1", "S1", None)], [C1])

    assert (row.charged_mass_t, row.unaccounted_mass_t) == (22.0, None)
    assert row.not_computable == "mass of a piece that came out was not delivered"


def test_a_coil_of_an_unknown_slab_stands_for_itself(ledger):
    [row] = ledger([hot_coil("C1", None, 21.5)], [C1 | {"slab_id": None, "slab_mass_t": None}])

    assert (row.piece_id, row.coil_id, row.not_computable) == ("C1", "C1", "mass in was not delivered")


def test_a_coil_that_is_weighed_as_scrapped_is_not_counted_twice(ledger):
    [row] = ledger([FIRST_COIL, scrap("scrapped piece", "C1", 21.5)], [C1])

    assert (row.prime_mass_t, row.scrapped_mass_t, row.charged_mass_t) == (0.0, 21.5, 22.0)


def test_what_is_scrapped_under_the_number_of_the_parent_did_not_come_out_before(ledger):
    came_out = piece("C7", "C7", 18.0)

    [row] = ledger([came_out, scrap("scrapped piece", "C7", 3.0, line="FIN1")])

    assert (row.prime_mass_t, row.scrapped_mass_t) == (18.0, 3.0)


def test_a_coil_that_is_scrapped_before_it_is_finished_is_charged_to_its_line(ledger):
    [row] = ledger([scrap("scrapped piece", "C1", 21.4, line="FIN1")], [C1 | {"mass_t": 21.5}])

    assert (row.line, row.charged_mass_t, row.scrapped_mass_t) == ("FIN1", 21.5, 21.4)
