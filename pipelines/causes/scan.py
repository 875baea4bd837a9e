"""One candidate against all classes of defects: the cut, and the coils, where rates differ most."""

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
from numba import boolean, float64, int64, njit, types, void
from numpy.typing import NDArray

from pipelines.causes.background import QUARTERS, Background, block_variance
from pipelines.causes.outcomes import Outcomes
from pipelines.causes.rates import best_cut_p, two_sided_p

Array = NDArray[np.float64]
Numbers = NDArray[np.int64]
Flags = NDArray[np.bool_]

CUT_SHARES = np.array([0.02, *np.arange(1, 20) / 20, 0.98])
"""Shares of the coils below the cuts of a signal that are tried."""

VALUES_LOOKED_AT = 5_000
LEAST_DEFECTS, LEAST_COILS = 10, 8
"""Exposed: fewer are no evidence of a cause."""

WHOLE_WEIGHT = 0.5
"""Share of the risk of a false find that all coils have; the other half is for parts of them."""

LEAST_Z = 2.5
"""What is less far from chance is not looked at further."""


class Binned(NamedTuple):
    """A candidate in bins, -1 where it is missing: of a signal bin k begins at ``cuts[k - 1]``.

    Of equipment a bin is one piece of it, and has no order.
    """

    bins: Numbers
    cuts: Array
    levels: tuple[str, ...] = ()

    @property
    def bins_n(self) -> int:
        """How many."""
        return len(self.levels) if self.levels else len(self.cuts) + 1


class Scope(NamedTuple):
    """Coils of one family, or of all (-1), from a quarter of the window on."""

    family: int = -1
    first_quarter: int = 0


class Find(NamedTuple):
    """Where a candidate and a class differ most: coils at or above a cut, below it, or of one equipment."""

    p: float
    z: float
    cut: int
    is_above: bool
    scope: Scope


NOTHING = Find(1.0, 0.0, 0, True, Scope())


def binned(values: Array) -> Binned | None:
    """A signal or setting in bins; None where it has one value alone."""
    told = np.sort(values[np.isfinite(values)])
    if not len(told) or told[0] == told[-1]:
        return None
    looked_at = told[:: max(1, len(told) // VALUES_LOOKED_AT)]
    cuts = np.unique(np.quantile(looked_at, CUT_SHARES, method="higher"))
    cuts = cuts[cuts > told[0]]
    bins = np.searchsorted(cuts, values, side="right")
    return Binned(np.where(np.isfinite(values), bins, -1), cuts) if len(cuts) else None


def exposed(candidate: Binned, find: Find) -> Flags:
    """The coils on the side where the class is more frequent, of all families and at all times."""
    if candidate.levels:
        return candidate.bins == find.cut
    return (
        candidate.bins >= find.cut if find.is_above else (candidate.bins >= 0) & (candidate.bins < find.cut)
    )


def in_scope(scope: Scope, of: Outcomes, base: Background) -> Flags:
    """The coils that are compared."""
    is_family = of.family == scope.family if scope.family >= 0 else np.ones(len(of.family), np.bool_)
    return is_family & (base.quarter >= scope.first_quarter)


def scopes(of: Outcomes) -> list[Scope]:
    """All coils; those of late; those of each family by itself."""
    own = [Scope(no) for no in range(len(of.families))] if len(of.families) > 1 else []
    return [Scope(), Scope(first_quarter=QUARTERS // 2), Scope(first_quarter=QUARTERS - 1), *own]


def scan(
    candidate: Binned, of: Outcomes, base: Background, classes: Sequence[int] | None = None
) -> list[Find]:
    """For each class the find with the least p value, which pays for all cuts and scopes that were tried."""
    tried, wanted = scopes(of), list(range(len(of.classes)) if classes is None else classes)
    looked = _looked(candidate, of, base, tried, wanted)
    return [_least(candidate, of, base, no, tried, *best) for no, best in zip(wanted, looked, strict=True)]


def _looked(
    candidate: Binned, of: Outcomes, base: Background, tried: list[Scope], classes: list[int]
) -> list[tuple[Array, Numbers, Flags, Array, Array]]:
    place = (candidate.bins, base.stratum, base.quarter)
    shape = len(base.family_of), candidate.bins_n
    cells = _cells(*place, of.metres, *shape)
    families, firsts = (np.array(column, np.int64) for column in zip(*tried, strict=True))
    chosen = base.family_of, families, firsts, bool(candidate.levels)
    found = []
    for no in classes:
        hit = np.flatnonzero(of.counts[no])
        cases = _cases(*(codes[hit] for codes in place), of.counts[no, hit], *shape)
        found.append(_best(*cells, cases, base.rate[no], base.kappa[no], *chosen))
    return found


def farthest(candidate: Binned, of: Outcomes, base: Background) -> float:
    """The greatest z of all cuts and scopes, for the first class, before anything is paid for them."""
    return float(np.abs(_looked(candidate, of, base, scopes(of), [0])[0][0]).max())


def _least(
    candidate: Binned,
    of: Outcomes,
    base: Background,
    class_no: int,
    tried: list[Scope],
    z: Array,
    cut: Numbers,
    is_above: Flags,
    variance: Array,
    shares: Array,
) -> Find:
    best = NOTHING
    for no, scope in enumerate(tried):
        if abs(z[no]) < LEAST_Z:
            continue
        find = Find(1.0, float(z[no]), int(cut[no]), bool(is_above[no]), scope)
        more = block_variance(_weighted(candidate, find, of, base, class_no), class_no, of, base)
        sure_z = z[no] / np.sqrt(1 + max(more, 0.0) / variance[no])
        tried_shares = shares[no][shares[no] > 0]
        if candidate.levels:
            p = min(1.0, len(tried_shares) * float(two_sided_p(sure_z)))
        else:
            p = best_cut_p(float(sure_z), np.sort(tried_shares))
        weight = WHOLE_WEIGHT if no == 0 else (1 - WHOLE_WEIGHT) / (len(tried) - 1)
        find = find._replace(p=min(1.0, p / weight), z=float(sure_z))
        best = min(best, find, key=lambda one: (one.p, -abs(one.z)))
    return best


def _weighted(candidate: Binned, find: Find, of: Outcomes, base: Background, class_no: int) -> Array:
    """Of each coil compared: exposed or not, less the share exposed in its stratum, by what is expected."""
    told = in_scope(find.scope, of, base) & (candidate.bins >= 0)
    is_exposed = exposed(candidate, find)
    metres = np.where(told, of.metres, 0.0)
    every = np.bincount(base.stratum, metres)
    share = np.bincount(base.stratum, metres * is_exposed) / np.maximum(every, 1e-9)
    return np.where(told, (is_exposed - share[base.stratum]) * base.expected(class_no, of.metres), 0.0)


@njit(
    types.UniTuple(float64[:, :, ::1], 3)(int64[::1], int64[::1], int64[::1], float64[::1], int64, int64),
    nogil=True,
    cache=True,
)
def _cells(bins, stratum, quarter, metres, strata_n, bins_n):  # type: ignore[no-untyped-def]
    """Metres, their squares and coils by stratum, quarter and bin."""
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
def _cases(bins, stratum, quarter, counts, strata_n, bins_n):  # type: ignore[no-untyped-def]
    """Defects by stratum, quarter and bin."""
    sums = np.zeros((strata_n, QUARTERS, bins_n))
    for i in range(len(bins)):
        if bins[i] >= 0:
            sums[stratum[i], quarter[i], bins[i]] += counts[i]
    return sums


@njit(void(float64[:, ::1], float64, float64, boolean, float64[:, ::1], float64[::1]), nogil=True, cache=True)
def _add_stratum(cells, rate, kappa, is_equipment, table, every):  # type: ignore[no-untyped-def]
    """Add a stratum to what is seen, due, its variance and the coils of each cut; ``every``: cases, coils.

    ``cells``: metres, their squares, coils and cases by bin. Exposed is what is at or above a cut.
    """
    total_m, total_m2 = cells[0].sum(), cells[1].sum()
    if total_m <= 0:
        return
    total_cases, bins_n = cells[3].sum(), cells.shape[1]
    every[0] += total_cases
    every[1] += cells[2].sum()
    if not is_equipment:
        for k in range(bins_n - 2, -1, -1):
            cells[:, k] += cells[:, k + 1]
    total_v = rate * total_m + kappa * rate**2 * total_m2
    for k in range(bins_n):
        share = cells[0, k] / total_m
        own_v = rate * cells[0, k] + kappa * rate**2 * cells[1, k]
        table[0, k] += cells[3, k]
        table[1, k] += share * total_cases
        table[2, k] += (1 - 2 * share) * own_v + share * share * total_v
        table[3, k] += cells[2, k]


@njit(float64(float64[:], float64[::1], boolean), nogil=True, cache=True)
def _far(told, every, is_equipment):  # type: ignore[no-untyped-def]
    """How far the cases of a cut are from those due in its strata; 0 where the evidence is too little.

    The signed root of the binomial deviance, which chance follows further out than the score does, by the
    variance of the counts.
    """
    seen, due, spread, coils = told
    cases, coils_n = every
    bad = seen if seen > due else cases - seen
    if min(coils, coils_n - coils) < LEAST_COILS or bad < LEAST_DEFECTS or (is_equipment and seen <= due):
        return 0.0
    if due <= 0 or due >= cases or spread <= 0:
        return 0.0
    rest, rest_due = cases - seen, cases - due
    deviance = seen * np.log(seen / due) if seen > 0 else 0.0
    deviance += rest * np.log(rest / rest_due) if rest > 0 else 0.0
    far = np.sqrt(2 * max(deviance, 0.0) * due * rest_due / cases / spread)
    return far if seen > due else -far


_CELLS = float64[:, :, ::1]
_BEST = types.Tuple((float64[::1], int64[::1], boolean[::1], float64[::1], float64[:, ::1]))


@njit(
    _BEST(_CELLS, _CELLS, _CELLS, _CELLS, float64[:], float64, int64[::1], int64[::1], int64[::1], boolean),
    nogil=True,
    cache=True,
)
def _best(metres, squares, coils, cases, rate, kappa, family_of, families, firsts, is_equipment):  # type: ignore[no-untyped-def]
    """By scope: the farthest z with its cut, side and variance, and of every cut tried the share below."""
    scopes_n, bins_n = len(families), metres.shape[2]
    z, cut = np.zeros(scopes_n), np.zeros(scopes_n, np.int64)
    is_above, variance = np.ones(scopes_n, np.bool_), np.ones(scopes_n)
    shares = np.zeros((scopes_n, bins_n))
    for scope in range(scopes_n):
        table, every = np.zeros((4, bins_n)), np.zeros(2)
        for s in range(len(family_of)):
            if families[scope] < 0 or family_of[s] == families[scope]:
                first, cells = firsts[scope], np.zeros((4, bins_n))
                for q in range(first, metres.shape[1]):
                    cells[0] += metres[s, q]
                    cells[1] += squares[s, q]
                    cells[2] += coils[s, q]
                    cells[3] += cases[s, q]
                _add_stratum(cells, rate[s], kappa, is_equipment, table, every)
        for k in range(0 if is_equipment else 1, bins_n):
            far = _far(table[:, k], every, is_equipment)
            if far != 0:
                shares[scope, k] = 1 - table[1, k] / every[0]
            if abs(far) > abs(z[scope]):
                z[scope], cut[scope], is_above[scope], variance[scope] = far, k, far > 0, table[2, k]
    return z, cut, is_above, variance, shares
