"""Strips cut into segments: moments as by hand and by numpy, however the readings come."""

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipelines.strip_segments import Placed, cut, edges_m

GAUGE = {"thickness_mm": "gauge"}


def strip(places_m, values, length_m=3.0, segment_m=1.0, splits=(), sigma_m=None):
    """The segments of one signal, its readings in as many batches as the splits make."""
    column = pa.array(values, pa.float64())
    ends = [0, *sorted(splits), len(values)]
    parts = [column.slice(first, end - first) for first, end in zip(ends, ends[1:], strict=False)]
    readings = pa.table({"thickness_mm": pa.chunked_array(parts)})
    errors = {"gauge": np.array(sigma_m)} if sigma_m else {}
    placed = Placed({"gauge": np.array(places_m, float)}, errors)
    return cut(readings, placed, GAUGE, length_m, segment_m)


def test_a_segment_tells_number_mean_spread_and_ends_of_its_readings():
    segments = strip([0.1, 0.2, 0.9, 1.5], [2.0, 4.0, 9.0, 7.0])
    n, mean, m2, least, most = segments.moments.of(0)
    assert n.tolist() == [3, 1, 0]
    assert mean[:2].tolist() == [5.0, 7.0]
    # 3^2 + 1^2 + 4^2
    assert m2[:2].tolist() == [26.0, 0.0]
    assert (least[0], most[0]) == (2.0, 9.0)


def test_a_reading_on_an_edge_lies_in_the_segment_that_begins_there():
    segments = strip([0.0, 1.0, 2.0], [1.0, 2.0, 3.0])
    assert segments.moments.n.tolist() == [[1, 1, 1]]


def test_a_reading_off_the_strip_or_without_place_is_in_no_segment():
    segments = strip([-0.1, np.nan, 3.0, 2.5], [1.0, 2.0, 3.0, 4.0])
    assert segments.moments.n.tolist() == [[0, 0, 1]]
    assert segments.passed_n["gauge"].tolist() == [0, 0, 1]


def test_what_was_not_measured_passed_but_has_no_part_in_the_moments():
    segments = strip([0.1, 0.2, 0.3], [2.0, None, 4.0])
    assert segments.passed_n["gauge"].tolist() == [3, 0, 0]
    assert (segments.moments.n[0, 0], segments.moments.mean[0, 0]) == (2, 3.0)


def test_a_strip_that_moved_back_adds_to_the_segment_that_it_had_left():
    segments = strip([0.9, 1.1, 0.8, 1.2], [1.0, 5.0, 3.0, 7.0])
    assert segments.moments.mean[0, :2].tolist() == [2.0, 6.0]


def test_a_constant_signal_has_no_spread_however_large_it_is():
    segments = strip(np.linspace(0, 2.9, 300), [1e9 + 0.1] * 300, splits=(77,))
    assert segments.moments.m2.tolist() == [[0.0, 0.0, 0.0]]
    assert set(segments.moments.mean[0]) == {1e9 + 0.1}


def test_signals_of_two_stations_come_to_their_own_places():
    readings = pa.table({"entry_temp_c": [1000.0, 1010.0], "coiling_temp_c": [600.0, 610.0]})
    places = {"entry": np.array([1.5, 2.5]), "coiler": np.array([0.5, 1.5])}
    station_of = {"entry_temp_c": "entry", "coiling_temp_c": "coiler"}
    segments = cut(readings, Placed(places, {}), station_of, 3.0, 1.0)
    assert segments.moments.n.tolist() == [[0, 1, 1], [1, 1, 0]]


def test_the_error_of_a_segment_is_that_of_its_least_certain_station():
    readings = pa.table({"thickness_mm": [3.0, 3.0]})
    places = {"gauge": np.array([0.5, 1.5]), "coiler": np.array([0.5, 1.5])}
    errors = {"gauge": np.array([0.1, 0.1]), "coiler": np.array([0.4, np.nan])}
    segments = cut(readings, Placed(places, errors), GAUGE, 3.0, 1.0)
    assert segments.sigma_m[:2].tolist() == [0.4, 0.1]
    assert np.isnan(segments.sigma_m[2])


@pytest.mark.parametrize(
    "length_m, segment_m", [(0.1 * 3, 0.1), (0.7, 0.1), (1e-9, 1.0), (720.0, 1.0), (5.0, 7.0)]
)
def test_no_segment_is_empty_where_a_length_is_nearly_a_number_of_segments(length_m, segment_m):
    edges = edges_m(length_m, segment_m)
    assert (edges[0], edges[-1]) == (0.0, length_m)
    assert (np.diff(edges) > 0).all()


@given(st.floats(1e-3, 2_000), st.floats(0.05, 50))
def test_segments_cover_any_strip_exactly(length_m, segment_m):
    edges = edges_m(length_m, segment_m)
    assert (edges[0], edges[-1]) == (0.0, length_m)
    assert (np.diff(edges) > 0).all() and np.diff(edges).max() <= segment_m + 1e-9


MEASURED = st.one_of(st.none(), st.floats(-1e6, 1e6, width=32))


@st.composite
def strips(draw):
    rows = draw(st.lists(st.tuples(st.floats(-1, 12), MEASURED), min_size=1, max_size=60))
    splits = draw(st.lists(st.integers(0, len(rows)), max_size=5))
    return [place for place, _ in rows], [value for _, value in rows], splits


@settings(deadline=None)
@given(strips(), st.floats(0.3, 10), st.sampled_from([0.1, 0.7, 1.0, 2.5]))
def test_moments_are_those_of_numpy_whatever_the_batches(rows, length_m, segment_m):
    places, values, splits = rows
    segments = strip(places, values, length_m, segment_m, splits)
    n, mean, m2, least, most = segments.moments.of(0)
    for no, (first, end) in enumerate(zip(segments.from_m, segments.to_m, strict=True)):
        inside = [p >= first and p < end for p in places]
        measured = [v for v, within in zip(values, inside, strict=True) if within and v is not None]
        assert (n[no], segments.passed_n["gauge"][no]) == (len(measured), sum(inside))
        if measured:
            scale = max(abs(v) for v in measured)
            assert mean[no] == pytest.approx(np.mean(measured), rel=1e-12, abs=1e-12 * scale)
            assert m2[no] == pytest.approx(
                np.var(measured) * len(measured), rel=1e-12, abs=1e-12 * scale * scale
            )
            assert (least[no], most[no]) == (min(measured), max(measured))
