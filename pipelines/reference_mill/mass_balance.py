"""Where the mass of a slab goes, to the kilogram, and what the scales say of it.

Furnace scale grows by the square root of time (Pilling and Bedworth 1923, J. Inst. Metals 29) with the
activation energy of Paidassi (1958), Acta Metallurgica 6: 169 kJ/mol. It is set to 6.5 kg of iron per square
metre in 190 minutes at 1215 C: about 0.85 % of a slab.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from pipelines.reference_mill.line import DENSITY_T_M3

Array = NDArray[np.float64]
Flags = NDArray[np.bool_]

USUAL_IRON_LOSS_KG_M2, USUAL_STAY_MIN, USUAL_DISCHARGE_C = 6.5, 190.0, 1215.0
HALF_ACTIVATION_K = 169_000 / 8.314 / 2
SECONDARY_SCALE_SHARE = 0.0030
"""Iron lost in scale that grows between the passes and is washed off."""

CROP_FILL = 0.85
"""Tongue and fishtail fill the rectangle around a crop so far."""

SAMPLE_SHARE = 0.08
SLAB_SCALE_T, COIL_SCALE_T, SCRAP_SCALE_T = 0.020, 0.008, 0.002
"""Standard deviation of the scales; they are calibrated, so none is off on average."""

CROP_RECKONING = 0.06
"""Standard deviation of the crop shear's own reckoning, per crop."""


@dataclass(frozen=True)
class MassBalance:
    """True masses in t, one element per slab; slab = all the others together."""

    slab_t: Array
    furnace_scale_t: Array
    """Iron lost in the furnace, not the oxide, which is heavier."""

    secondary_scale_t: Array
    head_crop_t: Array
    tail_crop_t: Array
    sample_t: Array
    cobble_t: Array
    coil_t: Array


@dataclass(frozen=True)
class Weighings:
    """What the scales and the crop shear report of the same masses; NaN where there is nothing to weigh."""

    slab_t: Array
    coil_t: Array
    head_crop_t: Array
    tail_crop_t: Array
    sample_t: Array
    cobble_t: Array
    reckoned_head_crop_t: Array
    reckoned_tail_crop_t: Array


def furnace_iron_loss_kg_m2(stay_min: Array, discharge_c: Array) -> Array:
    """Iron lost per square metre of slab.

    >>> [round(float(furnace_iron_loss_kg_m2(190.0, c)), 2) for c in (1180.0, 1215.0, 1250.0)]
    [5.51, 6.5, 7.6]
    """
    warmer = 1 / (USUAL_DISCHARGE_C + 273.15) - 1 / (np.asarray(discharge_c) + 273.15)
    return (
        USUAL_IRON_LOSS_KG_M2
        * np.sqrt(np.asarray(stay_min) / USUAL_STAY_MIN)
        * np.exp(HALF_ACTIVATION_K * warmer)
    )


def mass_balance(
    slab_t: Array,
    surface_m2: Array,
    stay_min: Array,
    discharge_c: Array,
    bar_section_m2: Array,
    is_cobble: Flags,
    chance: np.random.Generator,
) -> MassBalance:
    """The balance of every slab. A cobbled bar is scrapped with its tail: no tail crop, no sample."""
    count = len(slab_t)
    loss_kg_m2 = furnace_iron_loss_kg_m2(stay_min, discharge_c) * chance.normal(1, 0.05, count)
    furnace_t = loss_kg_m2 * surface_m2 / 1000
    secondary_t = slab_t * SECONDARY_SCALE_SHARE * chance.normal(1, 0.12, count)
    crop_t_m = bar_section_m2 * DENSITY_T_M3 * CROP_FILL
    head_t = crop_t_m * chance.uniform(0.22, 0.42, count)
    tail_t = np.where(is_cobble, 0, crop_t_m * chance.uniform(0.26, 0.48, count))
    is_sampled = (chance.random(count) < SAMPLE_SHARE) & ~is_cobble
    sample_t = np.where(is_sampled, chance.uniform(0.012, 0.030, count), 0)
    rest_t = slab_t - furnace_t - secondary_t - head_t - tail_t - sample_t
    return MassBalance(
        slab_t,
        furnace_t,
        secondary_t,
        head_t,
        tail_t,
        sample_t,
        cobble_t=np.where(is_cobble, rest_t, 0),
        coil_t=np.where(is_cobble, 0, rest_t),
    )


def weighings(masses: MassBalance, chance: np.random.Generator) -> Weighings:
    """What is reported: slabs to 10 kg, coils and scrap to the kilogram."""

    def weighed(true_t: Array, scale_t: float, digits: int) -> Array:
        shown_t = np.round(true_t + scale_t * chance.standard_normal(len(true_t)), digits)
        return np.where(true_t > 0, np.maximum(shown_t, 0), np.nan)

    def reckoned(true_t: Array) -> Array:
        shown_t = np.round(true_t * chance.normal(1, CROP_RECKONING, len(true_t)), 3)
        return np.where(true_t > 0, shown_t, np.nan)

    return Weighings(
        slab_t=weighed(masses.slab_t, SLAB_SCALE_T, 2),
        coil_t=weighed(masses.coil_t, COIL_SCALE_T, 3),
        head_crop_t=weighed(masses.head_crop_t, SCRAP_SCALE_T, 3),
        tail_crop_t=weighed(masses.tail_crop_t, SCRAP_SCALE_T, 3),
        sample_t=weighed(masses.sample_t, SCRAP_SCALE_T, 3),
        cobble_t=weighed(masses.cobble_t, SLAB_SCALE_T, 2),
        reckoned_head_crop_t=reckoned(masses.head_crop_t),
        reckoned_tail_crop_t=reckoned(masses.tail_crop_t),
    )
