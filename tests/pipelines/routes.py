"""Random routes: pieces cut, reordered, reversed, thinned and welded, over all of what they were made of."""

from dataclasses import replace
from itertools import accumulate, pairwise

import numpy as np
import pytest
from hypothesis import strategies as st

from pipelines.length_maps import Stretch, length_map

SHARES = st.lists(st.floats(0.05, 1), min_size=1, max_size=4)


@st.composite
def steps(draw, child="child", parent="parent", parent_m=100.0):
    """A piece that is made anew: cut into stretches, reordered, reversed, thinned, over all of its parent."""
    shares = draw(SHARES)
    borders = [0.0, *(parent_m * part / sum(shares) for part in accumulate(shares))]
    on_parent = draw(st.permutations(list(pairwise(borders))))
    thinning = draw(st.lists(st.floats(0.5, 8), min_size=len(shares), max_size=len(shares)))
    lengths = [(to_m - from_m) * thinner for (from_m, to_m), thinner in zip(on_parent, thinning, strict=True)]
    begins = [0.0, *accumulate(lengths)]
    return length_map(
        Stretch(
            *(child, begins[no], begins[no + 1], parent, *on_parent[no]),
            is_reversed=draw(st.booleans()),
            is_side_flipped=draw(st.booleans()),
            sigma_m=draw(st.floats(0, 3)),
        )
        for no in range(len(shares))
    )


@st.composite
def routes(draw):
    """Three steps from a finished piece up to a strand, each over all of the step above."""
    names = ("piece", "coil", "slab", "strand")
    route, parent_m = [], 10.0
    for child, parent in reversed(list(pairwise(names))):
        route.insert(0, draw(steps(child, parent, parent_m)))
        parent_m = route[0][-1].to_m
    return route


@st.composite
def welds(draw):
    """A piece welded of all of two or three coils, cut and joined in any order; the coils of one strand.

    The route up: the piece, the coils and the slabs.
    """
    names = range(draw(st.integers(2, 3)))
    coils = [draw(steps(f"coil {no}", f"slab {no}", 10.0)) for no in names]
    slabs = [
        (Stretch(f"slab {no}", 0.0, 10.0, "strand", 10.0 * no, 10.0 * no + 10.0, sigma_m=0.1),)
        for no in names
    ]
    cut = [part for coil in coils for part in draw(steps("piece", coil[0].child_id, coil[-1].to_m))]
    parts, from_m = [], 0.0
    for part in draw(st.permutations(cut)):
        to_m = from_m + part.to_m - part.from_m
        parts.append(replace(part, from_m=from_m, to_m=to_m))
        from_m = to_m
    return length_map(parts), coils, slabs


def inside(stretches, share):
    """Places that are not on a border, as many as there are stretches."""
    return np.array([stretch.from_m + share * (stretch.to_m - stretch.from_m) for stretch in stretches])


def same(one, other):
    assert len(one) == len(other)
    for a, b in zip(one, other, strict=True):
        assert (a.child_id, a.parent_id, a.is_reversed, a.is_side_flipped) == (
            *(b.child_id, b.parent_id, b.is_reversed, b.is_side_flipped),
        )
        numbers = ("from_m", "to_m", "parent_from_m", "parent_to_m", "sigma_m")
        assert [getattr(a, n) for n in numbers] == pytest.approx([getattr(b, n) for n in numbers], abs=1e-9)
