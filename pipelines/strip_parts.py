"""Head, speed-up, body and tail of a strip: they are rolled differently, and are judged apart."""

import numpy as np
from numpy.typing import NDArray

from schemas.core.coil_parts import PARTS

Array = NDArray[np.float64]

END_M = 15.0
"""Of head and tail: what is rolled before the loopers hold and after the first stand has let go."""

MOST_END_SHARE = 0.1
RUNS_SHARE = 0.97
"""A strip runs once it has this share of its running speed: the median of the middle half."""


def parts(from_m: Array, to_m: Array, speed: Array | None = None) -> NDArray[np.int8]:
    """The part of each segment of one coil, by number in ``PARTS``.

    ``speed``: of the strip, segment by segment, in any unit, NaN where not measured. What is slower than it
    runs, from the head on, is speed-up; without a speed there is none.

    >>> from_m = np.arange(0.0, 400.0, 50.0)
    >>> speed = np.array([5.0, 6.0, 8.0, 10.0, 10.0, 10.0, 10.0, 7.0])
    >>> [PARTS[no] for no in parts(from_m, from_m + 50, speed)]
    ['head', 'speed-up', 'speed-up', 'body', 'body', 'body', 'body', 'tail']
    """
    middle_m, length_m = (from_m + to_m) / 2, float(to_m[-1])
    end_m = min(END_M, MOST_END_SHARE * length_m)
    found = np.full(len(from_m), PARTS.index("body"), np.int8)
    if speed is not None:
        found[: _runs_from(speed)] = PARTS.index("speed-up")
    # A segment that is longer than an end is the end all the same: each coil has a head and a tail.
    found[(middle_m < end_m) | (from_m <= 0)] = PARTS.index("head")
    found[(middle_m >= length_m - end_m) | (to_m >= length_m)] = PARTS.index("tail")
    return found


def _runs_from(speed: Array) -> int:
    """The first segment at running speed; 0 where no speed was measured in the middle."""
    middle = speed[len(speed) // 4 : len(speed) - len(speed) // 4]
    if not np.isfinite(middle).any():
        return 0
    runs = np.flatnonzero(speed >= RUNS_SHARE * np.nanmedian(middle))
    return int(runs[0]) if len(runs) else 0
