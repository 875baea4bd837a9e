"""Models of normal behaviour: fitted and scored on any table of signals that has modes and an order.

Statistics of a run of neighbouring rows, since a fault lasts and noise does not: T2, the distance within what
signals do together, and SPE, the distance from it; the distance of the one signal that is furthest off, and
the mean of the three, which T2 and SPE of many signals drown. Each is what half of the rows of the run reach.
"""

from collections.abc import Callable, Mapping
from statistics import NormalDist
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from pipelines.mspc_limits import Limit, held_out_limit, jackson_mudholkar, t2_limit
from pipelines.robust_pca import LEAST_MEASURED, Components, distances, fit_components
from pipelines.usual_ranges import Ranges, Rows, standardised, usual_ranges

Array = NDArray[np.float64]
Numbers = NDArray[np.int64]

STATISTICS = ("T2", "SPE", "signal", "three signals")

FOLDS = 4
"""Each block of time is held out once, and judged by a model of the others."""

RUNS_AT_ONCE = 1_000
"""Each with copies of its rows: what fits into a cache is sorted several times as fast."""

OUTER_SHARE, OUTER_SIGMAS = 0.01, 2.326
"""Of a normal deviate, exceeded by so many on one side."""


class Asked(NamedTuple):
    """How rows are to be judged, and by which statistics: name -> share of normal pieces that pass its limit.

    ``run_rows``: neighbours in a run, or with 0 all rows of a piece. ``is_one_sided``: only a rise counts.
    ``is_for_strangers``: so are pieces judged that are like no others.
    """

    statistics: Mapping[str, float]
    run_rows: int = 1
    is_one_sided: bool = False
    is_for_strangers: bool = True


class Normal(NamedTuple):
    """What is normal. ``spread``: standard deviation of each signal's distance throughout a run."""

    signals: tuple[str, ...]
    asked: Asked
    ranges: Ranges
    components: Components
    spread: Array
    limits: Mapping[str, Limit]
    rows_n: int
    pieces_n: int


class Runs(NamedTuple):
    """Runs of neighbouring rows [first, end) of a piece, each with its statistics.

    ``off``: row -> how far each signal is off, in its usual standard deviations.
    """

    first: Numbers
    end: Numbers
    piece: Numbers
    statistics: Mapping[str, Array]
    off: Array


class Fitted(NamedTuple):
    """A model, and the greatest value of each statistic on each piece while held out; NaN where none."""

    model: Normal
    held_out: Mapping[str, Array]


def fit_normal(rows: Rows, asked: Mapping[str, Asked]) -> dict[str, Fitted]:
    """Models of the rows, one for each way to judge them, their limits from blocks that were held out.

    Empty where nothing moves. Rows of one block alone have no limits: nothing was held out, and nothing is
    ever beyond them.
    """
    whole = _fit(rows, asked)
    reached = {
        name: {statistic: np.full(len(rows.modes), np.nan) for statistic in how.statistics}
        for name, how in asked.items()
    }
    fold = np.unique(rows.block, return_inverse=True)[1] % FOLDS
    for no in np.unique(fold).tolist() if fold.any() and whole else []:
        held_out = rows.of(fold == no)
        for name, model in _fit(rows.of(fold != no), asked).items():
            runs = judged_runs(model, held_out)
            for statistic, greatest in reached[name].items():
                np.fmax.at(greatest, runs.piece, runs.statistics[statistic])
    return {name: _limited(model, len(rows.piece), reached[name]) for name, model in whole.items()}


def _fit(rows: Rows, asked: Mapping[str, Asked]) -> dict[str, Normal]:
    """Models without limits; none where nothing moves."""
    ranges = usual_ranges(rows)
    off = standardised(rows, ranges)
    moves = np.isfinite(off).mean(axis=0) >= LEAST_MEASURED
    if not moves.any():
        return {}
    names = tuple(name for name, does in zip(rows.signals, moves.tolist(), strict=True) if does)
    kept = {stratum: usual.of(moves) for stratum, usual in ranges.items()}
    components = fit_components(off[:, moves])
    pieces_n = len(np.unique(rows.piece))
    return {
        name: Normal(
            names,
            how,
            kept,
            components,
            spread(_lasting(*_runs(rows.piece, how.run_rows), off[:, moves], how), how.is_one_sided),
            {},
            len(off),
            pieces_n,
        )
        for name, how in asked.items()
    }


def _limited(model: Normal, rows_n: int, reached: Mapping[str, Array]) -> Fitted:
    textbook = textbook_limits(model, rows_n / max(model.pieces_n, 1))
    limits = {
        name: held_out_limit(greatest, model.asked.statistics[name], textbook[name])
        for name, greatest in reached.items()
    }
    return Fitted(model._replace(limits=limits), reached)


def spread(off: Array, is_one_sided: bool) -> Array:
    """One standard deviation of each column around 0, read off where a hundredth of the rows lies beyond."""
    far = np.sort(off if is_one_sided else np.abs(off), axis=0)
    count = np.isfinite(off).sum(axis=0)
    share = 1 - OUTER_SHARE * (1 if is_one_sided else 2)
    at = (share * np.maximum(count - 1, 0)).astype(np.int64)
    return np.maximum(far[at, np.arange(off.shape[1])] / OUTER_SIGMAS, 0.05)


def textbook_limits(model: Normal, rows_a_piece: float) -> dict[str, float]:
    """Limits of single, normal, independent rows at the same rate of false alarms per piece."""
    components, sides = model.components, 1 if model.asked.is_one_sided else 2
    of_statistic: dict[str, Callable[[float], float]] = {
        "T2": lambda share: t2_limit(model.rows_n, components.loadings.shape[1], share),
        "SPE": lambda share: jackson_mudholkar(components.rest, share),
        "signal": lambda share: NormalDist().inv_cdf(1 - share / len(model.signals) / sides),
        # No textbook has one.
        "three signals": lambda share: float("nan"),
    }
    return {
        name: of_statistic[name](share / max(rows_a_piece, 1.0))
        for name, share in model.asked.statistics.items()
    }


def judged_runs(model: Normal, rows: Rows) -> Runs:
    """The statistics of every run of rows, by the signals of the model; one that rows lack is missing."""
    off = standardised(_with_signals(rows, model.signals), model.ranges, model.asked.is_for_strangers)
    far = distances(model.components, off)
    first, end = _runs(rows.piece, model.asked.run_rows)
    lasting = _reached_by_half(first, end, np.column_stack([far.t2, far.spe]))
    each = _lasting(first, end, off, model.asked) / model.spread
    sided = each if model.asked.is_one_sided else np.abs(each)
    values = lasting[:, 0], lasting[:, 1], _furthest(sided, 1), _furthest(sided, 3)
    return Runs(first, end, rows.piece[first], dict(zip(STATISTICS, values, strict=True)), off)


def signals_off(runs: Runs, chosen: Numbers) -> Array:
    """The mean distance of each signal over neighbouring runs; NaN where it was not measured."""
    first, end = runs.first[chosen[:1]], runs.end[chosen[-1:]]
    off = runs.off[first[0] : end[0]]
    count = np.isfinite(off).sum(axis=0)
    return np.where(count > 0, np.nansum(off, axis=0) / np.maximum(count, 1), np.nan)


def _furthest(off: Array, signals_n: int) -> Array:
    """The mean of the signals that are furthest off; NaN where fewer were measured.

    >>> _furthest(np.array([[1.0, 4.0, np.nan, 2.0]]), 2).tolist()
    [3.0]
    """
    if off.shape[1] < signals_n:
        return np.full(len(off), np.nan)
    in_order = np.sort(np.where(np.isfinite(off), off, -np.inf), axis=1)[:, -signals_n:]
    return np.where(np.isfinite(in_order[:, 0]), in_order.mean(axis=1), np.nan)


def _lasting(first: Numbers, end: Numbers, off: Array, asked: Asked) -> Array:
    """How far each signal is off throughout a run: what half of its rows reach, on one side.

    A mean would take one row that is very far for a run that is far. Runs of more rows vary less.
    """
    size = np.sqrt((end - first) / max(asked.run_rows, 1))[:, None]
    above = _reached_by_half(first, end, off) * size
    if asked.is_one_sided:
        return above
    return np.fmax(above, 0) - np.fmax(_reached_by_half(first, end, -off) * size, 0)


def _reached_by_half(first: Numbers, end: Numbers, values: Array) -> Array:
    """The lower median of each column over each run; NaN where less than half was measured.

    >>> values = np.array([[1.0], [3.0], [np.nan], [5.0]])
    >>> _reached_by_half(np.array([0, 1]), np.array([2, 4]), values).tolist()
    [[1.0], [3.0]]
    """
    found = np.full((len(first), values.shape[1]), np.nan)
    columns = np.arange(values.shape[1])
    for rows_n in np.unique(end - first).tolist():
        of_size = np.flatnonzero(end - first == rows_n)
        for at in range(0, len(of_size), RUNS_AT_ONCE):
            runs = of_size[at : at + RUNS_AT_ONCE]
            in_order = np.sort(values[first[runs, None] + np.arange(rows_n)], axis=1)
            count = np.isfinite(in_order).sum(axis=1)
            half = in_order[np.arange(len(runs))[:, None], np.maximum((count - 1) // 2, 0), columns]
            found[runs] = np.where(2 * count >= rows_n, half, np.nan)
    return found


def _with_signals(rows: Rows, signals: tuple[str, ...]) -> Rows:
    place = {name: no for no, name in enumerate(rows.signals)}
    lacking = np.full(len(rows.values), np.nan)
    columns = [rows.values[:, place[name]] if name in place else lacking for name in signals]
    return rows._replace(signals=signals, values=np.column_stack(columns))


def _runs(piece: Numbers, run_rows: int) -> tuple[Numbers, Numbers]:
    """First row and end of every run of so many rows of a piece (0: of all); a shorter piece is one run."""
    starts = np.flatnonzero(np.diff(piece, prepend=-1))
    ends = np.append(starts[1:], len(piece))
    size = [min(run_rows, b - a) if run_rows else b - a for a, b in zip(starts, ends, strict=True)]
    first = [np.arange(a, b - n + 1) for a, b, n in zip(starts, ends, size, strict=True)]
    end = [runs + n for runs, n in zip(first, size, strict=True)]
    nothing = np.empty(0, np.int64)
    return np.concatenate([nothing, *first]), np.concatenate([nothing, *end])
