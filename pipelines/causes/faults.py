"""Process faults as candidates: metres of a coil on which a signal left its normal behaviour."""

from collections.abc import Iterator, Mapping

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from pipelines.causes.outcomes import LONGEST_M, Places
from pipelines.causes.rates import RateRatio, rate_ratio
from pipelines.strip_segments import numbers

Array = NDArray[np.float64]
Numbers = NDArray[np.int64]

OFF = " off normal"
"""Behind the signal in the name of a candidate, whose values are metres."""

SIGNALS_OF_A_FAULT = 2
"""Those that are furthest off stand for it."""

WIDENED_SIGMAS = 2.0
"""A fault and a defect are at one place within so many standard deviations of their errors."""


def fault_places(faults: pa.Table, coil_id: pa.Array) -> dict[str, Places]:
    """Signal -> where it was off, by mart/process_faults; faults of sensors are none of the process.

    Intervals that several detectors found are one.
    """
    is_known = pc.is_in(faults["coil_id"], value_set=coil_id)
    own = faults.filter(pc.and_(pc.invert(faults["is_sensor"]), is_known))
    coil = np.asarray(pc.index_in(own["coil_id"], value_set=coil_id).to_numpy(), np.int64)
    wide_m = WIDENED_SIGMAS * np.nan_to_num(numbers(own["sigma_m"]))
    from_m, to_m = np.maximum(numbers(own["from_m"]) - wide_m, 0), numbers(own["to_m"]) + wide_m
    rows: dict[str, list[int]] = {}
    for row, signals in enumerate(own["signals"].to_pylist()):
        for signal in (signals or [])[:SIGNALS_OF_A_FAULT]:
            rows.setdefault(signal, []).append(row)
    return {signal: _united(coil[at], from_m[at], to_m[at]) for signal, at in sorted(rows.items())}


def _united(coil: Numbers, from_m: Array, to_m: Array) -> Places:
    order = np.lexsort((from_m, coil))
    coil, from_m, to_m = coil[order], from_m[order], to_m[order]
    reached = np.maximum.accumulate(coil * LONGEST_M + to_m)
    begins = np.append(True, (coil * LONGEST_M + from_m)[1:] > reached[:-1])
    first = np.flatnonzero(begins)
    return Places(coil[first], from_m[first], np.maximum.reduceat(to_m, first))


def of_faults(places: Mapping[str, Places], coils_n: int) -> Iterator[tuple[str, Array]]:
    """Name and metres by coil of each signal that was off somewhere."""
    for signal, where in places.items():
        metres: Array = np.bincount(where.coil, where.to_m - where.from_m, coils_n).astype(np.float64)
        yield f"{signal}{OFF}", metres


def local_ratio(where: Places, lengths_m: Array, defects: Places) -> RateRatio:
    """Defects of a class per metre of the fault, per those on the other metres of the same coils.

    ``lengths_m`` of the coils. Each coil is its own stratum: what is true of a whole coil is no evidence.
    """
    coils_n = len(lengths_m)
    middle = defects.coil * LONGEST_M + (defects.from_m + defects.to_m) / 2
    starts = where.coil * LONGEST_M + where.from_m
    at = np.searchsorted(starts, middle, side="right") - 1
    inside = (at >= 0) & (middle <= (where.coil * LONGEST_M + where.to_m)[np.maximum(at, 0)])
    fault_m = np.minimum(np.bincount(where.coil, where.to_m - where.from_m, coils_n), lengths_m)
    has = fault_m > 0
    seen = np.bincount(defects.coil[inside], minlength=coils_n)[has].astype(float)
    every = np.bincount(defects.coil, minlength=coils_n)[has].astype(float)
    return rate_ratio(seen, fault_m[has], every - seen, lengths_m[has] - fault_m[has])
