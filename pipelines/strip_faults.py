"""What models of a step find on strips: intervals with the signals that left their normal behaviour."""

from collections.abc import Mapping, Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from pipelines.fault_runs import intervals, stretch
from pipelines.fault_sentences import level_sentence, swing_sentence
from pipelines.normal_models import Normal, Runs, judged_runs, signals_off
from pipelines.strip_views import VIEWS, Strip, View, view
from pipelines.usual_ranges import mode_known

Array = NDArray[np.float64]

WIDEN_M = 60.0
"""The edges of what was found are looked for so far beyond it."""

NAMED_SIGMAS, MOST_NAMED = 2.0, 8
"""A signal is named that is so far off, the furthest always; so many at most."""


class StepModel(NamedTuple):
    """The models of a step, view by view."""

    model_id: str
    step: str
    views: Mapping[str, Normal]

    @property
    def signals(self) -> tuple[str, ...]:
        """The signals that any of its views judges."""
        return tuple(dict.fromkeys(name for model in self.views.values() for name in model.signals))


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
    for name, normal in model.views.items():
        seen = view(VIEWS[name], signals, strips)
        runs = judged_runs(normal, seen.rows)
        for statistic in VIEWS[name].asked.statistics:
            detected = _detected(f"{name} {statistic}", statistic, normal, seen, runs, signals, strips)
            found += _strongest(detected)
    return found


def _detected(
    detector: str,
    statistic: str,
    normal: Normal,
    seen: View,
    runs: Runs,
    signals: Sequence[str],
    strips: Sequence[Strip],
) -> list[Fault]:
    values, limit = runs.statistics[statistic], normal.limits[statistic]
    found = []
    for piece in np.unique(runs.piece[values > limit.enter]).tolist():
        of_piece = np.flatnonzero(runs.piece == piece)
        for first, end in intervals(values[of_piece], limit.enter, limit.leave):
            chosen = of_piece[first:end]
            strength = float(np.nanmax(values[chosen]) / limit.enter)
            found.append(_fault(detector, normal, seen, runs, chosen, strength, signals, strips))
    return found


def _fault(
    detector: str,
    normal: Normal,
    seen: View,
    runs: Runs,
    chosen: NDArray[np.int64],
    strength: float,
    signals: Sequence[str],
    strips: Sequence[Strip],
) -> Fault:
    """The fault of neighbouring runs of a piece, with its edges where its first signal has them."""
    rows = np.arange(runs.first[chosen[0]], runs.end[chosen[-1]])
    piece = int(runs.piece[chosen[0]])
    strip_no, band = int(seen.strip_no[piece]), seen.band[piece]
    strip = strips[strip_no]
    named, sigmas = _named(normal, runs, chosen)
    from_m, to_m = float(seen.from_m[rows[0]]), float(seen.to_m[rows[-1]])
    whole = len(rows) == np.count_nonzero(seen.rows.piece == piece)
    resolution_m = 0.0
    if not whole:
        column = strip.values[:, signals.index(named[0])]
        from_m, to_m, resolution_m = _edges(strip, column, from_m, to_m, band is not None)
    metres = to_m - from_m
    sentence = (
        level_sentence(named, sigmas, metres, whole)
        if band is None
        else swing_sentence(named, sigmas, band, metres, whole)
    )
    mode = mode_known(normal.ranges, strip.modes)
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
    strip: Strip, values: Array, from_m: float, to_m: float, swings: bool
) -> tuple[float, float, float]:
    """Where the stretch lies that differs most, near that one, and how exactly its ends are seen.

    A signal that swings is off where its square is.
    """
    near = np.flatnonzero((strip.to_m > from_m - WIDEN_M) & (strip.from_m < to_m + WIDEN_M))
    near = near[np.isfinite(values[near])]
    if len(near) < 4:
        return from_m, to_m, 0.0
    seen = values[near] - np.median(values[near])
    first, end = stretch(np.square(seen) if swings else seen)
    step_m = float(np.median(np.diff(strip.from_m[near])))
    begins = strip.from_m[near[first]]
    ends = strip.to_m[near[end - 1]]
    # An end lies anywhere between two readings, and noise moves it by a reading or two.
    return float(begins), float(ends), 2 * step_m


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
