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
    together: dict[tuple[str, float], list[tuple[str, float]]] = {}
    segment_m = float(to_m[0] - from_m[0])
    for flag, flagged in zip(Health._fields, health, strict=True):
        is_delivered = (flagged == 0).any(axis=0) | (flag != "missing")
        some = np.flatnonzero((flagged == 1).any(axis=0) & is_delivered)
        for column in some.tolist():
            for first, end in intervals(flagged[:, column], 0.5, 0.5, gap=int(GAP_M / segment_m)):
                if to_m[end - 1] - from_m[first] >= LEAST_M:
                    begun = together.setdefault((flag, float(from_m[first])), [])
                    begun.append((signals[column], float(to_m[end - 1])))
    return [
        _stretch(strip_no, flag, begins_m, found, segment_m) for (flag, begins_m), found in together.items()
    ]


def _stretch(
    strip_no: int, flag: str, from_m: float, found: Sequence[tuple[str, float]], segment_m: float
) -> Fault:
    signals, ends_m = tuple(name for name, _ in found), max(end_m for _, end_m in found)
    nothing = (0.0,) * len(signals)
    sentence = sensor_sentence(signals, flag, ends_m - from_m)
    return Fault(strip_no, f"{flag} sensor", from_m, ends_m, segment_m, 0.0, None, signals, nothing, sentence)
