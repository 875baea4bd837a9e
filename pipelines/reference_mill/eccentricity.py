"""A backup roll out of round: what it does to force and thickness, stand by stand.

A gap that opens by s lets the strip leave thicker by s M / (M + Q) with a force that is less by
s M Q / (M + Q): M is the mill modulus, Q the force that a millimetre less of exit thickness takes. The stands
behind keep their gaps: strip thicker by H leaves them thicker by H Q / (M + Q). No gap reading shows it.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from pipelines.reference_mill.finishing import USUAL_SLOPE
from pipelines.reference_mill.line import MILL_MODULUS_KN_MM, STANDS
from pipelines.reference_mill.process_fault import Disturbance
from pipelines.reference_mill.rolling_day import RollingDay
from pipelines.reference_mill.rolls import Roll

Array = NDArray[np.float64]


@dataclass(frozen=True)
class Eccentricity:
    """A roll of a stand whose gap opens and closes by so much as it turns."""

    stand: int
    roll: Roll
    amplitude_mm: float


def period_m(rolled: RollingDay, stand: int, roll: Roll) -> Array:
    """What a turn of a roll becomes of each finished strip: pi D, forward slip, what is still rolled out.

    A backup roll turns without slip on its work roll.
    """
    setup, turn_m = rolled.setup, np.pi * roll.diameter_mm / 1000
    thinned = setup.exit_mm[:, stand - 1] / setup.exit_mm[:, -1]
    period: Array = turn_m * (1 + setup.rolling.forward_slip[:, stand - 1]) * thinned
    return period


def eccentric(rolled: RollingDay, slab_no: int, odd: Eccentricity, phase: float) -> tuple[Disturbance, ...]:
    """Forces of the stand and of those behind it, and the thickness behind the last, over the whole strip."""
    slope_kn_mm = USUAL_SLOPE * rolled.setup.rolling.force_kn[slab_no] / rolled.setup.draft_mm[slab_no]
    kept = slope_kn_mm / (MILL_MODULUS_KN_MM + slope_kn_mm)
    thicker_mm = odd.amplitude_mm * (1 - kept[odd.stand - 1])
    amplitudes = {f"f{odd.stand}_force_kn": -slope_kn_mm[odd.stand - 1] * thicker_mm}
    for behind in range(odd.stand, STANDS):
        thicker_mm *= kept[behind]
        amplitudes[f"f{behind + 1}_force_kn"] = MILL_MODULUS_KN_MM[behind] * thicker_mm
    amplitudes["gauge_mm"] = thicker_mm
    whole = (0.0, float(rolled.length_m[slab_no]))
    turn_m = float(period_m(rolled, odd.stand, odd.roll)[slab_no])
    return tuple(
        Disturbance(quantity, *whole, float(value), turn_m, phase) for quantity, value in amplitudes.items()
    )
