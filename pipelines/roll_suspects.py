"""Which roll makes a mark: the one whose turn, rolled out, is the period on every strip that bears it."""

from collections.abc import Mapping, Sequence
from typing import NamedTuple

import numpy as np

TURN_SHARE = 0.006
"""Standard deviation of a reckoned period: speeds of strip and roll, as they are measured."""

EXPLAINED_SIGMAS = 4.0
CERTAIN = 0.95
POSSIBLE = 0.02


class Turn(NamedTuple):
    """One turn of a roll as it is on the finished strip. ``place``: where the roll is, as F5 top work."""

    place: str
    roll_id: str
    diameter_mm: float
    period_m: float
    rolled_t: float | None


class Seen(NamedTuple):
    """A period that was found on a coil, and the rolls that could have made it."""

    coil_id: str
    period_m: float
    sigma_m: float
    turns: Sequence[Turn]


class Suspect(NamedTuple):
    """A roll, how probable it is among those that explain the mark, and its diameter by the mark."""

    place: str
    roll_id: str
    probability: float
    diameter_mm: float
    by_mark_mm: float
    by_mark_sigma_mm: float
    multiple: int


def suspects(seen: Sequence[Seen]) -> list[Suspect]:
    """The rolls that explain a mark of these coils, the most probable first; none where no roll does.

    A roll's turn and the period differ by what the speeds are wrong, on all coils alike, and by the period's
    own error, coil by coil. Rolls are alike before: what is left is by how many errors each misses. Where a
    turn explains nothing, the period may be two or three turns, as when every other mark is missed.
    """
    by_roll: dict[tuple[str, str], dict[str, Turn]] = {}
    for coil in seen:
        for turn in coil.turns:
            by_roll.setdefault((turn.place, turn.roll_id), {})[coil.coil_id] = turn
    whole = {roll: turns for roll, turns in by_roll.items() if len(turns) == len(seen)}
    for multiple in (1, 2, 3):
        misses = {roll: _miss(seen, turns, multiple) for roll, turns in whole.items()}
        most = EXPLAINED_SIGMAS**2 + 2 * (len(seen) - 1)
        explained = {roll: miss for roll, miss in misses.items() if miss[0] <= most}
        if explained:
            return _ranked(explained, whole, seen, multiple)
    return []


def _miss(seen: Sequence[Seen], turns: Mapping[str, Turn], multiple: int) -> tuple[float, float, float]:
    """Squared errors by which a roll misses the periods; their mean ratio and its standard deviation."""
    ratio = np.array([coil.period_m / (multiple * turns[coil.coil_id].period_m) for coil in seen])
    weight = np.array([(coil.period_m / coil.sigma_m) ** 2 for coil in seen])
    mean = float(np.sum(weight * ratio) / np.sum(weight))
    among = float(np.sum(weight * (ratio - mean) ** 2))
    sigma = float(np.hypot(TURN_SHARE, 1 / np.sqrt(np.sum(weight))))
    return among + ((mean - 1) / sigma) ** 2, mean, sigma


def _ranked(
    explained: Mapping[tuple[str, str], tuple[float, float, float]],
    turns: Mapping[tuple[str, str], Mapping[str, Turn]],
    seen: Sequence[Seen],
    multiple: int,
) -> list[Suspect]:
    least = min(miss for miss, _, _ in explained.values())
    chance = {roll: float(np.exp((least - miss) / 2)) for roll, (miss, _, _) in explained.items()}
    found = []
    for (place, roll_id), (_, ratio, sigma) in explained.items():
        diameter_mm = turns[place, roll_id][seen[0].coil_id].diameter_mm
        share = chance[place, roll_id] / sum(chance.values())
        by_mark_mm = ratio * diameter_mm
        found.append(Suspect(place, roll_id, share, diameter_mm, by_mark_mm, sigma * by_mark_mm, multiple))
    likely = [suspect for suspect in found if suspect.probability >= POSSIBLE]
    return sorted(likely, key=lambda suspect: (-suspect.probability, suspect.place))
