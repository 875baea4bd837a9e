"""One candidate against all classes of defects: the cut, and the coils, where rates differ most."""

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from pipelines.causes.background import QUARTERS, Background, block_variance, could_be_blocks
from pipelines.causes.cut_kernels import best_cuts, cases_of, cells_of
from pipelines.causes.outcomes import Outcomes
from pipelines.causes.rates import best_cut_p, few_blocks_z, leaning_z, two_sided_p

Array = NDArray[np.float64]
Numbers = NDArray[np.int64]
Flags = NDArray[np.bool_]

CUT_SHARES = np.array([0.02, *np.arange(1, 20) / 20, 0.98])
"""Shares of the coils below the cuts of a signal that are tried."""

VALUES_LOOKED_AT = 5_000
LITTLE_MORE = 0.1
"""What blocks add at most to a variance, for them to need no closer look."""

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


def binned(values: Array, within: Numbers | None = None) -> Binned | None:
    """A signal or setting in bins; None where it has one value alone.

    ``within``: numbers of groups, each of which is to be cut by its own values too.
    """
    is_told = np.isfinite(values)
    told = np.sort(values[is_told])
    if not len(told) or told[0] == told[-1]:
        return None
    # Of what most coils have none of, the first cut is to have any.
    cuts = [told[[np.searchsorted(told, told[0], side="right")]], _quantiles(told)]
    if within is not None:
        cuts += [_quantiles(np.sort(values[is_told & (within == no)])) for no in np.unique(within[is_told])]
    every = np.unique(np.concatenate(cuts))
    every = every[every > told[0]]
    return Binned(np.where(is_told, np.searchsorted(every, values, side="right"), -1), every)


def _quantiles(told: Array) -> Array:
    looked_at = told[:: max(1, len(told) // VALUES_LOOKED_AT)]
    return np.asarray(np.quantile(looked_at, CUT_SHARES, method="higher"))


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
    candidate: Binned,
    of: Outcomes,
    base: Background,
    classes: Sequence[int] | None = None,
    tried: Sequence[Scope] | None = None,
) -> list[Find]:
    """For each class the find with the least p value, which pays for all cuts and scopes that were tried."""
    tried = scopes(of) if tried is None else list(tried)
    wanted = list(range(len(of.classes)) if classes is None else classes)
    looked = _looked(candidate, of, base, tried, wanted)
    return [_least(candidate, of, base, no, tried, *best) for no, best in zip(wanted, looked, strict=True)]


def _looked(
    candidate: Binned, of: Outcomes, base: Background, tried: list[Scope], classes: list[int]
) -> list[tuple[Array, Numbers, Array, Array]]:
    bins, strata_n, bins_n = candidate.bins, len(base.family_of), candidate.bins_n
    families, firsts = (np.array(column, np.int64) for column in zip(*tried, strict=True))
    is_equipment, found = bool(candidate.levels), []
    for no in classes:
        metres, squares, coils = cells_of(bins, base.stratum, base.quarter, of.exposure[no], strata_n, bins_n)
        hit, rate = np.flatnonzero(of.counts[no]), base.rate[no]
        scatter = float(of.grain[no]), float(base.kappa[no])
        counts = of.counts[no, hit]
        cases = cases_of(bins[hit], base.stratum[hit], base.quarter[hit], counts, strata_n, bins_n)
        table = metres, squares, coils, cases
        found.append(best_cuts(*table, rate, *scatter, base.family_of, families, firsts, is_equipment))
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
    told: Array,
    shares: Array,
) -> Find:
    best = NOTHING
    for no, scope in enumerate(tried):
        if abs(z[no]) < LEAST_Z:
            continue
        find = Find(1.0, float(z[no]), int(cut[no]), bool(z[no] > 0), scope)
        sure_z = _sure_z(candidate, find, of, base, class_no, *told[no])
        tried_shares = shares[no][shares[no] > 0]
        if candidate.levels:
            p = min(1.0, len(tried_shares) * float(two_sided_p(sure_z)))
        else:
            p = best_cut_p(sure_z, np.sort(tried_shares))
        find = find._replace(p=min(1.0, p / _weight(no, len(tried))), z=float(sure_z))
        best = min(best, find, key=lambda one: (one.p, -abs(one.z)))
    return best


def _weight(no: int, scopes_n: int) -> float:
    """The share of the risk of a false find that a scope has; the first one is all coils."""
    if scopes_n == 1:
        return 1.0
    return WHOLE_WEIGHT if no == 0 else (1 - WHOLE_WEIGHT) / (scopes_n - 1)


def _sure_z(
    candidate: Binned,
    find: Find,
    of: Outcomes,
    base: Background,
    class_no: int,
    seen: float,
    due: float,
    variance: float,
) -> float:
    """How far a find is from chance where coils of a block have more in common than what is compared.

    Where few coils of a stratum are exposed, or all but few, it is by the count of those.
    """
    told = in_scope(find.scope, of, base) & (candidate.bins >= 0)
    is_exposed = exposed(candidate, find)
    share = _share(is_exposed, told, of, base, class_no)
    weighted = np.where(told, (is_exposed - share) * base.expected(class_no, of), 0.0)
    more, freedom = could_be_blocks(weighted, class_no, base), 0.0
    if more > LITTLE_MORE * variance:
        more, freedom = block_variance(weighted, is_exposed, told, class_no, of, base)
    every = variance + more
    cases = np.where(told, of.counts[class_no], 0.0)
    leans = float((cases * share * (1 - share) * (1 - 2 * share)).sum())
    independent = float((cases * share * (1 - share)).sum())
    z = min(abs(find.z) / np.sqrt(every / variance), leaning_z(seen - due, independent, leans, every))
    return few_blocks_z(z, every**2 / freedom) if freedom > 0 else z


def _share(is_exposed: Flags, told: Flags, of: Outcomes, base: Background, class_no: int) -> Array:
    """Of each coil the share of the metres of its stratum that are exposed."""
    metres = np.where(told, of.exposure[class_no], 0.0)
    own, every = np.bincount(base.stratum, metres * is_exposed), np.bincount(base.stratum, metres)
    return np.asarray((own / np.maximum(every, 1e-9))[base.stratum])
