"""Stretches of a strip where a sensor was frozen, jumping or missing, from the flags of its segments."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from pipelines.coil_strips import Health
from pipelines.fault_runs import intervals
from pipelines.fault_sentences import sensor_sentence
from pipelines.strip_faults import Fault

Array = NDArray[np.float64]

LEAST_M, GAP_M = 20.0, 10.0
"""A shorter stretch is a bad reading or two, not a sensor; shorter gaps do not end one."""


def sensor_stretches(
    strip_no: int, health: Health, from_m: Array, to_m: Array, signals: Sequence[str]
) -> list[Fault]:
    """The stretches of one strip; signals that begin to be faulty at one place are one stretch.

    A signal without any reading on the whole strip is not delivered, as far as the strip can tell.
    """
    together: dict[tuple[str, float], list[tuple[str, float, float]]] = {}
    segment_m = float(to_m[0] - from_m[0])
    for flag, flagged in zip(Health._fields, health, strict=True):
        is_delivered = (flagged == 0).any(axis=0) | (flag != "missing")
        some = np.flatnonzero((flagged == 1).any(axis=0) & is_delivered)
        for column in some.tolist():
            apart_m = (to_m[-1] - from_m[0]) / np.isfinite(flagged[:, column]).sum()
            for first, end in intervals(flagged[:, column], 0.5, 0.5, gap=int(GAP_M / segment_m)):
                if to_m[end - 1] - from_m[first] >= LEAST_M:
                    begun = together.setdefault((flag, float(from_m[first])), [])
                    begun.append((signals[column], float(to_m[end - 1]), float(apart_m)))
    return [
        _stretch(strip_no, flag, begins_m, found, segment_m) for (flag, begins_m), found in together.items()
    ]


def _stretch(
    strip_no: int, flag: str, from_m: float, found: Sequence[tuple[str, float, float]], segment_m: float
) -> Fault:
    signals, (end_m, apart_m) = tuple(name for name, *_ in found), max(each[1:] for each in found)
    # It fails and comes back anywhere between two readings.
    sigma_m = float(np.hypot(segment_m, apart_m / np.sqrt(3)))
    nothing = (0.0,) * len(signals)
    sentence = sensor_sentence(signals, flag, end_m - from_m)
    return Fault(strip_no, f"{flag} sensor", from_m, end_m, sigma_m, 0.0, None, signals, nothing, sentence)
