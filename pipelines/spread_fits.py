"""Distributions fitted to a characteristic by maximum likelihood, and which of them to believe.

A normal distribution is believed where Anderson and Darling's test does not deny it (5 %: 0.752, both parameters
estimated; D'Agostino and Stephens 1986, Goodness-of-fit techniques, table 4.7), unless it would reach below 0
where no value does. Else the one with the least Bayesian information criterion (Schwarz 1978, Annals of
Statistics 6): a parameter more has to pay for itself.
"""

from collections.abc import Callable, Sequence
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray
from scipy import optimize, stats

Array = NDArray[np.float64]
Frozen = Any
"""A distribution of scipy.stats with its parameters."""

NORMAL_DENIED = 0.752
FIRST_STEP = 0.3
FITS_BADLY = 2.492
"""Of A squared, 5 % where the distribution is given; of a fitted one it is less: whatever is above fits badly."""


class ShiftedLognormal(NamedTuple):
    """A normal z, skewed: middle + spread (exp(skew z) - 1) / skew, to the right where ``skew`` is positive.

    >>> ShiftedLognormal(10.0, 2.0, 0.5).ppf(np.array([0.5, 0.841345])).round(3).tolist()
    [10.0, 12.595]
    """

    middle: float
    spread: float
    skew: float

    def _z(self, values: Array) -> Array:
        with np.errstate(all="ignore"):
            z: Array = np.log1p(self.skew * (values - self.middle) / self.spread) / self.skew
        return z

    def logpdf(self, values: Array) -> Array:
        """Logarithm of the density; NaN where the distribution does not reach."""
        z = self._z(values)
        density: Array = stats.norm.logpdf(z) - self.skew * z - np.log(self.spread)
        return density

    def cdf(self, values: Array) -> Array:
        """Share below; beyond the end of the distribution all or nothing."""
        z = self._z(values)
        beyond = 0.0 if self.skew > 0 else 1.0
        shares: Array = np.where(np.isnan(z), beyond, stats.norm.cdf(z))
        return shares

    def ppf(self, shares: Array) -> Array:
        """Quantiles."""
        quantiles: Array = self.middle + self.spread * np.expm1(self.skew * stats.norm.ppf(shares)) / self.skew
        return quantiles


class Family(NamedTuple):
    """A family of distributions; parameters are free numbers, those that are positive as their logarithms."""

    name: str
    frozen: Callable[[Array], Frozen]
    start: Callable[[Array], Sequence[float]]
    """From values whose median absolute value, or spread, is of the size of 1."""

    start_is_best: bool = False
    """True where the start is what makes the values most likely."""

    is_from_zero: bool = False
    """True where it has no values below 0, and its scale alone is of the unit."""


class Fit(NamedTuple):
    """A family with the parameters that make the values most likely."""

    family: Family
    parameters: Array
    shift: float
    scale: float
    log_likelihood: float

    def quantiles(self, shares: Sequence[float], parameters: Array | None = None) -> Array:
        """In the unit of the values."""
        found = self.family.frozen(self.parameters if parameters is None else parameters)
        inside: Array = self.shift + self.scale * found.ppf(shares)
        return inside

    def share_below(self, values: Array) -> Array:
        """Of each value."""
        shares: Array = self.family.frozen(self.parameters).cdf((values - self.shift) / self.scale)
        return shares


def _log_spread(values: Array) -> float:
    return float(np.log(values.std() or 1.0))


def _root_mean_square(values: Array) -> float:
    return float(np.log(np.sqrt((values**2).mean())))


NORMAL = Family(
    "normal",
    lambda p: stats.norm(p[0], np.exp(p[1])),
    lambda values: (values.mean(), _log_spread(values)),
    start_is_best=True,
)
SHIFTED_LOGNORMAL = Family(
    "shifted lognormal",
    lambda p: ShiftedLognormal(p[0], np.exp(p[1]), p[2]),
    # A third of the skewness, for small ones.
    lambda values: (np.median(values), _log_spread(values), np.clip(stats.skew(values) / 3, -0.5, 0.5) or 0.01),
)
JOHNSON_SU = Family(
    "Johnson SU",
    lambda p: stats.johnsonsu(p[0], np.exp(p[1]), p[2], np.exp(p[3])),
    lambda values: (-0.5 * np.sign(stats.skew(values)), np.log(1.8), np.median(values), np.log(1.5)),
)
FROM_ZERO = (
    Family("half-normal", lambda p: stats.halfnorm(0, np.exp(p[0])), lambda v: (_root_mean_square(v),), True, True),
    Family(
        "folded normal",
        lambda p: stats.foldnorm(np.exp(p[0]), 0, np.exp(p[1])),
        lambda v: (np.log(v.mean() / v.std()), _log_spread(v)),
        is_from_zero=True,
    ),
    Family(
        "Rayleigh",
        lambda p: stats.rayleigh(0, np.exp(p[0])),
        lambda v: (_root_mean_square(v) - np.log(2) / 2,),
        True,
        True,
    ),
    Family(
        "Weibull",
        lambda p: stats.weibull_min(np.exp(p[0]), 0, np.exp(p[1])),
        # Justus' shape by the coefficient of variation.
        lambda v: (-1.086 * np.log(v.std() / v.mean()), np.log(v.mean())),
        is_from_zero=True,
    ),
    Family(
        "lognormal",
        lambda p: stats.lognorm(np.exp(p[1]), 0, np.exp(p[0])),
        lambda v: (np.log(v).mean(), np.log(np.log(v).std())),
        True,
        True,
    ),
)
LOGNORMAL = FROM_ZERO[-1]


def best_fit(values: Array) -> Fit:
    """The fit to believe; the values differ, and are more than a family has parameters.

    >>> best_fit(np.random.default_rng(1).rayleigh(2.0, 400)).family.name
    'Rayleigh'
    """
    normal = fit(NORMAL, values)
    reaches_below_0 = values.min() >= 0 > normal.quantiles([0.00135])[0]
    corrected = 1 + 0.75 / len(values) + 2.25 / len(values) ** 2
    if not reaches_below_0 and anderson_darling(normal, values) * corrected < NORMAL_DENIED:
        return normal
    from_zero = [fit(family, values) for family in _candidates(values)]
    skewed = [fit(family, values) for family in (SHIFTED_LOGNORMAL, JOHNSON_SU)]
    return min((normal, *skewed, *from_zero), key=lambda one: _criterion(one, len(values)))


def _candidates(values: Array) -> Sequence[Family]:
    if values.min() > 0:
        return FROM_ZERO
    return FROM_ZERO[:3] if values.min() == 0 else ()


def fit(family: Family, values: Array) -> Fit:
    """By maximum likelihood."""
    shift, scale = _size(family, values)
    standard = (values - shift) / scale

    def cost(parameters: Array) -> float:
        # Far off, a density is 0 or no number: such parameters are out of the question.
        with np.errstate(all="ignore"):
            total = -float(family.frozen(parameters).logpdf(standard).sum())
        return total if np.isfinite(total) else 1e300

    start = np.array(family.start(standard), dtype=np.float64)
    if family.start_is_best:
        return Fit(family, start, shift, scale, -cost(start) - len(values) * float(np.log(scale)))
    # Of its own accord the method steps by a share of each parameter, and so never leaves a 0.
    around = np.vstack([start, start + FIRST_STEP * np.eye(len(start))])
    options = {"xatol": 1e-4, "fatol": 1e-4, "maxfev": 4000, "initial_simplex": around}
    found = optimize.minimize(cost, start, method="Nelder-Mead", options=options)
    return Fit(family, found.x, shift, scale, -float(found.fun) - len(values) * np.log(scale))


def _size(family: Family, values: Array) -> tuple[float, float]:
    if family.is_from_zero:
        return 0.0, float(np.median(values)) or 1.0
    return float(np.median(values)), float(values.std()) or 1.0


def _criterion(found: Fit, values_n: int) -> float:
    return float(len(found.parameters) * np.log(values_n) - 2 * found.log_likelihood)


def anderson_darling(found: Fit, values: Array) -> float:
    """A squared: how far the values' own distribution is from the fitted one, the tails above all."""
    n = len(values)
    below = np.clip(found.share_below(np.sort(values)), 1e-300, 1 - 1e-16)
    no = np.arange(1, n + 1)
    return float(-n - ((2 * no - 1) * (np.log(below) + np.log1p(-below[::-1]))).mean())


def covariance(found: Fit, values: Array) -> Array:
    """Of the parameters: the inverse of the observed information, by central differences.

    NaN where it is none, as where a parameter does not matter.
    """
    standard = (values - found.shift) / found.scale
    size = len(found.parameters)
    steps = 1e-3 * np.eye(size)

    def cost(parameters: Array) -> float:
        return -float(found.family.frozen(parameters).logpdf(standard).sum())

    here = found.parameters
    with np.errstate(all="ignore"):
        information = np.array(
            [
                [cost(here + a + b) - cost(here + a - b) - cost(here - a + b) + cost(here - a - b) for b in steps]
                for a in steps
            ]
        ) / (4e-6)
    if not np.isfinite(information).all() or np.linalg.eigvalsh(information).min() <= 0:
        return np.full((size, size), np.nan)
    return np.asarray(np.linalg.inv(information), dtype=np.float64)
