"""What could be a cause: signals, settings, sequence and equipment of coils, each a column of values."""

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from hashlib import blake2b
from itertools import chain

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from pipelines.causes.faults import of_faults
from pipelines.causes.outcomes import Outcomes, Places
from pipelines.causes.scan import Binned, binned
from pipelines.strip_segments import numbers
from schemas.contract import MOMENTS
from schemas.core.coil_conditions import CORE_COIL_CONDITIONS
from schemas.core.coil_parts import CORE_COIL_PARTS, WHOLE

Array = NDArray[np.float64]
Numbers = NDArray[np.int64]

Read = Callable[[Sequence[str]], pa.Table]
"""Columns of a table, all rows."""

NO_CAUSE = (
    "coil_id",
    "production_day",
    "line",
    "coiled_at",
    "cast_at",
    "heat_id",
    "campaign",
    "grade_family",
)
"""Names and times; a family is a mode, and a heat or a campaign by itself happens once."""

EQUIPMENT = ("strand", "furnace", "coiler", "shift", "grade")
SIGNALS = frozenset(field.name for field in CORE_COIL_PARTS.fields if field.type == MOMENTS)
SETTINGS = {
    f"{field.name} of the heat" if field.name in SIGNALS else field.name: field.name
    for field in CORE_COIL_CONDITIONS.fields
    if field.type in {"double", "bigint", "boolean"} and field.name not in NO_CAUSE
}
"""Name -> field; what is measured on the coil too is told apart."""

PLACES = (("", WHOLE), (" at the head", "head"), (" at the tail", "tail"))
SPREADS = (("spread of ", "sd"), ("least ", "min"), ("greatest ", "max"))

OF_THE_MODE = 0.5
"""Share of a column's variance between modes, from which on it is compared with what is usual in its mode."""

ROUNDING = 1e-9
"""Of a mean."""

SIGNALS_AT_ONCE = 8
MOST_LEVELS = 60
"""Of equipment: of more, each has too few coils."""


@dataclass(frozen=True, eq=False)
class Candidate:
    """``names``: its own, and of those that differ from each other on no coil.

    ``levels``: of equipment, for each name what its bins are. ``is_from_usual``: values are differences from
    the median of the coil's mode.
    """

    names: tuple[str, ...]
    column: Binned
    levels: tuple[tuple[str, ...], ...] = ()
    is_from_usual: bool = False

    @property
    def name(self) -> str:
        """Its own."""
        return self.names[0]


def of_parts(
    read: Read, signals: Sequence[str], coil_id: pa.Array, targets: Mapping[str, Array]
) -> Iterator[tuple[str, Array]]:
    """Name and values by coil of signals of core/coil_parts: mean, spread, extremes, head and tail.

    ``targets``: signal -> what was asked for; then by how much it was missed is a candidate too. Few signals
    are read at a time: those of weeks fill the memory.
    """
    keys = read(["coil_id", "part"])
    rows = {part: _rows(keys, part, coil_id) for _, part in PLACES}
    for first in range(0, len(signals), SIGNALS_AT_ONCE):
        parts = read(signals[first : first + SIGNALS_AT_ONCE])
        for signal in parts.column_names:
            yield from _of_signal(signal, parts[signal].combine_chunks(), rows, targets.get(signal))


def _of_signal(
    signal: str, moments: pa.StructArray, rows: Mapping[str, pa.Array], target: Array | None
) -> Iterator[tuple[str, Array]]:
    told = dict(zip(moments.type.names, moments.flatten(), strict=True))
    for where, part in PLACES:
        mean = numbers(told["mean"].take(rows[part]))
        yield f"{signal}{where}", mean
        if target is not None:
            yield f"{signal}{where} less its target", mean - target
    whole = numbers(told["mean"].take(rows[WHOLE]))
    for word, moment in SPREADS:
        values = numbers(told[moment].take(rows[WHOLE]))
        if moment == "sd":
            # What does not vary has a spread of rounding errors.
            values = np.where(values < ROUNDING * np.abs(whole), 0.0, values)
        yield f"{word}{signal}", values


def targets_of(conditions: pa.Table) -> dict[str, Array]:
    """Signal -> what was asked for of each coil."""
    names = [name for name in conditions.column_names if name.startswith("target_")]
    return {name.removeprefix("target_"): numbers(conditions[name]) for name in names}


def _rows(parts: pa.Table, part: str, coil_id: pa.Array) -> pa.Array:
    at = pc.indices_nonzero(pc.equal(parts["part"], part))
    return at.take(pc.index_in(coil_id, value_set=parts["coil_id"].combine_chunks().take(at)))


def of_conditions(conditions: pa.Table) -> Iterator[tuple[str, Array]]:
    """Name and values of the settings and the sequence of core/coil_conditions, one row per coil."""
    for name, field in SETTINGS.items():
        yield name, np.asarray(numbers(conditions[field].cast(pa.float64())), np.float64)
    for place, rows, at in _places(conditions):
        values = np.full(len(conditions), np.nan)
        values[rows] = numbers(pc.list_flatten(conditions["roll_km"]).take(at))
        yield f"{place} roll km", values


def equipment_of(conditions: pa.Table) -> Iterator[tuple[str, pa.Array]]:
    """Name and names of the equipment that each coil met, rolls by their place too."""
    for name in EQUIPMENT:
        yield name, conditions[name].combine_chunks()
    for place, rows, at in _places(conditions):
        which = np.full(len(conditions), -1)
        which[rows] = at.to_numpy()
        found = pc.list_flatten(conditions["roll_ids"]).combine_chunks()
        yield f"{place} roll", found.take(pa.array(which, mask=which < 0))


def _places(conditions: pa.Table) -> Iterator[tuple[str, Numbers, pa.Array]]:
    """Place of a roll, the coils of which it is known, and where it lies in the lists laid end to end."""
    flat = pc.list_flatten(conditions["roll_places"]).combine_chunks()
    row = pc.list_parent_indices(conditions["roll_places"]).combine_chunks().to_numpy()
    for place in pc.unique(flat).drop_null().sort().to_pylist():
        at = pc.indices_nonzero(pc.equal(flat, place))
        yield place, row[at.to_numpy()], at


def candidates(
    values: Iterable[tuple[str, Array]],
    equipment: Iterable[tuple[str, pa.Array]],
    of: Outcomes,
    wanted: Collection[str] | None = None,
) -> list[Candidate]:
    """Those that differ between coils; of those that are the same on every coil one, with all names.

    What modes decide is cut within families where it is a setting, and compared with the usual of its mode
    where it is a signal. ``wanted``: names of those that are asked for, if not all are.
    """
    found: dict[bytes, Candidate] = {}
    for name, column in values:
        if wanted is None or name in wanted:
            is_of_mode = _between(column, of.stratum) > OF_THE_MODE
            is_from_usual = is_of_mode and name not in SETTINGS
            shown = _from_usual(column, of.stratum) if is_from_usual else column
            told = binned(shown, of.family if is_of_mode else None)
            if told is not None:
                _add(found, Candidate((name,), told, is_from_usual=is_from_usual))
    for name, which in equipment:
        levels, bins = _levels(which)
        if (wanted is None or name in wanted) and 1 < len(levels) <= MOST_LEVELS:
            _add(found, Candidate((name,), Binned(bins, np.empty(0), levels), (levels,)))
    return list(found.values())


def coil_candidates(
    of: Outcomes,
    read_parts: Read,
    signals: Sequence[str],
    conditions: pa.Table,
    faults: Mapping[str, Places] | None = None,
    wanted: Collection[str] | None = None,
) -> list[Candidate]:
    """The candidates of inspected coils; ``conditions``: a row for each of them, in their order.

    Conditions are candidates themselves where ``faults`` (signal -> where it was off normal) are given too.
    """
    values = of_parts(read_parts, signals, of.coil_id, targets_of(conditions))
    if faults is None:
        return candidates(values, (), of, wanted)
    every = chain(values, of_conditions(conditions), of_faults(faults, len(of.coil_id)))
    return candidates(every, equipment_of(conditions), of, wanted)


def _add(found: dict[bytes, Candidate], new: Candidate) -> None:
    key = blake2b(new.column.bins.tobytes(), key=bytes([bool(new.levels)])).digest()
    old = found.get(key)
    same = replace(old, names=old.names + new.names, levels=old.levels + new.levels) if old else new
    found[key] = same


def _levels(which: pa.Array) -> tuple[tuple[str, ...], Numbers]:
    """Numbered as they come, so that two names of one choice have the same numbers."""
    code = which.dictionary_encode()
    bins = np.asarray(pc.fill_null(code.indices, -1).to_numpy(zero_copy_only=False), np.int64)
    return tuple(code.dictionary.to_pylist()), bins


def _between(values: Array, stratum: Numbers) -> float:
    """Share of the variance that is between modes."""
    told = np.isfinite(values)
    if told.sum() < 2 or np.ptp(values[told]) == 0:
        return 0.0
    ranks = np.argsort(np.argsort(values[told])).astype(float)
    count = np.bincount(stratum[told])
    means = np.bincount(stratum[told], ranks) / np.maximum(count, 1)
    return float(1 - ((ranks - means[stratum[told]]) ** 2).mean() / ranks.var())


def _from_usual(values: Array, stratum: Numbers) -> Array:
    usual = np.full(stratum.max() + 1, np.nan)
    for no in np.unique(stratum):
        of_mode = values[(stratum == no) & np.isfinite(values)]
        usual[no] = np.median(of_mode) if len(of_mode) else np.nan
    return values - usual[stratum]
