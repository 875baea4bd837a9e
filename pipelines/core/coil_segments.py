"""Readings of whole coils -> core/coil_segments: every signal brought to its metre and summed up there."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date
from typing import NamedTuple

import numpy as np
import pyarrow as pa

from pipelines.coil_origins import NOTHING, Upstream, found
from pipelines.segment_rows import CoilRows, Told, batch
from pipelines.sensor_health import marked
from pipelines.station_offsets import Sensor
from pipelines.strip_motion import counted_m
from pipelines.strip_segments import (
    Counts,
    Moments,
    Placed,
    Segments,
    cut,
    cut_judged,
    edges_m,
    numbers,
    seconds,
)
from pipelines.strip_sensors import (
    Judged,
    judged,
    placed,
    plausible_n,
    station_of,
    unplaced_n,
    with_strip,
)
from pipelines.strip_systems import systems
from pipelines.upstream_segments import UPSTREAM, upstream_segments
from schemas.contract import MOMENTS, Table
from schemas.core.coil_segments import CORE_COIL_SEGMENTS, COUNTER

SEGMENTS_AT_ONCE, VALUES_AT_ONCE = 20_000, 20_000_000
"""Coils wait for each other until they have so many: sensors are judged by several coils, and a batch and a
look upstream have a cost of their own. The values, of all signals, are what memory holds."""


class Coil(NamedTuple):
    """What is known of a hot coil beside its readings; ``length_m`` is missing where it was not delivered.

    Without ``sensors`` all signals are taken where the length counter stands, as it reads, and not judged.
    """

    production_day: date
    length_m: float | None
    sensors: tuple[Sensor, ...] = ()


class Strip(NamedTuple):
    """A coil with its readings and where they were taken; ``at``: signal -> station."""

    coil_id: str
    coil: Coil
    length_m: float
    readings: pa.Table
    placed: Placed
    counter_at: str
    at: Mapping[str, str]
    judged: Judged | None
    """Nothing where the coil has no sensors to judge."""


def coil_segments(
    strips: Iterable[tuple[str, pa.Table]],
    coils: Mapping[str, Coil],
    segment_m: float,
    upstream: Upstream | None = None,
    table: Table = CORE_COIL_SEGMENTS,
) -> Iterator[pa.RecordBatch]:
    """The segments of coils, as batches of the table; ``strips``: coil -> all its readings in order of time.

    A coil without readings has its segments too, where its length is known; one of unknown length ends where
    the length counter did, without its jumps.
    """
    signals, at_hand = signals_of(table), list[Strip]()
    for coil_id, readings in strips:
        strip = _strip(coil_id, coils[coil_id], readings, signals)
        if strip.length_m > 0:
            at_hand.append(strip)
        segments_n = sum(strip.length_m / segment_m for strip in at_hand)
        values_n = len(signals) * sum(len(strip.readings) for strip in at_hand)
        if segments_n >= SEGMENTS_AT_ONCE or values_n >= VALUES_AT_ONCE:
            yield _together(at_hand, segment_m, upstream, table)
            at_hand = []
    if at_hand:
        yield _together(at_hand, segment_m, upstream, table)


def signals_of(table: Table) -> list[str]:
    """The signals of the mill's own readings that a table of segments has."""
    return [field.name for field in table.fields if field.type == MOMENTS and field.name not in UPSTREAM]


def _strip(coil_id: str, coil: Coil, readings: pa.Table, signals: Sequence[str]) -> Strip:
    length_m = coil.length_m
    if length_m is None:
        length_m = counted_m(seconds(readings), numbers(readings[COUNTER]))
    apart = systems(readings, signals, coil.sensors)
    together = placed(apart.together, coil.length_m, apart.sensors)
    where = Placed(apart.own(together.place_m, np.nan), apart.own(together.sigma_m, np.nan))
    at = station_of([COUNTER, *signals], apart.sensors)
    counter_at = at.pop(COUNTER)
    has_strip = apart.own(with_strip(together, apart.sensors), False)
    told = judged(readings, at, has_strip) if coil.sensors else None
    return Strip(coil_id, coil, length_m, readings, where, counter_at, at, told)


def _together(
    strips: Sequence[Strip], segment_m: float, upstream: Upstream | None, table: Table
) -> pa.RecordBatch:
    """The rows of coils that are at hand at once."""
    plausible = plausible_n([strip.judged for strip in strips if strip.judged])
    of = found([strip.coil_id for strip in strips], upstream) if upstream else NOTHING
    upstream_at = {signal: signal for signal in UPSTREAM if "upstream_sigma_m" in table.field_names}
    ends = np.cumsum([len(edges_m(strip.length_m, segment_m)) - 1 for strip in strips])
    own, above = (Moments.none(len(at), ends[-1]) for at in (strips[0].at, upstream_at))
    rows = []
    for strip, part in zip(strips, map(slice, [0, *ends], ends), strict=False):
        segments = _cut(strip, segment_m, plausible, own.of(slice(None), part))
        from_slab = None
        if upstream_at:
            its = above.of(slice(None), part)
            from_slab = upstream_segments(strip.coil_id, strip.length_m, segment_m, of, its)
        rows.append(_rows(strip, segments, from_slab))
    told_own = Told(own, [strip.at for strip in strips])
    return batch(rows, told_own, Told(above, [upstream_at] * len(strips)), table)


def _cut(strip: Strip, segment_m: float, plausible: Counts | None, moments: Moments) -> Segments:
    cut_at = strip.placed, strip.at, strip.length_m, segment_m, moments
    if strip.judged is None:
        return cut(strip.readings, *cut_at)
    values, at, has_strip, own, steps = strip.judged
    health = marked(values, at, has_strip, steps, own if plausible is None else plausible)
    return cut_judged(values, health, *cut_at)


def _rows(strip: Strip, segments: Segments, above: Segments | None) -> CoilRows:
    """Where a signal's place was not told, no error of the places can be."""
    lost_n = unplaced_n(segments.moments.n > 0, list(strip.at), strip.coil.sensors)
    own = segments._replace(sigma_m=np.where(lost_n > 0, np.nan, segments.sigma_m))
    readings_n = segments.passed_n[strip.counter_at]
    return CoilRows(strip.coil_id, strip.coil.production_day, strip.length_m, readings_n, lost_n, own, above)
