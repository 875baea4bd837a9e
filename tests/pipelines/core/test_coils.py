"""A hot coil carries what its slab, heat and order say, and what its quality code meant as it was coiled."""

from datetime import UTC, datetime

import pytest

from pipelines.core.coils import coils
from schemas.core.coils import CORE_COILS
from schemas.raw.coils import RAW_COILS
from schemas.raw.heats import RAW_HEATS
from schemas.raw.orders import RAW_ORDERS
from schemas.raw.quality_codes import RAW_QUALITY_CODES
from schemas.raw.slabs import RAW_SLABS

MARCH, JUNE = datetime(2026, 3, 1, tzinfo=UTC), datetime(2026, 6, 1, tzinfo=UTC)
COILED = {"coiled_at": datetime(2026, 11, 20, 8, tzinfo=UTC)}


@pytest.fixture
def made(given):
    """The coils, by default with a slab, a heat, an order and a code that are all known."""

    def rows(*raw_coils, slabs=({},), heats=({},), orders=({},), codes=({"valid_from_at": MARCH},)):
        frame = coils(
            given(RAW_COILS, *(COILED | coil for coil in raw_coils)),
            given(RAW_SLABS, *slabs),
            given(RAW_HEATS, *heats),
            given(RAW_ORDERS, *orders),
            given(RAW_QUALITY_CODES, *codes),
        )
        return frame.select(*CORE_COILS.field_names).orderBy("coil_id").collect()

    return rows


def test_a_coil_knows_its_slab_heat_and_customer(made):
    [coil] = made({}, slabs=[{"mass_t": 22.4, "strand": "2"}])

    assert (coil.slab_mass_t, coil.strand, coil.heat_id) == (22.4, "2", "H26110001")
    assert (coil.grade_family, coil.customer) == ("HSLA", "Customer 7")


@pytest.mark.parametrize(
    ("own", "of_heat", "of_order", "grade"),
    [("S1", "S2", "S3", "S1"), (None, "S2", "S3", "S2"), (None, None, "S3", "S3"), (None, None, None, None)],
)
def test_the_grade_is_the_coils_own_else_the_heats_else_the_orders(made, own, of_heat, of_order, grade):
    heats = [{"grade": of_heat}] if of_heat else []

    [coil] = made({"grade": own}, heats=heats, orders=[{"grade": of_order}])

    assert coil.grade == grade


@pytest.mark.engines
def test_a_coil_of_an_unknown_slab_is_kept_with_what_is_known(made):
    without, unknown = made({"slab_id": None}, {"coil_id": "C9", "slab_id": "S9"})

    for coil in (without, unknown):
        assert (coil.slab_mass_t, coil.heat_id, coil.order_id) == (None, None, "O100001")


@pytest.mark.engines
def test_a_quality_code_means_what_it_meant_when_the_coil_was_made(made):
    meant = [
        {"quality": "prime", "valid_from_at": MARCH, "valid_to_at": JUNE},
        {"quality": "secondary", "valid_from_at": JUNE},
    ]

    before, at_the_change = made({"coiled_at": MARCH}, {"coil_id": "C3", "coiled_at": JUNE}, codes=meant)

    assert (before.quality, at_the_change.quality) == ("prime", "secondary")


@pytest.mark.engines
def test_of_two_meanings_that_both_hold_the_later_one_does(made):
    both_open = [
        {"quality": "secondary", "valid_from_at": JUNE},
        {"quality": "prime", "valid_from_at": MARCH},
    ]

    [coil] = made({}, codes=both_open)

    assert coil.quality == "secondary"


def test_a_code_that_nobody_explained_has_no_quality(made):
    [coil] = made({"quality_code": "Z9"})

    assert coil.quality is None
