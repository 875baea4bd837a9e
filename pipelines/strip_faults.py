"""What models of a step find on strips: intervals with the signals that left their normal behaviour."""

from collections.abc import Mapping, Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from pipelines.fault_runs import intervals, stretch
from pipelines.fault_sentences import level_sentence, swing_sentence
from pipelines.normal_models import Normal, Runs, judged_runs, signals_off
from pipelines.strip_views import VIEWS, Seen, Strip, seen
from pipelines.usual_ranges import mode_known

Array = NDArray[np.float64]

WIDEN_M = 60.0
"""The edges of what was found are looked for so far beyond it."""

ENDS_OFF, LEAST_SAMPLES = 2.0, 4
"""Samples: standard deviation of an end that is looked for in noise; fewer show none."""

MOST_LOOKED_AT, FURTHEST_OFF = 3, 10.0
"""Signals that tell where a fault lies; median deviations that one sample counts at most."""

NAMED_SIGMAS, MOST_NAMED = 2.0, 8
"""A signal is named that is so far off, the furthest always; so many at most."""


class StepModel(NamedTuple):
    """The models of a step, view by view."""

    model_id: str
    step: str
    views: Mapping[str, Normal]

    @property
    def signals(self) -> tuple[str, ...]:
        """The signals that it judges along a strip."""
        along = (self.views[name] for view in VIEWS for name in view.judged if name in self.views)
        return tuple(dict.fromkeys(name for model in along for name in model.signals))


class Fault(NamedTuple):
    """An interval on the strip of that number; the signals that were off, the furthest first, and how far.

    ``resolution_m``: standard deviation of either end by what the looking leaves open.
    """

    strip_no: int
    detector: str
    from_m: float
    to_m: float
    resolution_m: float
    strength: float
    mode: str | None
    signals: tuple[str, ...]
    sigmas: tuple[float, ...]
    sentence: str


def step_faults(model: StepModel, signals: Sequence[str], strips: Sequence[Strip]) -> list[Fault]:
    """All that the model finds on strips that have these signals in their columns."""
    found: list[Fault] = []
    for view in VIEWS:
        named = [name for name in view.judged if name in model.views]
        if not named:
            continue
        rows = seen(view, signals, strips)
        for name in named:
            runs = judged_runs(model.views[name], rows.rows)
            looked = _Looked(model.views[name], rows, runs, signals, strips)
            for statistic in looked.normal.limits:
                found += _strongest(_detected(looked, f"{name} {statistic}", statistic))
    return found


class _Looked(NamedTuple):
    """A model, the rows that it looked at, and what it saw."""

    normal: Normal
    seen: Seen
    runs: Runs
    signals: Sequence[str]
    strips: Sequence[Strip]


def _detected(looked: _Looked, detector: str, statistic: str) -> list[Fault]:
    values, limit = looked.runs.statistics[statistic], looked.normal.limits[statistic]
    found = []
    for piece in np.unique(looked.runs.piece[values > limit.enter]).tolist():
        of_piece = np.flatnonzero(looked.runs.piece == piece)
        for first, end in intervals(values[of_piece], limit.enter, limit.leave):
            chosen = of_piece[first:end]
            strength = float(np.nanmax(values[chosen]) / limit.enter)
            found.append(_fault(looked, detector, chosen, strength))
    return found


def _fault(looked: _Looked, detector: str, chosen: NDArray[np.int64], strength: float) -> Fault:
    """The fault of neighbouring runs of a piece, with its edges where its first signal has them."""
    seen, runs = looked.seen, looked.runs
    first, last = int(runs.first[chosen[0]]), int(runs.end[chosen[-1]]) - 1
    piece = int(runs.piece[chosen[0]])
    strip, band = looked.strips[int(seen.strip_no[piece])], seen.band[piece]
    named, sigmas = _named(looked.normal, runs, chosen)
    from_m, to_m, resolution_m = float(seen.from_m[first]), float(seen.to_m[last]), 0.0
    whole = last - first + 1 == np.count_nonzero(seen.rows.piece == piece)
    if not whole:
        columns = [looked.signals.index(name) for name in named[:MOST_LOOKED_AT]]
        span_m, sides = (from_m, to_m), sigmas[:MOST_LOOKED_AT]
        from_m, to_m, resolution_m = _edges(strip, columns, sides, span_m, swings=band is not None)
    sentence = (
        level_sentence(named, sigmas, to_m - from_m, whole)
        if band is None
        else swing_sentence(named, sigmas, band, to_m - from_m, whole)
    )
    mode = mode_known(looked.normal.ranges, strip.modes)
    strip_no = int(seen.strip_no[piece])
    return Fault(strip_no, detector, from_m, to_m, resolution_m, strength, mode, named, sigmas, sentence)


def _named(
    normal: Normal, runs: Runs, chosen: NDArray[np.int64]
) -> tuple[tuple[str, ...], tuple[float, ...]]:
    off = signals_off(runs, chosen)
    beyond = off if normal.asked.is_one_sided else np.abs(off)
    order = np.argsort(-np.where(np.isfinite(beyond), beyond, -np.inf))[:MOST_NAMED].tolist()
    kept = [no for no in order if beyond[no] >= NAMED_SIGMAS] or order[:1]
    return tuple(normal.signals[no] for no in kept), tuple(float(off[no]) for no in kept)


def _edges(
    strip: Strip, columns: Sequence[int], sides: Sequence[float], span_m: tuple[float, float], swings: bool
) -> tuple[float, float, float]:
    """Where signals are off, each to its side, near a span, and how exactly its ends are seen.

    The mean of the signals, each in its own median deviations from the coil's level; what swings is off by
    how far it is away, to either side.
    """
    off = strip.values[:, columns] - np.nanmedian(strip.values[:, columns], axis=0)
    deviation = np.nanmedian(np.abs(off), axis=0)
    off = (np.abs(off) if swings else off * np.sign(sides)) / np.where(deviation > 0, deviation, 1.0)
    measured = np.flatnonzero(np.isfinite(off).any(axis=1))
    seen = np.nanmean(np.minimum(off[measured], FURTHEST_OFF), axis=1)
    place_m, ends_m = strip.from_m[measured], strip.to_m[measured]
    first, end = np.searchsorted(place_m, [span_m[0] - WIDEN_M, span_m[1] + WIDEN_M])
    if end - first < LEAST_SAMPLES:
        return *span_m, 0.0
    found = stretch(seen[first:end])
    # What reaches to the edge of what was looked at may go on.
    while (found.first == 0 and first > 0) or (first + found.end == end and end < len(seen)):
        before, behind = np.searchsorted(place_m, [place_m[first] - WIDEN_M, ends_m[end - 1] + WIDEN_M])
        first, end = max(min(before, first - 1), 0), min(max(behind, end + 1), len(seen))
        found = stretch(seen[first:end])
    # What was sampled more coarsely than the segments stands for several: an end lies between two samples.
    samples_n = 1 + np.count_nonzero(np.diff(seen[first:end]))
    step_m = float(ends_m[end - 1] - place_m[first]) / samples_n
    from_m = place_m[[first + no for no in (found.first, *found.firsts)]]
    to_m = ends_m[[first + no - 1 for no in (found.end, *found.ends)]]
    # The least and the greatest that an end may be are two standard deviations away.
    open_m = max(np.abs(from_m - from_m[0]).max(), np.abs(to_m - to_m[0]).max()) / 2
    return float(from_m[0]), float(to_m[0]), max(ENDS_OFF * step_m, float(open_m))


def _strongest(found: Sequence[Fault]) -> list[Fault]:
    """Of what overlaps on a strip, as seen in several bands of periods, the strongest."""
    kept: list[Fault] = []
    for fault in sorted(found, key=lambda fault: (fault.strip_no, -fault.strength)):
        overlaps = (
            other.strip_no == fault.strip_no and other.from_m < fault.to_m and fault.from_m < other.to_m
            for other in kept
        )
        if not any(overlaps):
            kept.append(fault)
    return kept
