"""Limits of T2, SPE and single signals: of the textbook, and of what held-out pieces showed."""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray
from scipy import stats

Array = NDArray[np.float64]


class Limit(NamedTuple):
    """A fault begins above ``enter`` and goes on while above ``leave``; ``textbook`` stands beside it."""

    enter: float
    leave: float
    textbook: float


def t2_limit(rows_n: int, components_n: int, share: float) -> float:
    """T2 of a new row exceeds it in this share of normal, independent rows.

    a (n^2 - 1) / (n (n - a)) F(a, n - a), n rows fitted, a components (Tracy, Young and Mason, Journal of
    Quality Technology 24, 1992).

    Of many rows it is that of chi2, 5.991 for two components.

    >>> round(t2_limit(rows_n=1_000_000, components_n=2, share=0.05), 3)
    5.991
    """
    n, a = rows_n, components_n
    if n <= a:
        return float("nan")
    return float(a * (n**2 - 1) / (n * (n - a)) * stats.f.isf(share, a, n - a))


def jackson_mudholkar(rest: Array, share: float) -> float:
    """SPE of a new row exceeds it in this share; ``rest``: eigenvalues of the components that were left out.

    J. E. Jackson and G. S. Mudholkar, Control procedures for residuals associated with principal component
    analysis, Technometrics 21 (1979).

    >>> round(jackson_mudholkar(np.ones(10), 0.05), 1), round(float(stats.chi2.isf(0.05, 10)), 1)
    (18.3, 18.3)
    """
    theta1, theta2, theta3 = (float(np.sum(rest**power)) for power in (1, 2, 3))
    if theta1 == 0:
        return 0.0
    h0 = 1 - 2 * theta1 * theta3 / (3 * theta2**2)
    c = stats.norm.isf(share)
    inner = c * np.sqrt(2 * theta2 * h0**2) / theta1 + 1 + theta2 * h0 * (h0 - 1) / theta1**2
    return float(theta1 * inner ** (1 / h0))


def held_out_limit(greatest: Array, false_alarms: float, textbook: float) -> Limit:
    """A limit that this share of normal pieces exceeds, from the greatest value on each held-out piece.

    Some of these pieces are faulty, and lie far out: the limit is that of the extreme value distribution
    (Gumbel) that the middle half of the pieces follows. A fault is left again below what half of the pieces
    reach.

    >>> reached = stats.gumbel_r.rvs(10.0, 2.0, size=100_000, random_state=1)
    >>> limit = held_out_limit(reached, 0.01, 0.0)
    >>> round(limit.enter, 1), round(float(np.quantile(reached, 0.99)), 1), round(limit.leave, 1)
    (19.2, 19.1, 10.7)
    """
    reached = greatest[np.isfinite(greatest)]
    if not len(reached):
        return Limit(np.inf, np.inf, textbook)
    quarter, half, three = np.quantile(reached, [0.25, 0.5, 0.75])
    scale = (three - quarter) / (np.log(np.log(4)) - np.log(np.log(4 / 3)))
    location = half + scale * np.log(np.log(2))
    enter = location - scale * np.log(-np.log1p(-false_alarms))
    # What is nothing on normal pieces, as SPE is where no direction is left out, tells nothing.
    return Limit(float(enter) if enter > 0 else np.inf, float(half), textbook)
