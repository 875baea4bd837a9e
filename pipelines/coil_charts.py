"""Charts of one value a coil, or of a share of coils a day: limits from a baseline, every chart, every rule.

Two ways lead to points in standard deviations from the centre line; all charts are of these. A value a coil:
an individuals chart, or, where coils follow each other, one of the residuals of an autoregressive process
(Montgomery and Mastrangelo 1991, J. Quality Technology 23). A share of coils: the normal score of its
binomial probability (Quesenberry 1991, J. Quality Technology 23), which holds for few coils and shares near
100 % too.
"""

from collections.abc import Callable, Mapping
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray
from scipy import stats

from pipelines.autocorrelation import centre_and_spread, forecast, lag_one, matters
from pipelines.memory_charts import DECISION, cusum, ewma, ewma_limits
from pipelines.run_rules import western_electric
from pipelines.shewhart import LIMIT_SIGMAS, screened_individuals

Array = NDArray[np.float64]
Counts = NDArray[np.int64]
Truths = NDArray[np.bool_]
Rules = Callable[[Array], Mapping[str, Truths]]

ONE_SIDE = float(stats.norm.sf(LIMIT_SIGMAS))
"""Probability of a point beyond one limit."""


class Scored(NamedTuple):
    """Points with their limits in order; ``deviation``: from the centre, in standard deviations."""

    kind: str
    center: Array
    lower: Array
    upper: Array
    deviation: Array
    correlation: float
    """From one coil to the next, in the baseline; NaN for shares."""


class Charts(NamedTuple):
    """What the charts with a memory and the rules say of the same points, in standard deviations."""

    ewma: Array
    ewma_limit: Array
    cusum_above: Array
    cusum_below: Array
    violations: list[list[str]]


def score_values(values: Array, is_baseline: Truths) -> Scored:
    """Points of values that have limits of the baseline's; it has two values or more and they differ."""
    baseline = values[is_baseline]
    centre, spread = centre_and_spread(baseline)
    correlation = lag_one(baseline)
    is_residual = matters(correlation, len(baseline))
    expected = forecast(values, centre, spread, correlation) if is_residual else np.full(len(values), centre)
    line = screened_individuals((values - expected)[is_baseline])
    center = expected + line.center
    reach = LIMIT_SIGMAS * line.sigma
    kind = "residuals" if is_residual else "individuals"
    deviation = (values - center) / line.sigma
    return Scored(kind, center, center - reach, center + reach, deviation, correlation)


def score_shares(hits: Counts, coils: Counts, is_baseline: Truths) -> Scored:
    """Points of shares, each of its number of coils; a baseline leaves out days that its own share denies."""
    kept = is_baseline
    share = _share(hits[kept], coils[kept])
    kept = kept & (np.abs(_normal_score(hits, coils, share)) <= LIMIT_SIGMAS)
    share = _share(hits[kept], coils[kept])
    lower, upper = (stats.binom.ppf(p, coils, share) / coils for p in (ONE_SIDE, 1 - ONE_SIDE))
    center = np.full(len(hits), share)
    return Scored("rate", center, lower, upper, _normal_score(hits, coils, share), np.nan)


def _share(hits: Counts, coils: Counts) -> float:
    """Half a coil is added to hits and misses: where all hit, a miss is still possible."""
    return float((hits.sum() + 0.5) / (coils.sum() + 1))


def _normal_score(hits: Counts, coils: Counts, share: float) -> Array:
    """Of the probability of so few hits or fewer, or of so many or more; 0 where neither is below 1/2."""
    fewer, more = stats.binom.cdf(hits, coils, share), stats.binom.sf(hits - 1, coils, share)
    score: Array = np.where(
        fewer < 0.5, stats.norm.ppf(fewer), np.where(more < 0.5, stats.norm.isf(more), 0.0)
    )
    return score


def charts(deviation: Array, rules: Rules = western_electric) -> Charts:
    """EWMA, CUSUM (anew behind its signal) and rules, from the first point on.

    ``rules``: of ``pipelines.run_rules``, to choose Nelson's instead of Western Electric's.

    >>> charts(np.array([0.0, 3.5, 3.4])).violations[1:]
    [['Western Electric 1'], ['Western Electric 1', 'Western Electric 2', 'EWMA above', 'CUSUM above']]
    """
    averages, limits = ewma(deviation), ewma_limits(len(deviation))
    above, below = cusum(deviation, restarts=True)
    found = {
        **rules(deviation),
        "EWMA above": averages > limits,
        "EWMA below": averages < -limits,
        "CUSUM above": above > DECISION,
        "CUSUM below": below > DECISION,
    }
    violations: list[list[str]] = [[] for _ in deviation]
    for rule, is_violated in found.items():
        for no in np.flatnonzero(is_violated):
            violations[no].append(rule)
    return Charts(averages, limits, above, below, violations)
