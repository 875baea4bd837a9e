"""A strip that a fault of the process strikes: where a stretch of it lies, and what is usual on it."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from pipelines.reference_mill.casting_readings import LEVEL_NOISE_MM
from pipelines.reference_mill.fault_plan import PlannedFault, between
from pipelines.reference_mill.line import STANDS
from pipelines.reference_mill.process_fault import Disturbance, ProcessFault
from pipelines.reference_mill.rolling_day import RollingDay
from pipelines.reference_mill.slab_places import coil_places_m
from pipelines.reference_mill.strip_profile import (
    COILING_LEAVES,
    COILING_WANDERS_K,
    ENTRY_WANDERS_K,
    FINISHING_WANDERS_K,
    GAUGE_LEAVES_PER_K,
    HARDNESS_WANDERS,
    thickness_wanders_mm,
)
from pipelines.reference_mill.strip_readings import FORCE_NOISE, NOISE

STRETCH_M, MOST_OF_A_STRIP = (60.0, 200.0), 0.35
FORCES = tuple(f"f{no}_force_kn" for no in range(1, STANDS + 1))


@dataclass(frozen=True)
class StruckStrip:
    """A planned fault with the strip that it strikes."""

    rolled: RollingDay
    planned: PlannedFault

    @property
    def no(self) -> int:
        """Its place in the rolling sequence."""
        return self.planned.slab_no

    @property
    def length_m(self) -> float:
        """Of the hot coil."""
        return float(self.rolled.length_m[self.no])

    @property
    def slab_m(self) -> float:
        """Length of its slab."""
        return float(self.rolled.slabs.length_m[self.no])

    @property
    def target_mm(self) -> float:
        """Thickness asked for."""
        return float(self.rolled.strip.thickness_mm[self.no])

    def strong(self, least_and_most: tuple[float, float]) -> float:
        """A strength between two, by the fault's luck."""
        return between(least_and_most, self.planned.how_strong)

    def one_of(self, things: Sequence[str]) -> str:
        """One of some things, by the fault's luck."""
        return things[int(self.planned.which * len(things))]

    def on_coil(self, from_m: float, to_m: float) -> tuple[float, float]:
        """A stretch of the slab as a stretch of the coil, which has nothing beyond its ends."""
        place = coil_places_m(self.rolled, self.no, np.array([from_m, to_m])).clip(0, self.length_m)
        return float(place[0]), float(place[1])

    def stretch(self) -> tuple[float, float]:
        """A stretch of the coil, away from both ends."""
        long_m = min(between(STRETCH_M, self.planned.how_long), MOST_OF_A_STRIP * self.length_m)
        from_m = between((0.05 * self.length_m, 0.95 * self.length_m - long_m), self.planned.where)
        return from_m, from_m + long_m

    def hot(
        self, place: tuple[float, float], kelvin: float, period_m: float | None = None, phase: float = 0.0
    ) -> tuple[Disturbance, ...]:
        """A bar so much hotter, and what gauge control and cooling banks leave of it."""
        by = {
            "entry_k": kelvin,
            "thickness_mm": GAUGE_LEAVES_PER_K * self.target_mm * kelvin,
            "coiling_k": COILING_LEAVES * kelvin,
        }
        return tuple(Disturbance(quantity, *place, value, period_m, phase) for quantity, value in by.items())

    def fault(
        self,
        told: tuple[str, str, str],
        place: tuple[float, float],
        signals: tuple[str, ...],
        strength: float | None,
        period_m: float | None = None,
        disturbances: tuple[Disturbance, ...] = (),
    ) -> ProcessFault:
        """``told``: step, equipment and cause."""
        name, sigma = f"P{self.rolled.day:%y%m%d}{self.planned.number:03d}", self.usual_sigma(signals[0])
        return ProcessFault(
            name, self.no, self.planned.kind, *told, *place, signals, strength, sigma, period_m, disturbances
        )

    def usual_sigma(self, signal: str) -> float:
        """Standard deviation of a signal along a strip in order: noise and wander, skid marks apart."""
        if signal in FORCES:
            force_kn = float(self.rolled.setup.rolling.force_kn[self.no, FORCES.index(signal)])
            return force_kn * float(np.hypot(FORCE_NOISE, HARDNESS_WANDERS))
        if signal == "mould_level_mm":
            return LEVEL_NOISE_MM
        wanders = {
            "entry_temp_c": ENTRY_WANDERS_K,
            "finishing_temp_c": FINISHING_WANDERS_K,
            "coiling_temp_c": COILING_WANDERS_K,
            "thickness_mm": thickness_wanders_mm(self.target_mm),
        }
        return float(np.hypot(NOISE[signal], wanders[signal]))
