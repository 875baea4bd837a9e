"""Maps of lengths through welds, on random routes: what holds of one parent holds of several."""

from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipelines.length_maps import Stretch, compose, inverted, length_map, places
from tests.pipelines.routes import inside, same, welds


def test_two_welded_coils_are_one_child_of_two_parents():
    welded = length_map(
        [
            Stretch("W1", 300.0, 500.0, "C2", 0.0, 200.0, is_reversed=True),
            Stretch("W1", 0.0, 300.0, "C1", 400.0, 700.0),
        ]
    )
    on_slabs = [(Stretch("C1", 0.0, 700.0, "S1", 0.0, 7.0),), (Stretch("C2", 0.0, 200.0, "S2", 0.0, 4.0),)]

    at = places(compose(welded, *on_slabs), [100.0, 300.0, 499.0])

    assert at.at_m == pytest.approx([5.0, 4.0, 0.02])
    assert [compose(welded, *on_slabs)[no].parent_id for no in at.stretch_no] == ["S1", "S2", "S2"]


@given(welds(), st.floats(0.05, 0.95))
def test_through_a_weld_there_and_back_is_the_identity(route, share):
    piece, coils, slabs = route
    whole = compose(compose(piece, *coils), *slabs)
    at_m = inside(whole, share)

    assert places(inverted(whole), places(whole, at_m).at_m).at_m == pytest.approx(at_m, abs=1e-7)
    same(inverted(inverted(whole)), whole)
    same(whole, compose(piece, *(compose(coil, slab) for coil, slab in zip(coils, slabs, strict=True))))


@given(welds())
def test_the_parts_of_a_welded_piece_cover_it_and_all_its_parents_without_gap_or_overlap(route):
    piece, coils, slabs = route
    whole = compose(compose(piece, *coils), *slabs)
    of_coils = [inverted([part for part in piece if part.parent_id == coil[0].child_id]) for coil in coils]
    covered = [(whole, piece[-1].to_m), (inverted(whole), 10.0 * len(coils))]
    covered += [(back, coil[-1].to_m) for back, coil in zip(of_coils, coils, strict=True)]

    for stretches, length_m in covered:
        assert (stretches[0].from_m, stretches[-1].to_m) == pytest.approx((0.0, length_m))
        assert all(one.to_m == pytest.approx(other.from_m) for one, other in pairwise(stretches))


@given(welds())
def test_a_weld_conserves_the_volume_of_each_parent(route):
    piece, coils, slabs = route
    whole = compose(compose(piece, *coils), *slabs)

    assert sum((s.to_m - s.from_m) * s.slope for s in whole) == pytest.approx(10.0 * len(coils))
    for no in range(len(coils)):
        on_slab = [
            s for s in whole if 10.0 * no - 1e-6 <= s.parent_from_m and s.parent_to_m <= 10.0 * no + 10 + 1e-6
        ]
        assert sum(s.parent_to_m - s.parent_from_m for s in on_slab) == pytest.approx(10.0)


@given(welds(), st.floats(0.05, 0.95))
def test_errors_only_grow_through_a_weld(route, share):
    piece, coils, slabs = route
    two = compose(piece, *coils)
    three = compose(two, *slabs)
    at_m = inside(three, share)

    for one, longer in ((piece, two), (two, three)):
        before, after = (
            np.array([stretches[no].sigma_m for no in places(stretches, at_m).stretch_no])
            for stretches in (one, longer)
        )
        assert np.all(after >= before - 1e-12)
