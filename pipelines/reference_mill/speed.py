"""How fast a strip runs, from threading to tail-out, and so where it is at each moment.

A place is metres of finished strip behind F7, from the head: before the head is there it is negative. What is
rolled in an earlier stand lies further on, by the volume of the strip between the stands.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from pipelines.reference_mill.line import (
    COILER_BEHIND_F7_M,
    COILING_PYROMETER_BEHIND_F7_M,
    ENTRY_PYROMETER_BEFORE_F1_M,
    FINISHING_PYROMETER_BEHIND_F7_M,
    GAUGES_BEHIND_F7_M,
    STAND_SPACING_M,
    STANDS,
)

Array = NDArray[np.float64]

ACCELERATION_M_S2 = 0.06
DECELERATION_M_S2 = 0.08
FIRST_WRAPS_M = 12.0
"""Strip on the coiler before the mill speeds up."""

SENSORS = ("entry", *(f"F{no}" for no in range(1, STANDS + 1)), "gauges", "finishing", "coiling", "coiler")


@dataclass(frozen=True)
class SpeedCone:
    """Threading, speeding up, running, slowing down, tailing out; arrays are coil by corner (six of them).

    Times are seconds from the head's passing the entry pyrometer; between corners acceleration is constant.
    """

    at_s: Array
    at_m: Array
    speed_m_s: Array


def sensor_offsets_m(bar_mm: Array, exit_mm: Array) -> Array:
    """How much further on along the finished strip a sensor looks than F7 rolls, coil by sensor (SENSORS)."""
    finished_mm = exit_mm[:, -1:]
    between = STAND_SPACING_M * exit_mm[:, :-1] / finished_mm
    stands = np.column_stack([np.cumsum(between[:, ::-1], axis=1)[:, ::-1], np.zeros(len(bar_mm))])
    entry = stands[:, 0] + ENTRY_PYROMETER_BEFORE_F1_M * bar_mm / finished_mm[:, 0]
    behind = -np.array(
        [
            GAUGES_BEHIND_F7_M,
            FINISHING_PYROMETER_BEHIND_F7_M,
            COILING_PYROMETER_BEHIND_F7_M,
            COILER_BEHIND_F7_M,
        ]
    )
    return np.column_stack([entry, stands, np.broadcast_to(behind, (len(bar_mm), len(behind)))])


def speed_cone(threading_m_s: Array, running_m_s: Array, length_m: Array, offsets_m: Array) -> SpeedCone:
    """The speed cone of every coil; a strip too short to speed up runs at threading speed throughout."""
    tail_m = length_m - offsets_m[:, SENSORS.index("F4")]
    coiled_m = np.minimum(COILER_BEHIND_F7_M + FIRST_WRAPS_M, tail_m)
    slowness = 1 / ACCELERATION_M_S2 + 1 / DECELERATION_M_S2
    reachable = np.sqrt(threading_m_s**2 + 2 * 0.8 * (tail_m - coiled_m) / slowness)
    fast = np.minimum(running_m_s, reachable)
    gained = (fast**2 - threading_m_s**2) / 2
    at_m = np.column_stack(
        [
            -offsets_m[:, SENSORS.index("entry")],
            coiled_m,
            coiled_m + gained / ACCELERATION_M_S2,
            tail_m - gained / DECELERATION_M_S2,
            tail_m,
            length_m + COILER_BEHIND_F7_M,
        ]
    )
    speed = np.column_stack([threading_m_s, threading_m_s, fast, fast, threading_m_s, threading_m_s])
    took_s = np.diff(at_m, axis=1) * 2 / (speed[:, 1:] + speed[:, :-1])
    return SpeedCone(np.column_stack([np.zeros(len(fast)), np.cumsum(took_s, axis=1)]), at_m, speed)


def time_at_s(cone: SpeedCone, place_m: Array) -> Array:
    """When F7 rolls a place, one place per coil: seconds from the head at the entry pyrometer."""
    rows = np.arange(len(place_m))
    leg = np.clip((cone.at_m <= place_m[:, None]).sum(axis=1) - 1, 0, cone.at_m.shape[1] - 2)
    way, speed = place_m - cone.at_m[rows, leg], cone.speed_m_s[rows, leg]
    squared = speed**2 + 2 * _acceleration(cone, rows, leg) * way
    return cone.at_s[rows, leg] + 2 * way / (speed + np.sqrt(squared))


def position_at(cone: SpeedCone, coil: int, time_s: Array) -> tuple[Array, Array]:
    """Place rolled in F7 in m and strip speed behind F7 in m/s, of one coil at each of these times."""
    leg = np.clip(np.searchsorted(cone.at_s[coil], time_s, side="right") - 1, 0, cone.at_s.shape[1] - 2)
    since_s, speed = time_s - cone.at_s[coil, leg], cone.speed_m_s[coil, leg]
    acceleration = _acceleration(cone, np.full(len(leg), coil), leg)
    return cone.at_m[coil, leg] + since_s * (
        speed + acceleration * since_s / 2
    ), speed + acceleration * since_s


def _acceleration(cone: SpeedCone, coil: NDArray[np.int64], leg: NDArray[np.int64]) -> Array:
    took_s = cone.at_s[coil, leg + 1] - cone.at_s[coil, leg]
    gained = cone.speed_m_s[coil, leg + 1] - cone.speed_m_s[coil, leg]
    return np.divide(gained, took_s, out=np.zeros(len(leg)), where=took_s > 0)
