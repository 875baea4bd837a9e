"""Which heads and tails to believe: those that no more stations deny than tell.

A signal alone cannot say whether its last step is the tail that leaves or, in readings that end early, the
head that arrives. The other stations can: the tail has left none that still has strip, the head has reached
none that has it not yet.
"""

from collections.abc import Mapping

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
    stand = {
        is_head: dict(zip(seen, _stand(is_head, seen, looks, end_m), strict=True))
        for is_head, end_m in ((True, moved_m[0]), (False, moved_m[-1]))
    }
    return {name: [edge for edge in its if stand[edge.is_head][name]] for name, its in seen.items()}


def _stand(
    is_head: bool, seen: Mapping[str, list[Edge]], looks: Mapping[str, Offset], readings_end_m: float
) -> NDArray[np.bool_]:
    """Of each station whether its head, or its tail, stands; true of those that saw none.

    All places are compared where the counter stands, as far apart as late clocks may put them. A row is the
    edge of a station, a column what another station has to say of it.
    """
    own = [next((edge for edge in its if edge.is_head == is_head), None) for its in seen.values()]
    saw, saw_any = (
        np.array([edge is not None for edge in own]),
        np.array([bool(its) for its in seen.values()]),
    )
    edges = np.array([(e.moved_m, e.sigma_m, e.speed_m_s) if e else (readings_end_m, 0, 0) for e in own])
    look = np.array([looks[name] for name in seen])
    strip_to_m = edges[:, 0] + look[:, 0]
    beyond_m = (strip_to_m - strip_to_m[:, None]) * (-1.0 if is_head else 1.0)
    allowed_m = OUTLIER_SIGMAS * np.hypot(look[:, 1], look[:, 1, None])
    allowed_m += (OUTLIER_SIGMAS * edges[:, 1] + LONGEST_SKEW_S * edges[:, 2])[:, None]
    tell_n = (saw & (np.abs(beyond_m) <= allowed_m)).sum(axis=1)
    deny_n = (saw_any & (beyond_m > allowed_m)).sum(axis=1)
    return (tell_n >= deny_n) | ~saw
