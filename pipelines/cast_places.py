"""Where in its heat and its sequence a slab was cast."""

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from pipelines.strip_segments import Array, numbers

SAME_CUT_M = 0.5
"""Slabs are neighbours on the strand where one ends within this of where the next begins."""


def cast_places(slabs: pa.Table, cast: pa.Table) -> dict[str, pa.Array]:
    """Of each slab its place among those of its heat on its strand, and whether the one before was alike.

    ``cast``: the slabs that are known of the strands, these among them.
    """
    order = pc.sort_indices(cast, [(name, "ascending") for name in ("strand", "cast_at", "cast_from_m")])
    cast = cast.take(order)
    strand, heat, grade = (_number(cast[name]) for name in ("strand", "heat_id", "grade"))
    of_heat = _place_in_run(strand, heat)
    from_m, to_m = numbers(cast["cast_from_m"]), numbers(cast["cast_to_m"])
    follows = _same(strand) & (np.abs(from_m - np.append(np.nan, to_m[:-1])) <= SAME_CUT_M)
    starts = from_m <= SAME_CUT_M
    is_change = np.where(follows, ~_same(grade), np.where(starts, 0.0, np.nan))
    is_change[np.isnan(grade) | (follows & np.isnan(np.append(np.nan, grade[:-1])))] = np.nan
    at = pc.index_in(slabs["slab_id"], value_set=cast["slab_id"].combine_chunks())
    told = {
        "slab_of_heat_no": of_heat,
        "is_first_of_heat": np.where(np.isnan(of_heat), np.nan, of_heat == 1),
        "is_grade_change": is_change,
    }
    return {name: pa.array(values, from_pandas=True).take(at) for name, values in told.items()}


def _number(names: pa.ChunkedArray) -> Array:
    """Names as numbers, NaN where missing."""
    return numbers(names.combine_chunks().dictionary_encode().indices).astype(np.float64)


def _same(values: Array) -> np.ndarray:
    """True where the row before has the same."""
    return np.append(False, values[1:] == values[:-1])


def _place_in_run(strand: Array, heat: Array) -> Array:
    """Place, from 1, among the neighbouring rows of one strand and heat; NaN where the heat is not known."""
    rows = np.arange(len(heat))
    begins = np.maximum.accumulate(np.where(_same(strand) & _same(heat), 0, rows))
    return np.where(np.isnan(heat), np.nan, rows - begins + 1.0)
