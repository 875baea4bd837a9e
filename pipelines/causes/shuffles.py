"""Chance by shuffling: blocks of time change places, and the best cut is looked for anew each time."""

import numpy as np
from numpy.typing import NDArray

from pipelines.causes.background import Background
from pipelines.causes.outcomes import Outcomes
from pipelines.causes.scan import Binned, farthest

SHUFFLES = 199


def shuffled_p(candidate: Binned, of: Outcomes, base: Background, shuffles: int = SHUFFLES) -> float:
    """How often a class (the first of ``of``) is as far from chance on the values of shuffled days.

    Within a stratum each coil takes the value of one of another day; a day's values stay together in their
    order, so what goes on from coil to coil does. Whatever is chosen from the data is chosen again. The same
    data give the same answer.
    """
    seen = farthest(candidate, of, base)
    chance = np.random.default_rng(len(of.day))
    time = np.arange(len(of.day))
    places = np.lexsort((time, base.stratum))
    first = of.day.min()
    beyond = 0
    for _ in range(shuffles):
        turn = chance.permutation(int(np.ptp(of.day)) + 1)
        taken = np.lexsort((time, turn[of.day - first], base.stratum))
        beyond += farthest(candidate._replace(bins=_moved(candidate.bins, places, taken)), of, base) >= seen
    return (1 + beyond) / (1 + shuffles)


def _moved(bins: NDArray[np.int64], places: NDArray[np.int64], taken: NDArray[np.int64]) -> NDArray[np.int64]:
    moved = np.empty_like(bins)
    moved[places] = bins[taken]
    return moved
