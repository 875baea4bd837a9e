"""From the furnace to F1: how hot a slab is discharged, how its bar is rolled and how long it waits."""

from dataclasses import dataclass
from math import ceil

import numpy as np
from numpy.typing import NDArray

from pipelines.reference_mill.finishing import FinishingSetup
from pipelines.reference_mill.heat_balance import radiation_loss_k
from pipelines.reference_mill.melt_shop import Heats
from pipelines.reference_mill.mill import Mill
from pipelines.reference_mill.order_book import Slabs
from pipelines.reference_mill.roughing import Rough, RoughingPasses, discharge_temp_c, roughing_passes

Array = NDArray[np.float64]

USUAL_TRANSPORT_S, LEAST_TRANSPORT_S, LONGEST_TRANSPORT_S = 24.0, 18.0, 110.0
COILS_A_FURNACE = 160
BAR_OVER_STRIP_MM = 6.0
"""The finishing mill draws the strip in by so much."""


@dataclass(frozen=True)
class Reheated:
    """One element per slab."""

    stay_min: Array
    discharge_temp_c: Array
    passes: RoughingPasses
    to_f1_s: Array
    """From discharge to the head in F1."""

    head_entry_temp_c: Array
    bar_cools_k_s: Array


def reheated(program: Slabs, melt: Heats, setup: FinishingSetup, chance: np.random.Generator) -> Reheated:
    """The furnace aims at the bar that F1 needs and misses it by some kelvin; too hot a bar waits."""
    count = len(program.mass_t)
    rough = Rough(
        program.thickness_mm,
        program.width_mm,
        program.length_m,
        setup.bar_mm,
        program.target_width_mm + BAR_OVER_STRIP_MM,
        melt.of_slabs("c"),
        melt.of_slabs("mn"),
        melt.of_slabs("nb"),
    )
    cools_k_s = radiation_loss_k(setup.entry_temp_c, 1.0, setup.bar_mm)
    aim_c = discharge_temp_c(rough, setup.entry_temp_c + USUAL_TRANSPORT_S * cools_k_s)
    discharged_c = aim_c + chance.normal(0, 7, count)
    passes = roughing_passes(rough, discharged_c)
    believed_c = passes.bar_temp_c + chance.normal(0, 4, count)
    transport_s = np.clip(
        (believed_c - setup.entry_temp_c) / cools_k_s, LEAST_TRANSPORT_S, LONGEST_TRANSPORT_S
    )
    return Reheated(
        stay_min=chance.uniform(165, 215, count),
        discharge_temp_c=discharged_c,
        passes=passes,
        to_f1_s=np.nanmax(passes.ended_s, axis=1) + transport_s,
        head_entry_temp_c=passes.bar_temp_c - transport_s * cools_k_s,
        bar_cools_k_s=cools_k_s,
    )


def furnaces(mill: Mill, count: int) -> list[str]:
    """The furnace of each slab of the sequence: as many are lit as the day needs, two slabs of each in turn.

    Two, so that a furnace has no coiler of its own: those take turns with every strip.
    """
    lit = ceil(mill.coils_a_day / COILS_A_FURNACE)
    return [f"RF{1 + no // 2 % lit}" for no in range(count)]
