"""How the strands cast: which metre of a strand is in the mould at which moment."""

from dataclasses import dataclass
from datetime import date, timedelta

import numpy as np
from numpy.typing import NDArray

from pipelines.reference_mill.melt_shop import LADLE_TO_CUT_S, SLAB_S, STRANDS, heats
from pipelines.reference_mill.mill import Mill
from pipelines.reference_mill.order_book import slabs

Array = NDArray[np.float64]
Numbers = NDArray[np.int64]

MOULD_TO_TORCH_S = 1_200.0
LEAST_LADLE_S = 1_800.0
"""From tapping to casting, where the caster waits for the ladle."""

SLOW_SHARE, SLOW_S, SPEEDING_UP_S = 0.75, 180.0, 120.0
"""After a change of ladle a strand casts more slowly, so long, and takes so long to speed up again."""

PACES = (0.86, 1.0)
"""Time that a heat takes on a strand, per what the plan gives it: from one to another as the steel allows."""

SINCE_S = np.arange(0.0, 30_000.0, 5.0)


@dataclass(frozen=True)
class Casts:
    """A heat on a strand, one element each, by strand and time; seconds from the start of the rolling day.

    The strand's counter starts at 0 with the slabs of a rolling day, and is that of their ``cast_from_m``.
    """

    strand: Numbers
    heat_no: Numbers
    from_s: Array
    to_s: Array
    from_m: Array
    to_m: Array
    section_m2: Array

    def metre_at(self, cast: Numbers, time_s: Array) -> Array:
        """The metre of the strand that is in the mould."""
        share = _cast(time_s - self.from_s[cast]) / _cast(self.to_s - self.from_s)[cast]
        return self.from_m[cast] + (self.to_m - self.from_m)[cast] * share

    def second_at(self, cast: Numbers, metre: Array) -> Array:
        """When a metre of the strand is in the mould: the inverse of ``metre_at``, to a tenth of a second."""
        share = (metre - self.from_m[cast]) / (self.to_m - self.from_m)[cast]
        at_full_speed_s = share * _cast(self.to_s - self.from_s)[cast]
        return self.from_s[cast] + np.interp(at_full_speed_s, _cast(SINCE_S), SINCE_S)

    def speed_m_min(self, cast: Numbers, time_s: Array) -> Array:
        """Casting speed."""
        full_m_s = (self.to_m - self.from_m) / _cast(self.to_s - self.from_s)
        risen = np.clip((time_s - self.from_s[cast] - SLOW_S) / SPEEDING_UP_S, 0, 1)
        return 60 * full_m_s[cast] * (SLOW_SHARE + (1 - SLOW_SHARE) * risen)


def _cast(since_s: Array) -> Array:
    """Seconds at full speed that cast as much as so many since the change of ladle."""
    rising_s = np.clip(since_s - SLOW_S, 0, SPEEDING_UP_S)
    gained_s = (1 - SLOW_SHARE) * (rising_s**2 / (2 * SPEEDING_UP_S))
    late_s = np.maximum(since_s - SLOW_S - SPEEDING_UP_S, 0)
    return SLOW_SHARE * np.minimum(since_s, SLOW_S + SPEEDING_UP_S) + gained_s + late_s


def casts(mill: Mill, rolled_on: date) -> Casts:
    """The heats of a rolling day on their strands; none begins before the one ahead of it has ended.

    Where heats follow each other closely, the earlier one goes to the caster sooner.
    """
    next_day = rolled_on + timedelta(days=1)
    day_s = mill.day_length_s(rolled_on)
    following = _casts(mill, next_day, np.full(STRANDS + 1, np.inf))
    begins_s = np.full(STRANDS + 1, np.inf)
    np.minimum.at(begins_s, following.strand, following.from_s + day_s)
    return _casts(mill, rolled_on, begins_s)


def _casts(mill: Mill, rolled_on: date, free_until_s: Array) -> Casts:
    """``free_until_s``: strand -> when the next rolling day's slabs are cast on it."""
    melt, program = heats(mill, rolled_on), slabs(mill, rolled_on)
    ways, of_slab, count = np.unique(
        np.column_stack([melt.strand, melt.heat_no]), axis=0, return_inverse=True, return_counts=True
    )
    of_slab = of_slab.reshape(-1)
    strand, heat_no = ways.T
    from_m, to_m = np.full(len(ways), np.inf), np.zeros(len(ways))
    np.minimum.at(from_m, of_slab, melt.cast_from_m)
    np.maximum.at(to_m, of_slab, melt.cast_from_m + program.length_m)
    section_m2 = np.bincount(of_slab, program.thickness_mm * program.width_mm / 1e6) / count
    tapped_s = melt.tapped_s[heat_no]
    from_s = tapped_s + LADLE_TO_CUT_S - MOULD_TO_TORCH_S
    to_s = from_s + SLAB_S * count * mill.chance(rolled_on, "casting pace").uniform(*PACES, len(ways))
    free_s = free_until_s.copy()
    for no in range(len(ways) - 1, -1, -1):
        late_s = max(to_s[no] - free_s[strand[no]], 0.0)
        from_s[no] = max(from_s[no] - late_s, tapped_s[no] + LEAST_LADLE_S)
        to_s[no] = min(to_s[no] - late_s, free_s[strand[no]])
        free_s[strand[no]] = from_s[no]
    return Casts(strand, heat_no, from_s, to_s, from_m, to_m, section_m2)
