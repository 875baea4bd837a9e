"""What lies at a traced metre."""

import pytest

from jobs.tracing import found_there, trace_of
from pipelines.trace_text import trace_text
from tests.one_strip import COIL, publish_strip


@pytest.fixture(scope="module")
def lake(tmp_path_factory, publish):
    folder = str(tmp_path_factory.mktemp("traced") / "lake")
    publish_strip(publish, folder)
    return folder


def names(lake, piece_id, at_m):
    return [row["name"] for row in found_there(lake, trace_of(lake, piece_id, at_m))]


def test_a_metre_has_the_process_fault_and_the_defect_that_lie_there(lake):
    assert names(lake, COIL, 22.3) == ["finishing T2", "sliver, top"]


def test_a_defect_two_errors_away_is_there_and_one_further_is_not(lake):
    # The sliver ends at 22.6 m and its place is wrong by 0.5 m; that of the process fault by 0.3 m.
    assert "sliver, top" in names(lake, COIL, 23.5)
    assert "sliver, top" not in names(lake, COIL, 23.7)


def test_a_metre_of_the_slab_tells_what_lies_on_the_coil_made_of_it(lake):
    # Metre 2.23 of 6 m of slab is metre 22.3 of 60 m of coil.
    assert "sliver, top" in names(lake, "S1", 2.23)


def test_in_words(lake):
    traced = trace_of(lake, COIL, 22.3)
    text = trace_text(traced, found_there(lake, traced))
    assert "  process fault: finishing T2, 20.0 to 30.0 m of the hot coil: Too hot.\n" in text
    assert "no process fault and no surface defect that is known" in trace_text(traced, [])
