"""A metre and its places along the route, from the strand to the finished piece."""

from datetime import timedelta

import duckdb
import pyarrow as pa
import pytest

from pipelines.trace_text import trace_text
from pipelines.tracing import ROUTE, TraceError, trace
from tests.pipelines.one_route import COIL, ROLLED, SLAB, made, where

HEAD = made("C1A", "piece", 358.0, "C1", (2.0, 360.0), 24)
TAIL = made("C1B", "piece", 358.0, "C1", (360.0, 718.0), 24.1)
AGAIN = made("C1A", "piece", 358.0, "C1A", (0.0, 358.0), 48, operation="re-coiling", line="FIN1")
ROUTE_ROWS = (SLAB, COIL, HEAD, TAIL, AGAIN)


def test_a_metre_of_a_coil_is_found_on_slab_strand_and_pieces():
    found = trace(ROUTE_ROWS, "C1", 100.0)

    # 720 m of coil are 9.6 m of slab: a metre is 13.33 mm.
    assert where(found.upstream) == [("S1", "slab", 0.4 + 100 / 75), ("strand 1", "strand", 120.4 + 100 / 75)]
    # Coiled again twice, the head is a head again.
    assert where(found.downstream) == [("C1A", "piece", 260.0), ("C1A", "piece", 98.0)]
    assert [place.is_reversed for place in found.downstream] == [True, False]


def test_a_metre_of_a_piece_is_found_on_its_coil_first():
    found = trace(ROUTE_ROWS, "C1B", 58.0)

    assert where(found.upstream) == [
        ("C1", "hot coil", 660.0),
        ("S1", "slab", 0.4 + 660 / 75),
        ("strand 1", "strand", 120.4 + 660 / 75),
    ]
    assert all(place.is_reversed for place in found.upstream)


def test_errors_grow_along_the_way_and_count_in_the_metres_of_each_piece():
    slab, strand = trace(ROUTE_ROWS, "C1", 100.0).upstream

    assert (slab.asked_sigma_m, slab.sigma_m) == pytest.approx((0.4, 0.4 / 75))
    # 10 mm of slab are 0.75 m of coil.
    assert strand.asked_sigma_m == pytest.approx((0.4**2 + 0.75**2) ** 0.5)
    assert strand.sigma_m == pytest.approx(strand.asked_sigma_m / 75)


def test_a_metre_that_was_cut_off_is_on_no_piece():
    found = trace(ROUTE_ROWS, "C1", 1.0)

    assert found.downstream == ()
    assert found.downstream_ends.startswith("on no piece made of it with certainty: C1A (place known)")


def test_a_coil_of_which_nothing_was_made_says_so():
    assert trace((SLAB, COIL), "C1", 1.0).downstream_ends == "no piece made of it is known"


def test_a_slab_that_is_not_known_ends_the_way():
    found = trace((COIL,), "C1", 100.0)

    assert where(found.upstream) == [("S1", "slab", 0.4 + 100 / 75)]
    assert found.upstream_ends == "S1 is not in core/length_maps"


def test_a_place_that_is_not_known_ends_the_way_with_its_doubt():
    doubtful = COIL | {"parent_from_m": None, "parent_to_m": None, "sigma_m": None, "doubt": "or C2"}
    found = trace((SLAB, doubtful), "C1", 100.0)

    assert (found.upstream, found.upstream_ends) == ((), "or C2")


def test_a_doubt_that_leaves_a_place_goes_with_it():
    [slab, strand] = trace((SLAB | {"doubt": "or S2"}, COIL), "C1", 100.0).upstream

    assert (slab.doubt, strand.doubt) == (None, "or S2")


def test_a_piece_of_two_of_one_number_is_told_and_not_chosen():
    twins = [HEAD, TAIL | {"child_id": "C1A"}]
    child = made("C1AX", "piece", 100.0, "C1A", (0.0, 100.0), 72)
    rows = (SLAB, COIL, *twins, child)

    found = trace(rows, "C1AX", 50.0)
    assert where(found.upstream) == [("C1A", "parent", 50.0)]
    assert found.upstream_ends.startswith("C1A could be piece of 2026-11-21 08:30 UTC, piece of")
    with pytest.raises(TraceError, match="C1A is of 2: piece of 2026-11-21 08:30 UTC, piece of"):
        trace(rows, "C1A", 50.0)


def test_what_bears_a_number_later_is_not_what_a_piece_was_made_of():
    later = made("C1", "piece", 700.0, "C9", (0.0, 700.0), 30)
    re_used = SLAB | {"child_id": "C1", "made_at": ROLLED + timedelta(hours=1)}

    [coil, *_] = trace((SLAB, COIL, HEAD, later, re_used), "C1A", 0.0).upstream

    assert (coil.piece_id, coil.kind, coil.made_at) == ("C1", "hot coil", ROLLED)


def test_pieces_that_keep_the_number_of_their_coil_are_two_of_one_number():
    twins = [HEAD | {"child_id": "C1"}, TAIL | {"child_id": "C1"}]
    child = made("C1X", "piece", 100.0, "C1", (0.0, 100.0), 72, operation="cropping")

    assert (
        "could be piece of 2026-11-21 08:30 UTC, piece of"
        in trace((SLAB, COIL, *twins, child), "C1X", 50.0).upstream_ends
    )
    assert where(trace((SLAB, COIL, *twins), "C1", 100.0).downstream) == [("C1", "piece", 260.0)]


def test_one_number_may_go_through_the_whole_plant():
    rows = [
        row | {"child_id": "77"} for row in (SLAB, COIL | {"parent_id": "77"}, HEAD | {"parent_id": "77"})
    ]
    found = trace(rows, "77", 100.0)

    assert where(found.upstream) == [("77", "slab", 0.4 + 100 / 75), ("strand 1", "strand", 120.4 + 100 / 75)]
    assert where(found.downstream) == [("77", "piece", 260.0)]


@pytest.mark.parametrize(
    ("piece", "at_m", "says"),
    [
        ("C9", 1.0, "'C9' has none"),
        ("C1", 720.1, "has metres from 0 to 720.0 and metre 720.1"),
        ("C1", float("nan"), "metre nan"),
    ],
)
def test_what_is_not_there_is_refused_with_a_reason(piece, at_m, says):
    with pytest.raises(TraceError, match=says):
        trace(ROUTE_ROWS, piece, at_m)


def test_the_text_tells_each_place_with_its_error():
    text = trace_text(trace(ROUTE_ROWS, "C1", 100.0))

    assert text.splitlines() == [
        "C1, metre 100.0 of 720.0 from the head (hot coil of 2026-11-20 08:30 UTC)",
        "Where it came from:",
        "  slab S1 at 1.73 of 10.00 m, ± 0.005 m (0.40 m of C1); rolling, made 2026-11-20 06:30 UTC",
        "  strand 1 at 121.73 m, ± 0.011 m (0.85 m of C1); casting, slab cut off 2026-11-20 08:30 UTC",
        "What became of it:",
        "  piece C1A at 260.0 of 358.0 m, ± 0.30 m (0.30 m of C1); dividing, made 2026-11-21 08:30 UTC, "
        "head and tail exchanged",
        "  piece C1A at 98.0 of 358.0 m, ± 0.42 m (0.42 m of C1); re-coiling, made 2026-11-22 08:30 UTC",
        "Errors are one standard deviation.",
    ]


def test_the_text_names_what_is_not_known():
    text = trace_text(trace((COIL,), "C1", 100.0))

    assert "  and then it ends: S1 is not in core/length_maps" in text
    assert "  nothing is told: no piece made of it is known" in text


def test_the_route_is_all_that_a_trace_needs_and_no_more():
    others = [
        made("C2", "hot coil", 720.0, "S2", (0.4, 10.0)),
        made("S2", "slab", 9.0, "strand 1", (130.0, 139.0)),
    ]
    table = pa.Table.from_pylist([*ROUTE_ROWS, *others])
    with duckdb.connect() as lake:
        lake.execute("create schema core")
        lake.register("rows", table)
        lake.execute("create view core.length_maps as from rows")
        found = lake.sql(ROUTE, params={"piece": "C1"}).to_arrow_table().to_pylist()

    assert sorted((row["child_id"], row["made_at"]) for row in found) == sorted(
        (row["child_id"], row["made_at"]) for row in ROUTE_ROWS
    )
    assert len(trace(found, "C1", 100.0).downstream) == 2
