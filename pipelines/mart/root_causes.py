"""Weeks of coils with defects, signals and conditions -> mart/root_causes: screened, then explained."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import Any, NamedTuple

import numpy as np

from pipelines.causes.background import background, blocks_n
from pipelines.causes.candidates import SETTINGS, Candidate
from pipelines.causes.cut_kernels import LEAST_DEFECTS
from pipelines.causes.effect import Effect, effect
from pipelines.causes.explain import Cause, MostP, causes, only
from pipelines.causes.faults import OFF, local_ratio
from pipelines.causes.outcomes import Outcomes, Places
from pipelines.causes.pairs import LEADERS
from pipelines.causes.rates import RateRatio, false_discovery
from pipelines.causes.scan import scan
from pipelines.causes.steps import STEPS, kind_of, step_of
from pipelines.causes.words import is_one_block, labels, sentence, where

FALSE_DISCOVERIES = 0.05
"""Rate of false discoveries that is taken, over all candidates and classes of a day."""

LOOKED_AT_P = 0.5
"""Candidates that are less likely than this by themselves are looked at together, the least likely ones."""

MOST_LOOKED_AT = 80
LEAST_BLOCKS = 8
"""Days and campaigns with defects, by their evenness: of fewer nothing can be told from chance."""

LEAST_LOCAL = 1.5
"""Lower end of the ratio at the metres of a fault itself, from which on it is evidence at the place."""


class Screened(NamedTuple):
    """A candidate by its names with the p value of each class."""

    names: tuple[str, ...]
    p: tuple[float, ...]


class Limits(NamedTuple):
    """What false-discovery control leaves to each class.

    ``rates``: least rate of false discoveries at which the best candidate of each class is a cause.
    """

    most_p: tuple[MostP, ...]
    rates: tuple[float, ...]
    tests_n: int


def screened(every: Iterable[Candidate], of: Outcomes) -> list[Screened]:
    """Each candidate by itself against all classes."""
    base = background(of)
    return [Screened(one.names, tuple(find.p for find in scan(one.column, of, base))) for one in every]


def limits(found: Sequence[Screened]) -> Limits:
    """By Benjamini and Hochberg over all candidates and classes, where a class counts once.

    What moves with a cause is no discovery of its own: counting it would let others in more easily. A further
    cause of a class pays for all candidates and classes, a partner for all leaders too.
    """
    p_values = np.array([one.p for one in found])
    best = p_values.min(axis=0)
    rates = false_discovery(best, p_values.size)
    first = best[rates <= FALSE_DISCOVERIES].max(initial=0.0)
    further = FALSE_DISCOVERIES / p_values.size
    partner = FALSE_DISCOVERIES / (LEADERS * p_values.size)
    most_p = tuple(MostP(float(first) if p <= first else 0.0, further, partner) for p in best)
    return Limits(most_p, tuple(rates.tolist()), p_values.size)


def looked_at(found: Sequence[Screened], class_no: int) -> set[str]:
    """The names of the candidates that are looked at together for a class: the least likely ones."""
    told = sorted((one.p[class_no], one.names) for one in found if one.p[class_no] <= LOOKED_AT_P)
    return {name for _, names in told[:MOST_LOOKED_AT] for name in names}


def explained(
    class_no: int,
    every: Sequence[Candidate],
    of: Outcomes,
    held: Limits,
    day: date,
    faults: Mapping[str, Places] | None = None,
) -> list[dict[str, Any]]:
    """The rows of a class: as a whole, and its causes by rank. ``every``: what `looked_at` names.

    ``faults``: signal -> where it was off normal.
    """
    one = only(of, class_no)
    at_place = {
        f"{signal}{OFF}": local_ratio(where, of.length_m, of.places[class_no])
        for signal, where in (faults or {}).items()
        if f"{signal}{OFF}" in {c.name for c in every}
    }
    local = {name for name, found in at_place.items() if found.interval[0] > LEAST_LOCAL}
    # What came on a few days alone has too few of them to be compared.
    can_be_told = one.defects.sum() >= LEAST_DEFECTS and _blocks_n(one) >= LEAST_BLOCKS
    found = causes(class_no, every, of, held.most_p[class_no], local) if can_be_told else []
    told = [(cause, effect(cause, one)) for cause in found]
    sure = [(cause, does) for cause, does in told if does.least_ratio > 1]
    ranked = [
        _row(one, cause, does, at_place.get(cause.candidate.name))
        | {"rank": no, "false_discovery_ratio": _rate(held, class_no, cause)}
        for no, (cause, does) in enumerate(sure, 1)
    ]
    common = {
        "production_day": day,
        "window_days": len(np.unique(of.day)),
        "defect_class": of.classes[class_no],
        "tests": held.tests_n,
    }
    return [common | row for row in [_as_a_whole(one, len(ranked)), *ranked]]


def _rate(held: Limits, class_no: int, cause: Cause) -> float:
    """Of the first cause by false-discovery control; of others as if each were the only one of all tests."""
    p = cause.find.p
    is_first = p <= held.most_p[class_no].first
    return held.rates[class_no] if is_first else min(1.0, p * held.tests_n)


def _as_a_whole(one: Outcomes, causes_n: int) -> dict[str, Any]:
    defects_n, coils_n = int(one.defects[0].sum()), len(one.metres)
    told = f"{defects_n} defects on {coils_n} inspected coils"
    blocks_n = _blocks_n(one)
    remark = None if causes_n else f"no candidate is beyond chance in {told}."
    if blocks_n < LEAST_BLOCKS:
        remark = f"{told} lie on days and campaigns that count as {blocks_n:.1f}; {LEAST_BLOCKS} are needed."
    if defects_n < LEAST_DEFECTS:
        remark = f"{told} are too few to tell a cause; {LEAST_DEFECTS} are needed."
    name = f"{one.classes[0][:1].upper()}{one.classes[0][1:]}"
    return {
        "rank": 0,
        "other_defects": defects_n,
        "other_m": float(one.metres.sum()),
        "other_coils": coils_n,
        "remark": remark,
        "sentence": f"{name}: {remark or f'{told}; {causes_n} ranked.'}",
    }


def _blocks_n(one: Outcomes) -> float:
    """As how many equal blocks the days, or the campaigns, count over which the defects are spread."""
    return min(blocks_n(one.counts[0], one.blocks[name]) for name in ("day", "campaign"))


def _row(one: Outcomes, cause: Cause, does: Effect, at_place: RateRatio | None) -> dict[str, Any]:
    name, both = cause.candidate.name, [(cause.candidate, cause.find)]
    if cause.pair:
        both.append((cause.pair.candidate, cause.pair.find))
    own = [labels(*each)[0] for each in both]
    others = [
        *labels(cause.candidate, cause.find)[1:],
        *(label for c, find in cause.members for label in labels(c, find)),
    ]
    kind = kind_of(name, bool(cause.candidate.levels), SETTINGS)
    return {
        "cause_kind": "interaction" if cause.pair else kind,
        "step": STEPS[step_of(name)],
        "candidates": own,
        "condition": where(cause),
        "grade_families": list(does.families),
        "members": others,
        "by_chance_ratio": cause.find.p,
        "shuffled_ratio": cause.shuffled_p,
        "local_rate_ratio": at_place.ratio if at_place and np.isfinite(at_place.ratio) else None,
        "sentence": sentence(one.classes[0], cause, does),
        **_figures(does),
    }


def _figures(does: Effect) -> Mapping[str, Any]:
    return {
        "rate_ratio": does.ratio,
        "least_rate_ratio": does.least_ratio,
        "most_rate_ratio": does.most_ratio,
        "sure_rate_ratio": does.sure_ratio if np.isfinite(does.sure_ratio) else None,
        "exposed_defects": does.exposed.defects,
        "exposed_m": does.exposed.metres,
        "exposed_coils": does.exposed.coils,
        "other_defects": does.others.defects,
        "other_m": does.others.metres,
        "other_coils": does.others.coils,
        "excess_defects": round(does.excess_n),
        "excess_pct": 100 * does.excess_share,
        "lost_m": does.lost_m,
        "blocks": does.blocks_n,
        "agreeing_blocks": does.blocks_agreeing_n,
        "is_one_block": is_one_block(does),
        "first_day": does.first_day,
        "earliest_day": does.earliest_day if does.is_new else None,
        "latest_day": does.latest_day if does.is_new else None,
        "is_new": does.is_new,
        "is_growing": does.is_growing,
    }
