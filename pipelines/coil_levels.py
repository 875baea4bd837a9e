"""Coils whose level is off, and slow drift from coil to coil, which the mean of a mode's last coils shows."""

from collections.abc import Iterator, Mapping, Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from pipelines.fault_sentences import drift_sentence, level_sentence
from pipelines.memory_charts import ewma, ewma_limits
from pipelines.mspc_limits import held_out_limit
from pipelines.normal_models import FOLDS, Asked, Fitted, Normal, spread, textbook_limits
from pipelines.robust_pca import Components
from pipelines.strip_faults import MOST_NAMED, Fault, StepModel
from pipelines.usual_ranges import Rows, mode_known, standardised, usual_ranges

Array = NDArray[np.float64]

LEVEL, DRIFT = "coil level", "coil drift"
ASKED = {
    LEVEL: Asked({"signal": 0.001}, is_for_strangers=False),
    DRIFT: Asked({"signal": 0.005}, is_for_strangers=False),
}

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


def fit_coils(levels: Levels) -> dict[str, Fitted]:
    """Models of levels and of drift, limits from days that were held out; none where no signal differs."""
    fold = np.unique(levels.days, return_inverse=True)[1] % FOLDS
    reached = {name: np.full(len(levels.values), np.nan) for name in (LEVEL, DRIFT)}
    for no in np.unique(fold).tolist() if fold.any() else []:
        held_out = levels.of(fold == no)
        for name, model in _fit(levels.of(fold != no)).items():
            reached[name][fold == no] = _greatest(model, off_of(name, model, held_out))
    found = {}
    for name, model in _fit(levels).items():
        textbook = textbook_limits(model, 1.0)["signal"]
        limit = held_out_limit(reached[name], ASKED[name].statistics["signal"], textbook)
        found[name] = Fitted(model._replace(limits={"signal": limit}), {"signal": reached[name]})
    return found


def _fit(levels: Levels) -> dict[str, Normal]:
    """Models without limits."""
    ranges = usual_ranges(_rows(levels)) if len(levels.values) else {}
    off = standardised(_rows(levels), ranges) if ranges else np.empty((0, len(levels.signals)))
    moves = np.asarray(np.isfinite(off).any(axis=0))
    names = tuple(name for name, does in zip(levels.signals, moves.tolist(), strict=True) if does)
    kept = {stratum: usual.of(moves) for stratum, usual in ranges.items()}
    nothing = Components(np.zeros((len(names), 0)), np.zeros(0), np.zeros(0))
    coils_n = len(levels.values)
    found = {}
    for name, asked in ASKED.items() if names else ():
        model = Normal(names, asked, kept, nothing, np.ones(len(names)), {}, coils_n, coils_n)
        found[name] = model._replace(spread=spread(off_of(name, model, levels), is_one_sided=False))
    return found


def _rows(levels: Levels) -> Rows:
    numbers = np.arange(len(levels.values))
    part = np.zeros(len(numbers), np.int64)
    return Rows(levels.signals, levels.values, numbers, part, levels.modes, levels.days)


def off_of(name: str, model: Normal, levels: Levels) -> Array:
    """How far each coil is off in each signal: by itself, or in the mean of its mode's coils up to it."""
    rows = _rows(levels.with_signals(model.signals))
    off = standardised(rows, model.ranges, model.asked.is_for_strangers)
    return drifts(off, levels.modes) if name == DRIFT else off


def drifts(off: Array, modes: Sequence[tuple[str, ...]]) -> Array:
    """EWMA of each signal over the coils of a mode, in its own standard deviations."""
    found, counted = np.full(off.shape, np.nan), np.clip(off, -FURTHEST, FURTHEST)
    names = np.array([of_coil[0] for of_coil in modes])
    for name in np.unique(names).tolist():
        of_mode = np.flatnonzero(names == name)
        for column in range(off.shape[1]):
            coils = of_mode[np.isfinite(off[of_mode, column])]
            if len(coils):
                averages = ewma(np.ascontiguousarray(counted[coils, column]), WEIGHT)
                found[coils, column] = averages / ewma_limits(len(coils), WEIGHT, sigmas=1.0)
    return found


def _greatest(model: Normal, off: Array) -> Array:
    return np.fmax.reduce(np.abs(off) / model.spread, axis=1)


def coil_faults(models: StepModel, levels: Levels) -> Iterator[tuple[str, Fault]]:
    """Coils of which a signal is off, by itself or by drift, each with its fault, which has no end yet."""
    for name in (name for name in (LEVEL, DRIFT) if name in models.views and len(levels.values)):
        model = models.views[name]
        off = off_of(name, model, levels)
        limit = model.limits["signal"].enter
        greatest = _greatest(model, off)
        for no in np.flatnonzero(greatest > limit).tolist():
            mode = mode_known(model.ranges, levels.modes[no])
            fault = _fault(name, model, off[no], float(greatest[no] / limit), mode)
            yield levels.coil_ids[no], fault


def _fault(name: str, model: Normal, off: Array, strength: float, mode: str | None) -> Fault:
    ratio = np.nan_to_num(np.abs(off) / model.spread)
    order = [no for no in np.argsort(-ratio).tolist() if ratio[no] >= NAMED_SHARE * ratio.max()][:MOST_NAMED]
    named, sigmas = tuple(model.signals[no] for no in order), tuple(float(off[no]) for no in order)
    if name == DRIFT:
        sentence = drift_sentence(named, sigmas)
    else:
        sentence = level_sentence(named, sigmas, np.nan, whole=True)
    return Fault(0, f"{name} signal", 0.0, np.nan, 0.0, strength, mode, named, sigmas, sentence)


CoilFaults = Mapping[str, Sequence[tuple[str, str, Fault]]]
"""Coil -> what is off on the whole of it: step, model, fault."""
