"""The roughing mill: five to seven passes from slab to transfer bar, with force and temperature."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from pipelines.reference_mill.heat_balance import (
    DESCALING_W_M2K,
    contact_loss_k,
    deformation_gain_k,
    radiation_loss_k,
    water_loss_k,
)
from pipelines.reference_mill.line import ROUGHING_ROLL_MM
from pipelines.reference_mill.roll_force import RollPass, roll_pass

Array = NDArray[np.float64]

MOST_PASSES = 7
STRAIN_SHARES = {
    5: (0.17, 0.20, 0.21, 0.22, 0.20),
    6: (0.13, 0.16, 0.17, 0.18, 0.19, 0.17),
    7: (0.11, 0.13, 0.14, 0.15, 0.16, 0.16, 0.15),
}
SPEED_M_S = (2.0, 2.4, 2.9, 3.5, 4.0, 4.4, 4.6)
REVERSAL_S = 4.5
FURNACE_TO_R1_S = 22.0
DESCALED_M = 0.5
HOTTEST_DISCHARGE_C, COLDEST_DISCHARGE_C = 1265.0, 1140.0
SURFACE_K_PER_MM = 0.16
"""How much colder the surface is than the mean, per millimetre of thickness."""


@dataclass(frozen=True)
class Rough:
    """What the roughing mill is asked to make, one element per slab."""

    slab_mm: Array
    slab_width_mm: Array
    slab_m: Array
    bar_mm: Array
    bar_width_mm: Array
    c_pct: Array
    mn_pct: Array
    nb_pct: Array


@dataclass(frozen=True)
class RoughingPasses:
    """Slab by pass; a pass that a slab does not take is NaN. ``ended_s`` counts from discharge."""

    exit_mm: Array
    exit_width_mm: Array
    speed_m_s: Array
    force_kn: Array
    work_kwh: Array
    surface_temp_c: Array
    ended_s: Array
    bar_temp_c: Array
    """Mean temperature of the bar after the last pass, slab by slab."""


def passes_of(slab_mm: Array) -> NDArray[np.int64]:
    """Five passes for slabs of 210 mm, six for 230, seven for 250.

    >>> passes_of(np.array([209.2, 230.4, 250.0]))
    array([5, 6, 7])
    """
    return np.clip(np.round((slab_mm - 110) / 20), 5, MOST_PASSES).astype(np.int64)


def roughing_passes(rough: Rough, discharge_temp_c: Array) -> RoughingPasses:
    """The passes of every slab, discharged from the furnace at a mean temperature."""
    passes, count = passes_of(rough.slab_mm), len(rough.slab_mm)
    columns = {name: np.full((count, MOST_PASSES), np.nan) for name in _BY_PASS}
    speed = np.array(SPEED_M_S)
    temp_c = discharge_temp_c - radiation_loss_k(discharge_temp_c, FURNACE_TO_R1_S, rough.slab_mm)
    entry_mm, ended_s = rough.slab_mm, np.full(count, FURNACE_TO_R1_S)
    for no in range(MOST_PASSES):
        takes = passes > no
        exit_mm = np.where(takes, entry_mm * np.exp(-_strain(rough, passes, no)), entry_mm)
        length_m = rough.slab_m * rough.slab_mm / exit_mm
        took_s = length_m / speed[no]
        rolled, temp_c = _rolled(rough, takes, entry_mm, exit_mm, temp_c, speed[no], took_s)
        ended_s = ended_s + np.where(takes, took_s, 0)
        work_kwh = rolled.torque_knm * speed[no] / (ROUGHING_ROLL_MM / 2000) * took_s / 3600
        surface_c = temp_c - SURFACE_K_PER_MM * exit_mm
        width_mm = rough.slab_width_mm + (rough.bar_width_mm - rough.slab_width_mm) * (no + 1) / passes
        values = (exit_mm, width_mm, speed[no], rolled.force_kn, work_kwh, surface_c, ended_s)
        for name, value in zip(_BY_PASS, values, strict=True):
            columns[name][:, no] = np.where(takes, value, np.nan)
        entry_mm, ended_s = exit_mm, ended_s + np.where(passes > no + 1, REVERSAL_S, 0)
    return RoughingPasses(**columns, bar_temp_c=temp_c)


_BY_PASS = ("exit_mm", "exit_width_mm", "speed_m_s", "force_kn", "work_kwh", "surface_temp_c", "ended_s")


def _strain(rough: Rough, passes: NDArray[np.int64], no: int) -> Array:
    share = {count: shares[no] if no < count else 0.0 for count, shares in STRAIN_SHARES.items()}
    return np.vectorize(share.get, otypes=[float])(passes) * np.log(rough.slab_mm / rough.bar_mm)


def _rolled(
    rough: Rough,
    takes: NDArray[np.bool_],
    entry_mm: Array,
    exit_mm: Array,
    temp_c: Array,
    speed_m_s: float,
    took_s: Array,
) -> tuple[RollPass, Array]:
    """The pass, and the temperature after it; a slab that does not take it stays as it is."""
    safe_exit_mm = np.where(takes, exit_mm, 0.8 * entry_mm)
    descaled_c = temp_c - water_loss_k(temp_c, DESCALED_M / speed_m_s, entry_mm, DESCALING_W_M2K)
    rolled = roll_pass(
        entry_mm,
        safe_exit_mm,
        rough.slab_width_mm,
        np.full_like(entry_mm, ROUGHING_ROLL_MM / 2),
        np.full_like(entry_mm, speed_m_s),
        descaled_c,
        rough.c_pct,
        rough.mn_pct,
        rough.nb_pct,
    )
    gain_k = deformation_gain_k(rolled.flow_stress_mpa, np.log(entry_mm / safe_exit_mm))
    lost_k = contact_loss_k(descaled_c, rolled.contact_length_mm, speed_m_s, (entry_mm + safe_exit_mm) / 2)
    air_k = radiation_loss_k(descaled_c, took_s + REVERSAL_S, safe_exit_mm)
    return rolled, np.where(takes, descaled_c + gain_k - lost_k - air_k, temp_c)


def discharge_temp_c(rough: Rough, bar_temp_c: Array) -> Array:
    """The discharge temperature that gives the bar its temperature, as far as the furnace goes."""
    wanted_c = bar_temp_c + 60
    for _ in range(4):
        reached_c = roughing_passes(rough, wanted_c).bar_temp_c
        wanted_c = np.clip(wanted_c + bar_temp_c - reached_c, COLDEST_DISCHARGE_C, HOTTEST_DISCHARGE_C)
    return wanted_c
