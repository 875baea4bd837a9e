"""Shewhart charts: centre line and standard deviation from the variation within subgroups.

Individual values have their neighbour as their subgroup: the moving range of two. What differs between
subgroups widens no limits, so it shows. D. C. Montgomery, Introduction to Statistical Quality Control,
chapter 6.
"""

from functools import cache
from math import gamma, sqrt
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray
from scipy import integrate, stats

Array = NDArray[np.float64]

LIMIT_SIGMAS = 3.0
MEDIAN_RANGE_PER_SIGMA = sqrt(2) * float(stats.norm.ppf(0.75))
"""Median of the range of two values of a normal distribution: 0.954."""


class Line(NamedTuple):
    """Centre line of a chart and the standard deviation of what is charted."""

    center: float
    sigma: float

    @property
    def lower(self) -> float:
        """Lower control limit."""
        return self.center - LIMIT_SIGMAS * self.sigma

    @property
    def upper(self) -> float:
        """Upper control limit."""
        return self.center + LIMIT_SIGMAS * self.sigma


@cache
def range_per_sigma(n: int) -> float:
    """Expected range of n values of a normal distribution (d2 of the tables).

    >>> [round(range_per_sigma(n), 3) for n in (2, 5, 10)]
    [1.128, 2.326, 3.078]
    """
    density = lambda x: 1 - stats.norm.sf(x) ** n - stats.norm.cdf(x) ** n  # noqa: E731
    return float(integrate.quad(density, -np.inf, np.inf)[0])


def sd_per_sigma(n: int) -> float:
    """Expected standard deviation of n values of a normal distribution (c4 of the tables).

    >>> round(sd_per_sigma(5), 4)
    0.94
    """
    return sqrt(2 / (n - 1)) * gamma(n / 2) / gamma((n - 1) / 2)


def individuals(values: Array) -> Line:
    """Mean, and mean moving range by 1.128. NaN where there are fewer than two values."""
    if len(values) < 2:
        return Line(np.nan, np.nan)
    return Line(float(values.mean()), float(np.abs(np.diff(values)).mean()) / range_per_sigma(2))


def screened_individuals(values: Array) -> Line:
    """The same of those values that a chart by medians finds in control: special causes widen no limits.

    >>> line = screened_individuals(np.array([9.0, 11, 10, 9, 10, 11, 60, 60, 10, 9, 11]))
    >>> line.upper < 20
    True
    """
    if len(values) < 2:
        return Line(np.nan, np.nan)
    sigma = float(np.median(np.abs(np.diff(values)))) / MEDIAN_RANGE_PER_SIGMA
    return individuals(values[np.abs(values - np.median(values)) <= LIMIT_SIGMAS * sigma])


def subgroup_means_by_range(subgroups: Array) -> Line:
    """Chart of the means of subgroups (rows) by their mean range."""
    size = subgroups.shape[1]
    sigma = float(np.ptp(subgroups, axis=1).mean()) / range_per_sigma(size)
    return Line(float(subgroups.mean()), sigma / sqrt(size))


def subgroup_means_by_sd(subgroups: Array) -> Line:
    """Chart of the means of subgroups (rows) by their mean standard deviation."""
    size = subgroups.shape[1]
    sigma = float(subgroups.std(axis=1, ddof=1).mean()) / sd_per_sigma(size)
    return Line(float(subgroups.mean()), sigma / sqrt(size))
