"""Places on a line that repeat: their period, with its error, and where across the strip they lie."""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]

BAND_MM = 30.0
"""A mark of a roll stays at its distance from the edge, but for shifting rolls and a strip that wanders."""

LEAST_MARKS = 6
SHORTEST_M = 1.0
LEAST_TURNS = 4
STEPS = 8
"""Of the frequency, per one that the length can tell apart."""

FALSE_ALARM = 1e-3
"""Chance that places without a period are said to have one."""

SAME_POWER = 0.6
MOST_OFF = 0.2
"""Of a period: what lies further from its turn is no mark of the same."""

LENGTH_SHARE = 0.001
"""Standard deviation of a piece's length as measured, by which its periods are wrong, too."""


class Repetition(NamedTuple):
    """A period with its standard deviation, and the turn of each place, NaN where it does not repeat."""

    period_m: float
    sigma_m: float
    turn: Array

    @property
    def missed_pct(self) -> float:
        """Share of the turns from the first to the last in which nothing lies."""
        turns = np.unique(self.turn[np.isfinite(self.turn)])
        return float(100 * (1 - len(turns) / (turns[-1] - turns[0] + 1)))


def bands(middle_mm: Array, least: int = LEAST_MARKS) -> list[NDArray[np.bool_]]:
    """Which places lie in each band across the strip that holds many, the fullest band first.

    >>> [band.nonzero()[0].tolist() for band in bands(np.array([100.0, 700, 110, 105, 400]), least=3)]
    [[0, 2, 3]]
    """
    found: list[NDArray[np.bool_]] = []
    left = np.ones(len(middle_mm), bool)
    while True:
        ordered = np.sort(middle_mm[left])
        held = np.searchsorted(ordered, ordered + BAND_MM, side="right") - np.arange(len(ordered))
        if not len(held) or held.max() < least:
            return found
        begins_mm = ordered[held.argmax()]
        band = left & (middle_mm >= begins_mm) & (middle_mm <= begins_mm + BAND_MM)
        found.append(band)
        left &= ~band


def repetition(place_m: Array, length_m: float) -> Repetition | None:
    """The period of places of a strip so long; None where what repeats could be chance.

    Rayleigh's test over all frequencies that the length tells apart: places without a period have
    n R^2 > z with chance exp(-z) at each (Mardia & Jupp, Directional Statistics, 2000, 6.3). Places that
    repeat do so by every whole part of their period, too: the longest period with about the greatest power
    is theirs. The period is the slope of a straight line through places and turns.
    """
    if len(place_m) < LEAST_MARKS:
        return None
    frequency = np.arange(LEAST_TURNS / length_m, 1 / SHORTEST_M, 1 / (STEPS * length_m))
    if not len(frequency):
        return None
    power = np.abs(np.exp(2j * np.pi * np.outer(frequency, place_m)).sum(axis=1)) ** 2 / len(place_m)
    if power.max() < np.log(length_m / SHORTEST_M / FALSE_ALARM):
        return None
    first = int(np.flatnonzero(power >= SAME_POWER * power.max())[0])
    # Up to the crest of that peak.
    last = min(first + 2 * STEPS, len(power))
    return _line(place_m, 1 / float(frequency[first + int(power[first:last].argmax())]), length_m)


def _line(place_m: Array, period_m: float, length_m: float) -> Repetition | None:
    """Slope of places over turns, by least squares; what lies far off its turn is left out."""
    turns = np.exp(2j * np.pi * place_m / period_m)
    start_m = float(np.angle(turns.sum())) / (2 * np.pi) * period_m
    for _ in range(3):
        turn = np.round((place_m - start_m) / period_m)
        off_m = place_m - start_m - turn * period_m
        is_mark = np.abs(off_m) < MOST_OFF * period_m
        if is_mark.sum() < LEAST_MARKS or np.ptp(turn[is_mark]) < LEAST_TURNS - 1:
            return None
        period_m, start_m = (float(value) for value in np.polyfit(turn[is_mark], place_m[is_mark], 1))
    spread_m = np.sqrt(np.sum((turn[is_mark] - turn[is_mark].mean()) ** 2))
    left_m = place_m[is_mark] - start_m - turn[is_mark] * period_m
    slope_m = float(np.sqrt(np.sum(left_m**2) / (is_mark.sum() - 2)) / spread_m)
    sigma_m = float(np.hypot(slope_m, LENGTH_SHARE * period_m))
    return Repetition(period_m, sigma_m, np.where(is_mark, turn, np.nan))
