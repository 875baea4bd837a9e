"""A metre of a welded piece goes back to the parent of its part, and a metre of a parent into the piece."""

from pipelines.tracing import trace
from tests.pipelines.one_route import COIL, SLAB, made, where

OTHER = made("C2", "hot coil", 500.0, "S2", (0.0, 10.0), operation="rolling", sigma_m=0.4)
ON_HEAD = made("W1", "piece", 300.0, "C1", (400.0, 700.0), 30, operation="re-coiling", part_no=2)
ON_TAIL = made("W1", "piece", 500.0, "C2", (1.0, 201.0), 30, operation="re-coiling", child_from_m=300.0)
ON_TAIL |= {"is_side_flipped": True}
OF_BOTH = made("W1A", "piece", 400.0, "W1", (50.0, 450.0), 50)
WELDED = (SLAB, COIL, OTHER, ON_TAIL, ON_HEAD, OF_BOTH)


def test_a_metre_of_a_welded_piece_is_found_on_the_parent_of_its_part():
    head, tail = (trace(WELDED, "W1", at_m) for at_m in (100.0, 400.0))

    assert where(head.upstream)[0] == ("C1", "hot coil", 600.0) and len(head.upstream) == 3
    assert where(tail.upstream) == [("C2", "hot coil", 101.0), ("S2", "slab", 2.02)]
    assert [trace.upstream[0].is_side_flipped for trace in (head, tail)] == [False, True]
    assert head.length_m == 500.0


def test_the_weld_itself_is_of_the_part_behind_it():
    assert where(trace(WELDED, "W1", 300.0).upstream)[0] == ("C2", "hot coil", 201.0)
    assert where(trace(WELDED, "W1", 500.0).upstream)[0] == ("C2", "hot coil", 1.0)


def test_a_metre_of_a_coil_is_found_on_its_part_of_the_welded_piece_and_what_became_of_it():
    # Metre 650 of C1 is metre 50 of W1, where W1A begins, which is the other way round.
    assert where(trace(WELDED, "C1", 650.0).downstream) == [("W1", "piece", 50.0), ("W1A", "piece", 400.0)]
    assert where(trace(WELDED, "C2", 101.0).downstream) == [("W1", "piece", 400.0), ("W1A", "piece", 50.0)]
    assert trace(WELDED, "C1", 100.0).downstream_ends.endswith("W1 (place known)")


def test_a_piece_of_a_welded_piece_goes_back_to_the_coil_behind_each_metre():
    found = [trace(WELDED, "W1A", at_m).upstream for at_m in (50.0, 350.0)]

    assert [where(places)[:2] for places in found] == [
        [("W1", "piece", 400.0), ("C2", "hot coil", 101.0)],
        [("W1", "piece", 100.0), ("C1", "hot coil", 600.0)],
    ]
    assert [places[0].length_m for places in found] == [500.0, 500.0]


def test_a_part_whose_place_nobody_told_ends_both_ways_with_its_doubt():
    nowhere = {"child_from_m": 0.0, "child_to_m": 500.0, "doubt": "the parts of W1 do not cover it once"}
    nowhere |= {"parent_from_m": None, "parent_to_m": None, "sigma_m": None}
    rows = (SLAB, COIL, OTHER, ON_TAIL | nowhere, ON_HEAD | nowhere)

    assert (trace(rows, "W1", 100.0).upstream, trace(rows, "W1", 100.0).upstream_ends) == (
        (),
        "the parts of W1 do not cover it once",
    )
    assert "W1 (the parts of W1 do not cover it once)" in trace(rows, "C1", 100.0).downstream_ends


def test_a_coil_that_was_welded_again_is_found_on_both_of_its_parts():
    again = ON_TAIL | {"parent_id": "C1", "parent_to_m": 201.0}

    assert where(trace((SLAB, COIL, ON_HEAD, again), "C1", 101.0).downstream) == [("W1", "piece", 400.0)]
    assert where(trace((SLAB, COIL, ON_HEAD, again), "C1", 500.0).downstream) == [("W1", "piece", 200.0)]
