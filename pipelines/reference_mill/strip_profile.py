"""What is true of a strip along its length, before any sensor has seen it."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from pipelines.reference_mill.process_fault import Disturbance
from pipelines.reference_mill.rolling_day import RollingDay
from pipelines.reference_mill.slab_places import slab_places_m

Array = NDArray[np.float64]

POINTS = 257
SHARE = np.linspace(0, 1, POINTS)
SKID_SPACING_M = 1.9
"""Of the beams that the slab lies on in the furnace."""

COLD_END_K, COLD_END_SHARE = 16.0, 0.012
WANDERS_OVER_M = 14.0
ENTRY_WANDERS_K, FINISHING_WANDERS_K, COILING_WANDERS_K, HARDNESS_WANDERS = 2.0, 2.5, 4.0, 0.004
GAUGE_LEAVES_PER_K, COILING_LEAVES = -0.0004, 0.25
"""What gauge control leaves of a hotter bar, per thickness, and what the cooling banks leave of it."""


@dataclass(frozen=True)
class StripProfile:
    """Values at places of the finished strip, from head to tail."""

    place_m: Array
    entry_k: Array
    """Bar temperature before F1, less what the set-up reckoned with."""

    hardness: Array
    """Flow stress per what the set-up reckoned with."""

    thickness_mm: Array
    width_mm: Array
    crown_um: Array
    wedge_um: Array
    flatness_iu: Array
    finishing_k: Array
    coiling_k: Array
    """What sprays and cooling banks miss their target by."""

    disturbances: tuple[Disturbance, ...] = ()

    def at(self, name: str, place_m: Array) -> Array:
        """One of the profiles at any places; beyond the ends it stays as at the end."""
        usual = np.interp(place_m, self.place_m, getattr(self, name))
        return usual + self.disturbed(name, place_m)

    def disturbed(self, quantity: str, place_m: Array) -> Array:
        """What faults of the process add to a quantity."""
        off = np.zeros(np.shape(place_m))
        for disturbance in self.disturbances:
            if disturbance.quantity == quantity:
                off += disturbance.at(place_m)
        return off


def thickness_wanders_mm(target_mm: float) -> float:
    """Standard deviation of the slow wander of the thickness."""
    return 0.0022 * target_mm + 0.004


def strip_profile(
    rolled: RollingDay, coil: int, chance: np.random.Generator, disturbances: Sequence[Disturbance] = ()
) -> StripProfile:
    """The profiles of one strip: skid marks, a tail that waited, cold ends, a head before gauge control."""
    behaves, length_m = rolled.behaves, float(rolled.length_m[coil])
    place_m, target_mm = np.linspace(0, length_m, POINTS), rolled.strip.thickness_mm[coil]
    skid_k, head = _skid_k(rolled, coil), np.exp(-place_m / behaves.head_error_m[coil])

    def wander(sigma: float) -> Array:
        knots = max(int(length_m / WANDERS_OVER_M), 4)
        return np.interp(SHARE, np.linspace(0, 1, knots), sigma * chance.standard_normal(knots))

    gauge_mm = behaves.head_error_mm[coil] * head + GAUGE_LEAVES_PER_K * target_mm * skid_k
    return StripProfile(
        place_m,
        entry_k=_entry_k(rolled, coil) + skid_k + wander(ENTRY_WANDERS_K),
        hardness=behaves.hardness[coil] * (1 + wander(HARDNESS_WANDERS)),
        thickness_mm=rolled.true_thickness_mm[coil] + gauge_mm + wander(thickness_wanders_mm(target_mm)),
        width_mm=rolled.true_width_mm[coil] + 3 * head + wander(0.8),
        crown_um=behaves.crown_um[coil] + 6 * head + wander(1.5),
        wedge_um=behaves.wedge_um[coil] + wander(1.5),
        flatness_iu=behaves.flatness_iu[coil] + 12 * head + wander(3.0),
        finishing_k=behaves.finishing_error_k[coil] + wander(FINISHING_WANDERS_K),
        coiling_k=behaves.coiling_error_k[coil]
        - 10 * head
        + COILING_LEAVES * skid_k
        + wander(COILING_WANDERS_K),
        disturbances=tuple(disturbances),
    )


def _skid_k(rolled: RollingDay, coil: int) -> Array:
    """Skid marks: colder where the slab lay on the furnace's beams."""
    beams = slab_places_m(rolled, coil, SHARE * rolled.length_m[coil]) / SKID_SPACING_M
    return rolled.behaves.skid_k[coil] * np.cos(2 * np.pi * beams + rolled.behaves.skid_phase[coil])


def _entry_k(rolled: RollingDay, coil: int) -> Array:
    """The bar against its set-up: as hot as it came, cold at both ends, the tail colder for having waited."""
    head_k = rolled.heated.head_entry_temp_c[coil] - rolled.setup.entry_temp_c[coil]
    cold_ends_k = COLD_END_K * (np.exp(-SHARE / COLD_END_SHARE) + np.exp((SHARE - 1) / COLD_END_SHARE))
    return head_k - rolled.rundown_k[coil] * SHARE - cold_ends_k
