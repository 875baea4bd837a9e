"""Readings of whole coils -> core/coil_segments: every signal brought to its metre and summed up there."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import date
from typing import NamedTuple

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from pipelines.strip_segments import Counts, Moments, Placed, Segments, cut, numbers
from schemas.contract import MOMENT_TYPES, MOMENTS, Table
from schemas.core.coil_segments import CORE_COIL_SEGMENTS, COUNTER, MISSING

SEGMENTS_AT_ONCE = 20_000
"""Coils are handed on together until they have so many segments: a batch has a cost of its own."""

AT_COUNTER = "length counter"


class Coil(NamedTuple):
    """What is known of a hot coil beside its readings; ``length_m`` is missing where it was not delivered."""

    production_day: date
    length_m: float | None


class Places(NamedTuple):
    """How readings in time come to their place on the strip.

    ``of``: the readings of one coil in the order of time, and its length -> the place of every station.
    ``station_of``: signal -> station; that of the length counter where a signal is not there.
    """

    of: Callable[[pa.Table, float | None], Placed]
    station_of: Mapping[str, str]


def by_counter(readings: pa.Table, length_m: float | None) -> Placed:
    """All signals are measured at the length counter."""
    return Placed({AT_COUNTER: numbers(readings[COUNTER])}, {})


AT_COUNTER_ALONE = Places(by_counter, {})


def coil_segments(
    strips: Iterable[tuple[str, pa.Table]],
    coils: Mapping[str, Coil],
    segment_m: float,
    places: Places = AT_COUNTER_ALONE,
    table: Table = CORE_COIL_SEGMENTS,
) -> Iterator[pa.RecordBatch]:
    """The segments of coils, as batches of the table; ``strips``: coil -> all its readings in order of time.

    A coil without readings has its segments too, where its length is known; one of unknown length ends where
    the length counter did.
    """
    station_of = {name: places.station_of.get(name, AT_COUNTER) for name in _signals(table)}
    ready: dict[str, tuple[Coil, Segments]] = {}
    for coil_id, readings in strips:
        coil = _with_length(coils[coil_id], readings)
        if coil.length_m:
            placed = places.of(readings, coil.length_m)
            ready[coil_id] = coil, cut(readings, placed, station_of, coil.length_m, segment_m)
        if sum(len(segments.from_m) for _, segments in ready.values()) >= SEGMENTS_AT_ONCE:
            yield _batch(ready, station_of, table)
            ready = {}
    if ready:
        yield _batch(ready, station_of, table)


def _signals(table: Table) -> list[str]:
    return [field.name for field in table.fields if field.type == MOMENTS]


def _with_length(coil: Coil, readings: pa.Table) -> Coil:
    if coil.length_m is not None:
        return coil
    counted = numbers(readings[COUNTER])
    return coil._replace(length_m=float(np.fmax.reduce(counted, initial=0.0)))


def _batch(
    ready: Mapping[str, tuple[Coil, Segments]], station_of: Mapping[str, str], table: Table
) -> pa.RecordBatch:
    """Coils one after the other as rows of the table."""
    coils, strips = zip(*ready.values(), strict=True)
    lengths = [len(strip.from_m) for strip in strips]
    passed_n = {s: np.concatenate([strip.passed_n[s] for strip in strips]) for s in strips[0].passed_n}
    moments = Moments(
        *(np.concatenate(parts, axis=1) for parts in zip(*(s.moments for s in strips), strict=True))
    )
    columns = {
        "coil_id": _repeated(list(ready), lengths),
        "production_day": _repeated([coil.production_day for coil in coils], lengths),
        "segment_no": pa.array(np.concatenate([np.arange(length) for length in lengths])),
        "from_m": pa.array(np.concatenate([strip.from_m for strip in strips])),
        "to_m": pa.array(np.concatenate([strip.to_m for strip in strips])),
        "length_m": _repeated([coil.length_m for coil in coils], lengths),
        "readings_n": pa.array(passed_n[AT_COUNTER]),
        "sigma_m": pa.array(np.concatenate([strip.sigma_m for strip in strips]), from_pandas=True),
    }
    for no, (signal, station) in enumerate(station_of.items()):
        columns[signal] = _told(moments.of(no), passed_n[station])
    return pa.record_batch([columns[name] for name in table.field_names], names=list(table.field_names))


def _repeated(values: list, lengths: list[int]) -> pa.Array:
    return pa.array(values).take(pa.array(np.repeat(np.arange(len(lengths)), lengths)))


def _told(moments: Moments, passed_n: Counts) -> pa.StructArray:
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
        "flag": pc.if_else(pa.array(none), MISSING, pa.scalar(None, pa.string())),
    }
    return pa.StructArray.from_arrays([parts[name] for name in MOMENT_TYPES], list(MOMENT_TYPES))
