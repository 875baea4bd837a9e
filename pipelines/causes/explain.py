"""One class of defects: which candidates are causes, one after another, and what cannot be told from them."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from pipelines.causes.background import Background, background
from pipelines.causes.candidates import Candidate
from pipelines.causes.groups import group, held_fixed
from pipelines.causes.onset import onset
from pipelines.causes.outcomes import Outcomes
from pipelines.causes.pairs import LEADERS, Pair, pair_shuffled_p, partner
from pipelines.causes.scan import Find, Scope, exposed, in_scope, scan
from pipelines.causes.shuffles import shuffled_p

Numbers = NDArray[np.int64]
Flags = NDArray[np.bool_]
Finds = Mapping[Candidate, Find]

MOST_CAUSES = 4
"""Of a class."""

MOST_LEADER_P = 0.1
"""Of a candidate that need not be beyond chance by itself, for a partner to be looked for."""

MOST_SHUFFLED_P = 0.01


class MostP(NamedTuple):
    """The greatest p value of a first cause, of each further one, of a partner of what is none by itself."""

    first: float
    further: float
    partner: float


class Cause(NamedTuple):
    """``is_exposed``: the coils where it acts; ``told``: those that are compared; ``stratum``: within what.

    ``members``: candidates that the data cannot tell from it, with where they are bad. ``pair``: its partner
    where two act together.
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
    class_no: int, every: Sequence[Candidate], of: Outcomes, most_p: MostP, local: Collection[str] = ()
) -> list[Cause]:
    """The causes of a class, the strongest evidence first.

    Those before are held fixed by strata: what is only a proxy of them is then nothing. ``local``: candidates
    with evidence at the defects' own metres, which lead what moves with them.
    """
    one = only(of, class_no)
    stratum, found, refused = of.stratum, list[Cause](), set[str]()
    while len(found) < MOST_CAUSES:
        base = background(one, stratum)
        finds = {c: scan(c.column, one, base)[0] for c in every if c.name not in refused}
        cause = _next(finds, one, base, most_p, is_first=not found, local=local)
        if cause is None:
            break
        if cause.shuffled_p > MOST_SHUFFLED_P:
            refused.add(cause.candidate.name)
            continue
        found.append(cause)
        stratum = _without(cause, one, base)
    return found


def _without(cause: Cause, one: Outcomes, base: Background) -> Numbers:
    """Strata within which the cause is the same, and from when on it acts."""
    stratum = held_fixed(base.stratum, cause.candidate, cause.find)
    if cause.pair:
        stratum = held_fixed(stratum, cause.pair.candidate, cause.pair.find)
    since = onset(one, base, cause.told, cause.is_exposed)[1].day
    return 2 * stratum + (cause.is_exposed & (one.day >= since)) if since > one.day.min() else stratum


def only(of: Outcomes, class_no: int) -> Outcomes:
    """The outcomes of one class."""
    own = slice(class_no, class_no + 1)
    return of._replace(
        classes=of.classes[own],
        exposure=of.exposure[own],
        counts=of.counts[own],
        grain=of.grain[own],
        defects=of.defects[own],
        sure=of.sure[own],
        lost_m=of.lost_m[own],
        places=of.places[own],
    )


def _next(
    finds: Finds, one: Outcomes, base: Background, most_p: MostP, is_first: bool, local: Collection[str]
) -> Cause | None:
    """The candidate that is furthest beyond chance; where none is, two that are together."""
    ranked = sorted(finds, key=lambda c: (finds[c].p, -abs(finds[c].z)))
    if not ranked:
        return None
    if finds[ranked[0]].p <= (most_p.first if is_first else most_p.further):
        return _cause(ranked[0], finds, one, base, local)
    for leader in _leaders(ranked, finds) if is_first else ():
        pair = _pair(leader, finds, ranked, one, base, int(one.day.min()), most_p.partner)
        if pair:
            p = pair_shuffled_p(leader, pair.own, pair, one, base)
            return _acting(leader, finds[leader], _paid(pair), (), p, one, base)
    return None


def _cause(best: Candidate, finds: Finds, one: Outcomes, base: Background, local: Collection[str]) -> Cause:
    leader, members = group(best, finds, one, base, local)
    others = [c for c in finds if c not in members and c is not leader]
    alike = tuple((c, finds[c]) for c in members)
    p = shuffled_p(leader.column, one, base)
    told = in_scope(Scope(finds[leader].scope.family), one, base) & (leader.column.bins >= 0)
    since = onset(one, base, told, exposed(leader.column, finds[leader]))[1].day
    pairs = [(leader, _pair(leader, finds, others, one, base, since))]
    # Where both act in some coils alone, the leader's own find may be in other ones: another one leads.
    enough = finds[leader].p / LEADERS
    for other in _leaders(others, finds):
        pairs.append((other, _paid(_pair(other, finds, [leader], one, base, since, enough))))
    leads, pair = min(pairs, key=lambda each: each[1].find.p if each[1] else 1.0)
    return _acting(leads, finds[leads], pair, alike, p, one, base)


def _pair(
    leader: Candidate,
    finds: Finds,
    others: Sequence[Candidate],
    one: Outcomes,
    base: Background,
    since: int,
    most_p: float | None = None,
) -> Pair | None:
    """With the least likely partner; looked for where the leader was found, and on all coils."""
    found = [finds[leader]]
    if found[0].scope != Scope():
        found += scan(leader.column, one, base, tried=[Scope()])
    pairs = [partner(leader, find, others, one, base, since, most_p) for find in found if find.p < 1]
    return min((pair for pair in pairs if pair), key=lambda pair: pair.find.p, default=None)


def _leaders(ranked: Iterable[Candidate], finds: Finds) -> list[Candidate]:
    """The least likely ones, for each of which a partner is looked for."""
    ranked = sorted(ranked, key=lambda c: (finds[c].p, -abs(finds[c].z)))
    return [c for c in ranked[:LEADERS] if finds[c].p <= MOST_LEADER_P]


def _paid(pair: Pair | None) -> Pair | None:
    """The pair by the evidence for both, which pays for all leaders."""
    return pair and pair._replace(own=pair.own._replace(p=pair.find.p * LEADERS))


def _acting(
    leader: Candidate,
    find: Find,
    pair: Pair | None,
    members: tuple[tuple[Candidate, Find], ...],
    p: float,
    one: Outcomes,
    base: Background,
) -> Cause:
    """The cause with the coils where it acts."""
    find = pair.own._replace(p=min(find.p, pair.own.p)) if pair else find
    is_exposed, told = exposed(leader.column, find), in_scope(Scope(find.scope.family), one, base)
    told &= leader.column.bins >= 0
    if pair:
        is_exposed &= exposed(pair.candidate.column, pair.find)
        told &= pair.candidate.column.bins >= 0
    return Cause(leader, find, pair, members, p, is_exposed, told, base.stratum)
