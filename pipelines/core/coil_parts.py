"""Segments of whole coils -> core/coil_parts: moments of every signal over head, speed-up, body, tail."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import NamedTuple

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from pipelines.core.coil_segments import Coil
from pipelines.part_moments import Runs, part_moments
from pipelines.station_offsets import Sensor
from pipelines.strip_parts import parts
from pipelines.strip_segments import Array, numbers
from schemas.contract import MOMENTS, Table
from schemas.core.coil_parts import CORE_COIL_PARTS, PARTS, WHOLE
from schemas.core.coil_segments import COUNTER

SEGMENTS_AT_ONCE = 20_000
"""Coils wait for each other until they have so many: each signal of a batch has a cost of its own."""

NAMES = pa.array([*PARTS, WHOLE])


class Cut(NamedTuple):
    """A coil's segments, and the first of each part in the order of the strip; ``part``: its number."""

    coil_id: str
    coil: Coil
    segments: pa.Table
    first: Sequence[int]
    part: Sequence[int]


def coil_parts(
    strips: Iterable[tuple[str, pa.Table]], coils: Mapping[str, Coil], table: Table = CORE_COIL_PARTS
) -> Iterator[pa.RecordBatch]:
    """The parts of coils, as batches of the table; ``strips``: coil -> all its segments.

    A coil without segments has no parts.
    """
    at_hand: list[Cut] = []
    for coil_id, segments in strips:
        if len(segments):
            at_hand.append(_cut(coil_id, coils[coil_id], segments))
        if sum(len(cut.segments) for cut in at_hand) >= SEGMENTS_AT_ONCE:
            yield _together(at_hand, table)
            at_hand = []
    if at_hand:
        yield _together(at_hand, table)


def speed_signal(sensors: Iterable[Sensor], signals: Sequence[str]) -> str | None:
    """The signal that runs like the finished strip: of the sensor that is nearest to the length counter.

    >>> speed_signal([Sensor("f6_gap_mm", "F6", -5.5, "f6_speed_m_s")], ["f6_gap_mm", "f6_speed_m_s"])
    'f6_speed_m_s'
    """
    told = [s for s in sensors if s.speed_signal in signals]
    nearest = min(told, key=lambda s: (abs(s.distance_m), s.signal != COUNTER, s.signal), default=None)
    return nearest.speed_signal if nearest else None


def _cut(coil_id: str, coil: Coil, segments: pa.Table) -> Cut:
    in_order = segments.sort_by("from_m") if _is_mixed(segments) else segments
    name = speed_signal(coil.sensors, segments.column_names)
    speed = numbers(pc.struct_field(in_order[name], "mean")) if name else None
    part = parts(numbers(in_order["from_m"]), numbers(in_order["to_m"]), speed)
    first = np.flatnonzero(np.diff(part, prepend=-1))
    return Cut(coil_id, coil, in_order, first.tolist(), part[first].tolist())


def _is_mixed(segments: pa.Table) -> bool:
    return bool((np.diff(numbers(segments["from_m"])) < 0).any())


def _together(cuts: Sequence[Cut], table: Table) -> pa.RecordBatch:
    """The rows of coils that are at hand at once: the parts of a coil, then the whole."""
    segments = pa.concat_tables([cut.segments for cut in cuts]).combine_chunks()
    runs = Runs.of([len(cut.segments) for cut in cuts], [cut.first for cut in cuts])
    rows_n = [len(cut.part) + 1 for cut in cuts]
    no = [(*cut.part, len(PARTS)) for cut in cuts]
    from_m, to_m = numbers(segments["from_m"]), numbers(segments["to_m"])
    columns = {
        "coil_id": _repeated([cut.coil_id for cut in cuts], rows_n),
        "production_day": _repeated([cut.coil.production_day for cut in cuts], rows_n),
        "part": NAMES.take(pa.array(np.concatenate(no).astype(np.int64))),
        "from_m": pa.array(from_m[runs.first]),
        "to_m": pa.array(to_m[runs.last]),
    }
    length_m: Array = to_m - from_m
    for field in table.fields:
        if field.type == MOMENTS:
            columns[field.name] = part_moments(segments[field.name].chunk(0), length_m, runs)
    return pa.record_batch([columns[name] for name in table.field_names], names=list(table.field_names))


def _repeated(values: list, times: list[int]) -> pa.Array:
    return pa.array(values).take(pa.array(np.repeat(np.arange(len(times)), times)))
