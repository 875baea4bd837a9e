"""Readings of whole coils -> core/coil_segments: every signal brought to its metre and summed up there."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date
from typing import NamedTuple

import numpy as np
import pyarrow as pa

from pipelines.coil_origins import NOTHING, Upstream, found
from pipelines.segment_rows import CoilRows, batch
from pipelines.station_offsets import Sensor
from pipelines.strip_motion import counted_m
from pipelines.strip_segments import Placed, Segments, cut, numbers, seconds
from pipelines.strip_sensors import (
    Judged,
    codes,
    judged,
    placed,
    plausible_n,
    station_of,
    unplaced_n,
    with_strip,
)
from pipelines.strip_systems import Mask, systems
from pipelines.upstream_segments import UPSTREAM, upstream_segments
from schemas.contract import MOMENTS, Table
from schemas.core.coil_segments import CORE_COIL_SEGMENTS, COUNTER

SEGMENTS_AT_ONCE, READINGS_AT_ONCE = 20_000, 200_000
"""Coils wait for each other until they have so many: sensors are judged by several coils, and a batch and a
look upstream have a cost of their own."""


class Coil(NamedTuple):
    """What is known of a hot coil beside its readings; ``length_m`` is missing where it was not delivered.

    Without ``sensors`` all signals are taken where the length counter stands, as it reads, and not judged.
    """

    production_day: date
    length_m: float | None
    sensors: tuple[Sensor, ...] = ()


class Strip(NamedTuple):
    """A coil with its readings and where they were taken; ``at``: signal -> station.

    ``has_strip``: station -> readings with strip under it.
    """

    coil_id: str
    coil: Coil
    length_m: float
    readings: pa.Table
    placed: Placed
    has_strip: Mapping[str, Mask]
    at: Mapping[str, str]


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
    at_hand: list[Strip] = []
    for coil_id, readings in strips:
        strip = _strip(coil_id, coils[coil_id], readings, signals_of(table))
        if strip.length_m > 0:
            at_hand.append(strip)
        segments_n = sum(strip.length_m / segment_m for strip in at_hand)
        if segments_n >= SEGMENTS_AT_ONCE or sum(len(s.readings) for s in at_hand) >= READINGS_AT_ONCE:
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
    has_strip = apart.own(with_strip(together, apart.sensors), False)
    at = station_of([COUNTER, *signals], apart.sensors)
    return Strip(coil_id, coil, length_m, readings, where, has_strip, at)


def _together(
    strips: Sequence[Strip], segment_m: float, upstream: Upstream | None, table: Table
) -> pa.RecordBatch:
    """The rows of coils that are at hand at once."""
    by_coil = {strip.coil_id: _judged(strip) for strip in strips if strip.coil.sensors}
    plausible = plausible_n(by_coil.values())
    of = found([strip.coil_id for strip in strips], upstream) if upstream else NOTHING
    own = [{signal: strip.at[signal] for signal in signals_of(table)} for strip in strips]
    rows = []
    for strip, at in zip(strips, own, strict=True):
        health = codes(by_coil[strip.coil_id], plausible) if strip.coil.sensors else None
        segments = cut(strip.readings, strip.placed, at, strip.length_m, segment_m, health)
        above = (
            upstream_segments(strip.coil_id, strip.length_m, segment_m, of)
            if "upstream_sigma_m" in table.field_names
            else None
        )
        rows.append(_rows(strip, list(at), segments, above))
    return batch(rows, own, {signal: signal for signal in UPSTREAM}, table)


def _rows(strip: Strip, signals: Sequence[str], segments: Segments, above: Segments | None) -> CoilRows:
    """Where a signal's place was not told, no error of the places can be."""
    lost_n = unplaced_n(segments.moments.n > 0, signals, strip.coil.sensors)
    own = segments._replace(sigma_m=np.where(lost_n > 0, np.nan, segments.sigma_m))
    readings_n = segments.passed_n[strip.at[COUNTER]]
    return CoilRows(strip.coil_id, strip.coil.production_day, strip.length_m, readings_n, lost_n, own, above)


def _judged(strip: Strip) -> Judged:
    signals = [signal for signal in strip.at if signal != COUNTER]
    return judged(
        {signal: numbers(strip.readings[signal]) for signal in signals},
        {signal: strip.has_strip[strip.at[signal]] for signal in signals},
    )
