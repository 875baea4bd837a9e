"""What a fault of the process is, and how it disturbs a strip."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]


@dataclass(frozen=True)
class Disturbance:
    """A quantity of a strip is off over a stretch of it: by as much throughout, or swinging by as much.

    Quantities are those of StripProfile, and ``f7_mm`` (thickness made by a moving gap of F7),
    ``f3_force_kn`` and so on, ``gauge_mm`` (thickness made by rolls that no gap reading shows).
    """

    quantity: str
    from_m: float
    to_m: float
    amplitude: float
    period_m: float | None = None
    phase: float = 0.0

    def at(self, place_m: Array) -> Array:
        """By how much the quantity is off at places of the hot coil.

        >>> Disturbance("coiling_k", 10.0, 20.0, 30.0).at(np.array([9.9, 10.0, 20.0])).tolist()
        [0.0, 30.0, 0.0]
        """
        turns = place_m / self.period_m if self.period_m else np.zeros_like(place_m)
        wave = np.cos(2 * np.pi * turns + self.phase)
        return np.where((self.from_m <= place_m) & (place_m < self.to_m), self.amplitude * wave, 0.0)


@dataclass(frozen=True)
class ProcessFault:
    """A fault of one strip; ``strength`` is in the unit of the first of its ``signals``, and so is ``sigma``.

    ``strength`` is an amplitude where there is a ``period_m``, else a difference; a stuck pyrometer has none.
    ``sigma`` is the usual standard deviation of that signal along a strip, noise and wander together.
    Places are metres of the hot coil.
    """

    fault_id: str
    slab_no: int
    kind: str
    step: str
    equipment: str
    cause: str
    from_m: float
    to_m: float
    signals: tuple[str, ...]
    strength: float | None
    sigma: float
    period_m: float | None = None
    disturbances: tuple[Disturbance, ...] = ()
