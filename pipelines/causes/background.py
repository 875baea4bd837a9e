"""What is expected of each coil where nothing acts, and how far defects scatter around it."""

from collections.abc import Mapping
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from pipelines.causes.outcomes import Outcomes

Array = NDArray[np.float64]
Numbers = NDArray[np.int64]

QUARTERS = 4
"""Of the window: a cause may act only since its half, or in its last quarter."""


class Background(NamedTuple):
    """Rates by class and stratum; ``kappa``: variance of a coil's count is mu + kappa mu^2.

    ``tau2``: of each kind of block, variance of the factor that its coils share, class by class.
    """

    stratum: Numbers
    family_of: Numbers
    quarter: Numbers
    rate: Array
    kappa: Array
    tau2: Mapping[str, Array]

    def expected(self, class_no: int, metres: Array) -> Array:
        """Defects of a class on each coil."""
        return np.asarray(self.rate[class_no, self.stratum] * metres)

    def inflation(self, class_no: int, metres: Array) -> float:
        """Variance of counts per that of defects which come independently."""
        mu = self.expected(class_no, metres)
        return float(1 + self.kappa[class_no] * (mu**2).sum() / max(mu.sum(), 1e-12))


def background(of: Outcomes, stratum: Numbers | None = None) -> Background:
    """Within strata: modes if none are given."""
    stratum = of.stratum if stratum is None else np.unique(stratum, return_inverse=True)[1]
    strata_n = int(stratum.max(initial=-1)) + 1
    metres = np.bincount(stratum, of.metres, strata_n)
    cases = np.array([np.bincount(stratum, counts, strata_n) for counts in of.counts])
    rate = cases.reshape(len(of.classes), strata_n) / np.maximum(metres, 1e-9)
    family_of = np.zeros(strata_n, np.int64)
    family_of[stratum] = of.family
    mu = rate[:, stratum] * of.metres
    apart = of.counts - mu
    squares = (mu**2).sum(axis=1)
    kappa = np.maximum((apart**2 - mu).sum(axis=1) / np.maximum(squares, 1e-12), 0.0)
    variance = mu + kappa[:, None] * mu**2
    tau2 = {
        name: _shared(apart, mu, variance, of.blocks[name], within)
        for name, within in _pairs(of.blocks).items()
    }
    return Background(stratum, family_of, _quarters(of.day), rate, kappa, tau2)


def _quarters(day: Numbers) -> Numbers:
    first, days_n = day.min(initial=0), int(np.ptp(day)) + 1 if len(day) else 1
    return (day - first) * QUARTERS // days_n


def _pairs(blocks: Mapping[str, Numbers]) -> dict[str, Numbers | None]:
    """Kind of block -> what two coils of it must not share, so that it is told apart from a narrower one."""
    narrower = {"day": "heat", "campaign": "day"}
    return {name: blocks.get(narrower.get(name, "")) for name in blocks}


def _shared(apart: Array, mu: Array, variance: Array, block: Numbers, within: Numbers | None) -> Array:
    """Variance of a block's own factor, by the products of pairs of its coils, and one standard error more.

    Few blocks tell little: what is not known of them must not look like a cause.
    """
    both = None if within is None else np.unique(block * (within.max() + 1) + within, return_inverse=True)[1]
    found = np.empty(len(mu))
    for no in range(len(mu)):
        told = _pair_sum(apart[no], block) - (_pair_sum(apart[no], both) if both is not None else 0.0)
        could = _pair_sum(mu[no], block) - (_pair_sum(mu[no], both) if both is not None else 0.0)
        error = np.sqrt(2 * max(_pair_sum(variance[no], block), 0.0))
        found[no] = max(told, 0.0) / could + error / could if could > 0 else 0.0
    return found


def _pair_sum(values: Array, block: Numbers) -> float:
    """Sum of the products of all ordered pairs within blocks."""
    return float((np.bincount(block, values) ** 2).sum() - (values**2).sum())


def block_variance(weighted: Array, class_no: int, of: Outcomes, base: Background) -> float:
    """What blocks add to the variance of a weighted sum of counts; ``weighted``: weight by expected count."""
    return sum(base.tau2[name][class_no] * _pair_sum(weighted, of.blocks[name]) for name in base.tau2)
