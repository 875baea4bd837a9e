"""One class of defects: which candidates are causes, one after another, and what cannot be told from them."""

from collections.abc import Collection, Mapping, Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from pipelines.causes.background import Background, background
from pipelines.causes.candidates import Candidate
from pipelines.causes.groups import group, held_fixed
from pipelines.causes.onset import began_on, due_defects
from pipelines.causes.outcomes import Outcomes
from pipelines.causes.pairs import Pair, pair_shuffled_p, partner
from pipelines.causes.scan import Find, Scope, exposed, in_scope, scan
from pipelines.causes.shuffles import shuffled_p

Numbers = NDArray[np.int64]
Flags = NDArray[np.bool_]
Finds = Mapping[Candidate, Find]

MOST_CAUSES = 4
"""Of a class."""

LEADERS = 12
"""Candidates, none of them beyond chance by itself, for each of which a partner is looked for."""

MOST_LEADER_P = 0.1
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
    due = due_defects(one, base, cause.told & ~cause.is_exposed)
    day, is_new = began_on(one, cause.told & cause.is_exposed, due, base.inflation(0, one))
    return 2 * stratum + (cause.is_exposed & (one.day >= day)) if is_new else stratum


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
    leaders = [c for c in ranked[:LEADERS] if finds[c].p <= MOST_LEADER_P]
    for leader in leaders if is_first else ():
        pair = partner(leader, finds[leader], ranked, one, base, most_p.partner)
        if pair:
            p = pair_shuffled_p(leader, finds[leader], pair, one, base)
            own = pair._replace(own=pair.own._replace(p=pair.find.p * LEADERS))
            return _acting(leader, finds[leader], own, (), p, one, base)
    return None


def _cause(best: Candidate, finds: Finds, one: Outcomes, base: Background, local: Collection[str]) -> Cause:
    leader, members = group(best, finds, one, base, local)
    pair = partner(leader, finds[leader], [c for c in finds if c not in members], one, base)
    alike = tuple((c, finds[c]) for c in members)
    p = shuffled_p(leader.column, one, base)
    return _acting(leader, finds[leader], pair, alike, p, one, base)


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
    find = pair.own if pair else find
    is_exposed, told = exposed(leader.column, find), in_scope(Scope(find.scope.family), one, base)
    told &= leader.column.bins >= 0
    if pair:
        is_exposed &= exposed(pair.candidate.column, pair.find)
        told &= pair.candidate.column.bins >= 0
    return Cause(leader, find, pair, members, p, is_exposed, told, base.stratum)
