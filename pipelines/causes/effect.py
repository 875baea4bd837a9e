"""What a cause does: rate ratio with its interval, where, since when, how steadily, and what it costs."""

from datetime import date
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from pipelines.causes.background import QUARTERS, Background, background
from pipelines.causes.explain import Cause
from pipelines.causes.onset import onset
from pipelines.causes.outcomes import Outcomes
from pipelines.causes.pairs import compared
from pipelines.causes.rates import Z_95, RateRatio, homogeneity_p, rate_ratio

Array = NDArray[np.float64]
Numbers = NDArray[np.int64]
Flags = NDArray[np.bool_]

UNLIKE_P = 0.01
"""Families that differ so surely in their ratios are told apart."""

LEAST_DUE = 2.0
"""Defects expected of the exposed coils of a block of time, for it to tell anything."""

GROWS_Z = 2.33


class Side(NamedTuple):
    """Coils on one side of a cause."""

    defects: int
    metres: float
    coils: int


class Effect(NamedTuple):
    """Of a cause in its class. Blocks are quarters of the window.

    ``families``: where it acts; all that have exposed coils where ``is_everywhere``. ``first_day``: from
    which it acts, with its interval.
    """

    ratio: float
    least_ratio: float
    most_ratio: float
    sure_ratio: float
    exposed: Side
    others: Side
    excess_n: float
    excess_share: float
    lost_m: float
    families: tuple[str, ...]
    is_everywhere: bool
    blocks_n: int
    blocks_agreeing_n: int
    first_day: date
    earliest_day: date
    latest_day: date
    is_new: bool
    is_growing: bool


def effect(cause: Cause, one: Outcomes) -> Effect:
    """The effect of a cause on its class, the only one of ``one``."""
    base = background(one, cause.stratum)
    inflation = base.inflation(0, one)
    acts, told = _where_it_acts(cause, one, inflation)
    due, began = onset(one, base, told, cause.is_exposed)
    told &= one.day >= began.day
    bad = told & cause.is_exposed
    found, wide = _ratio(one, cause, told)
    share = max(1 - 1 / found.ratio, 0.0) if found.ratio > 0 else 0.0
    excess_n = float(one.counts[0, bad].sum()) * share
    agree = [seen > expected for seen, expected in _by_quarter(one, base, bad, due) if expected >= LEAST_DUE]
    return Effect(
        ratio=found.ratio,
        least_ratio=found.ratio / wide,
        most_ratio=found.ratio * wide,
        sure_ratio=_sure(one, cause, told).ratio,
        exposed=_side(one, bad),
        others=_side(one, told & ~cause.is_exposed),
        excess_n=excess_n,
        excess_share=excess_n / max(float(one.counts[0].sum()), 1.0),
        lost_m=float(one.lost_m[0, bad].sum()) * share,
        families=tuple(one.families[no] for no in acts),
        is_everywhere=bool(np.isin(one.family[cause.is_exposed], acts).all()),
        blocks_n=len(agree),
        blocks_agreeing_n=sum(agree),
        first_day=_date(began.day),
        earliest_day=_date(began.earliest),
        latest_day=_date(began.latest),
        is_new=began.is_new,
        is_growing=_grows(one, bad, due, inflation),
    )


def _ratio(one: Outcomes, cause: Cause, told: Flags) -> tuple[RateRatio, float]:
    """The ratio of the coils told of, and the factor to either end of its interval."""
    found = compared(one, cause.stratum, told, cause.is_exposed)
    robust_se = _clustered_se(one, cause.stratum, told, cause.is_exposed, found.ratio)
    return found, float(np.exp(Z_95 * max(found.log_se, robust_se)))


EPOCH = date(1970, 1, 1).toordinal()


def _date(day: int) -> date:
    return date.fromordinal(EPOCH + day)


def _side(one: Outcomes, which: Flags) -> Side:
    return Side(int(one.defects[0, which].sum()), float(one.metres[which].sum()), int(which.sum()))


def _sure(one: Outcomes, cause: Cause, told: Flags) -> RateRatio:
    """By the detections alone that the inspection is sure of."""
    return compared(one._replace(counts=one.sure), cause.stratum, told, cause.is_exposed)


def _where_it_acts(cause: Cause, one: Outcomes, inflation: float) -> tuple[list[int], Flags]:
    """The families in which it acts, and their coils: all that are exposed, unless they surely differ."""
    told = cause.told
    own = [no for no in range(len(one.families)) if (told & cause.is_exposed & (one.family == no)).any()]
    if len(own) < 2:
        return own, told
    cells = []
    for no in own:
        of_family = told & (one.family == no)
        for which in (of_family & cause.is_exposed, of_family & ~cause.is_exposed):
            cells.append((one.counts[0, which].sum(), one.exposure[0, which].sum()))
    cases, metres = np.array(cells).T
    sides = cases[::2], metres[::2], cases[1::2], metres[1::2]
    common = rate_ratio(*sides).ratio
    if not np.isfinite(common) or homogeneity_p(*sides, common, inflation) > UNLIKE_P:
        return own, told
    each = [rate_ratio(*(part[no : no + 1] for part in sides)) for no in range(len(own))]
    acts = [no for no, found in zip(own, each, strict=True) if found.interval[0] > 1]
    return (acts, told & np.isin(one.family, acts)) if acts else (own, told)


def _clustered_se(one: Outcomes, stratum: Numbers, told: Flags, is_exposed: Flags, ratio: float) -> float:
    """Of the logarithm, robust: the greatest of those by coil, heat, campaign and day (sandwich)."""
    strata_n = int(stratum.max(initial=0)) + 1
    cases, metres = np.where(told, one.counts[0], 0), np.where(told, one.exposure[0], 0)
    every = np.maximum(np.bincount(stratum, metres, strata_n), 1e-9)
    exposed_m = np.bincount(stratum, metres * is_exposed, strata_n)
    others_m = every - exposed_m
    rate = np.bincount(stratum, cases, strata_n) / np.maximum(ratio * exposed_m + others_m, 1e-9)
    due = rate[stratum] * metres * np.where(is_exposed, ratio, 1.0)
    weight = np.where(is_exposed, (others_m / every)[stratum], -ratio * (exposed_m / every)[stratum])
    score = weight * (cases - due)
    slope = (np.where(is_exposed, (others_m / every)[stratum], 0) * cases).sum()
    if not np.isfinite(ratio) or slope <= 0:
        return float("nan")
    blocks = [np.arange(len(score)), *one.blocks.values()]
    return float(max(np.sqrt((np.bincount(block, score) ** 2).sum()) for block in blocks) / slope)


def _by_quarter(one: Outcomes, base: Background, bad: Flags, due: Array) -> list[tuple[float, float]]:
    """Seen and due on the exposed coils of each quarter of the window."""
    parts = [bad & (base.quarter == no) for no in range(QUARTERS)]
    return [(float(one.counts[0, part].sum()), float(due[part].sum())) for part in parts]


def _grows(one: Outcomes, bad: Flags, due: Array, inflation: float) -> bool:
    """True where the ratio is surely greater in the second half of the window than in the first."""
    middle = one.day.min() + np.ptp(one.day) // 2
    early, late = bad & (one.day <= middle), bad & (one.day > middle)
    (early_n, early_due), (late_n, late_due) = ((one.counts[0, w].sum(), due[w].sum()) for w in (early, late))
    if min(early_due, late_due) <= 0 or late_n == 0:
        return False
    # Half a case more, so that none is a number too.
    more = np.log((late_n + 0.5) / late_due) - np.log((early_n + 0.5) / early_due)
    return bool(more / np.sqrt(inflation * (1 / (late_n + 0.5) + 1 / (early_n + 0.5))) > GROWS_Z)
