"""What the surface inspection behind F7 made of the strips of a day: what it looked at, what it detected.

Not all defects are seen, some are taken for another class, and some detections are of nothing: water, a
shadow. Places are of the inspection's own length counter.
"""

from dataclasses import dataclass, replace
from datetime import date
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from pipelines.reference_mill.defect_boxes import boxes, severities
from pipelines.reference_mill.defect_classes import CLASS_NAMES, CLASSES
from pipelines.reference_mill.inspection_failures import SIDES, Stretch, stretches
from pipelines.reference_mill.mill import Mill
from pipelines.reference_mill.roll_marks import roll_marks
from pipelines.reference_mill.rolling_day import RollingDay, rolling_day
from pipelines.reference_mill.surface_defects import USUAL_COIL_M, Defects, surface_defects

Array = NDArray[np.float64]
Numbers = NDArray[np.int64]
Flags = NDArray[np.bool_]
Chance = np.random.Generator

NO_CLASS = -1
FALSE_A_COIL, DEGRADED_SEES, DEGRADED_FALSE = 0.6, 0.5, 3.0
"""False detections on a usual coil; what is left of true ones, and times as many false ones, if degraded."""

SEVERE_IS_SEEN = 0.04
"""More of each level of severity above the second."""

TWICE = 0.03
"""Share of the detections that come as two boxes: where two cameras meet."""

SURE, UNSURE, GUESSED = (9.0, 2.0), (4.0, 3.5), (2.5, 4.0)
"""Beta distributions of the confidence: of the right class, of another, of a detection of nothing."""

COUNTER_SHARE, COUNTER_BOW, HEAD_M, BOX_M, BOX_MM = 0.0008, 0.0002, 0.12, 0.03, 2.0
"""Standard deviations of the counter: of all metres and in the middle, per length; of its start; of a box."""


@dataclass(frozen=True)
class Detections:
    """One element per detection, coil by coil in order of place; ``defect_no``: which one it shows, or -1."""

    defect_no: Numbers
    class_no: Numbers
    slab_no: Numbers
    is_top: Flags
    at_m: Array
    """True metre of the start of the box; the four that follow are what the system tells."""

    from_m: Array
    to_m: Array
    from_edge_mm: Array
    to_edge_mm: Array
    confidence_pct: Array
    severity: Numbers


@dataclass(frozen=True)
class Counter:
    """The inspection's length counter, coil by coil."""

    scale: Array
    begins_m: Array
    bow_m: Array
    length_m: Array

    def shows_m(self, slab_no: Numbers, at_m: Array) -> Array:
        """What it shows at a true metre of a coil; never less than 0."""
        bow_m = self.bow_m[slab_no] * np.sin(np.pi * at_m / self.length_m[slab_no])
        return (at_m * self.scale[slab_no] + self.begins_m[slab_no] + bow_m).clip(min=0)


def counter(rolled: RollingDay) -> Counter:
    """The counter on the coils of a day."""
    chance, length_m = rolled.mill.chance(rolled.day, "inspection counter"), rolled.length_m
    scale = 1 + COUNTER_SHARE * chance.standard_normal(len(length_m))
    begins_m = HEAD_M * chance.standard_normal(len(length_m))
    return Counter(scale, begins_m, COUNTER_BOW * length_m * chance.standard_normal(len(length_m)), length_m)


@lru_cache(maxsize=4)
def detections(mill: Mill, day: date) -> Detections:
    """All detections of a day."""
    rolled, struck = rolling_day(mill, day), stretches(rolling_day(mill, day))
    defects, chance = surface_defects(mill, day), mill.chance(day, "detections")
    seen = np.flatnonzero(chance.random(len(defects)) < _likely(rolled, defects, struck))
    named = _named(defects.class_no[seen], chance)
    sure, unsure = chance.beta(*SURE, len(seen)), chance.beta(*UNSURE, len(seen))
    judged = chance.choice((-1, 0, 1), len(seen), p=(0.15, 0.7, 0.15))
    same = ("slab_no", "is_top", "from_m", "to_m", "from_edge_mm", "to_edge_mm")
    true = Detections(
        defect_no=seen,
        class_no=named,
        at_m=defects.from_m[seen],
        confidence_pct=100 * np.where(named == defects.class_no[seen], sure, unsure),
        severity=(defects.severity[seen] + judged).clip(1, 5),
        **{name: getattr(defects, name)[seen] for name in same},
    )
    parts = [true, _false(rolled, struck), _again(true, chance)]
    return _as_told(rolled, _together(parts), chance)


def is_struck(struck: list[Stretch], state: str, slab_no: Numbers, is_top: Flags, at_m: Array) -> Flags:
    """Whether places of coils passed cameras that were in a state."""
    found = np.zeros(len(slab_no), dtype=np.bool_)
    for one in struck:
        if one.failure.state == state:
            here = (slab_no == one.slab_no) & (one.from_m <= at_m) & (at_m < one.to_m)
            sides = np.isin(np.where(is_top, *SIDES), one.failure.sides)
            found |= here & sides
    return found


def _likely(rolled: RollingDay, defects: Defects, struck: list[Stretch]) -> Array:
    """How likely each defect is to be detected."""
    usual = np.array([kind.detected for kind in CLASSES])[defects.class_no]
    marks = [mark.seen_share for mark in roll_marks(rolled)]
    usual = np.where(defects.mark_no >= 0, np.array([*marks, 0.0])[defects.mark_no], usual)
    likely = (usual + SEVERE_IS_SEEN * (defects.severity - 2)).clip(0, 1)
    place = defects.slab_no, defects.is_top, defects.from_m
    likely = np.where(is_struck(struck, "degraded", *place), DEGRADED_SEES * likely, likely)
    return np.where(is_struck(struck, "off", *place), 0.0, likely)


def _named(class_no: Numbers, chance: Chance) -> Numbers:
    """The class that the system gives to what it sees."""
    named, luck = class_no.copy(), chance.random(len(class_no))
    for no, kind in enumerate(CLASSES):
        up_to = 0.0
        for other, share in kind.taken_for:
            hit = (class_no == no) & (up_to <= luck) & (luck < up_to + share)
            named[hit] = NO_CLASS if other is None else CLASS_NAMES.index(other)
            up_to += share
    return named


def _false(rolled: RollingDay, struck: list[Stretch]) -> Detections:
    """Detections of nothing, of any class and anywhere; more of them where degraded, none where off."""
    chance = rolled.mill.chance(rolled.day, "false detections")
    expected = DEGRADED_FALSE * FALSE_A_COIL * rolled.length_m / USUAL_COIL_M * ~rolled.schedule.is_cobble
    slab_no = np.repeat(np.arange(len(expected)), chance.poisson(expected))
    at_m, is_top = chance.random(len(slab_no)) * rolled.length_m[slab_no], chance.random(len(slab_no)) < 0.6
    class_no = chance.integers(NO_CLASS, len(CLASSES), len(slab_no))
    is_more = chance.random(len(slab_no)) >= 1 / DEGRADED_FALSE
    is_more &= ~is_struck(struck, "degraded", slab_no, is_top, at_m)
    kept = ~is_more & ~is_struck(struck, "off", slab_no, is_top, at_m)
    box = boxes(rolled, CLASSES[CLASS_NAMES.index("stain")], slab_no, at_m, chance)
    found = Detections(
        defect_no=np.full(len(slab_no), -1),
        class_no=class_no,
        slab_no=slab_no,
        is_top=is_top,
        at_m=box.from_m,
        **box._asdict(),
        confidence_pct=100 * chance.beta(*GUESSED, len(slab_no)),
        severity=severities(len(slab_no), chance),
    )
    return _those(found, np.flatnonzero(kept))


def _again(found: Detections, chance: Chance) -> Detections:
    """Second boxes of some detections, a part of the first, less sure."""
    twice = np.flatnonzero(chance.random(len(found.defect_no)) < TWICE)
    second = _those(found, twice)
    middle_m = (second.from_m + second.to_m) / 2
    return replace(second, at_m=middle_m, from_m=middle_m, confidence_pct=0.8 * second.confidence_pct)


def _those(found: Detections, rows: Numbers) -> Detections:
    return Detections(**{name: values[rows] for name, values in vars(found).items()})


def _together(parts: list[Detections]) -> Detections:
    columns = {name: np.concatenate([getattr(part, name) for part in parts]) for name in vars(parts[0])}
    order = np.lexsort((columns["at_m"], columns["slab_no"]))
    return Detections(**{name: values[order] for name, values in columns.items()})


def _as_told(rolled: RollingDay, found: Detections, chance: Chance) -> Detections:
    """Boxes by the inspection's own counter, and a little off; what has no class has no confidence."""
    count, counted = len(found.slab_no), counter(rolled)
    off_m, off_mm = BOX_M * chance.standard_normal((2, count)), BOX_MM * chance.standard_normal((2, count))
    ends = [
        (counted.shows_m(found.slab_no, at_m) + off).clip(min=0)
        for at_m, off in zip((found.from_m, found.to_m), off_m, strict=True)
    ]
    across = [
        (mm + off).clip(min=0) for mm, off in zip((found.from_edge_mm, found.to_edge_mm), off_mm, strict=True)
    ]
    return replace(
        found,
        from_m=np.minimum(*ends),
        to_m=np.maximum(*ends),
        from_edge_mm=np.minimum(*across),
        to_edge_mm=np.maximum(*across),
        confidence_pct=np.where(found.class_no == NO_CLASS, np.nan, np.round(found.confidence_pct)),
    )
