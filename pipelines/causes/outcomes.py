"""What became of each coil: inspected metres, the defects of each class on them, its mode and blocks."""

from collections.abc import Mapping
from typing import NamedTuple

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from pipelines.strip_segments import numbers

Array = NDArray[np.float64]
Numbers = NDArray[np.int64]

THICKNESS_BORDERS_MM = (2.0, 3.0, 4.0, 6.0, 10.0)
"""Classes of thickness: over one, up to the next."""

SURE_PCT = 60.0
"""Detections at least so sure are counted a second time, by themselves."""

SIDES = ("top", "bottom")
LONGEST_M = 100_000.0


class Outcomes(NamedTuple):
    """Coils in the order of time; arrays of classes are class by coil.

    ``metres``: inspected, those of both sides. ``counts``: defects, where more than is plausible on one coil
    count as so many: a coil with a hundred marks is one coil with marks. ``stratum``: number of the mode,
    ``family`` that of the grade family. ``blocks``: what coils are alike in beside their conditions.
    """

    coil_id: pa.Array
    day: Numbers
    metres: Array
    classes: tuple[str, ...]
    counts: Array
    defects: Array
    sure: Array
    lost_m: Array
    stratum: Numbers
    family: Numbers
    families: tuple[str, ...]
    blocks: Mapping[str, Numbers]


def outcomes(conditions: pa.Table, defects: pa.Table, inspections: pa.Table) -> Outcomes:
    """The inspected coils of core/coil_conditions, with their core/coil_defects and core/coil_inspections.

    Metres on which the inspection was degraded count as not inspected, and so do defects there.
    """
    looked_at = inspections.filter(pc.not_equal(pc.fill_null(inspections["state"], "working"), "degraded"))
    is_known = pc.is_in(conditions["coil_id"], value_set=pc.unique(looked_at["coil_id"].combine_chunks()))
    coils = conditions.filter(is_known).sort_by("coiled_at")
    ids = coils["coil_id"].combine_chunks()
    metres = _metres(ids, looked_at)
    seen = _seen(ids, defects, looked_at)
    classes = pc.unique(seen["defect_class"].combine_chunks()).sort()
    coil = _number(seen["coil_id"], ids)
    kind = _number(seen["defect_class"], classes)
    shape = len(classes), len(ids)

    def summed(weights: Array) -> Array:
        return np.bincount(kind * len(ids) + coil, weights, shape[0] * shape[1]).reshape(shape)

    found = summed(np.ones(len(coil)))
    long_m = np.nan_to_num(numbers(seen["to_m"]) - numbers(seen["from_m"]))
    family = coils["grade_family"].combine_chunks().fill_null("").dictionary_encode()
    family_no = np.asarray(numbers(family.indices), np.int64)
    return Outcomes(
        coil_id=ids,
        day=np.asarray(coils["production_day"].cast(pa.int32()).to_numpy(), np.int64),
        metres=metres,
        classes=tuple(classes.to_pylist()),
        counts=np.minimum(found, _most(found)[:, None]),
        defects=found,
        sure=summed((np.nan_to_num(numbers(seen["confidence_pct"])) >= SURE_PCT).astype(float)),
        lost_m=summed(long_m),
        stratum=_strata(family_no, numbers(coils["target_thickness_mm"])),
        family=family_no,
        families=tuple(family.dictionary.to_pylist()),
        blocks=_blocks(coils),
    )


def _metres(ids: pa.Array, looked_at: pa.Table) -> Array:
    coil = _number(looked_at["coil_id"], ids)
    length_m = numbers(looked_at["to_m"]) - numbers(looked_at["from_m"])
    return np.bincount(coil[coil >= 0], length_m[coil >= 0], len(ids))


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


def _strata(family_no: Numbers, thickness_mm: Array) -> Numbers:
    """Grade family by class of thickness, numbered without gaps; coils without a thickness are their own."""
    thick = np.digitize(thickness_mm, THICKNESS_BORDERS_MM, right=True)
    thick[np.isnan(thickness_mm)] = len(THICKNESS_BORDERS_MM) + 1
    return np.unique(family_no * (len(THICKNESS_BORDERS_MM) + 2) + thick, return_inverse=True)[1]


def _blocks(coils: pa.Table) -> dict[str, Numbers]:
    """Numbers of the day, campaign and heat; a coil without one is a block by itself."""
    found = {"day": np.unique(coils["production_day"].to_numpy(), return_inverse=True)[1]}
    for name, field in (("campaign", "campaign"), ("heat", "heat_id")):
        code = numbers(coils[field].combine_chunks().dictionary_encode().indices).astype(np.float64)
        alone = np.isnan(code)
        code[alone] = len(code) + np.arange(alone.sum())
        found[name] = np.unique(code, return_inverse=True)[1]
    return found
