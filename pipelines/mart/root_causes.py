"""Defects, conditions and signals of weeks of coils -> mart/root_causes: screened by share, then explained by class."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from pipelines.causes.background import background
from pipelines.causes.candidates import SETTINGS, Candidate
from pipelines.causes.effect import Effect, effect
from pipelines.causes.explain import Cause, causes, only
from pipelines.causes.outcomes import Outcomes
from pipelines.causes.rates import false_discovery
from pipelines.causes.scan import LEAST_DEFECTS, scan
from pipelines.causes.steps import STEPS, kind_of, step_of
from pipelines.causes.words import is_one_block, labels, sentence, where

FALSE_DISCOVERIES = 0.01
"""Rate of false discoveries that is taken, over all candidates and classes of a day."""

LOOKED_AT_P = 0.01
"""Candidates that are less likely than this by themselves are looked at together."""

MOST_LOOKED_AT = 80

Array = NDArray[np.float64]


class Screened(NamedTuple):
    """A candidate by its name with the p value of each class."""

    name: str
    p: tuple[float, ...]


class Limits(NamedTuple):
    """What false-discovery control leaves: the greatest p of a first cause and of a further one."""

    most_p: float
    next_p: float
    tests_n: int
    p_values: Array

    def false_discovery(self, p: float) -> float:
        """The least rate of false discoveries at which a p value is rejected."""
        every = np.append(self.p_values, p)
        return float(false_discovery(every, max(self.tests_n, len(every)))[-1])


def screened(every: Iterable[Candidate], of: Outcomes) -> list[Screened]:
    """Each candidate by itself against all classes."""
    base = background(of)
    return [Screened(one.name, tuple(find.p for find in scan(one.column, of, base))) for one in every]


def limits(found: Sequence[Screened]) -> Limits:
    """By Benjamini and Hochberg over all candidates and classes; a further cause pays for all candidates."""
    p_values = np.array([p for one in found for p in one.p])
    rejected = p_values[false_discovery(p_values) <= FALSE_DISCOVERIES] if len(p_values) else p_values
    next_p = FALSE_DISCOVERIES / max(len(found), 1)
    return Limits(float(rejected.max(initial=0.0)), next_p, len(p_values), p_values)


def looked_at(found: Sequence[Screened], class_no: int) -> list[str]:
    """The candidates that are looked at together for a class, by name: the least likely ones."""
    told = sorted((one.p[class_no], one.name) for one in found if one.p[class_no] <= LOOKED_AT_P)
    return [name for _, name in told[:MOST_LOOKED_AT]]


def explained(
    class_no: int, every: Sequence[Candidate], of: Outcomes, held: Limits, day: date
) -> list[dict[str, Any]]:
    """The rows of a class: as a whole, and its causes by rank. ``every``: what `looked_at` names."""
    one = only(of, class_no)
    found = causes(class_no, every, of, held.most_p, held.next_p) if held.most_p > 0 else []
    told = [(cause, effect(cause, one)) for cause in found]
    sure = [(cause, does) for cause, does in told if does.least_ratio > 1]
    ranked = [_row(one, cause, does, held) | {"rank": no} for no, (cause, does) in enumerate(sure, 1)]
    common = {
        "production_day": day,
        "window_days": len(np.unique(of.day)),
        "defect_class": of.classes[class_no],
        "tests": held.tests_n,
    }
    return [common | row for row in [_as_a_whole(one, len(ranked)), *ranked]]


def _as_a_whole(one: Outcomes, causes_n: int) -> dict[str, Any]:
    defects_n, coils_n = int(one.defects[0].sum()), len(one.metres)
    told = f"{defects_n} defects on {coils_n} inspected coils"
    if defects_n < LEAST_DEFECTS:
        remark = f"{told} are too few to tell a cause; {LEAST_DEFECTS} are needed."
    else:
        remark = None if causes_n else f"No candidate is beyond chance: {told}."
    name = f"{one.classes[0][:1].upper()}{one.classes[0][1:]}"
    return {
        "rank": 0,
        "other_defects": defects_n,
        "other_m": float(one.metres.sum()),
        "other_coils": coils_n,
        "remark": remark,
        "sentence": f"{name}: {remark or f'{told}; {causes_n} ranked.'}",
    }


def _row(one: Outcomes, cause: Cause, does: Effect, held: Limits) -> dict[str, Any]:
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
        "false_discovery_ratio": held.false_discovery(cause.find.p),
        "shuffled_ratio": cause.shuffled_p,
        "sentence": sentence(one.classes[0], cause, does, len(one.families)),
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
        "is_new": does.is_new,
        "is_growing": does.is_growing,
    }
