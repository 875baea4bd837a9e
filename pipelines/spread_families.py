"""Families of distributions that characteristics of coils are of, and where their fitting starts."""

from collections.abc import Callable, Sequence
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray
from scipy import special, stats

Array = NDArray[np.float64]
Frozen = Any
"""A distribution with its parameters, of scipy.stats or like one: cdf and ppf."""

HALF_LOG_2_PI = float(np.log(2 * np.pi) / 2)


class ShiftedLognormal(NamedTuple):
    """A normal z, skewed: middle + spread (exp(skew z) - 1) / skew, to the right where ``skew`` is positive.

    >>> ShiftedLognormal(10.0, 2.0, 0.5).ppf(np.array([0.5, 0.841345])).round(3).tolist()
    [10.0, 12.595]
    """

    middle: float
    spread: float
    skew: float

    def cdf(self, values: Array) -> Array:
        """Share below; beyond the end of the distribution all or nothing."""
        with np.errstate(all="ignore"):
            z = np.log1p(self.skew * (values - self.middle) / self.spread) / self.skew
        beyond = 0.0 if self.skew > 0 else 1.0
        shares: Array = np.where(np.isnan(z), beyond, special.ndtr(z))
        return shares

    def ppf(self, shares: Array) -> Array:
        """Quantiles."""
        skewed: Array = np.expm1(self.skew * special.ndtri(shares)) / self.skew
        return self.middle + self.spread * skewed


class Family(NamedTuple):
    """A family of distributions; parameters are free numbers, those that are positive as their logarithms."""

    name: str
    frozen: Callable[[Array], Frozen]
    log_density: Callable[[Array, Array], Array]
    """Of parameters and values: that of ``frozen``, which takes scipy many times as long."""

    start: Callable[[Array], Sequence[float]]
    """From values whose median absolute value, or spread, is of the size of 1."""

    start_is_best: bool = False
    """True where the start is what makes the values most likely."""

    is_from_zero: bool = False
    """True where it has no values below 0, and its scale alone is of the unit."""


def _log_spread(values: Array) -> float:
    return float(np.log(values.std() or 1.0))


def _root_mean_square(values: Array) -> float:
    return float(np.log(np.sqrt((values**2).mean())))


def _normal(z: Array) -> Array:
    density: Array = -(z**2) / 2 - HALF_LOG_2_PI
    return density


def _skewed(standard: Array, skew: float) -> Array:
    z = np.log1p(skew * standard) / skew
    return _normal(z) - skew * z


def _heavy(standard: Array, skew: float, log_tail: float) -> Array:
    z = skew + np.exp(log_tail) * np.arcsinh(standard)
    return _normal(z) + log_tail - np.log1p(standard**2) / 2


NORMAL = Family(
    "normal",
    lambda p: stats.norm(p[0], np.exp(p[1])),
    lambda p, x: _normal((x - p[0]) / np.exp(p[1])) - p[1],
    lambda values: (values.mean(), _log_spread(values)),
    start_is_best=True,
)
SHIFTED_LOGNORMAL = Family(
    "shifted lognormal",
    lambda p: ShiftedLognormal(p[0], np.exp(p[1]), p[2]),
    lambda p, x: _skewed((x - p[0]) / np.exp(p[1]), p[2]) - p[1],
    # A third of the skewness, for small ones.
    lambda values: (
        np.median(values),
        _log_spread(values),
        np.clip(stats.skew(values) / 3, -0.5, 0.5) or 0.01,
    ),
)
JOHNSON_SU = Family(
    "Johnson SU",
    lambda p: stats.johnsonsu(p[0], np.exp(p[1]), p[2], np.exp(p[3])),
    lambda p, x: _heavy((x - p[2]) / np.exp(p[3]), p[0], p[1]) - p[3],
    lambda values: (-0.5 * np.sign(stats.skew(values)), np.log(1.8), np.median(values), np.log(1.5)),
)
FROM_ZERO = (
    Family(
        "half-normal",
        lambda p: stats.halfnorm(0, np.exp(p[0])),
        lambda p, x: np.log(2) + _normal(x / np.exp(p[0])) - p[0],
        lambda v: (_root_mean_square(v),),
        True,
        True,
    ),
    Family(
        "folded normal",
        lambda p: stats.foldnorm(np.exp(p[0]), 0, np.exp(p[1])),
        lambda p, x: (
            np.logaddexp(*(_normal(x / np.exp(p[1]) + side * np.exp(p[0])) for side in (-1, 1))) - p[1]
        ),
        lambda v: (np.log(v.mean() / v.std()), _log_spread(v)),
        is_from_zero=True,
    ),
    Family(
        "Rayleigh",
        lambda p: stats.rayleigh(0, np.exp(p[0])),
        lambda p, x: np.log(x) - 2 * p[0] - (x / np.exp(p[0])) ** 2 / 2,
        lambda v: (_root_mean_square(v) - np.log(2) / 2,),
        True,
        True,
    ),
    Family(
        "Weibull",
        lambda p: stats.weibull_min(np.exp(p[0]), 0, np.exp(p[1])),
        lambda p, x: (
            p[0] - np.log(x) + np.exp(p[0]) * (np.log(x) - p[1]) - (x / np.exp(p[1])) ** np.exp(p[0])
        ),
        # Justus' shape by the coefficient of variation.
        lambda v: (-1.086 * np.log(v.std() / v.mean()), np.log(v.mean())),
        is_from_zero=True,
    ),
    Family(
        "lognormal",
        lambda p: stats.lognorm(np.exp(p[1]), 0, np.exp(p[0])),
        lambda p, x: _normal((np.log(x) - p[0]) / np.exp(p[1])) - p[1] - np.log(x),
        lambda v: (np.log(v).mean(), np.log(np.log(v).std())),
        True,
        True,
    ),
)
