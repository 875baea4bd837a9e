"""Yields of a piece: what came out, what of it was prime, and whether it was so the first time."""

import pytest

from pipelines.mart.coil_yields import coil_yields
from schemas.core.length_maps import CORE_LENGTH_MAPS
from schemas.core.materials import CORE_MATERIALS
from schemas.mart.coil_yields import MART_COIL_YIELDS
from schemas.mart.yield_ledger import MART_YIELD_LEDGER, NO_MASS_IN, NO_MASS_OUT


@pytest.fixture
def yields(given):
    """The yields of the rows of a ledger in which a slab of 20 t became what the test says."""

    def rows(*ledger, materials=({},), maps=()):
        slab = {"charged_mass_t": 20.0, "prime_mass_t": 19.0, "crop_mass_t": None}
        frame = coil_yields(
            given(MART_YIELD_LEDGER, *(slab | row for row in ledger)),
            given(CORE_MATERIALS, *materials),
            given(CORE_LENGTH_MAPS, *maps),
        )
        return frame.select(*MART_COIL_YIELDS.field_names).orderBy("line", "piece_id").collect()

    return rows


@pytest.mark.engines
def test_yields_are_shares_of_the_mass_charged(yields):
    [coil] = yields(
        {"prime_mass_t": 18.0, "secondary_mass_t": 1.0, "crop_mass_t": 0.2, "scrapped_mass_t": 0.8}
    )

    assert coil.output_mass_t == 19.0
    assert (coil.metallic_yield_pct, coil.prime_yield_pct) == pytest.approx((95.0, 90.0))
    # 18 t of prime in 19 t of product and 1 t of scrap.
    assert coil.prime_share_pct == pytest.approx(90.0)


@pytest.mark.engines
def test_without_a_mass_in_there_is_a_prime_share_and_no_yield(yields):
    [coil] = yields({"charged_mass_t": None, "scrapped_mass_t": 1.0, "not_computable": NO_MASS_IN})

    assert (coil.metallic_yield_pct, coil.prime_yield_pct) == (None, None)
    assert coil.prime_share_pct == pytest.approx(95.0)
    assert coil.not_computable == "mass in was not delivered"


def test_a_piece_out_without_mass_has_no_yield_at_all(yields):
    [coil] = yields({"prime_mass_t": 0.0, "not_computable": NO_MASS_OUT})

    assert (coil.output_mass_t, coil.metallic_yield_pct, coil.prime_share_pct) == (None, None, None)


def test_an_unknown_quality_code_leaves_the_metallic_yield(yields):
    [coil] = yields({"prime_mass_t": 9.0, "ungraded_mass_t": 10.0})

    assert (coil.metallic_yield_pct, coil.prime_yield_pct) == (pytest.approx(95.0), None)
    assert coil.not_computable == "quality code of a piece that came out is missing or not known"


@pytest.mark.parametrize(
    ("booked", "first_pass"),
    [
        ({}, True),
        ({"secondary_mass_t": 0.1}, False),
        ({"scrapped_mass_t": 0.1}, False),
        ({"cobble_mass_t": 4.0}, False),
        ({"crop_mass_t": 0.2, "trim_mass_t": 0.5, "sample_mass_t": 0.01}, True),
        ({"ungraded_mass_t": 1.0}, None),
        ({"operation": "re-coiling"}, False),
    ],
)
def test_all_prime_at_once_is_first_pass(yields, booked, first_pass):
    [coil] = yields(booked)

    assert coil.is_first_pass is first_pass


@pytest.mark.engines
def test_a_coil_wound_again_was_not_right_the_first_time(yields):
    again = {"material_kind": "piece", "operation": "re-coiling", "parent_id": "C1"}

    first, second = yields(
        {"coil_id": "C1", "piece_id": "S1"}, {"coil_id": "C2", "piece_id": "S2"}, materials=[again]
    )

    assert (first.is_first_pass, second.is_first_pass) == (False, True)


@pytest.mark.engines
def test_the_mass_by_dimensions_stands_beside_the_mass_weighed(yields):
    halves = [{"material_id": f"C1{half}", "length_m": 360.0, "mass_t": 10.7} for half in "AB"]

    [coil] = yields({}, materials=halves)

    # 720 m x 1.25 m x 3 mm x 7.85 t/m3 = 21.195 t, and 21.4 t are 0.97 % more.
    assert coil.theoretical_mass_t == pytest.approx(21.195)
    assert coil.theoretical_deviation_pct == pytest.approx(0.967, abs=0.001)


def test_without_a_length_there_is_no_mass_by_dimensions(yields):
    [coil] = yields({}, materials=[{"material_id": "C1A"}, {"material_id": "C1B", "length_m": None}])

    assert (coil.theoretical_mass_t, coil.theoretical_deviation_pct) == (None, None)
