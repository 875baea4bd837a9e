"""Whatever is welded: nothing of a piece is lost, and nothing is told twice."""

from itertools import accumulate, pairwise

import pytest
from hypothesis import HealthCheck
from hypothesis import given as for_all
from hypothesis import settings as trying
from hypothesis import strategies as st

from pipelines.cut_maps import cut_pieces
from schemas.raw.cuts import RAW_CUTS
from schemas.raw.welds import RAW_WELDS
from tests.pipelines.one_weld import FIRST, LATE, WELDED

LENGTHS_M = st.lists(st.integers(10, 4000).map(lambda decimetres: decimetres / 10), min_size=1, max_size=4)


@trying(max_examples=10, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@for_all(
    pieces=st.lists(LENGTHS_M, min_size=1, max_size=5),
    elongation=st.sampled_from([1.0, 1.01]),
    ends_are_told=st.booleans(),
    data=st.data(),
)
def test_however_a_piece_is_welded_its_parts_cover_it_and_all_of_its_mass(
    given, pieces, elongation, ends_are_told, data
):
    """Rows in any order; the piece may be longer than its parts were, as a temper rolled one is."""
    cuts, welds = [], []
    for no, lengths_m in enumerate(pieces):
        own = {"piece_id": f"W{no}", "finished_at": LATE}
        cuts.append(WELDED | own | {"length_m": sum(lengths_m) * elongation})
        for part_no, (from_m, to_m) in enumerate(pairwise([0.0, *accumulate(lengths_m)]), 1):
            place = {"piece_from_m": from_m, "piece_to_m": to_m if ends_are_told else None}
            if not ends_are_told:
                place["piece_from_m"] = from_m * elongation
            parent = {"parent_id": f"C{no} {part_no}", "parent_from_m": 0.0, "parent_to_m": to_m - from_m}
            welds.append(FIRST | own | place | parent | {"part_no": part_no})
    found = {}
    frames = given(RAW_CUTS, *cuts), given(RAW_WELDS, *data.draw(st.permutations(welds)))
    for row in cut_pieces(*frames).orderBy("child_from_m").collect():
        assert row.could_be is None
        found.setdefault(row.child_id, []).append(row)

    assert len(found) == len(pieces)
    for cut in cuts:
        parts = found[cut["piece_id"]]
        assert (parts[0].child_from_m, parts[-1].child_to_m) == (0.0, cut["length_m"])
        assert all(one.child_to_m == other.child_from_m for one, other in pairwise(parts))
        assert sum(part.mass_share_pct for part in parts) == pytest.approx(100)
        for part in parts:
            stretched = (part.child_to_m - part.child_from_m) / (part.parent_to_m - part.parent_from_m)
            assert stretched == pytest.approx(elongation)
