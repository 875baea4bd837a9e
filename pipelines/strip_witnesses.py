"""Which heads and tails to believe: those that no more stations deny than tell.

A signal alone cannot say whether its last step is the tail that leaves or, in readings that end early, the
head that arrives. The other stations can: the tail has left none that still has strip, the head has reached
none that has it not yet.
"""

from collections.abc import Mapping
from math import hypot

import numpy as np
from numpy.typing import NDArray

from pipelines.station_offsets import Offset
from pipelines.strip_calibration import LONGEST_SKEW_S, OUTLIER_SIGMAS, Edge

Array = NDArray[np.float64]


def witnessed(
    seen: Mapping[str, list[Edge]], looks: Mapping[str, Offset], moved_m: Array
) -> dict[str, list[Edge]]:
    """Station -> the edges it saw, without those that more stations deny than tell.

    ``moved_m``: the uncalibrated motion at every reading. A station denies a tail where it had strip later,
    as its own tail says or, where it saw only a head, the end of the readings; a head likewise.
    """
    ends_m = {True: float(moved_m[0]), False: float(moved_m[-1])}
    return {
        name: [edge for edge in its if _stands(edge, seen, looks, ends_m[edge.is_head])]
        for name, its in seen.items()
    }


def _stands(
    edge: Edge, seen: Mapping[str, list[Edge]], looks: Mapping[str, Offset], readings_end_m: float
) -> bool:
    """All places are compared where the counter stands, as far apart as late clocks may put them."""
    look, outward = looks[edge.station], -1.0 if edge.is_head else 1.0
    late_m = OUTLIER_SIGMAS * edge.sigma_m + LONGEST_SKEW_S * edge.speed_m_s
    tell_n = deny_n = 0
    for name, its in seen.items():
        same = [other for other in its if other.is_head == edge.is_head]
        strip_to_m = (same[0].moved_m if same else readings_end_m) + looks[name].at_m
        beyond_m = outward * (strip_to_m - edge.moved_m - look.at_m)
        allowed_m = OUTLIER_SIGMAS * hypot(look.sigma_m, looks[name].sigma_m) + late_m
        tell_n += bool(same) and abs(beyond_m) <= allowed_m
        deny_n += bool(its) and beyond_m > allowed_m
    return tell_n >= deny_n
