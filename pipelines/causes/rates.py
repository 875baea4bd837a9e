"""Rates of defects per inspected metre compared over strata; what is left of many tests; of many thresholds.

Person-time of epidemiology is inspected metres here, a case a defect, a stratum a mode of the mill.
"""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray
from scipy.special import betainc, chdtrc, log_ndtr, ndtri, stdtr

Array = NDArray[np.float64]

Z_95 = 1.959963984540054


class RateRatio(NamedTuple):
    """A ratio of two rates and the standard error of its logarithm."""

    ratio: float
    log_se: float

    @property
    def interval(self) -> tuple[float, float]:
        """Of 95 %."""
        wide = np.exp(Z_95 * self.log_se)
        return self.ratio / wide, self.ratio * wide


def rate_ratio(cases: Array, metres: Array, other_cases: Array, other_metres: Array) -> RateRatio:
    """The rate of the exposed per that of the others, common to all strata (Mantel and Haenszel).

    Variance of Greenland and Robins (Estimation of a common effect parameter from sparse follow-up data,
    Biometrics 41, 1985), for cases that come independently. NaN where a rate cannot be told.

    British doctors, deaths and person-years of smokers and others in five age groups (Breslow and Day,
    Statistical Methods in Cancer Research II, 1987):

    >>> smokers = np.array([32.0, 104, 206, 186, 102]), np.array([52407.0, 43248, 28612, 12663, 5317])
    >>> others = np.array([2.0, 12, 28, 28, 31]), np.array([18790.0, 10673, 5710, 2585, 1462])
    >>> found = rate_ratio(*smokers, *others)
    >>> round(found.ratio, 6), [round(float(end), 6) for end in found.interval]
    (1.424682, [1.154703, 1.757784])
    """
    all_m = metres + other_metres
    share = np.divide(metres, all_m, out=np.zeros_like(all_m), where=all_m > 0)
    exposed, unexposed = (cases * (1 - share)).sum(), (other_cases * share).sum()
    spread = ((cases + other_cases) * share * (1 - share)).sum()
    if exposed <= 0 or unexposed <= 0:
        return RateRatio(np.inf if exposed > 0 else np.nan, np.nan)
    return RateRatio(float(exposed / unexposed), float(np.sqrt(spread / (exposed * unexposed))))


def homogeneity_p(
    cases: Array, metres: Array, other_cases: Array, other_metres: Array, ratio: float, inflation: float = 1.0
) -> float:
    """How likely strata differ so much in their ratios by chance (Breslow and Day's score test, for rates).

    Given all cases of a stratum, those of the exposed are binomial. ``inflation``: variance of cases per that
    of independent ones.
    """
    odds = ratio * metres
    share = np.divide(odds, odds + other_metres, out=np.zeros_like(odds), where=odds + other_metres > 0)
    every = cases + other_cases
    variance = inflation * every * share * (1 - share)
    told = variance > 0
    statistic = ((cases - every * share)[told] ** 2 / variance[told]).sum()
    return float(chdtrc(max(told.sum() - 1, 1), statistic))


def false_discovery(p_values: Array, tests_n: int | None = None) -> Array:
    """Of each p value the least false-discovery rate at which it is rejected.

    Benjamini and Hochberg, Controlling the false discovery rate, J. R. Statist. Soc. B 57, 1995; their
    example, of which four are rejected at 5 %. ``tests_n``: all tests, where greater p values are left out.

    >>> p = np.array([.0001, .0004, .0019, .0095, .0201, .0278, .0298, .0344, .0459, .3240, .4262, .5719,
    ...               .6528, .7590, 1.0])
    >>> int((false_discovery(p) <= 0.05).sum())
    4
    """
    order = np.argsort(p_values)
    count = len(p_values) if tests_n is None else tests_n
    stepped = p_values[order] * count / np.arange(1, len(p_values) + 1)
    found = np.empty(len(p_values))
    found[order] = np.minimum(np.minimum.accumulate(stepped[::-1])[::-1], 1.0)
    return found


def counted_z(seen: float, due: float, variance: float) -> float:
    """How far a count is above what is due, where counts scatter more than independent ones do.

    By the negative binomial distribution of that mean and variance: of few cases, more come by chance than
    the normal distribution says. Of mean 4 and variance 8, 12 or more come as often as at most 3 heads of 15
    coins, 576 / 32768:

    >>> round(counted_z(12, 4, 8), 3), counted_z(12, 4, 4)
    (2.107, inf)
    """
    if seen <= due or variance <= due:
        return float("inf")
    size = due**2 / (variance - due)
    return float(-ndtri(betainc(seen, size, due / (due + size))))


def leaning_z(more: float, independent: float, leans: float, variance: float) -> float:
    """How far from nothing a difference of counts is whose distribution leans to its side.

    ``independent``: its variance if all cases were independent; ``leans``: its third central moment then,
    to which a stratum adds ``cases p (1 - p) (1 - 2 p)`` for a share p of exposed metres. ``variance``: its
    true one. The count with the same moments stands for it (`counted_z`): of few exposed it is the count
    itself. What leans to the other side has a thinner tail than the normal distribution.

    >>> leaning_z(8.0, 4.0, 4.0, 8.0) == counted_z(12.0, 4.0, 8.0), leaning_z(8.0, 4.0, -4.0, 8.0)
    (True, inf)
    """
    if leans <= 0 or independent <= 0:
        return float("inf")
    step = leans / independent
    due = independent / step**2
    return counted_z(due + more / step, due, variance / step**2)


def few_blocks_z(z: float, freedom: float) -> float:
    """What a z is worth whose variance is told by few blocks: as unlikely as by Student's distribution.

    >>> round(few_blocks_z(4.0, 10.0), 2), round(few_blocks_z(4.0, 1e6), 2)
    (3.02, 4.0)
    """
    return float(-ndtri(stdtr(freedom, -z)))


def two_sided_p(z: Array | float) -> Array:
    """Of a standard normal."""
    return np.asarray(2 * np.exp(log_ndtr(-np.abs(z))))


def best_cut_p(z: float, shares: Array) -> float:
    """How likely the best of several cuts of one signal is so far from nothing, by chance.

    ``shares`` below each cut, increasing. The improved Bonferroni inequality of Worsley, with the bound of
    Lausen, Sauerbrei and Schumacher (Classification and regression trees used for the exploration of
    prognostic factors measured on different scales, 1994); their example, cuts of 20 values from 5 to 15:

    >>> round(best_cut_p(2.5, np.arange(5, 16) / 20), 3)
    0.073
    """
    single = float(two_sided_p(z))
    before, behind = shares[:-1], shares[1:]
    apart = np.sqrt(np.maximum(1 - before * (1 - behind) / ((1 - before) * behind), 0.0))
    more = np.exp(-(z**2) / 2) / np.pi * (apart - (z**2 / 4 - 1) * apart**3 / 6)
    # The bound is a series in the distance of two cuts; cuts far apart count as tests of their own.
    more = np.where(abs(z) * apart > 2, single, np.minimum(more, single))
    return min(1.0, single + float(more.sum()))
