"""The defects that are truly on the strips of a day: by chance, by a cause, or by a roll with a mark."""

from dataclasses import dataclass
from datetime import date
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from pipelines.reference_mill.cause_plan import causes
from pipelines.reference_mill.causes import Cause, extra, families, stretches
from pipelines.reference_mill.defect_boxes import Boxes, boxes, boxes_at, severities
from pipelines.reference_mill.defect_classes import CLASS_NAMES, CLASSES, ROLL_MARK
from pipelines.reference_mill.limit_tables import FAMILIES
from pipelines.reference_mill.mill import Mill
from pipelines.reference_mill.roll_marks import marked, roll_marks
from pipelines.reference_mill.rolling_day import RollingDay, rolling_day

Array = NDArray[np.float64]
Numbers = NDArray[np.int64]
Chance = np.random.Generator

USUAL_SLAB_M, USUAL_COIL_M = 9.3, 680.0
UNEVEN_HEATS, UNEVEN_COILS = 8.0, 1.5
"""Shapes of the gamma distributions by which rates differ from heat to heat, of what is cast, and from coil
to coil: defects come in clusters."""

FAMILIES_DIFFER, DAYS_DIFFER = 0.25, 0.10
"""Standard deviation of the logarithm of the rate between families of grades, and between days."""

WANDERS_MM = 2.0
"""Of a strip from side to side."""


@dataclass(frozen=True)
class Defects:
    """One element per defect, coil by coil; metres of the hot coil, millimetres from the drive side.

    ``cause_no`` counts in ``causes`` of the mill, ``mark_no`` in ``roll_marks`` of the day; -1 is none.
    """

    class_no: Numbers
    slab_no: Numbers
    is_top: NDArray[np.bool_]
    from_m: Array
    to_m: Array
    from_edge_mm: Array
    to_edge_mm: Array
    severity: Numbers
    cause_no: Numbers
    mark_no: Numbers

    def __len__(self) -> int:
        """How many."""
        return len(self.class_no)


@lru_cache(maxsize=4)
def surface_defects(mill: Mill, day: date) -> Defects:
    """All defects of a day; those without a cause are the same whatever causes the mill has."""
    rolled = rolling_day(mill, day)
    parts = [part for no in range(len(CLASSES)) for part in _of_class(rolled, no)]
    parts += [_of_roll(rolled, no) for no in range(len(roll_marks(rolled)))]
    columns = {name: np.concatenate([getattr(part, name) for part in parts]) for name in vars(parts[0])}
    order = np.lexsort((columns["from_m"], columns["slab_no"]))
    return Defects(**{name: values[order] for name, values in columns.items()})


def usual(rolled: RollingDay, class_no: int) -> Array:
    """How many defects of a class each coil is to have without a cause; cobbled slabs have none."""
    mill, kind = rolled.mill, CLASSES[class_no]
    chance = mill.chance(rolled.day, "uneven defects", class_no)
    heat = chance.gamma(UNEVEN_HEATS, 1 / UNEVEN_HEATS, len(rolled.heats.heat_id))[rolled.heats.heat_no]
    coil = chance.gamma(UNEVEN_COILS, 1 / UNEVEN_COILS, len(rolled.length_m))
    prone = np.exp(FAMILIES_DIFFER * mill.lasting_chance("prone", class_no).standard_normal(len(FAMILIES)))
    of_family = prone[[FAMILIES.index(name) for name in families(rolled)]]
    size = rolled.slabs.length_m / USUAL_SLAB_M if kind.is_cast else rolled.length_m / USUAL_COIL_M
    of_day = np.exp(DAYS_DIFFER * chance.standard_normal())
    uneven = coil * heat if kind.is_cast else coil
    return kind.usual_a_coil * size * of_family * of_day * uneven * ~rolled.schedule.is_cobble


def _of_class(rolled: RollingDay, class_no: int) -> list[Defects]:
    """By chance, and by the cause that the class may have."""
    mill, expected = rolled.mill, usual(rolled, class_no)
    chance = mill.chance(rolled.day, "defects", class_no)
    slab_no = _repeated(chance.poisson(expected))
    place_m = chance.random(len(slab_no)) * rolled.length_m[slab_no]
    is_top = chance.random(len(slab_no)) < CLASSES[class_no].top_share
    box = boxes(rolled, CLASSES[class_no], slab_no, place_m, chance)
    found = [_defects(class_no, slab_no, is_top, box, chance)]
    named = [no for no, cause in enumerate(causes(mill)) if cause.defect_class == CLASS_NAMES[class_no]]
    return found + [_caused(rolled, class_no, cause_no, expected) for cause_no in named]


def _caused(rolled: RollingDay, class_no: int, cause_no: int, expected: Array) -> Defects:
    """Anywhere along the coil, or on the metres where the cause acts."""
    cause, kind = causes(rolled.mill)[cause_no], CLASSES[class_no]
    chance = rolled.mill.chance(rolled.day, "caused defects", class_no)
    slab_no = _repeated(chance.poisson(expected * extra(cause, rolled)))
    place_m = chance.random(len(slab_no)) * rolled.length_m[slab_no]
    if cause.fault:
        place_m = _where_it_acts(rolled, cause, slab_no, chance)
    is_top = chance.random(len(slab_no)) < kind.top_share
    if cause.side:
        is_top = np.full(len(slab_no), cause.side == "top")
    box = boxes(rolled, kind, slab_no, place_m, chance)
    return _defects(class_no, slab_no, is_top, box, chance, cause_no=cause_no)


def _where_it_acts(rolled: RollingDay, cause: Cause, slab_no: Numbers, chance: Chance) -> Array:
    """On the stretch of the slab's fault; of skid marks, on the colder half of each."""
    acting, luck = stretches(cause, rolled), chance.random((2, len(slab_no)))
    faults = [acting[no] for no in slab_no.tolist()]
    from_m, to_m = (np.array([getattr(fault, end) for fault in faults]) for end in ("from_m", "to_m"))
    place_m = from_m + luck[0] * (to_m - from_m)
    if cause.fault != "skid marks":
        return place_m
    period_m = np.array([fault.period_m for fault in faults])
    phase = np.array([fault.disturbances[0].phase for fault in faults])
    # The added wave is lowest half a turn from its crest; a quarter of a turn around it is the colder half.
    coldest_m = period_m * (0.5 - phase / (2 * np.pi))
    turns = np.round((place_m - coldest_m) / period_m)
    return (coldest_m + (turns + (luck[1] - 0.5) / 2) * period_m).clip(from_m, to_m)


def _of_roll(rolled: RollingDay, mark_no: int) -> Defects:
    mark = roll_marks(rolled)[mark_no]
    marks, chance = marked(rolled, mark), rolled.mill.chance(rolled.day, f"sizes {mark.mark_id}")
    slab_no, from_edge_mm = marks.slab_no, np.zeros(len(rolled.length_m))
    from_edge_mm[marks.coils] = marks.from_edge_mm
    across_mm = from_edge_mm[slab_no] + WANDERS_MM * chance.standard_normal(len(slab_no))
    box = boxes_at(rolled, CLASSES[ROLL_MARK], slab_no, marks.at_m, across_mm, chance)
    is_top = np.full(len(slab_no), mark.side == "top")
    return _defects(ROLL_MARK, slab_no, is_top, box, chance, mark_no=mark_no)


def _repeated(count: Numbers) -> Numbers:
    """The slab of each defect, from how many each slab has."""
    return np.repeat(np.arange(len(count)), count)


def _defects(
    class_no: int,
    slab_no: Numbers,
    is_top: NDArray[np.bool_],
    box: Boxes,
    chance: Chance,
    *,
    cause_no: int = -1,
    mark_no: int = -1,
) -> Defects:
    class_nos, cause_nos, mark_nos = (np.full(len(slab_no), no) for no in (class_no, cause_no, mark_no))
    return Defects(class_nos, slab_no, is_top, *box, severities(len(slab_no), chance), cause_nos, mark_nos)
