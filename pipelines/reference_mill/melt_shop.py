"""The heats that a day's slabs come from, tapped and cast two production days before."""

from dataclasses import dataclass
from datetime import date, timedelta
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from pipelines.reference_mill.grades import ELEMENTS, GRADES
from pipelines.reference_mill.mill import Mill
from pipelines.reference_mill.order_book import Array, Numbers, Slabs, slabs

CAST_DAYS_BEFORE = 2
SLABS_A_HEAT = 8
HEAT_T = 181.0
STRANDS = 4
"""Two casters of two strands; heats go to the casters in turn."""

LADLE_TO_CUT_S, SLAB_S = 4_200.0, 480.0
"""From tapping to the strand's cold end at the torch, and what a slab takes from there."""

ANALYSIS_SPREAD = np.array([0.05, 0.15, 0.025, 0.15, 0.25, 0.10, 0.05, 0.15])
"""Standard deviation of an element from heat to heat, per its mean."""


@dataclass(frozen=True)
class Heats:
    """The heats of a rolling day. Times are seconds from the start of that day, so they are negative."""

    heat_id: tuple[str, ...]
    tapped_s: Array
    grade_no: Numbers
    mass_t: Array
    tapping_temp_c: Array
    superheat_c: Array
    analysis_pct: Array
    """Heat by element (grades.ELEMENTS)."""

    heat_no: Numbers
    """Slab -> heat, slabs in rolling sequence; so are the next four."""

    slab_id: NDArray[np.str_]
    strand: Numbers
    cast_s: Array
    cast_from_m: Array

    def of_slabs(self, element: str) -> Array:
        """An element of the ladle analysis, slab by slab."""
        return self.analysis_pct[self.heat_no, ELEMENTS.index(element)]


@lru_cache(maxsize=8)
def heats(mill: Mill, day: date) -> Heats:
    """Heats, and where each slab of the day was cast."""
    chance = mill.chance(day, "heats")
    program, cast_day = slabs(mill, day), day - timedelta(days=CAST_DAYS_BEFORE)
    cast_order = np.lexsort((np.arange(len(program.grade_no)), program.order_no, program.grade_no))
    heat_no = _heat_of_slabs(program.grade_no, cast_order)
    count = int(heat_no.max()) + 1
    grade_no = np.zeros(count, dtype=np.int64)
    grade_no[heat_no] = program.grade_no
    cast_day_s = (mill.day_start(cast_day) - mill.day_start(day)).total_seconds()
    tapped_s = cast_day_s + _tapping_times(mill.day_length_s(cast_day), count, chance)
    strand, from_m, cast_s = _casting(program, cast_order, heat_no, tapped_s)
    cast_no = np.empty(len(cast_order), dtype=np.int64)
    cast_no[cast_order] = np.arange(1, len(cast_order) + 1)
    mean_pct = np.array([grade.analysis_pct for grade in GRADES])[grade_no]
    return Heats(
        heat_id=tuple(f"H{cast_day:%y%m%d}{no + 1:03d}" for no in range(count)),
        tapped_s=tapped_s,
        grade_no=grade_no,
        mass_t=np.round(chance.normal(HEAT_T, 1.5, count), 1),
        tapping_temp_c=np.round(chance.normal(1645, 9, count)),
        superheat_c=chance.normal(26, 5, count).clip(10, 50).round(),
        analysis_pct=np.round(mean_pct * np.exp(ANALYSIS_SPREAD * chance.standard_normal(mean_pct.shape)), 4),
        heat_no=heat_no,
        slab_id=np.array([f"S{cast_day:%y%m%d}{no:04d}" for no in cast_no]),
        strand=strand,
        cast_s=cast_s,
        cast_from_m=from_m,
    )


def _heat_of_slabs(grade_no: Numbers, cast_order: Numbers) -> Numbers:
    """Slab -> heat: slabs of a grade follow each other at the caster, and a heat has one grade."""
    cast_grade = grade_no[cast_order]
    starts = np.diff(cast_grade, prepend=-1) != 0
    first = np.flatnonzero(starts)[np.cumsum(starts) - 1]
    begins_heat = (np.arange(len(cast_order)) - first) % SLABS_A_HEAT == 0
    heat_no = np.empty(len(cast_order), dtype=np.int64)
    heat_no[cast_order] = np.cumsum(begins_heat) - 1
    return heat_no


def _tapping_times(day_s: float, count: int, chance: np.random.Generator) -> Array:
    interval_s = day_s / count
    return interval_s * (np.arange(count) + 0.5 + chance.uniform(-0.2, 0.2, count))


def _casting(
    program: Slabs, cast_order: Numbers, heat_no: Numbers, tapped_s: Array
) -> tuple[Numbers, Array, Array]:
    """Strand, start on the strand in m, and time of cutting, slab by slab in rolling sequence."""
    count = len(cast_order)
    place = np.arange(count) - np.searchsorted(heat_no[cast_order], heat_no[cast_order])
    strand, from_m, cast_s = np.empty(count, dtype=np.int64), np.empty(count), np.empty(count)
    strand[cast_order] = 1 + 2 * (heat_no[cast_order] % 2) + place % 2
    for no in range(1, STRANDS + 1):
        on_strand = cast_order[strand[cast_order] == no]
        from_m[on_strand] = np.cumsum(program.length_m[on_strand]) - program.length_m[on_strand]
    cast_s[cast_order] = tapped_s[heat_no[cast_order]] + LADLE_TO_CUT_S + SLAB_S * (place // 2 + 1)
    return strand, from_m, cast_s
