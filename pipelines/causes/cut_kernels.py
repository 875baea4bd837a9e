"""Compiled: metres and cases of all cells of a table, and the cut of it that is farthest from chance."""

import numpy as np
from numba import boolean, float64, int64, njit, types, void
from numpy.typing import NDArray

from pipelines.causes.background import QUARTERS

Array = NDArray[np.float64]
Numbers = NDArray[np.int64]

LEAST_DEFECTS, LEAST_COILS = 10, 10
"""Exposed: fewer are no evidence of a cause."""

LEAST_SPREAD = 2.0
"""Variance of the exposed defects by chance alone, within strata."""

MOST_SHARE = 0.8
"""Of what is compared: beyond it, what is exposed is the usual, and the rest is what is special."""


@njit(
    types.UniTuple(float64[:, :, ::1], 3)(int64[::1], int64[::1], int64[::1], float64[::1], int64, int64),
    nogil=True,
    cache=True,
)
def cells_of(
    bins: Numbers, stratum: Numbers, quarter: Numbers, metres: Array, strata_n: int, bins_n: int
) -> tuple[Array, Array, Array]:
    """Metres that count, their squares and coils by stratum, quarter and bin."""
    sums = np.zeros((strata_n, QUARTERS, bins_n))
    squares = np.zeros((strata_n, QUARTERS, bins_n))
    coils = np.zeros((strata_n, QUARTERS, bins_n))
    for i in range(len(bins)):
        if bins[i] >= 0:
            cell = stratum[i], quarter[i], bins[i]
            sums[cell] += metres[i]
            squares[cell] += metres[i] * metres[i]
            coils[cell] += 1
    return sums, squares, coils


@njit(
    float64[:, :, ::1](int64[::1], int64[::1], int64[::1], float64[::1], int64, int64), nogil=True, cache=True
)
def cases_of(
    bins: Numbers, stratum: Numbers, quarter: Numbers, counts: Array, strata_n: int, bins_n: int
) -> Array:
    """Defects by stratum, quarter and bin."""
    sums = np.zeros((strata_n, QUARTERS, bins_n))
    for i in range(len(bins)):
        if bins[i] >= 0:
            sums[stratum[i], quarter[i], bins[i]] += counts[i]
    return sums


@njit(
    void(float64[:, ::1], float64, float64, float64, boolean, float64[:, ::1], float64[::1]),
    nogil=True,
    cache=True,
)
def _add_stratum(
    cells: Array, rate: float, grain: float, kappa: float, is_equipment: bool, table: Array, every: Array
) -> None:
    """Add a stratum to what is seen, due, its variance and the coils of each cut.

    ``every``: cases and coils of the scope, and the cases that all times together would give it. ``cells``:
    metres, their squares, coils and cases by bin. Exposed is what is at or above a cut.
    """
    total_m, total_m2 = cells[0].sum(), cells[1].sum()
    if total_m <= 0:
        return
    total_cases, bins_n = cells[3].sum(), cells.shape[1]
    every[0] += total_cases
    every[1] += cells[2].sum()
    every[2] += rate * total_m
    if not is_equipment:
        for k in range(bins_n - 2, -1, -1):
            cells[:, k] += cells[:, k + 1]
    total_v = grain * rate * total_m + kappa * rate**2 * total_m2
    for k in range(bins_n):
        share = cells[0, k] / total_m
        own_v = grain * rate * cells[0, k] + kappa * rate**2 * cells[1, k]
        table[0, k] += cells[3, k]
        table[1, k] += share * total_cases
        table[2, k] += (1 - 2 * share) * own_v + share * share * total_v
        table[3, k] += cells[2, k]


@njit(float64(float64[:], float64[::1], boolean), nogil=True, cache=True)
def _far(told: Array, every: Array, is_equipment: bool) -> float:
    """How far the cases of a cut are from those due in its strata; 0 where the evidence is too little.

    The signed root of the binomial deviance, which chance follows further out than the score does, by the
    variance of the counts.
    """
    seen, due, spread, coils = told
    cases, coils_n = every[0], every[1]
    bad, bad_due = (seen, due) if seen > due else (cases - seen, cases - due)
    if bad_due > MOST_SHARE * cases:
        return 0.0
    if min(coils, coils_n - coils) < LEAST_COILS or bad < LEAST_DEFECTS or (is_equipment and seen <= due):
        return 0.0
    # Within strata hardly a coil differs from the others.
    if due <= 0 or due >= cases or spread < LEAST_SPREAD:
        return 0.0
    rest, rest_due = cases - seen, cases - due
    deviance = seen * np.log(seen / due) if seen > 0 else 0.0
    deviance += rest * np.log(rest / rest_due) if rest > 0 else 0.0
    far = np.sqrt(2 * max(deviance, 0.0) * due * rest_due / cases / spread)
    return float(far if seen > due else -far)


_CELLS = float64[:, :, ::1]
_BEST = types.Tuple((float64[::1], int64[::1], float64[:, ::1], float64[:, ::1]))


@njit(
    _BEST(
        _CELLS,
        _CELLS,
        _CELLS,
        _CELLS,
        float64[:],
        float64,
        float64,
        int64[::1],
        int64[::1],
        int64[::1],
        boolean,
    ),
    nogil=True,
    cache=True,
)
def best_cuts(
    metres: Array,
    squares: Array,
    coils: Array,
    cases: Array,
    rate: Array,
    grain: float,
    kappa: float,
    family_of: Numbers,
    families: Numbers,
    firsts: Numbers,
    is_equipment: bool,
) -> tuple[Array, Numbers, Array, Array]:
    """By scope: the farthest z with its cut; cases seen and due on its bad side and their variance.

    And of every cut that was tried the share below it.
    """
    scopes_n, bins_n = len(families), metres.shape[2]
    z, cut = np.zeros(scopes_n), np.zeros(scopes_n, np.int64)
    told = np.ones((scopes_n, 3))
    shares = np.zeros((scopes_n, bins_n))
    for scope in range(scopes_n):
        table, every = np.zeros((4, bins_n)), np.zeros(3)
        for s in range(len(family_of)):
            if families[scope] < 0 or family_of[s] == families[scope]:
                first, cells = firsts[scope], np.zeros((4, bins_n))
                for q in range(first, metres.shape[1]):
                    cells[0] += metres[s, q]
                    cells[1] += squares[s, q]
                    cells[2] += coils[s, q]
                    cells[3] += cases[s, q]
                _add_stratum(cells, rate[s], grain, kappa, is_equipment, table, every)
        # Coils with more defects than the usual have more of their scatter too.
        table[2] *= every[0] / max(every[2], 1e-9)
        for k in range(0 if is_equipment else 1, bins_n):
            far = _far(table[:, k], every, is_equipment)
            if far != 0:
                shares[scope, k] = 1 - table[1, k] / every[0]
            if abs(far) > abs(z[scope]):
                z[scope], cut[scope] = far, k
                told[scope, 0], told[scope, 1], told[scope, 2] = table[0, k], table[1, k], table[2, k]
                if far < 0:
                    told[scope, 0], told[scope, 1] = every[0] - table[0, k], every[0] - table[1, k]
    return z, cut, told, shares
