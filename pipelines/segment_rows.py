"""Segments of coils as rows of a table: Arrow columns, one struct of moments per signal."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import NamedTuple

import numpy as np
import pyarrow as pa
from numba import int8, int32, njit, types, uint8
from numpy.typing import NDArray

from pipelines.sensor_health import FLAGS, Codes
from pipelines.strip_segments import Array, Counts, Moments, Segments
from schemas.contract import MOMENT_TYPES, Table

_LENGTHS = np.array([len(flag) for flag in FLAGS])
_LETTERS = np.array([list(flag.encode().ljust(_LENGTHS.max())) for flag in FLAGS], np.uint8)


class CoilRows(NamedTuple):
    """A coil's segments: of the readings of its own mill, and of what is upstream where the table has it."""

    coil_id: str
    production_day: date
    length_m: float
    readings_n: Counts
    unplaced_n: Counts
    own: Segments
    upstream: Segments | None


class Told(NamedTuple):
    """The moments in all segments of coils, one coil after the other; they become the rows' own memory.

    ``at``: of each coil signal -> where `passed_n` tells of it, with the same signals in the same order.
    """

    moments: Moments
    at: Sequence[Mapping[str, str]]


def batch(coils: Sequence[CoilRows], own: Told, upstream: Told, table: Table) -> pa.RecordBatch:
    """Coils one after the other as rows of the table."""
    lengths = [len(coil.own.from_m) for coil in coils]
    columns = {
        "coil_id": _repeated([coil.coil_id for coil in coils], lengths),
        "production_day": _repeated([coil.production_day for coil in coils], lengths),
        "segment_no": pa.array(np.concatenate([np.arange(length) for length in lengths])),
        "from_m": pa.array(np.concatenate([coil.own.from_m for coil in coils])),
        "to_m": pa.array(np.concatenate([coil.own.to_m for coil in coils])),
        "length_m": _repeated([coil.length_m for coil in coils], lengths),
        "readings_n": pa.array(np.concatenate([coil.readings_n for coil in coils])),
        "unplaced_n": pa.array(np.concatenate([coil.unplaced_n for coil in coils])),
        "sigma_m": _sigma_m([coil.own for coil in coils]),
        **_signals([coil.own for coil in coils], own),
    }
    above = [coil.upstream for coil in coils if coil.upstream is not None]
    if above:
        columns["upstream_sigma_m"] = _sigma_m(above)
        columns |= _signals(above, upstream)
    return pa.record_batch([columns[name] for name in table.field_names], names=list(table.field_names))


def _repeated(values: list, lengths: list[int]) -> pa.Array:
    return pa.array(values).take(pa.array(np.repeat(np.arange(len(lengths)), lengths)))


def _sigma_m(strips: Sequence[Segments]) -> pa.Array:
    return pa.array(np.concatenate([strip.sigma_m for strip in strips]), from_pandas=True)


def _signals(strips: Sequence[Segments], told: Told) -> dict[str, pa.StructArray]:
    """Signal -> its moments in all segments of all strips."""
    health = np.concatenate([strip.health for strip in strips], axis=1)
    valid_pct = np.empty_like(told.moments.mean)
    return {
        signal: _struct(
            told.moments.of(no),
            np.concatenate([s.passed_n[at[signal]] for s, at in zip(strips, told.at, strict=True)]),
            valid_pct[no],
            health[no],
        )
        for no, signal in enumerate(told.at[0])
    }


def _struct(moments: Moments, passed_n: Counts, valid_pct: Array, health: Codes) -> pa.StructArray:
    """The moments of one signal, missing where nothing was measured."""
    n, mean, sd, least, most = moments
    # In memory that is there: new memory takes longer than the reckoning.
    with np.errstate(divide="ignore", invalid="ignore"):
        np.sqrt(np.divide(sd, n - 1, out=sd), out=sd)
        np.divide(np.multiply(n, 100.0, out=valid_pct), passed_n, out=valid_pct)
    measured = _bits(n > 0)
    parts = {
        "n": pa.array(n),
        "mean": _where(measured, mean),
        "sd": _where(_bits(n > 1), sd),
        "min": _where(measured, least),
        "max": _where(measured, most),
        "valid_pct": _where(_bits(passed_n > 0), valid_pct),
        "flag": _flags(health),
    }
    return pa.StructArray.from_arrays([parts[name] for name in MOMENT_TYPES], list(MOMENT_TYPES))


def _bits(is_known: NDArray[np.bool_]) -> pa.Buffer:
    return pa.py_buffer(np.packbits(is_known, bitorder="little"))


def _where(known: pa.Buffer, values: Array) -> pa.Array:
    """The values that are known, in their own memory; the others are missing."""
    return pa.Array.from_buffers(pa.float64(), len(values), [known, pa.py_buffer(values)])


def _flags(health: Codes) -> pa.StringArray:
    """The health's name, missing where it is good."""
    if not health.any():
        return pa.nulls(len(health), pa.string())
    ends, letters = (pa.py_buffer(part) for part in _written(health))
    return pa.Array.from_buffers(pa.string(), len(health), [_bits(health > 0), ends, letters])


@njit(types.Tuple((int32[::1], uint8[::1]))(int8[::1]), nogil=True, cache=True)
def _written(health: Codes) -> tuple[NDArray[np.int32], NDArray[np.uint8]]:
    """As Arrow has texts: where each begins, with the end of the last; the letters of all."""
    ends = np.zeros(len(health) + 1, np.int32)
    letters = np.empty(len(health) * _LETTERS.shape[1], np.uint8)
    for row in range(len(health)):
        end = ends[row]
        for no in range(_LENGTHS[health[row]]):
            letters[end + no] = _LETTERS[health[row], no]
        ends[row + 1] = end + _LENGTHS[health[row]]
    return ends, letters[: ends[-1]]
