"""Patterns of points on a control chart that chance makes seldom: rules of Western Electric and of Nelson.

Western Electric Company (1956), Statistical Quality Control Handbook: the four rules together let a process
in control run for 91.75 points in the mean (Champ and Woodall 1987, Technometrics 29). L. S. Nelson (1984),
The Shewhart control chart: tests for special causes, J. Quality Technology 16: his eight, by his numbers.

Points are how far a value lies from the centre line, in standard deviations, in order along the last axis. A
rule is true at each point that completes its pattern; before the first point there is none.
"""

from collections.abc import Mapping

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]
Truths = NDArray[np.bool_]


def western_electric(points: Array) -> Mapping[str, Truths]:
    """The four rules; those of several points count on one side of the centre.

    >>> found = western_electric(np.array([0, 2.5, 0.3, 2.1, 3.2]))
    >>> {rule: np.flatnonzero(broken).tolist() for rule, broken in found.items() if broken.any()}
    {'Western Electric 1': [4], 'Western Electric 2': [3, 4]}
    """
    return {
        "Western Electric 1": np.abs(points) > 3,
        "Western Electric 2": _on_one_side(points, 2, 2, 3),
        "Western Electric 3": _on_one_side(points, 1, 4, 5),
        "Western Electric 4": _on_one_side(points, 0, 8, 8),
    }


def nelson(points: Array) -> Mapping[str, Truths]:
    """The eight tests, of which the fifth and sixth are the second and third rule of Western Electric.

    >>> [rule for rule, broken in nelson(np.arange(6) / 9).items() if broken.any()]
    ['Nelson 3']
    """
    return {
        "Nelson 1": np.abs(points) > 3,
        "Nelson 2": _on_one_side(points, 0, 9, 9),
        "Nelson 3": _steps(points, 1, 5) | _steps(-points, 1, 5),
        "Nelson 4": _steps(points, -1, 13) | _steps(-points, -1, 13),
        "Nelson 5": _on_one_side(points, 2, 2, 3),
        "Nelson 6": _on_one_side(points, 1, 4, 5),
        "Nelson 7": _of_last(np.abs(points) < 1, 15, 15),
        "Nelson 8": _of_last(np.abs(points) > 1, 8, 8),
    }


def _on_one_side(points: Array, beyond: float, least_n: int, last_n: int) -> Truths:
    above, below = (_of_last(side > beyond, least_n, last_n) for side in (points, -points))
    return above | below


def _of_last(is_so: Truths, least_n: int, last_n: int) -> Truths:
    """True at a point that is so, and so are as many of the last ones, itself among them."""
    counted = np.cumsum(is_so, axis=-1)
    before = np.zeros_like(counted)
    before[..., last_n:] = counted[..., :-last_n]
    return is_so & (counted - before >= least_n)


def _steps(points: Array, then: int, steps_n: int) -> Truths:
    """True where the last steps all went up (``then`` 1), or up and down by turns (-1), ending upwards."""
    goes_up = np.diff(points, axis=-1) > 0
    goes_down = np.diff(points, axis=-1) < 0
    found = np.zeros(points.shape, dtype=bool)
    count = points.shape[-1] - steps_n
    if count > 0:
        found[..., steps_n:] = True
        for back in range(steps_n):
            is_up = then > 0 or back % 2 == 0
            wanted = goes_up if is_up else goes_down
            first = steps_n - 1 - back
            found[..., steps_n:] &= wanted[..., first : first + count]
    return found
