"""Segments of coils as rows of a table: Arrow columns, one struct of moments per signal."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import NamedTuple

import numpy as np
import pyarrow as pa

from pipelines.sensor_health import Codes, Health
from pipelines.strip_segments import Counts, Moments, Segments
from schemas.contract import MOMENT_TYPES, Table

FLAGS = pa.array([None if health == Health.GOOD else health.name.lower() for health in Health])


class CoilRows(NamedTuple):
    """A coil's segments: of the readings of its own mill, and of what is upstream where the table has it."""

    coil_id: str
    production_day: date
    length_m: float
    readings_n: Counts
    unplaced_n: Counts
    own: Segments
    upstream: Segments | None


def batch(
    coils: Sequence[CoilRows],
    own: Sequence[Mapping[str, str]],
    upstream: Mapping[str, str],
    table: Table,
) -> pa.RecordBatch:
    """Coils one after the other as rows of the table.

    ``own``: of each coil signal -> where `passed_n` tells of it, with the same signals in the same order;
    ``upstream``: of all.
    """
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
        columns |= _signals(above, [upstream] * len(above))
    return pa.record_batch([columns[name] for name in table.field_names], names=list(table.field_names))


def _repeated(values: list, lengths: list[int]) -> pa.Array:
    return pa.array(values).take(pa.array(np.repeat(np.arange(len(lengths)), lengths)))


def _sigma_m(strips: Sequence[Segments]) -> pa.Array:
    return pa.array(np.concatenate([strip.sigma_m for strip in strips]), from_pandas=True)


def _signals(strips: Sequence[Segments], stations: Sequence[Mapping[str, str]]) -> dict[str, pa.StructArray]:
    """Signal -> its moments in all segments of all strips."""
    # Signal by signal: what is as large as all of them together is new memory each time, which is slow.
    return {
        signal: _told(
            Moments.together(strip.moments.of(no) for strip in strips),
            np.concatenate([s.passed_n[at[signal]] for s, at in zip(strips, stations, strict=True)]),
            np.concatenate([strip.health[no] for strip in strips]),
        )
        for no, signal in enumerate(stations[0])
    }


def _told(moments: Moments, passed_n: Counts, health: Codes) -> pa.StructArray:
    """The moments of one signal, missing where nothing was measured."""
    n, mean, m2, least, most = moments
    none = n == 0
    with np.errstate(divide="ignore", invalid="ignore"):
        sd = np.sqrt(m2 / (n - 1))
        valid_pct = 100.0 * n / passed_n
    parts = {
        "n": pa.array(n),
        "mean": pa.array(mean, mask=none),
        "sd": pa.array(sd, mask=n < 2),
        "min": pa.array(least, mask=none),
        "max": pa.array(most, mask=none),
        "valid_pct": pa.array(valid_pct, mask=passed_n == 0),
        "flag": FLAGS.take(pa.array(health)),
    }
    return pa.StructArray.from_arrays([parts[name] for name in MOMENT_TYPES], list(MOMENT_TYPES))
