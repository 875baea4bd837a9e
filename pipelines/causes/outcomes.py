"""What became of each coil: inspected metres, the defects of each class on them, its mode and blocks."""

from collections.abc import Mapping
from typing import Any, NamedTuple

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from pipelines.modes import STRATA_BORDERS_MM
from pipelines.strip_segments import numbers

Array = NDArray[np.float64]
Numbers = NDArray[np.int64]

SURE_PCT = 60.0
"""Detections at least so sure are counted a second time, by themselves."""

BESIDE_Z = 3.0
"""A class that is so far above its usual rate on coils with a burst of another one is taken for it."""

LENGTH_POWERS = (0.0, 0.5, 1.0)
SIDES = ("top", "bottom")
LONGEST_M = 100_000.0


class Places(NamedTuple):
    """Intervals of coils, by the coil's number."""

    coil: Numbers
    from_m: Array
    to_m: Array


class Outcomes(NamedTuple):
    """Coils in the order of time; arrays of classes are class by coil.

    ``metres``: inspected, those of both sides; ``exposure``: of each class, those that count (`_that_count`),
    as many times as a class is more frequent beside bursts of others (`_times_as_usual`).
    ``defects``: all detected ones. ``counts``: how many of them are of the class by the confidence of the
    inspection, where more than is plausible on one coil count as so many: a coil with a hundred marks is one
    coil with marks. ``grain``: variance per mean of the count of defects that come independently: less than 1
    where there is confidence. ``stratum``: number of the mode, ``family`` that of the grade family.
    ``blocks``: what coils are alike in beside their conditions. ``places``: of each class where its defects
    are, as far as that is known.
    """

    coil_id: pa.Array
    day: Numbers
    metres: Array
    exposure: Array
    classes: tuple[str, ...]
    counts: Array
    grain: Array
    defects: Array
    sure: Array
    lost_m: Array
    stratum: Numbers
    family: Numbers
    families: tuple[str, ...]
    blocks: Mapping[str, Numbers]
    length_m: Array
    places: tuple[Places, ...]


def outcomes(conditions: pa.Table, defects: pa.Table, inspections: pa.Table) -> Outcomes:
    """The inspected coils of core/coil_conditions, with their core/coil_defects and core/coil_inspections.

    Metres on which the inspection was degraded count as not inspected, and so do defects there.
    """
    looked_at = inspections.filter(pc.not_equal(pc.fill_null(inspections["state"], "working"), "degraded"))
    is_known = pc.is_in(conditions["coil_id"], value_set=pc.unique(looked_at["coil_id"].combine_chunks()))
    coils = conditions.filter(is_known).sort_by("coiled_at")
    ids = coils["coil_id"].combine_chunks()
    metres, length_m = _metres(ids, looked_at), _lengths_m(ids, looked_at)
    found = _by_class(_seen(ids, defects, looked_at), ids)
    family = coils["grade_family"].combine_chunks().fill_null("").dictionary_encode()
    family_no = np.asarray(numbers(family.indices), np.int64)
    times = found.pop("times_as_usual")
    at_risk = _that_count(found["counts"], metres, length_m, numbers(coils["slab_length_m"]), family_no)
    return Outcomes(
        coil_id=ids,
        day=np.asarray(coils["production_day"].cast(pa.int32()).to_numpy(), np.int64),
        metres=metres,
        exposure=at_risk * times,
        stratum=_strata(family_no, numbers(coils["target_thickness_mm"])),
        family=family_no,
        families=tuple(family.dictionary.to_pylist()),
        blocks=_blocks(coils),
        length_m=length_m,
        **found,
    )


def _by_class(seen: pa.Table, ids: pa.Array) -> dict[str, Any]:
    """What was seen, class by coil, under the names of `Outcomes`, and `_times_as_usual`."""
    classes = pc.unique(seen["defect_class"].combine_chunks()).sort()
    coil, kind = _number(seen["coil_id"], ids), _number(seen["defect_class"], classes)
    shape = len(classes), len(ids)

    def summed(weights: Array) -> Array:
        found = np.bincount(kind * len(ids) + coil, weights, shape[0] * shape[1])
        return np.asarray(found, np.float64).reshape(shape)

    sure_pct, from_m, to_m = (numbers(seen[name]) for name in ("confidence_pct", "from_m", "to_m"))
    # Who tells no confidence is believed.
    weight = np.where(np.isnan(sure_pct), 1.0, sure_pct / 100)
    likely = summed(weight)
    most = _most(likely)[:, None]
    counts = np.minimum(likely, most)
    return {
        "classes": tuple(classes.to_pylist()),
        "counts": counts,
        "times_as_usual": _times_as_usual(counts, likely > most),
        "grain": summed(weight**2).sum(axis=1) / np.maximum(likely.sum(axis=1), 1e-9),
        "defects": summed(np.ones(len(coil))),
        "sure": summed((np.nan_to_num(sure_pct) >= SURE_PCT).astype(float)),
        "lost_m": summed(np.nan_to_num(to_m - from_m)),
        "places": tuple(_places(kind == no, coil, from_m, to_m) for no in range(len(classes))),
    }


def _metres(ids: pa.Array, looked_at: pa.Table) -> Array:
    coil = _number(looked_at["coil_id"], ids)
    length_m = numbers(looked_at["to_m"]) - numbers(looked_at["from_m"])
    return np.asarray(np.bincount(coil[coil >= 0], length_m[coil >= 0], len(ids)), np.float64)


def _lengths_m(ids: pa.Array, looked_at: pa.Table) -> Array:
    """How far each coil was looked at, on any side."""
    coil, found = _number(looked_at["coil_id"], ids), np.zeros(len(ids))
    np.maximum.at(found, coil[coil >= 0], numbers(looked_at["to_m"])[coil >= 0])
    return found


def _that_count(counts: Array, metres: Array, length_m: Array, slab_m: Array, family: Numbers) -> Array:
    """Class by coil, the metres that count: of what comes with the slab, a short coil has as much as a long.

    Counts grow with the metres of the strip, with a lower power of them, with the coils or with the metres of
    the slab: which is learned for each class, by the likelihood within families.
    """
    if not len(counts):
        return counts
    usual_m, usual_slab_m = np.median(length_m), np.nanmedian(slab_m) if np.isfinite(slab_m).any() else 1.0
    slab = np.where(np.isnan(slab_m), usual_slab_m, slab_m) / usual_slab_m
    grows_as = [*((length_m / usual_m) ** power for power in LENGTH_POWERS), slab]
    at_risk = [metres * usual_m / length_m * growth for growth in grows_as]
    fits = [[_log_likelihood(row, each, family) for each in at_risk] for row in counts]
    return np.array([at_risk[int(np.argmax(fit))] for fit in fits])


def _log_likelihood(counts: Array, at_risk: Array, family: Numbers) -> float:
    """Of independent defects, each family at its own rate."""
    rate = np.bincount(family, counts) / np.maximum(np.bincount(family, at_risk), 1e-9)
    mu = np.maximum(rate[family] * at_risk, 1e-12)
    return float((counts * np.log(mu) - mu).sum())


def _places(which: NDArray[np.bool_], coil: Numbers, from_m: Array, to_m: Array) -> Places:
    placed = which & ~np.isnan(from_m) & ~np.isnan(to_m)
    return Places(coil[placed], from_m[placed], to_m[placed])


def _seen(ids: pa.Array, defects: pa.Table, looked_at: pa.Table) -> pa.Table:
    """The defects with a class that lie on metres that count; one without place or side is taken to."""
    named = defects.filter(
        pc.and_(pc.is_valid(defects["defect_class"]), pc.is_in(defects["coil_id"], value_set=ids))
    )
    place, of_coil = _keys(ids, named), _keys(ids, looked_at)
    order = np.argsort(of_coil, kind="stable")
    starts, ends = (
        of_coil[order],
        (of_coil + numbers(looked_at["to_m"]) - numbers(looked_at["from_m"]))[order],
    )
    at = np.searchsorted(starts, place, side="right") - 1
    is_inside = (at >= 0) & (place <= ends[np.maximum(at, 0)])
    return named.filter(pa.array(is_inside | np.isnan(place)))


def _keys(ids: pa.Array, rows: pa.Table) -> Array:
    """Coil, side and place in one number; NaN where one of them is not known."""
    side = numbers(pc.index_in(rows["side"], value_set=pa.array(SIDES))).astype(np.float64)
    return (len(SIDES) * _number(rows["coil_id"], ids) + side) * LONGEST_M + numbers(rows["from_m"])


def _number(values: pa.ChunkedArray, names: pa.Array) -> Numbers:
    found = pc.fill_null(pc.index_in(values, value_set=names), -1)
    return np.asarray(found.to_numpy(), np.int64)


def _most(counts: Array) -> Array:
    """The most defects of a class that count on one coil: far beyond what chance gives the usual coil."""
    if not counts.shape[1]:
        return np.zeros(len(counts))
    beyond = np.quantile(counts, 0.99, axis=1)[:, None]
    usual = np.where(counts <= beyond, counts, 0).sum(axis=1) / np.maximum((counts <= beyond).sum(axis=1), 1)
    return np.ceil(usual + 6 * np.sqrt(usual) + 2)


def _times_as_usual(counts: Array, bursts: NDArray[np.bool_]) -> Array:
    """Class by coil, how many times as frequent a class is beside bursts of others, where it surely is.

    Inspection takes some of a hundred marks for something else, of which what goes with the marks would look
    like a cause.
    """
    beside = bursts.sum(axis=0) - bursts > 0
    times = np.ones(counts.shape)
    for row, its, burst in zip(counts, times, beside, strict=True):
        if 0 < burst.sum() < len(burst):
            usual, scatter = row[~burst].mean(), row[~burst].std()
            more = row[burst].mean() - usual
            # Of what comes beside bursts alone nothing tells how many are usual.
            if usual > 0 and more * np.sqrt(burst.sum()) > BESIDE_Z * scatter:
                its[burst] = 1 + more / usual
    return times


def _strata(family_no: Numbers, thickness_mm: Array) -> Numbers:
    """Grade family by class of thickness, numbered without gaps; coils without a thickness are their own."""
    thick = np.digitize(thickness_mm, STRATA_BORDERS_MM, right=True)
    thick[np.isnan(thickness_mm)] = len(STRATA_BORDERS_MM) + 1
    return np.unique(family_no * (len(STRATA_BORDERS_MM) + 2) + thick, return_inverse=True)[1]


def _blocks(coils: pa.Table) -> dict[str, Numbers]:
    """Numbers of the day, campaign and heat; a coil without one is a block by itself."""
    found = {"day": np.unique(coils["production_day"].to_numpy(), return_inverse=True)[1]}
    for name, field in (("campaign", "campaign"), ("heat", "heat_id")):
        code = numbers(coils[field].combine_chunks().dictionary_encode().indices).astype(np.float64)
        alone = np.isnan(code)
        code[alone] = len(code) + np.arange(alone.sum())
        found[name] = np.unique(code, return_inverse=True)[1]
    return found
