"""Set-up of the finishing mill: thickness, speed, temperature, force and gap of every stand, coil by coil."""

from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import ArrayLike, NDArray

from pipelines.reference_mill.heat_balance import (
    contact_loss_k,
    deformation_gain_k,
    radiation_loss_k,
    water_loss_k,
)
from pipelines.reference_mill.line import (
    DENSITY_T_M3,
    ENTRY_PYROMETER_BEFORE_F1_M,
    FINISHING_PYROMETER_BEHIND_F7_M,
    MILL_MODULUS_KN_MM,
    STAND_SPACING_M,
    STANDS,
    ZERO_FORCE_KN,
)
from pipelines.reference_mill.roll_force import RollPass, flow_stress_mpa, roll_pass

Array = NDArray[np.float64]

STRAIN_SHARES = np.array([0.195, 0.185, 0.165, 0.150, 0.125, 0.105, 0.075])
"""Of the whole logarithmic strain, stand by stand: the last stands shape the strip and reduce it little."""

SPRAYED_M = 0.4
"""Of the way from stand to stand that lies under water."""

MASS_FLOW_T_H = (700.0, 1_200.0)
FASTEST_M_S = 12.5
FASTEST_THREADING_M_S = 10.5
HOTTEST_BAR_C, COLDEST_BAR_C = 1110.0, 940.0
NO_RECRYSTALLISATION_NB_PCT = 0.015
"""Steels with more niobium than this keep strain between the last stands."""

USUAL_SLOPE = 0.6
"""Share of the force that goes when the strip leaves thicker by the whole draft."""


@dataclass(frozen=True)
class Strip:
    """What the finishing mill is asked to make, one element per coil."""

    thickness_mm: Array
    width_mm: Array
    finishing_temp_c: Array
    c_pct: Array
    mn_pct: Array
    nb_pct: Array
    work_roll_radius_mm: Array
    """Coil by stand."""


@dataclass(frozen=True)
class FinishingSetup:
    """The set-up at threading speed; two-dimensional arrays are coil by stand."""

    bar_mm: Array
    exit_mm: Array
    threading_m_s: Array
    running_m_s: Array
    entry_temp_c: Array
    stand_temp_c: Array
    finishing_temp_c: Array
    rolling: RollPass
    roll_speed_m_s: Array
    gap_mm: Array
    stand_k_per_entry_k: Array
    stand_k_per_speed: Array
    """Kelvin at the stand per unit of ln(speed). Of both, an eighth column is the finishing temperature."""

    @cached_property
    def draft_mm(self) -> Array:
        """By how much each stand thins the strip, coil by stand."""
        return np.column_stack([self.bar_mm, self.exit_mm[:, :-1]]) - self.exit_mm


def running_mass_flow_t_h(thickness_mm: ArrayLike, width_mm: ArrayLike) -> Array:
    """What drives and run-out table allow, 700 to 1,200 t/h: thin strip is bound by speed, thick by torque.

    >>> [round(float(running_mass_flow_t_h(h, 1250.0))) for h in (2.0, 4.0, 10.0)]
    [780, 926, 1059]
    """
    of_usual_width = 780 + 300 * (1 - np.exp(-(np.asarray(thickness_mm) - 2) / 3))
    return np.clip(of_usual_width * np.sqrt(np.asarray(width_mm) / 1250), *MASS_FLOW_T_H)


def exit_thicknesses_mm(bar_mm: Array, thickness_mm: Array) -> Array:
    """Exit thickness, coil by stand."""
    whole_strain = np.log(bar_mm / thickness_mm)
    return bar_mm[:, None] * np.exp(-whole_strain[:, None] * np.cumsum(STRAIN_SHARES))


def finishing_setup(strip: Strip) -> FinishingSetup:
    """The set-up that finishes every coil at its temperature, as far as bars of 940 to 1,110 C allow."""
    bar_mm = 34 + 0.5 * strip.thickness_mm
    exit_mm = exit_thicknesses_mm(bar_mm, strip.thickness_mm)
    running = _running_speed_m_s(strip)
    threading = np.minimum(0.85 * running, FASTEST_THREADING_M_S)
    entry_c = _entry_temp_c(strip, bar_mm, exit_mm, threading)
    temp_c = _temperatures_c(strip, bar_mm, exit_mm, threading, entry_c)
    warmer = _temperatures_c(strip, bar_mm, exit_mm, threading, entry_c + 10)
    faster = _temperatures_c(strip, bar_mm, exit_mm, threading * 1.1, entry_c)
    rolling = _rolling(strip, bar_mm, exit_mm, threading, temp_c[:, :STANDS])
    strip_speed = (threading * strip.thickness_mm)[:, None] / exit_mm
    return FinishingSetup(
        bar_mm,
        exit_mm,
        threading,
        running,
        entry_c,
        temp_c[:, :STANDS],
        temp_c[:, STANDS],
        rolling,
        roll_speed_m_s=strip_speed / (1 + rolling.forward_slip),
        gap_mm=exit_mm - (rolling.force_kn - ZERO_FORCE_KN) / MILL_MODULUS_KN_MM,
        stand_k_per_entry_k=(warmer - temp_c) / 10,
        stand_k_per_speed=(faster - temp_c) / np.log(1.1),
    )


def _running_speed_m_s(strip: Strip) -> Array:
    section_m2 = strip.thickness_mm * strip.width_mm / 1e6
    flow_t_h = running_mass_flow_t_h(strip.thickness_mm, strip.width_mm)
    return np.minimum(flow_t_h / 3600 / DENSITY_T_M3 / section_m2, FASTEST_M_S)


def _entry_temp_c(strip: Strip, bar_mm: Array, exit_mm: Array, threading_m_s: Array) -> Array:
    """The bar temperature before F1 that ends at the finishing temperature asked for."""
    entry_c = np.full_like(bar_mm, 1040.0)
    usual_k_per_k = 0.6
    for _ in range(8):
        finishing_c = _temperatures_c(strip, bar_mm, exit_mm, threading_m_s, entry_c)[:, STANDS]
        entry_c = np.clip(
            entry_c + (strip.finishing_temp_c - finishing_c) / usual_k_per_k, COLDEST_BAR_C, HOTTEST_BAR_C
        )
    return entry_c


def _temperatures_c(
    strip: Strip, bar_mm: Array, exit_mm: Array, exit_speed_m_s: Array, entry_c: Array
) -> Array:
    """Strip temperature in every stand and, as an eighth column, at the pyrometer behind F7."""
    entry_mm = np.column_stack([bar_mm, exit_mm[:, :-1]])
    flow_mm_m_s = exit_speed_m_s * strip.thickness_mm
    temp_c, in_stands = entry_c, []
    for no in range(STANDS):
        way_m = STAND_SPACING_M if no else ENTRY_PYROMETER_BEFORE_F1_M
        speed_m_s = flow_mm_m_s / entry_mm[:, no]
        temp_c = temp_c - radiation_loss_k(temp_c, way_m / speed_m_s, entry_mm[:, no])
        temp_c = temp_c - water_loss_k(temp_c, SPRAYED_M / speed_m_s, entry_mm[:, no])
        in_stands.append(temp_c)
        temp_c = temp_c + _pass_gain_k(strip, no, entry_mm[:, no], exit_mm[:, no], flow_mm_m_s, temp_c)
    way_s = FINISHING_PYROMETER_BEHIND_F7_M / exit_speed_m_s
    finishing_c = temp_c - radiation_loss_k(temp_c, way_s, strip.thickness_mm)
    return np.column_stack([*in_stands, finishing_c])


def _pass_gain_k(
    strip: Strip, no: int, entry_mm: Array, exit_mm: Array, flow_mm_m_s: Array, temp_c: Array
) -> Array:
    """Heat of deformation less what the rolls take, along the arc of rolls flattened by a tenth."""
    strain, roll_m_s = np.log(entry_mm / exit_mm), flow_mm_m_s / exit_mm
    contact_mm = np.sqrt(1.1 * strip.work_roll_radius_mm[:, no] * (entry_mm - exit_mm))
    rate_s = 1000 * roll_m_s / contact_mm * strain
    stress_mpa = flow_stress_mpa(temp_c, strain, rate_s, strip.c_pct, strip.mn_pct, strip.nb_pct)
    lost_k = contact_loss_k(temp_c, contact_mm, roll_m_s, (entry_mm + exit_mm) / 2)
    return deformation_gain_k(stress_mpa, strain) - lost_k


def _rolling(strip: Strip, bar_mm: Array, exit_mm: Array, exit_speed_m_s: Array, temp_c: Array) -> RollPass:
    entry_mm = np.column_stack([bar_mm, exit_mm[:, :-1]])
    strain = np.log(entry_mm / exit_mm)
    roll_m_s = (exit_speed_m_s * strip.thickness_mm)[:, None] / exit_mm
    keeps = (strip.nb_pct > NO_RECRYSTALLISATION_NB_PCT)[:, None] * np.array([0, 0, 0, 0, 0.3, 0.5, 0.6])
    retained = keeps * np.column_stack([np.zeros(len(strain)), strain[:, :-1]])
    return roll_pass(
        entry_mm,
        exit_mm,
        strip.width_mm[:, None],
        strip.work_roll_radius_mm,
        roll_m_s,
        temp_c,
        strip.c_pct[:, None],
        strip.mn_pct[:, None],
        strip.nb_pct[:, None],
        retained,
    )
