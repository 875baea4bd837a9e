"""Where across the strip a defect of a class lies, how big it is and how bad."""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from pipelines.reference_mill.defect_classes import DefectClass
from pipelines.reference_mill.rolling_day import RollingDay

Array = NDArray[np.float64]
Numbers = NDArray[np.int64]
Chance = np.random.Generator

EDGE_MM, MIDDLE_SHARE = 30.0, 0.12
"""How far from an edge what is at the edges lies at most; from the middle what is there, per width."""

SEVERITY_SHARES = (0.40, 0.30, 0.16, 0.09, 0.05)
"""Of the levels from 1, slight."""


class Boxes(NamedTuple):
    """Metres of the hot coil, millimetres from the drive-side edge; boxes end with the strip."""

    from_m: Array
    to_m: Array
    from_edge_mm: Array
    to_edge_mm: Array


def boxes(rolled: RollingDay, kind: DefectClass, slab_no: Numbers, at_m: Array, chance: Chance) -> Boxes:
    """Boxes of defects of a class around places along the strip, somewhere across it."""
    return boxes_at(
        rolled, kind, slab_no, at_m, _across_mm(kind, rolled.true_width_mm[slab_no], chance), chance
    )


def boxes_at(
    rolled: RollingDay, kind: DefectClass, slab_no: Numbers, at_m: Array, across_mm: Array, chance: Chance
) -> Boxes:
    """Boxes of defects of a class around places of the strip."""
    long_m, wide_mm = (_sizes(size, len(at_m), chance) for size in (kind.long_m, kind.wide_mm))
    length_m, width_mm = rolled.length_m[slab_no], rolled.true_width_mm[slab_no]
    return Boxes(
        (at_m - long_m / 2).clip(min=0),
        np.minimum(at_m + long_m / 2, length_m),
        (across_mm - wide_mm / 2).clip(min=0),
        np.minimum(across_mm + wide_mm / 2, width_mm),
    )


def severities(count: int, chance: Chance) -> Numbers:
    """How bad defects are, from 1."""
    return chance.choice(len(SEVERITY_SHARES), count, p=SEVERITY_SHARES) + 1


def _across_mm(kind: DefectClass, width_mm: Array, chance: Chance) -> Array:
    share, spread = chance.random(len(width_mm)), chance.standard_normal(len(width_mm))
    if kind.across == "edges":
        inwards_mm = EDGE_MM * np.abs(spread) / 2
        return np.where(share < 0.5, inwards_mm, width_mm - inwards_mm)
    if kind.across == "middle":
        return width_mm * (0.5 + MIDDLE_SHARE * spread).clip(0.02, 0.98)
    return width_mm * (0.02 + 0.96 * share)


def _sizes(median_and_spread: tuple[float, float], count: int, chance: Chance) -> Array:
    median, spread = median_and_spread
    return median * np.exp(spread * chance.standard_normal(count))
