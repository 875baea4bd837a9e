"""What is expected of each coil where nothing acts, and how far defects scatter around it."""

from collections.abc import Mapping
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from pipelines.causes.outcomes import Outcomes

Array = NDArray[np.float64]
Numbers = NDArray[np.int64]
Flags = NDArray[np.bool_]

QUARTERS = 4
"""Of the window: a cause may act only since its half, or in its last quarter."""


class Kind(NamedTuple):
    """The number of each coil's block, and of what is narrower within it."""

    block: Numbers
    narrower: Numbers | None


class Background(NamedTuple):
    """Rates by class and stratum; the variance of a coil's count is grain mu + kappa mu^2.

    ``tau2``: kind of block by class, variance of the factor that the coils of a block share.
    """

    stratum: Numbers
    family_of: Numbers
    quarter: Numbers
    rate: Array
    kappa: Array
    kinds: tuple[Kind, ...]
    tau2: Array

    def expected(self, class_no: int, of: Outcomes) -> Array:
        """Defects of a class on each coil."""
        return np.asarray(self.rate[class_no, self.stratum] * of.exposure[class_no])

    def inflation(self, class_no: int, of: Outcomes) -> float:
        """Variance of counts per that of defects which come independently."""
        mu = self.expected(class_no, of)
        return float(of.grain[class_no] + self.kappa[class_no] * (mu**2).sum() / max(mu.sum(), 1e-12))


def background(of: Outcomes, stratum: Numbers | None = None) -> Background:
    """Within strata: modes if none are given."""
    stratum = of.stratum if stratum is None else np.unique(stratum, return_inverse=True)[1]
    strata_n = int(stratum.max(initial=-1)) + 1
    shape = len(of.classes), strata_n
    metres, cases = (
        np.array([np.bincount(stratum, row, strata_n) for row in rows]).reshape(shape)
        for rows in (of.exposure, of.counts)
    )
    rate = cases / np.maximum(metres, 1e-9)
    family_of = np.zeros(strata_n, np.int64)
    family_of[stratum] = of.family
    mu = rate[:, stratum] * of.exposure
    apart = of.counts - mu
    squares = (mu**2).sum(axis=1)
    independent = of.grain[:, None] * mu
    kappa = np.maximum((apart**2 - independent).sum(axis=1) / np.maximum(squares, 1e-12), 0.0)
    variance = independent + kappa[:, None] * mu**2
    kinds = _kinds(of.blocks)
    tau2 = np.array(
        [[_shared(*row, kind) for row in zip(apart, mu, variance, strict=True)] for kind in kinds]
    )
    return Background(stratum, family_of, _quarters(of.day), rate, kappa, kinds, tau2.reshape(len(kinds), -1))


def _quarters(day: Numbers) -> Numbers:
    return (day - day.min()) * QUARTERS // (int(np.ptp(day)) + 1) if len(day) else day


def _kinds(blocks: Mapping[str, Numbers]) -> tuple[Kind, ...]:
    """The kinds of blocks, each with what two coils of it must not share to tell it from a narrower one."""
    narrower = {"day": "heat", "campaign": "day"}
    found = []
    for name, block in blocks.items():
        within = blocks.get(narrower.get(name, ""))
        both = (
            None if within is None else np.unique(block * (within.max() + 1) + within, return_inverse=True)[1]
        )
        found.append(Kind(block, both))
    return tuple(found)


def _shared(apart: Array, mu: Array, variance: Array, kind: Kind) -> float:
    """Variance of a block's own factor, by the products of pairs of its coils, and one standard error more.

    Few blocks tell little: what is not known of them must not look like a cause.
    """
    told, could = _pair_sum(apart, kind.block), _pair_sum(mu, kind.block)
    if kind.narrower is not None:
        told, could = told - _pair_sum(apart, kind.narrower), could - _pair_sum(mu, kind.narrower)
    error = np.sqrt(2 * max(_pair_sum(variance, kind.block), 0.0))
    return float((max(told, 0.0) + error) / could) if could > 0 else 0.0


def _pair_sum(values: Array, block: Numbers) -> float:
    """Sum of the products of all ordered pairs within blocks."""
    return float((np.bincount(block, values) ** 2).sum() - (values**2).sum())


def block_variance(
    weighted: Array, is_exposed: Flags, told: Flags, class_no: int, of: Outcomes, base: Background
) -> tuple[float, float]:
    """What blocks add to the variance of a weighted sum of counts, and the sum of its squares per freedom.

    ``weighted``: each coil's weight by its expected count. What the exposed have more of is theirs and no
    scatter of blocks: it is taken out before blocks are compared. All coils tell how blocks scatter, not only
    the ``told`` ones, of which the sum is: few tell too little.
    """
    mu, counts = base.expected(class_no, of), of.counts[class_no]
    for side in (told & is_exposed, told & ~is_exposed, ~told):
        due = float(mu[side].sum())
        mu = np.where(side, mu * (float(counts[side].sum()) / due if due > 0 else 1.0), mu)
    variance = of.grain[class_no] * mu + base.kappa[class_no] * mu**2
    sums, freedom = 0.0, 0.0
    for kind in base.kinds:
        more = _shared(counts - mu, mu, variance, kind) * max(_pair_sum(weighted, kind.block), 0.0)
        sums = sums + more
        freedom = freedom + more**2 / max(blocks_n(np.where(told, counts, 0.0), kind.block) - 2, 1)
    return sums, freedom


def blocks_n(counts: Array, block: Numbers) -> float:
    """As how many blocks with equally many defects they count: where few have nearly all, few tell.

    >>> round(blocks_n(np.array([5.0, 5.0, 5.0, 1.0, 0.0]), np.arange(5)), 2)
    3.37
    """
    each = np.bincount(block, counts)
    return float(each.sum() ** 2 / max((each**2).sum(), 1e-12))


def could_be_blocks(weighted: Array, class_no: int, base: Background) -> float:
    """The same if nothing were exposed: more than it is."""
    each = (max(_pair_sum(weighted, kind.block), 0.0) for kind in base.kinds)
    return float(sum(tau2 * pairs for tau2, pairs in zip(base.tau2[:, class_no], each, strict=True)))
