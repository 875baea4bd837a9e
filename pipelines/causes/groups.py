"""What moves together: candidates that the data cannot tell apart, and what is held fixed to tell others."""

from collections.abc import Collection, Mapping

import numpy as np
from numpy.typing import NDArray

from pipelines.causes.background import Background, background
from pipelines.causes.candidates import Candidate
from pipelines.causes.outcomes import Outcomes
from pipelines.causes.scan import Find, exposed, scan
from pipelines.causes.steps import step_of

Numbers = NDArray[np.int64]

MOVES_TOGETHER = 0.5
"""Correlation of two exposures, or of the ranks of two columns, from which on they move together."""

EXPLAINED_P, ALSO_TOLD_P = 0.01, 1e-3
"""What is beyond the second by itself and not beyond the first given another is explained by the other."""

AS_GOOD = 6.0
"""Difference in squared z up to which the evidence for two candidates is alike."""

PARTS_OF_A_RANGE = 6


def group(
    best: Candidate,
    finds: Mapping[Candidate, Find],
    one: Outcomes,
    base: Background,
    local: Collection[str],
) -> tuple[Candidate, tuple[Candidate, ...]]:
    """The candidates that move with the best one, each telling nothing beside the other; upstream leads.

    What tells nothing beside the best one, which still tells something beside it, is a proxy and is left out.
    """
    together = [
        c
        for c in finds
        if c is not best and finds[c].p < ALSO_TOLD_P and move_together(best, finds[best], c, finds[c])
    ]
    explained = [c for c in together if _given(c, best, finds, one, base) > EXPLAINED_P]
    alike = [c for c in explained if _given(best, c, finds, one, base) > EXPLAINED_P or c.name in local]
    equals = [c for c in alike if finds[best].z ** 2 - finds[c].z ** 2 < AS_GOOD or c.name in local]
    leader = min([best, *equals], key=lambda c: (c.name not in local, step_of(c.name), -abs(finds[c].z)))
    others = sorted((c for c in [best, *alike] if c is not leader), key=lambda c: step_of(c.name))
    return leader, tuple(others)


def _given(
    candidate: Candidate, held: Candidate, finds: Mapping[Candidate, Find], one: Outcomes, base: Background
) -> float:
    """The p value of a candidate where another is held fixed."""
    finer = background(one, held_fixed(base.stratum, held, finds[held]))
    return scan(candidate.column, one, finer)[0].p


def move_together(one: Candidate, find: Find, other: Candidate, other_find: Find) -> bool:
    """True where much the same coils are exposed to both, or their values rise and fall together."""
    told = (one.column.bins >= 0) & (other.column.bins >= 0)
    if told.sum() < 3:
        return False
    alike = _correlation(exposed(one.column, find)[told], exposed(other.column, other_find)[told])
    if not one.levels and not other.levels:
        alike = max(alike, abs(_correlation(one.column.bins[told], other.column.bins[told])))
    return alike >= MOVES_TOGETHER


def _correlation(one: NDArray, other: NDArray) -> float:
    a, b = one.astype(np.float64), other.astype(np.float64)
    spread = a.std() * b.std()
    return float(((a - a.mean()) * (b - b.mean())).mean() / spread) if spread > 0 else 0.0


def held_fixed(stratum: Numbers, held: Candidate, find: Find) -> Numbers:
    """Strata cut finer by a candidate: exposed or not, and in a few parts of its range."""
    bins = held.column.bins
    part = exposed(held.column, find).astype(np.int64)
    if not held.levels:
        part = part + 2 * (bins * PARTS_OF_A_RANGE // max(held.column.bins_n, 1) + 1)
    part = np.where(bins < 0, -1, part)
    return np.unique(stratum * 1_000 + part + 1, return_inverse=True)[1]
