"""Capability of a process against its limits: ISO 22514-2, by quantiles of the fitted distribution.

    potential = (U - L) / (X99.865 % - X0.135 %)
    upper = (U - X50 %) / (X99.865 % - X50 %)    lower = (X50 % - L) / (X50 % - X0.135 %)

The critical index is the lesser of upper and lower. Of a normal distribution they are the well-known
(U - L) / 6 sigma and (U - mean) / 3 sigma.
"""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray
from scipy import stats

from pipelines.run_rules import western_electric
from pipelines.shewhart import individuals
from pipelines.spread_fits import Fit, covariance

Array = NDArray[np.float64]

SPREAD_SHARES = (0.00135, 0.5, 0.99865)
CONFIDENCE_SIGMAS = float(stats.norm.ppf(0.975))

IN_CONTROL_SHARE, IN_CONTROL_EXCESS = 0.0163, 2.1
"""Share of points that complete a pattern of Western Electric's in control, found by simulation, and by how
much its variance exceeds that of a binomial, since patterns overlap."""

NOT_BY_CHANCE_SIGMAS = 3.0


class Index(NamedTuple):
    """An index with the ends of its 95 % interval; NaN where a limit is missing or an end not known."""

    value: float
    low: float
    high: float


class Capability(NamedTuple):
    """The indices; ``lower`` and ``upper`` NaN where there is no such limit."""

    potential: Index
    critical: Index
    lower: float
    upper: float


def indices(quantiles: Array, least: float, most: float) -> Array:
    """Potential, lower and upper index from the three quantiles; a missing limit is NaN.

    Mean 10, sigma 1, limits 7 and 16:

    >>> indices(np.array([7.0, 10.0, 13.0]), 7.0, 16.0).tolist()
    [1.5, 1.0, 2.0]
    """
    low, middle, high = quantiles
    found: Array = np.array(
        [(most - least) / (high - low), (middle - least) / (middle - low), (most - middle) / (high - middle)]
    )
    return found


def capability(found: Fit, values: Array, least: float, most: float, correlation: float = 0.0) -> Capability:
    """The indices of a fit with their intervals by the delta method.

    ``correlation``: of a value with the next; where positive, the values tell as much as (1 - r) / (1 + r) of
    as many independent ones would.
    """
    at_fit = indices(found.quantiles(SPREAD_SHARES), least, most)
    slopes = np.array([_slope(found, no, least, most) for no in range(len(found.parameters))])
    repeats = (1 + correlation) / (1 - correlation) if correlation > 0 else 1.0
    variances = repeats * np.einsum("pi,pq,qi->i", slopes, covariance(found, values), slopes)
    reach = CONFIDENCE_SIGMAS * np.sqrt(variances)
    worst = 1 if np.isnan(most) or at_fit[1] <= at_fit[2] else 2
    potential, critical = (
        Index(*(float(end) for end in (at_fit[no], at_fit[no] - reach[no], at_fit[no] + reach[no])))
        for no in (0, worst)
    )
    return Capability(potential, critical, float(at_fit[1]), float(at_fit[2]))


def _slope(found: Fit, no: int, least: float, most: float) -> Array:
    step = np.zeros(len(found.parameters))
    step[no] = 1e-4
    up, down = (
        indices(found.quantiles(SPREAD_SHARES, found.parameters + side), least, most)
        for side in (step, -step)
    )
    slope: Array = (up - down) / 2e-4
    return slope


def within_indices(values: Array, least: float, most: float) -> tuple[float, float]:
    """Cp and Cpk of a normal distribution with the variation from value to value (AIAG, moving range).

    >>> potential, critical = within_indices(np.array([9.0, 11.0] * 20), 0.0, 20.0)
    >>> round(potential, 2), round(critical, 2)
    (1.88, 1.88)
    """
    mean, sigma = individuals(values)
    potential, lower, upper = indices(mean + sigma * np.array([-3.0, 0.0, 3.0]), least, most)
    return float(potential), float(np.fmin(lower, upper))


def pattern_share(found: Fit, values: Array) -> float:
    """Share of the values, in order, that complete a pattern of Western Electric's, as normal scores.

    The scores are of the fitted distribution, so that its shape alone makes no pattern: order does.
    """
    scores = stats.norm.ppf(np.clip(found.share_below(values), 1e-15, 1 - 1e-15))
    return float(np.logical_or.reduce(list(western_electric(scores).values())).mean())


def most_pattern_share(values_n: int) -> float:
    """How great that share is by chance in a process in control.

    >>> round(most_pattern_share(400), 3)
    0.044
    """
    variance = IN_CONTROL_EXCESS * IN_CONTROL_SHARE * (1 - IN_CONTROL_SHARE) / values_n
    return float(IN_CONTROL_SHARE + NOT_BY_CHANCE_SIGMAS * np.sqrt(variance))
