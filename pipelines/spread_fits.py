"""Distributions fitted to a characteristic by maximum likelihood, and which of them to believe.

A normal distribution is believed where Anderson and Darling's test does not deny it (5 %: 0.752, both
parameters estimated; D'Agostino and Stephens 1986, Goodness-of-fit techniques, table 4.7), unless it would
reach below 0 where no value does. Else the one with the least Bayesian information criterion (Schwarz 1978,
Annals of Statistics 6): a parameter more has to pay for itself.
"""

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray
from scipy import optimize

from pipelines.spread_families import FROM_ZERO, JOHNSON_SU, NORMAL, SHIFTED_LOGNORMAL, Family

Array = NDArray[np.float64]

NORMAL_DENIED = 0.752
FIRST_STEP = 0.3
FITS_BADLY = 2.492
"""Of A squared, 5 % where the distribution is given; of a fitted one it is less: what is above fits badly."""


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
            total = -float(family.log_density(parameters, standard).sum())
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
        return -float(found.family.log_density(parameters, standard).sum())

    here = found.parameters
    with np.errstate(all="ignore"):
        information = np.array(
            [
                [
                    cost(here + a + b) - cost(here + a - b) - cost(here - a + b) + cost(here - a - b)
                    for b in steps
                ]
                for a in steps
            ]
        ) / (4e-6)
    if not np.isfinite(information).all() or np.linalg.eigvalsh(information).min() <= 0:
        return np.full((size, size), np.nan)
    return np.asarray(np.linalg.inv(information), dtype=np.float64)
