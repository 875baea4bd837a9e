"""Moments of segments merged exactly into those of the parts of coils, many coils at a time."""

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from pipelines.segment_health import worst_health
from pipelines.sensor_health import FLAGS, Health
from pipelines.strip_segments import Array, Counts, numbers
from schemas.contract import MOMENT_TYPES

_FLAGS = pa.array([flag or None for flag in FLAGS])


class Runs(NamedTuple):
    """Where parts lie in the segments of coils laid end to end: parts of the first coil, its whole, ...

    ``starts``: first segment of each part, in order, without the wholes. ``of_coil``: first part of each
    coil. ``order``: brings parts and then wholes into the order of the rows.
    """

    starts: Counts
    of_coil: Counts
    order: Counts
    first: Counts
    last: Counts

    @classmethod
    def of(cls, segments_n: Sequence[int], firsts: Sequence[Sequence[int]]) -> "Runs":
        """Of coils with so many segments whose parts begin at these."""
        begins = np.concatenate([[0], np.cumsum(segments_n)])
        starts = np.concatenate(
            [begin + np.array(first) for begin, first in zip(begins, firsts, strict=False)]
        )
        parts_n = np.array([len(first) for first in firsts])
        of_coil = np.cumsum(parts_n) - parts_n
        coil_of = np.concatenate([np.repeat(np.arange(len(parts_n)), parts_n), np.arange(len(parts_n))])
        order = np.argsort(coil_of, kind="stable")
        ends = np.append(starts[1:], begins[-1])
        first = np.concatenate([starts, begins[:-1]])[order]
        last = np.concatenate([ends, begins[1:]])[order] - 1
        return cls(starts, of_coil, order, first, last)

    def sums(self, values: NDArray) -> NDArray:
        """The sum over each row's segments."""
        parts = np.add.reduceat(values, self.starts)
        return np.concatenate([parts, np.add.reduceat(parts, self.of_coil)])[self.order]

    def extreme(self, of: np.ufunc, values: Array) -> Array:
        """The least or greatest of each row's segments."""
        parts = of.reduceat(values, self.starts)
        return np.concatenate([parts, of.reduceat(parts, self.of_coil)])[self.order]

    def spread(self, rows: Array) -> tuple[Array, Array]:
        """A figure of each row at the segments of its part, and at those of its coil."""
        place = np.empty(len(rows), np.int64)
        place[self.order] = np.arange(len(rows))
        part, whole = rows[place[: len(self.starts)]], rows[place[len(self.starts) :]]
        ends = np.append(self.starts[1:], self.last[-1] + 1)
        coil_starts = self.starts[self.of_coil]
        coil_ends = np.append(coil_starts[1:], ends[-1])
        return np.repeat(part, ends - self.starts), np.repeat(whole, coil_ends - coil_starts)


def part_moments(segments: pa.StructArray, length_m: Array, runs: Runs) -> pa.StructArray:
    """The moments of one signal in the rows of ``runs``.

    Moments merge by Chan, Golub and LeVeque (Updating formulae and a pairwise algorithm for computing sample
    variances, Stanford 1979), for many groups at once: M2 = sum of M2_i + n_i (mean_i - mean)^2. The valid
    share is that of the metres at which something was sampled, where one that is left out has none; the flag
    is the worst that with worse ones has a quarter of them.
    """
    told = dict(zip(segments.type.names, segments.flatten(), strict=True))
    codes = _codes(told["flag"])
    # What a faulty sensor told is nothing of the strip.
    is_used = (codes != Health.JUMPING) & (codes != Health.FROZEN)
    n = np.where(is_used, _filled(told["n"], 0.0), 0.0)
    mean, sd = _filled(told["mean"], 0.0), _filled(told["sd"], 0.0)
    rows_n = runs.sums(n)
    with np.errstate(divide="ignore", invalid="ignore"):
        rows_mean = runs.sums(n * mean) / rows_n
    m2 = _squares(n, mean, sd, rows_mean, runs)
    is_measured = n > 0
    least = runs.extreme(np.minimum, np.where(is_measured, _filled(told["min"], np.inf), np.inf))
    most = runs.extreme(np.maximum, np.where(is_measured, _filled(told["max"], -np.inf), -np.inf))
    valid_pct, flag = _health(numbers(told["valid_pct"]), codes, is_used, length_m, runs)
    none = rows_n == 0
    with np.errstate(divide="ignore", invalid="ignore"):
        rows_sd = np.sqrt(m2 / (rows_n - 1))
    columns = {
        "n": pa.array(rows_n.astype(np.int64)),
        "mean": pa.array(rows_mean, mask=none),
        "sd": pa.array(rows_sd, mask=rows_n < 2),
        "min": pa.array(least, mask=none),
        "max": pa.array(most, mask=none),
        "valid_pct": valid_pct,
        "flag": flag,
    }
    return pa.StructArray.from_arrays([columns[name] for name in MOMENT_TYPES], list(MOMENT_TYPES))


def _squares(n: Array, mean: Array, sd: Array, rows_mean: Array, runs: Runs) -> Array:
    """Squared deviations of each row from its own mean, which the parts and the whole of a coil have."""
    within = np.maximum(n - 1, 0) * sd**2
    from_part, from_coil = (
        np.where(n > 0, within + n * (mean - at) ** 2, 0.0) for at in runs.spread(rows_mean)
    )
    parts = np.add.reduceat(from_part, runs.starts)
    return np.concatenate([parts, np.add.reduceat(from_coil, runs.starts[runs.of_coil])])[runs.order]


def _health(
    valid_pct: Array, codes: Counts, is_used: NDArray[np.bool_], length_m: Array, runs: Runs
) -> tuple[pa.Array, pa.Array]:
    """Valid share and flag of each row, by the metres at which something was sampled."""
    told_m = np.where(np.isnan(valid_pct), 0.0, length_m)
    rows_m = runs.sums(told_m)
    valid_m = runs.sums(np.where(is_used & (told_m > 0), told_m * np.nan_to_num(valid_pct), 0.0))
    with np.errstate(divide="ignore", invalid="ignore"):
        share = pa.array(valid_m / rows_m, mask=rows_m == 0)
    # Whole millimetres, since health is counted.
    told_mm = np.rint(1000 * told_m).astype(np.int64)
    by_code = [runs.sums(np.where(codes == code, told_mm, 0)) for code in Health]
    return share, _FLAGS.take(pa.array(worst_health(np.ascontiguousarray(np.stack(by_code, axis=1)))))


def _codes(flag: pa.Array) -> Counts:
    """`Health` by number; no flag is good, an unknown one too."""
    if flag.null_count == len(flag):
        return np.zeros(len(flag), np.int64)
    found = pc.index_in(flag, value_set=_FLAGS.drop_null())
    return np.asarray(pc.add(pc.fill_null(found, -1), 1).to_numpy(zero_copy_only=False), np.int64)


def _filled(column: pa.Array, instead: float) -> Array:
    values = numbers(column).astype(np.float64, copy=False)
    return np.where(np.isnan(values), instead, values) if column.null_count else values
