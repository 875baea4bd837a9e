"""One class of defects: which candidates are causes, one after another, and what cannot be told from them."""

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from pipelines.causes.background import Background, background
from pipelines.causes.candidates import Candidate
from pipelines.causes.outcomes import Outcomes
from pipelines.causes.pairs import Pair, partner
from pipelines.causes.scan import Find, exposed, in_scope, scan
from pipelines.causes.shuffles import shuffled_p
from pipelines.causes.steps import step_of

Array = NDArray[np.float64]
Numbers = NDArray[np.int64]
Flags = NDArray[np.bool_]

MOST_CAUSES = 4
"""Of a class."""

MOVES_TOGETHER = 0.5
"""Correlation of two exposures, or of the ranks of two columns, from which on they move together."""

EXPLAINED_P, ALSO_TOLD_P = 0.01, 1e-3
"""What is beyond the second by itself and not beyond the first given a cause is explained by the cause."""

AS_GOOD = 6.0
"""Difference in squared z up to which the evidence for two candidates is alike."""

MOST_SHUFFLED_P = 0.01
MODE_PARTS = 6


class Cause(NamedTuple):
    """``is_exposed``: the coils where it acts; ``told``: those that are compared; ``stratum``: within what.

    ``members``: candidates that the data cannot tell from it, with where they are bad. ``pair``: its partner where two act together.
    """

    candidate: Candidate
    find: Find
    pair: Pair | None
    members: tuple[tuple[Candidate, Find], ...]
    shuffled_p: float
    is_exposed: Flags
    told: Flags
    stratum: Numbers


def causes(
    class_no: int, every: Sequence[Candidate], of: Outcomes, most_p: float, next_p: float
) -> list[Cause]:
    """The causes of a class, the strongest evidence first.

    ``most_p``: of the first, which false-discovery control has set; ``next_p``: of each further one, given
    those before, which are held fixed by strata: what is only a proxy of them is then nothing.
    """
    one = only(of, class_no)
    stratum, found, refused = of.stratum, list[Cause](), set[str]()
    while len(found) < MOST_CAUSES:
        base = background(one, stratum)
        finds = {c: find for c in every if c.name not in refused for find in scan(c.column, one, base)}
        limit = next_p if found else most_p
        best = min(finds, key=lambda c: (finds[c].p, -abs(finds[c].z)), default=None)
        if best is None or finds[best].p > limit:
            break
        cause = _cause(best, finds, one, base)
        if cause.shuffled_p > MOST_SHUFFLED_P:
            refused.add(best.name)
            continue
        found.append(cause)
        stratum = _held_fixed(cause, stratum)
    return found


def only(of: Outcomes, class_no: int) -> Outcomes:
    """The outcomes of one class."""
    own = slice(class_no, class_no + 1)
    return of._replace(
        classes=of.classes[own],
        counts=of.counts[own],
        defects=of.defects[own],
        sure=of.sure[own],
        lost_m=of.lost_m[own],
    )


def _cause(best: Candidate, finds: dict[Candidate, Find], one: Outcomes, base: Background) -> Cause:
    leader, members = _group(best, finds, one, base)
    find = finds[leader]
    pair = partner(leader, find, [c for c in finds if c not in members], one, base)
    is_exposed, told = exposed(leader.column, find), in_scope(find.scope, one, base)
    told &= leader.column.bins >= 0
    if pair:
        find = pair.own
        is_exposed = exposed(leader.column, find) & exposed(pair.candidate.column, pair.find)
        told &= pair.candidate.column.bins >= 0
    p = shuffled_p(leader.column, finds[leader], one, base)
    alike = tuple((c, finds[c]) for c in members)
    return Cause(leader, find, pair, alike, p, is_exposed, told, base.stratum)


def _group(
    best: Candidate, finds: dict[Candidate, Find], one: Outcomes, base: Background
) -> tuple[Candidate, tuple[Candidate, ...]]:
    """The candidates that move with the best one and tell nothing beside it; of equals upstream leads."""
    held = background(one, _within(base.stratum, best, finds[best]))
    together = [
        c
        for c in finds
        if c is not best and finds[c].p < ALSO_TOLD_P and move_together(best, finds[best], c, finds[c])
    ]
    explained = [c for c in together if scan(c.column, one, held)[0].p > EXPLAINED_P]
    equals = [c for c in explained if finds[best].z ** 2 - finds[c].z ** 2 < AS_GOOD]
    leader = min([best, *equals], key=lambda c: (step_of(c.name), -abs(finds[c].z)))
    if leader is not best:
        own = background(one, _within(base.stratum, leader, finds[leader]))
        if scan(best.column, one, own)[0].p <= EXPLAINED_P:
            leader = best
    others = sorted((c for c in [best, *explained] if c is not leader), key=lambda c: step_of(c.name))
    return leader, tuple(others)


def move_together(one: Candidate, find: Find, other: Candidate, other_find: Find) -> bool:
    """True where much the same coils are exposed to both, or their values rise and fall together."""
    told = (one.column.bins >= 0) & (other.column.bins >= 0)
    if told.sum() < 3:
        return False
    pairs = [(exposed(one.column, find), exposed(other.column, other_find))]
    if not one.levels and not other.levels:
        pairs.append((one.column.bins, other.column.bins))
    return any(
        abs(_correlation(a[told].astype(float), b[told].astype(float))) >= MOVES_TOGETHER for a, b in pairs
    )


def _correlation(a: Array, b: Array) -> float:
    spread = a.std() * b.std()
    return float(((a - a.mean()) * (b - b.mean())).mean() / spread) if spread > 0 else 0.0


def _held_fixed(cause: Cause, stratum: Numbers) -> Numbers:
    finer = _within(stratum, cause.candidate, cause.find)
    return _within(finer, cause.pair.candidate, cause.pair.find) if cause.pair else finer


def _within(stratum: Numbers, held: Candidate, find: Find) -> Numbers:
    """Strata cut finer by a candidate: exposed or not, and in a few parts of its range."""
    bins = held.column.bins
    part = exposed(held.column, find).astype(np.int64)
    if not held.levels:
        part = part + 2 * (bins * MODE_PARTS // max(held.column.bins_n, 1) + 1)
    part = np.where(bins < 0, -1, part)
    return np.unique(stratum * 1_000 + part + 1, return_inverse=True)[1]
