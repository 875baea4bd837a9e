"""Slow drift from coil to coil: what no coil shows by itself, and the mean of the last of its mode does."""

from collections.abc import Iterator, Mapping, Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from pipelines.fault_sentences import drift_sentence
from pipelines.memory_charts import ewma, ewma_limits
from pipelines.mspc_limits import held_out_limit
from pipelines.normal_models import FOLDS, Asked, Fitted, Normal, spread, textbook_limits
from pipelines.robust_pca import Components
from pipelines.strip_faults import MOST_NAMED, Fault, StepModel
from pipelines.usual_ranges import Rows, mode_known, standardised, usual_ranges

Array = NDArray[np.float64]

DRIFT = "coil drift"
ASKED = Asked(("signal",))

WEIGHT = 0.1
"""Of the newest coil in the average: about the last twenty coils of a mode count."""

FURTHEST = 3.0
"""Standard deviations that one coil counts at most: an odd coil is no drift."""

NAMED_SHARE = 0.7
"""A signal is named that drifts so much, of the one that drifts most."""


class Levels(NamedTuple):
    """The level of each signal of coils in the order of coiling; ``days`` as ordinals."""

    coil_ids: Sequence[str]
    modes: Sequence[tuple[str, ...]]
    days: NDArray[np.int64]
    signals: tuple[str, ...]
    values: Array

    def of(self, chosen: NDArray[np.bool_]) -> "Levels":
        """Those of some coils."""
        numbers = np.flatnonzero(chosen).tolist()
        return Levels(
            [self.coil_ids[no] for no in numbers],
            [self.modes[no] for no in numbers],
            self.days[chosen],
            self.signals,
            self.values[chosen],
        )

    def with_signals(self, signals: tuple[str, ...]) -> "Levels":
        """The same in these signals; one that is not there is missing."""
        place = {name: no for no, name in enumerate(self.signals)}
        lacking = np.full(len(self.values), np.nan)
        columns = [self.values[:, place[name]] if name in place else lacking for name in signals]
        return self._replace(signals=signals, values=np.column_stack(columns))


def fit_drift(levels: Levels) -> Fitted | None:
    """The model of drift, its limit from days that were held out; None where no signal differs."""
    whole = _fit(levels) if len(levels.values) else None
    if whole is None:
        return None
    reached = np.full(len(levels.values), np.nan)
    fold = np.unique(levels.days, return_inverse=True)[1] % FOLDS
    for no in np.unique(fold).tolist() if fold.any() else []:
        fitted = _fit(levels.of(fold != no))
        if fitted is not None:
            reached[fold == no] = _greatest(fitted, drifts(fitted, levels.of(fold == no)))
    textbook = textbook_limits(whole, 1.0)["signal"]
    limit = held_out_limit(reached, ASKED.false_alarms, textbook)
    model = whole._replace(limits={"signal": limit}, far_limits={"signal": limit})
    return Fitted(model, {"signal": reached})


def _fit(levels: Levels) -> Normal | None:
    ranges = usual_ranges(_rows(levels))
    moves = np.isfinite(standardised(_rows(levels), ranges)).mean(axis=0) > 0
    if not moves.any():
        return None
    names = tuple(name for name, does in zip(levels.signals, moves.tolist(), strict=True) if does)
    kept = {stratum: usual.of(moves) for stratum, usual in ranges.items()}
    nothing = Components(np.zeros((len(names), 0)), np.zeros(0), np.zeros(0))
    coils_n = len(levels.values)
    model = Normal(names, ASKED, kept, nothing, np.ones(len(names)), {}, {}, coils_n, coils_n)
    return model._replace(spread=spread(drifts(model, levels), is_one_sided=False))


def _rows(levels: Levels) -> Rows:
    numbers = np.arange(len(levels.values))
    part = np.zeros(len(numbers), np.int64)
    return Rows(levels.signals, levels.values, numbers, part, levels.modes, levels.days)


def drifts(model: Normal, levels: Levels) -> Array:
    """Of each coil and signal the EWMA over its mode's coils up to it, in its own standard deviations."""
    known = levels.with_signals(model.signals)
    off = np.clip(standardised(_rows(known), model.ranges), -FURTHEST, FURTHEST)
    found = np.full(off.shape, np.nan)
    names = np.array([modes[0] for modes in levels.modes])
    for name in np.unique(names).tolist():
        of_mode = np.flatnonzero(names == name)
        for column in range(off.shape[1]):
            coils = of_mode[np.isfinite(off[of_mode, column])]
            if len(coils):
                averages = ewma(np.ascontiguousarray(off[coils, column]), WEIGHT)
                found[coils, column] = averages / ewma_limits(len(coils), WEIGHT, sigmas=1.0)
    return found


def _greatest(model: Normal, drifted: Array) -> Array:
    return np.fmax.reduce(np.abs(drifted) / model.spread, axis=1)


def drift_faults(models: StepModel, levels: Levels) -> Iterator[tuple[str, Fault]]:
    """Coils up to which a signal drifted beyond its limit, each with its fault, which has no end yet."""
    if DRIFT not in models.views or not len(levels.values):
        return
    model = models.views[DRIFT]
    drifted = drifts(model, levels)
    limit = model.limits["signal"].enter
    greatest = _greatest(model, drifted)
    for no in np.flatnonzero(greatest > limit).tolist():
        ratio = np.nan_to_num(np.abs(drifted[no]) / model.spread)
        order = [k for k in np.argsort(-ratio).tolist() if ratio[k] >= NAMED_SHARE * ratio.max()]
        named = tuple(model.signals[k] for k in order[:MOST_NAMED])
        sigmas = tuple(float(drifted[no, k]) for k in order[:MOST_NAMED])
        yield (
            levels.coil_ids[no],
            Fault(
                0,
                DRIFT,
                0.0,
                np.nan,
                0.0,
                float(greatest[no] / limit),
                mode_known(model.ranges, levels.modes[no]),
                named,
                sigmas,
                drift_sentence(named, sigmas),
            ),
        )


Drifts = Mapping[str, Sequence[tuple[str, str, Fault]]]
"""Coil -> the drifts that it stands in: step, model, fault."""
