"""Principal components of standardised signals, robust to faulty rows and to missing values."""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]

EXPLAINED = 0.8
"""Of the variance, by the components that are kept."""

KEPT = 0.85
"""Of the rows, in each round: those that lie nearest to the model of the round before."""

ROUNDS, IMPUTE_ROUNDS = 4, 8
MOST_ROWS = 12_000
FURTHEST = 6.0
"""Standard deviations that one value counts at most: one signal that is far off is told by itself."""

LEAST_MEASURED = 0.6
"""A row with a smaller share of its signals is not judged."""


class Components(NamedTuple):
    """Loadings (signal by component) and the variances of the scores; ``rest``: the other eigenvalues."""

    loadings: Array
    variances: Array
    rest: Array

    @property
    def noise(self) -> float:
        """Mean variance of a signal that the components leave."""
        return float(self.rest.sum() / max(len(self.loadings), 1))


class Distances(NamedTuple):
    """Of each row: T2 within the model, SPE from it; NaN where too much is missing."""

    t2: Array
    spe: Array


def fit_components(rows: Array) -> Components:
    """Components of rows with centre 0 and scale 1, by trimming: fit, keep the nearest rows, fit again.

    Rows that lack values are completed by the model of the round before. Variances of scores are those of the
    middle of all rows (median deviations), so that trimming does not make them small.

    >>> chance = np.random.default_rng(1)
    >>> common = chance.normal(size=(2_000, 1))
    >>> rows = common + 0.3 * chance.normal(size=(2_000, 4))
    >>> rows[:100, 0] += 8.0
    >>> np.abs(fit_components(rows).loadings[:, 0]).round(1).tolist()
    [0.5, 0.5, 0.5, 0.5]
    """
    measured = rows[np.isfinite(rows).mean(axis=1) >= LEAST_MEASURED]
    if len(measured) > MOST_ROWS:
        measured = measured[np.linspace(0, len(measured) - 1, MOST_ROWS).astype(np.int64)]
    values = np.clip(measured, -FURTHEST, FURTHEST)
    complete = np.nan_to_num(values)
    was_near = is_near = np.ones(len(values), bool)
    for _ in range(ROUNDS):
        found = _components(complete, is_near)
        complete = completed(found, values)
        far = distances(found, complete)
        off = np.maximum(far.t2 / np.median(far.t2), far.spe / np.median(far.spe) if found.noise else 0.0)
        was_near, is_near = is_near, off <= np.quantile(off, KEPT)
    vectors = _vectors(complete, was_near)[1]
    usual = np.square(1.4826 * np.median(np.abs(complete @ vectors), axis=0))
    count = found.loadings.shape[1]
    return Components(found.loadings, usual[:count], usual[count:])


def _components(complete: Array, is_near: NDArray[np.bool_]) -> Components:
    variances, vectors = _vectors(complete, is_near)
    count = int(np.searchsorted(np.cumsum(variances), EXPLAINED * variances.sum())) + 1
    return Components(np.ascontiguousarray(vectors[:, :count]), variances[:count], variances[count:])


def _vectors(complete: Array, is_near: NDArray[np.bool_]) -> tuple[Array, Array]:
    """Variances and directions, the greatest first."""
    near = complete[is_near]
    variances, vectors = np.linalg.eigh(near.T @ near / len(near))
    return np.maximum(variances[::-1], 0.0), vectors[:, ::-1]


def completed(components: Components, values: Array) -> Array:
    """The rows with what is missing as the measured rest makes it likely.

    Expectation of the missing under probabilistic components, by iteration (Tipping and Bishop, Probabilistic
    principal component analysis, J. R. Stat. Soc. B 61, 1999).
    """
    is_missing = ~np.isfinite(values)
    complete = np.where(is_missing, 0.0, values)
    lacking = is_missing.any(axis=1)
    shrunk = components.loadings * (components.variances / (components.variances + components.noise))
    some, gaps = complete[lacking], is_missing[lacking]
    for _ in range(IMPUTE_ROUNDS if lacking.any() else 0):
        some = np.where(gaps, (some @ shrunk) @ components.loadings.T, some)
    complete[lacking] = some
    return complete


def distances(components: Components, values: Array) -> Distances:
    """T2 = t' S^-1 t, S diagonal with the variances of the scores; SPE = |x - x^|^2.

    Of a row that lacks values, SPE is that of the measured ones, brought up to all.
    """
    clipped = np.clip(values, -FURTHEST, FURTHEST)
    is_there = np.isfinite(clipped)
    complete = completed(components, clipped)
    scores = complete @ components.loadings
    left = np.where(is_there, complete - scores @ components.loadings.T, 0.0)
    share = is_there.mean(axis=1)
    judged = share >= LEAST_MEASURED
    t2 = np.square(scores) @ (1 / components.variances)
    spe = np.square(left).sum(axis=1) / np.maximum(share, LEAST_MEASURED)
    return Distances(np.where(judged, t2, np.nan), np.where(judged, spe, np.nan))
