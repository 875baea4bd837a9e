"""Two candidates that act together only: each matters where the other is bad, and not where it is good."""

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from pipelines.causes.background import Background, background
from pipelines.causes.candidates import Candidate
from pipelines.causes.outcomes import Outcomes
from pipelines.causes.rates import RateRatio, rate_ratio
from pipelines.causes.scan import Binned, Find, Scope, exposed, in_scope, scan
from pipelines.causes.shuffles import shuffled_p

Array = NDArray[np.float64]
Flags = NDArray[np.bool_]

MOST_P = 0.05
"""Of a partner where the other is bad, and of the other where the partner is, with all that were tried."""

LEADERS = 12
"""Candidates at most for each of which a partner is looked for."""

FITS = 50
TOGETHER = np.array([[False, False, False, True]])
EACH = np.array([[False, False, True, True], [False, True, False, True]])
"""Cells of two conditions, neither, the second, the first and both, by the factors of a model."""
MOST_ALIKE = 0.3
"""Correlation of the bins of two candidates within the exposed coils: what follows one is no partner."""


class Pair(NamedTuple):
    """The partner with the cut where both act, and the other's own cut there."""

    candidate: Candidate
    find: Find
    own: Find


def partner(
    leader: Candidate,
    find: Find,
    others: Sequence[Candidate],
    of: Outcomes,
    base: Background,
    since: int,
    most_p: float | None = None,
) -> Pair | None:
    """The candidate without which a cause does nothing, if there is one; ``of``: one class.

    ``since``: the first day that is looked at. Where a cause began late, what was in use then is no partner.
    ``most_p``: of the partner where the leader is bad; one that pays for all others if none is given.
    """
    told = in_scope(find.scope, of, base) & (leader.column.bins >= 0) & (of.day >= since)
    bad = told & exposed(leader.column, find)
    every = [c for c in others if c is not leader and _are_apart(leader, c, bad)]
    finds = _within(every, bad, of, base)
    best = min(finds, key=lambda c: (finds[c].p, -abs(finds[c].z)), default=None)
    limit = MOST_P / max(len(every), LEADERS)
    if best is None or finds[best].p > (limit if most_p is None else most_p):
        return None
    partner_bad = exposed(best.column, finds[best])
    own = _within([leader], told & partner_bad, of, base)[leader]
    both = told & (best.column.bins >= 0)
    if own.p > limit or not _only_together(of, base, both, exposed(leader.column, own), partner_bad):
        return None
    return Pair(best, finds[best], own._replace(scope=find.scope, p=find.p))


def pair_shuffled_p(leader: Candidate, find: Find, pair: Pair, of: Outcomes, base: Background) -> float:
    """Chance by shuffling of a partner, on the coils where the leader is bad."""
    bad = in_scope(find.scope, of, base) & exposed(leader.column, find)
    within, inner = _part(of, base, bad)
    return shuffled_p(_those(pair.candidate.column, bad), within, inner)


def _within(
    every: Sequence[Candidate], which: Flags, of: Outcomes, base: Background
) -> dict[Candidate, Find]:
    """The finds among some coils; a find there is one of all of them."""
    part, own = _part(of, base, which)
    return {c: scan(_those(c.column, which), part, own, tried=[Scope()])[0] for c in every}


def _part(of: Outcomes, base: Background, which: Flags) -> tuple[Outcomes, Background]:
    part = of._replace(
        coil_id=of.coil_id.take(np.flatnonzero(which)),
        day=of.day[which],
        metres=of.metres[which],
        exposure=of.exposure[:, which],
        counts=of.counts[:, which],
        defects=of.defects[:, which],
        sure=of.sure[:, which],
        lost_m=of.lost_m[:, which],
        stratum=of.stratum[which],
        family=of.family[which],
        blocks={name: np.unique(block[which], return_inverse=True)[1] for name, block in of.blocks.items()},
        length_m=of.length_m[which],
    )
    return part, background(part, base.stratum[which])


def _those(column: Binned, which: Flags) -> Binned:
    return column._replace(bins=column.bins[which])


def _are_apart(leader: Candidate, other: Candidate, bad: Flags) -> bool:
    both = bad & (other.column.bins >= 0)
    a, b = leader.column.bins[both].astype(float), other.column.bins[both].astype(float)
    if len(a) < 3 or a.std() == 0 or b.std() == 0:
        return True
    return bool(abs(np.corrcoef(a, b)[0, 1]) < MOST_ALIKE)


def _only_together(of: Outcomes, base: Background, told: Flags, one: Flags, other: Flags) -> bool:
    """True where both together tell as much as each by itself and both multiplied, by Akaike's criterion."""
    cell = (2 * one.astype(np.int64) + other)[told] + 4 * base.stratum[told]
    strata_n = len(base.family_of)
    seen, at_risk = (
        np.bincount(cell, amount[told], 4 * strata_n).astype(np.float64).reshape(strata_n, 4)
        for amount in (of.counts[0], of.exposure[0])
    )
    together, multiplied = (_fitted(seen, at_risk, factors) for factors in (TOGETHER, EACH))
    return _likelihood(seen, together) > _likelihood(seen, multiplied) - base.inflation(0, of)


def _fitted(seen: Array, at_risk: Array, factors: Array) -> Array:
    """Defects to be expected by stratum and cell, by fitting the sums of strata and of levels in turn."""
    fitted = at_risk.copy()
    for _ in range(FITS):
        fitted *= _per(seen.sum(axis=1), fitted.sum(axis=1))[:, None]
        for level in factors:
            for side in (level, ~level):
                fitted[:, side] *= _per(seen[:, side].sum(), fitted[:, side].sum())
    return fitted


def _per(amount: Array, base: Array) -> Array:
    return np.divide(amount, base, out=np.zeros_like(np.asarray(base)), where=np.asarray(base) > 0)


def _likelihood(seen: Array, expected: Array) -> float:
    return float((seen * np.log(np.maximum(expected, 1e-12)) - expected).sum())


def compared(of: Outcomes, stratum: NDArray[np.int64], which: Flags, is_exposed: Flags) -> RateRatio:
    """The rate of the exposed of some coils per that of their others, over strata; ``of``: one class."""
    strata_n = int(stratum.max(initial=0)) + 1

    def summed(amount: NDArray[np.float64], chosen: Flags) -> NDArray[np.float64]:
        return np.asarray(np.bincount(stratum[chosen], amount[chosen], strata_n), np.float64)

    one, other = which & is_exposed, which & ~is_exposed
    cases, metres = of.counts[0], of.exposure[0]
    return rate_ratio(summed(cases, one), summed(metres, one), summed(cases, other), summed(metres, other))
