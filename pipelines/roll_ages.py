"""Which roll is where, coil by coil of a line, and what it has rolled since it went in."""

from typing import NamedTuple

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from pipelines.strip_segments import Array, numbers

Numbers = NDArray[np.int64]
NO_ROLL = -1
SAME_CHANGE = 2
"""Coils by which the log of changes and the coils' own word may differ."""


class RollAges(NamedTuple):
    """Coils (rows) by places (columns); ``roll_no``: of ``rolls``, -1 where it is not known. NaN: no age."""

    places: list[str]
    rolls: list[str]
    roll_no: Numbers
    coils_n: Array
    km: Array
    t: Array


class Change(NamedTuple):
    """A roll that went in before a coil, by numbers."""

    place: int
    before: int
    roll: int


def roll_ages(coils: pa.Table, told: pa.MapArray, changes: pa.Table) -> RollAges:
    """Of the coils of a line in their order; ``told``: what each says of its rolls, place -> roll.

    What a coil does not say, the last change of that place does. A roll is new where another was before, or
    where a change says that it went in again.
    """
    offsets = told.offsets.to_numpy()
    entries = slice(offsets[0], offsets[-1])
    at_place, at_roll = told.keys[entries], told.items[entries]
    logged_place = pc.binary_join_element_wise(changes["stand"], changes["position"], " ").combine_chunks()
    places = pc.unique(pa.concat_arrays([at_place, logged_place])).drop_null().sort()
    rolls = pc.unique(pa.concat_arrays([at_roll, changes["roll_in_id"].combine_chunks()])).drop_null().sort()
    roll_no = np.full((len(coils), len(places)), NO_ROLL, np.int64)
    row = np.repeat(np.arange(len(coils)), np.diff(offsets))
    roll_no[row, _number(at_place, places)] = _number(at_roll, rolls)
    began_s = np.maximum.accumulate(seconds_of(coils["started_at"]))
    before = np.searchsorted(began_s, seconds_of(changes["changed_at"]))
    by_number = _number(logged_place, places), before, _number(changes["roll_in_id"], rolls)
    # In the order of time: of two changes before a coil the later one holds.
    logged = [
        Change(*map(int, change)) for change in sorted(zip(*by_number, strict=True), key=lambda c: c[1])
    ]
    roll_no = _filled(roll_no, logged)
    is_new = _is_new(roll_no, logged)
    rolled = (np.ones(len(coils)), numbers(coils["length_m"]) / 1000, numbers(coils["mass_t"]))
    ages = (_since(is_new, np.nan_to_num(amount)) for amount in rolled)
    return RollAges(places.to_pylist(), rolls.to_pylist(), roll_no, *ages)


def seconds_of(times: pa.ChunkedArray) -> Array:
    """Moments as seconds, NaN where missing."""
    return np.asarray(numbers(times.cast(pa.int64())), np.float64) / 1e6


def _number(values: pa.Array | pa.ChunkedArray, names: pa.Array) -> Numbers:
    found = pc.fill_null(pc.index_in(values, value_set=names), NO_ROLL)
    return np.asarray(found.to_numpy(), np.int64)


def _filled(roll_no: Numbers, logged: list[Change]) -> Numbers:
    by_log = np.full(roll_no.shape, NO_ROLL, np.int64)
    for change in logged:
        by_log[change.before :, change.place] = change.roll
    return np.where(roll_no == NO_ROLL, by_log, roll_no)


def _is_new(roll_no: Numbers, logged: list[Change]) -> NDArray[np.bool_]:
    is_new = np.zeros(roll_no.shape, np.bool_)
    is_new[1:] = roll_no[1:] != roll_no[:-1]
    for change in logged:
        near = is_new[max(change.before - SAME_CHANGE, 0) : change.before + SAME_CHANGE + 1, change.place]
        if len(near) and not near.any() and change.before < len(is_new):
            is_new[change.before, change.place] = True
    return is_new


def _since(is_new: NDArray[np.bool_], amount: Array) -> Array:
    """What was rolled before each coil since the last change that is known; NaN before the first."""
    before = np.cumsum(amount) - amount
    rows = np.arange(len(amount))[:, None]
    last = np.maximum.accumulate(np.where(is_new, rows, -1), axis=0)
    return np.where(last >= 0, before[:, None] - before[np.maximum(last, 0)], np.nan)
