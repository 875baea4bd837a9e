"""Maps of lengths on random routes: nothing lost, nothing twice, back where one came from."""

from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipelines.length_maps import (
    LengthMapError,
    Stretch,
    clipped,
    compose,
    inverted,
    length_map,
    parts,
    places,
)
from tests.pipelines.routes import inside, routes, same, steps


@given(routes(), st.floats(0.05, 0.95))
def test_there_and_back_is_the_identity(route, share):
    whole = compose(compose(*route[:2]), route[2])
    at_m = inside(whole, share)

    there = places(whole, at_m).at_m

    assert places(inverted(whole), there).at_m == pytest.approx(at_m, abs=1e-8)
    same(inverted(inverted(whole)), whole)


@given(routes())
def test_the_parts_of_a_whole_cover_it_without_gap_or_overlap(route):
    whole = compose(compose(*route[:2]), route[2])

    for stretches, length_m in ((whole, route[0][-1].to_m), (inverted(whole), 10.0)):
        borders = [(stretch.from_m, stretch.to_m) for stretch in stretches]
        assert (borders[0][0], borders[-1][1]) == pytest.approx((0.0, length_m))
        assert all(one[1] == pytest.approx(other[0]) for one, other in pairwise(borders))


@given(routes())
def test_volume_is_conserved(route):
    # A section of 1 on the strand; along the route it thins as the metres grow.
    whole = compose(compose(*route[:2]), route[2])

    assert sum((s.to_m - s.from_m) * s.slope for s in whole) == pytest.approx(10.0)
    assert sum(s.parent_to_m - s.parent_from_m for s in whole) == pytest.approx(10.0)


@given(routes())
def test_it_does_not_matter_which_steps_are_composed_first(route):
    piece, coil, slab = route

    same(compose(compose(piece, coil), slab), compose(piece, compose(coil, slab)))


@given(routes())
def test_the_way_back_of_two_steps_is_the_two_ways_back(route):
    piece, coil, _ = route

    same(inverted(compose(piece, coil)), compose(inverted(coil), inverted(piece)))


@given(routes(), st.floats(0.05, 0.95))
def test_errors_only_grow_along_a_route(route, share):
    piece, coil, slab = route
    two, three = compose(piece, coil), compose(compose(piece, coil), slab)
    at_m = inside(three, share)

    for one, longer in ((piece, two), (two, three)):
        before, after = (
            np.array([stretches[no].sigma_m for no in places(stretches, at_m).stretch_no])
            for stretches in (one, longer)
        )
        assert np.all(after >= before - 1e-12)
    # Nor does a step less show a smaller error at the place that both reach.
    near = places(slab, places(two, at_m).at_m).sigma_m
    assert np.all(places(three, at_m).sigma_m >= near - 1e-9)


@given(routes(), st.integers(0, 1000), st.integers(0, 1000))
def test_a_part_of_the_map_is_the_map_of_a_part(route, one, other):
    piece, coil, _ = route
    end_m = piece[-1].to_m
    from_m, to_m = sorted((one / 1000 * end_m, other / 1000 * end_m))

    part = clipped(piece, from_m, to_m)

    assert sum(s.to_m - s.from_m for s in part) == pytest.approx(to_m - from_m, abs=1e-9)
    at_m = inside(part, 0.5)
    assert places(part, at_m).at_m == pytest.approx(places(piece, at_m).at_m, abs=1e-9)
    assert places(compose(part, coil), at_m).at_m == pytest.approx(
        places(compose(piece, coil), at_m).at_m, abs=1e-9
    )


@given(steps(), st.lists(st.integers(0, 1000), min_size=2, max_size=30))
@settings(max_examples=50)
def test_many_intervals_at_once_are_the_intervals_one_by_one(step, shares):
    borders = np.unique(np.array(shares)) / 1000 * step[-1].to_m
    from_m, to_m = borders[:-1], borders[1:]

    together = parts(step, from_m, to_m)

    for no, (begin, end) in enumerate(zip(from_m, to_m, strict=True)):
        own = together.interval_no == no
        alone = clipped(step, begin, end)
        assert together.parent_from_m[own] == pytest.approx([s.parent_from_m for s in alone], abs=1e-9)
        assert together.parent_to_m[own] == pytest.approx([s.parent_to_m for s in alone], abs=1e-9)


def test_a_recoiled_piece_begins_where_its_parent_ended():
    recoiled = (Stretch("C1A", 0.0, 700.0, "C1", 2.0, 702.0, is_reversed=True),)

    assert places(recoiled, [0.0, 10.0, 700.0]).at_m.tolist() == [702.0, 692.0, 2.0]


def test_recoiled_twice_is_as_it_was():
    once = (Stretch("C1B", 0.0, 700.0, "C1A", 0.0, 700.0, is_reversed=True, is_side_flipped=True),)
    before = (Stretch("C1A", 0.0, 700.0, "C1", 0.0, 700.0, is_reversed=True, is_side_flipped=True),)

    [twice] = compose(once, before)

    assert (twice.is_reversed, twice.is_side_flipped) == (False, False)


def test_readings_of_a_strand_find_their_coils_at_once():
    on_slabs = [
        (Stretch("C1", 0.0, 720.0, "S1", 0.4, 10.0, sigma_m=0.3),),
        (Stretch("C2", 0.0, 360.0, "S2", 0.2, 9.8, sigma_m=0.3),),
    ]
    on_strand = {
        "S1": (Stretch("S1", 0.0, 10.0, "strand 1", 100.0, 110.0),),
        "S2": (Stretch("S2", 0.0, 10.0, "strand 1", 110.0, 120.0),),
    }
    strand = length_map(
        stretch for coil in on_slabs for stretch in inverted(compose(coil, on_strand[coil[0].parent_id]))
    )

    found = places(strand, [100.2, 100.4, 105.2, 110.1, 110.2, 115.0])

    # What was cropped, between the coils, is on none.
    coils = [strand[no].parent_id if no >= 0 else None for no in found.stretch_no]
    assert coils == [None, "C1", "C1", None, "C2", "C2"]
    assert found.at_m == pytest.approx([np.nan, 0.0, 360.0, np.nan, 0.0, 180.0], nan_ok=True)
    assert found.sigma_m[[1, 4]] == pytest.approx(0.3)


def test_a_temper_rolled_piece_keeps_its_volume():
    # 400 m of 2.00 mm, 1 % longer, are 404 m of 1.9802 mm.
    tempered = Stretch("C1A", 0.0, 404.0, "C1", 0.0, 400.0)

    assert tempered.slope * 2.0 == pytest.approx(1.9802, abs=1e-4)


def test_what_nobody_knows_of_the_side_stays_unknown():
    unknown = (Stretch("C1A", 0.0, 1.0, "C1", 0.0, 1.0, is_side_flipped=None),)

    assert compose(unknown, (Stretch("C1", 0.0, 1.0, "S1", 0.0, 1.0),))[0].is_side_flipped is None


def test_a_doubt_goes_along():
    doubtful = (Stretch("C1A", 0.0, 1.0, "C1", 0.0, 1.0, doubt="or of C2"),)

    assert compose(doubtful, (Stretch("C1", 0.0, 1.0, "S1", 0.0, 1.0),))[0].doubt == "or of C2"


def test_off_the_map_there_is_no_place():
    assert np.isnan(places((), 1.0).at_m)
    gap = length_map([Stretch("C1", 0.0, 1.0, "S1", 0.0, 1.0), Stretch("C1", 2.0, 3.0, "S1", 2.0, 3.0)])
    assert places(gap, [-0.1, 0.5, 1.0, 1.5, 3.0, 3.1]).stretch_no.tolist() == [-1, 0, -1, -1, 1, -1]
    assert len(parts((), 0.0, 1.0).from_m) == 0


def test_a_metre_that_is_mapped_twice_is_refused():
    with pytest.raises(LengthMapError, match="each metre of one child once"):
        length_map([Stretch("C1", 0.0, 2.0, "S1", 0.0, 1.0), Stretch("C1", 1.0, 3.0, "S2", 0.0, 1.0)])


@pytest.mark.parametrize("interval", [(1.0, 1.0), (2.0, 1.0), (float("nan"), 1.0)])
def test_what_has_no_length_maps_nothing(interval):
    with pytest.raises(LengthMapError, match="run forward"):
        Stretch("C1", *interval, "S1", 0.0, 1.0)
