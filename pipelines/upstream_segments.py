"""What caster, furnace and roughing mill measured, on the metres of the hot coil that they became.

The caster's readings come to their metres by its length counter and the maps of lengths. A metre of strand
becomes up to a hundred metres of coil: where a segment has no reading of its own, the nearest stands for it.
Furnace and roughing mill tell of a whole slab: all its segments have the same.
"""

from collections.abc import Mapping, Sequence

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from pipelines.coil_origins import IN_THE_MOULD, Found, Origin
from pipelines.length_maps import inverted, places
from pipelines.sensor_health import Codes, health
from pipelines.strip_segments import Array, Counts, Moments, Placed, Segments, cut_judged, edges_m, numbers
from pipelines.strip_systems import SYSTEM, by_systems, counted, system_names
from schemas.core.coil_segments import (
    CAST_METRE,
    CASTING_SIGNALS,
    FURNACE_SIGNALS,
    ROUGHING,
    ROUGHING_SIGNALS,
)

CASTING, HEATED, ROUGHED = (
    tuple(signal.name for signal in signals)
    for signals in (CASTING_SIGNALS, FURNACE_SIGNALS, ROUGHING_SIGNALS)
)
UPSTREAM = (*CASTING, *HEATED, *ROUGHED)


def upstream_segments(
    coil_id: str, length_m: float, segment_m: float, of: Found, moments: Moments | None = None
) -> Segments:
    """A coil's segments with the signals of `UPSTREAM`, in its order; what is in doubt is missing.

    ``passed_n`` tells of each signal: systems take samples of their own. ``moments``: where those of the coil
    come to, a part of those of many.
    """
    origin = of.origins.get(coil_id)
    slab_id = origin.slab_id if origin else ""
    rows, at_m, sigma_m = _on_coil(origin, of.casting)
    cast = [
        _cast(rows.filter(pa.array(own)), at_m[own], sigma_m[own], signals, length_m, segment_m)
        for signals, own in by_systems(rows, CASTING)
    ]
    slab = [
        _of_slab(rows.filter(pa.array(own)), signals)
        for rows, every in (
            (_last_zone(of.furnace.get(slab_id)), HEATED),
            (_last_pass(of.roughing.get(slab_id)), ROUGHED),
        )
        for signals, own in by_systems(rows, every)
    ]
    return _together(cast, [*cast, *slab], moments or Moments.none(len(UPSTREAM), len(cast[0].from_m)))


def _together(cast: Sequence[Segments], parts: Sequence[Segments], moments: Moments) -> Segments:
    """The signals of all parts, in order; the error is that of the least certain of the caster's.

    What has one segment tells of every segment.
    """
    health = np.empty(moments.n.shape, np.int8)
    told: tuple[NDArray, ...] = (*moments, health)
    for part in parts:
        signals = [UPSTREAM.index(signal) for signal in part.passed_n]
        for every, its in zip(told, (*part.moments, part.health), strict=True):
            every[signals] = its
    return cast[0]._replace(
        sigma_m=np.fmax.reduce([part.sigma_m for part in cast]),
        passed_n={
            signal: np.broadcast_to(n, len(cast[0].from_m))
            for part in parts
            for signal, n in part.passed_n.items()
        },
        moments=moments,
        health=health,
    )


def _on_coil(origin: Origin | None, casting: Mapping[str, pa.Table]) -> tuple[pa.Table, Array, Array]:
    """The caster's readings in the order of the coil's metres, these metres, and their error."""
    rows = casting.get(origin.strand) if origin and origin.strand else None
    if rows is None or origin is None or origin.cast_at is None:
        return _nothing(CASTING), np.empty(0), np.empty(0)
    times = rows["sampled_at"].to_numpy()
    since, until = (
        np.searchsorted(times, np.datetime64(at.replace(tzinfo=None)), side="right")
        for at in (origin.cast_at - IN_THE_MOULD, origin.cast_at)
    )
    rows = rows.slice(since, until - since)
    on_coil = places(inverted(origin.on_strand), counted(rows, CAST_METRE))
    order = np.argsort(on_coil.at_m, kind="stable")
    order = order[on_coil.stretch_no[order] >= 0]
    return rows.take(order), on_coil.at_m[order], on_coil.sigma_m[order]


def _cast(
    rows: pa.Table, at_m: Array, sigma_m: Array, signals: Sequence[str], length_m: float, segment_m: float
) -> Segments:
    """Signals of the caster that were sampled together."""
    step_m = float(np.median(np.diff(at_m))) if len(at_m) > 1 else 0.0
    reading, place_m = _for_every_segment(at_m, edges_m(length_m, segment_m), step_m)
    values, codes = _judged(rows, signals)
    # Anywhere between two readings with equal chance.
    placed = Placed({"caster": place_m}, {"caster": np.hypot(sigma_m[reading], step_m / 12**0.5)})
    at = dict.fromkeys(signals, "caster")
    again = values.take(reading, axis=1), codes.take(reading, axis=1)
    return _by_signal(cut_judged(*again, placed, at, length_m, segment_m), at)


def _judged(rows: pa.Table, signals: Sequence[str]) -> tuple[Array, Codes]:
    """What signals (rows) read (columns), and its health."""
    values = np.array([numbers(rows[name]) for name in signals])
    return values, np.array([health(its) for its in values])


def _by_signal(part: Segments, at: Mapping[str, str]) -> Segments:
    return part._replace(passed_n={signal: part.passed_n[station] for signal, station in at.items()})


def _for_every_segment(at_m: Array, edges: Array, step_m: float) -> tuple[Counts, Array]:
    """Readings and their places: all of them; again, at the middle of a segment without any, the nearest.

    No reading stands for metres that are further away than the next reading usually is.
    """
    middle_m = (edges[:-1] + edges[1:]) / 2
    after = np.searchsorted(at_m, middle_m)
    ends = np.concatenate([[-np.inf], at_m, [np.inf]])
    is_before = middle_m - ends[after] < ends[after + 1] - middle_m
    nearest = np.where(is_before, after - 1, after)
    is_alone = np.diff(np.searchsorted(at_m, edges)) == 0
    stands = is_alone & (np.abs(ends[nearest + 1] - middle_m) <= step_m)
    return np.concatenate([np.arange(len(at_m)), nearest[stands]]), np.concatenate([at_m, middle_m[stands]])


def _last_zone(rows: pa.Table | None) -> pa.Table:
    """The furnace's readings in the zone that the slab left it from; none where zones were not told.

    A system that tells no zone has the slab there since the others say so.
    """
    if rows is None:
        return _nothing(HEATED)
    names, zones = system_names(rows), rows["zone"].to_numpy()
    is_told = rows["zone"].is_valid().to_numpy()
    is_there, others = np.zeros((2, len(rows)), np.bool_)
    for name in set(names):
        told = (names == name) & is_told
        if told.any():
            is_there |= told & (zones == zones[told][-1])
        else:
            others |= names == name
    if is_there.any() and others.any():
        at_us = rows["sampled_at"].cast(pa.int64()).to_numpy()
        is_there |= others & (at_us >= at_us[is_there].min())
    return rows.filter(pa.array(is_there))


def _last_pass(rows: pa.Table | None) -> pa.Table:
    """Of every system its row of the last pass that any of them tells."""
    if rows is None:
        return _nothing(ROUGHED)
    last = rows.filter(pc.equal(rows["pass_no"], pc.max(rows["pass_no"])))
    signals = {name: last[name.removeprefix(ROUGHING)] for name in ROUGHED}
    return pa.table(signals | {name: last[name] for name in (SYSTEM,) if name in last.column_names})


def _nothing(signals: Sequence[str]) -> pa.Table:
    return pa.schema([(name, pa.float64()) for name in signals]).empty_table()


def _of_slab(rows: pa.Table, signals: Sequence[str]) -> Segments:
    """All readings in one segment."""
    at = dict.fromkeys(signals, "slab")
    placed = Placed({"slab": np.zeros(len(rows))}, {})
    return _by_signal(cut_judged(*_judged(rows, signals), placed, at, 1.0, 1.0), at)
