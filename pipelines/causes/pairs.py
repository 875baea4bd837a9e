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

Flags = NDArray[np.bool_]

LEAST_DIFFERENCE_Z = 3.0
"""Between what a partner does where the other is bad, and where it is good."""

LEAST_MORE = 1.3
MOST_ALIKE = 0.3
"""Correlation of the bins of two candidates within the exposed coils: what follows one is no partner."""


class Pair(NamedTuple):
    """The partner with the cut where both act, and the other's own cut there."""

    candidate: Candidate
    find: Find
    own: Find


def partner(
    leader: Candidate, find: Find, others: Sequence[Candidate], of: Outcomes, base: Background
) -> Pair | None:
    """The candidate without which a cause does nothing, if there is one; ``of``: one class."""
    told = in_scope(find.scope, of, base) & (leader.column.bins >= 0)
    bad = told & exposed(leader.column, find)
    within, inner = _part(of, base, bad)
    every = [c for c in others if _are_apart(leader, c, bad)]
    finds = {c: _all_of(scan(_those(c.column, bad), within, inner)[0]) for c in every}
    best = min(finds, key=lambda c: (finds[c].p, -abs(finds[c].z)), default=None)
    if best is None or finds[best].p * len(every) > 0.01:
        return None
    partner_bad = exposed(best.column, finds[best]) & (best.column.bins >= 0)
    if not _differs(of, base, bad, told & ~bad, partner_bad):
        return None
    again, outer = _part(of, base, told & partner_bad)
    own = _all_of(scan(_those(leader.column, told & partner_bad), again, outer)[0])
    if own.p * len(every) > 0.01 or not _differs(of, base, told & partner_bad, told & ~partner_bad, bad):
        return None
    return Pair(best, finds[best], own._replace(scope=find.scope, p=find.p))


def _all_of(find: Find) -> Find:
    return find._replace(scope=Scope())


def _part(of: Outcomes, base: Background, which: Flags) -> tuple[Outcomes, Background]:
    part = of._replace(
        coil_id=of.coil_id.take(np.flatnonzero(which)),
        day=of.day[which],
        metres=of.metres[which],
        counts=of.counts[:, which],
        defects=of.defects[:, which],
        sure=of.sure[:, which],
        lost_m=of.lost_m[:, which],
        stratum=of.stratum[which],
        family=of.family[which],
        blocks={name: np.unique(block[which], return_inverse=True)[1] for name, block in of.blocks.items()},
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


def _differs(of: Outcomes, base: Background, bad: Flags, good: Flags, partner_bad: Flags) -> bool:
    """True where the partner's rate ratio is greater among the bad than among the good coils."""
    among_bad, among_good = (compared(of, base.stratum, which, partner_bad) for which in (bad, good))
    if not (np.isfinite(among_bad.log_se) and np.isfinite(among_good.log_se)):
        return False
    spread = np.hypot(among_bad.log_se, among_good.log_se) * np.sqrt(base.inflation(0, of.metres))
    difference = np.log(among_bad.ratio / among_good.ratio)
    return bool(
        difference / spread >= LEAST_DIFFERENCE_Z and among_bad.ratio >= LEAST_MORE * among_good.ratio
    )


def compared(of: Outcomes, stratum: NDArray[np.int64], which: Flags, is_exposed: Flags) -> RateRatio:
    """The rate of the exposed of some coils per that of their others, over strata; ``of``: one class."""
    strata_n = int(stratum.max(initial=0)) + 1

    def summed(amount: NDArray[np.float64], chosen: Flags) -> NDArray[np.float64]:
        return np.bincount(stratum[chosen], amount[chosen], strata_n)

    one, other = which & is_exposed, which & ~is_exposed
    cases, metres = of.counts[0], of.metres
    return rate_ratio(summed(cases, one), summed(metres, one), summed(cases, other), summed(metres, other))
