"""Least squares on what the stations see of head and tail: how far it ran, where and when each looks."""

from math import hypot, sqrt
from typing import NamedTuple

import numpy as np
from numba import float64, njit, types
from numpy.typing import NDArray

from pipelines.station_offsets import Offset
from pipelines.strip_motion import SPEED_SHARE, Motion

Array = NDArray[np.float64]

_NUMBERS, _TABLE = (types.Array(float64, dimensions, "A", readonly=True) for dimensions in (1, 2))

LENGTH_SHARE = 0.0006
"""Of a measured length or a counter, one standard deviation: a measuring roll of 500 mm worn by 0.3."""

COUNTER_STARTS_M = 0.2
"""How near to the head the counter starts."""

SPEED_SCALE_SHARE = 0.1
"""Of a speed that no counter has calibrated: a roll speed lacks the slip."""

UNKNOWN_M = 1e5

OUTLIER_SIGMAS = 4.0
LONGEST_SKEW_S = 5.0
"""Clocks of one table of readings are not further apart."""


class Edge(NamedTuple):
    """Head or tail at a station: when, where the strip was by its uncalibrated motion, how fast it ran."""

    station: str
    is_head: bool
    at_s: float
    moved_m: float
    speed_m_s: float
    sigma_m: float


class Strip(NamedTuple):
    """Metres of strip past the counter at every reading, calibrated: ``shift_m + scale * moved``."""

    at_m: Array
    sigma_m: Array
    length_m: float
    shift_m: float
    scale: float
    scale_sigma: float


class Skew(NamedTuple):
    """By how much a station's clock is late, its error (one sigma), and whether the places allow for it."""

    late_s: float
    sigma_s: float
    is_applied: bool


UNSEEN = Skew(np.nan, np.nan, False)


class Fitted(NamedTuple):
    """Where a station looks, its skew, both with their covariance, and what it saw of head and tail."""

    offset_m: float
    skew: Skew
    error: Array
    seen: tuple[Edge, ...]


def calibrated(
    moved: Motion, edges: list[Edge], looks: dict[str, Offset], length_m: float | None
) -> Strip | None:
    """The motion calibrated to the coil's length; None where neither a counter nor head and tail tell it.

    A counter is only corrected by what the edges tell better than it does, unless they contradict it:
    then it is theirs. A single edge contradicts nothing: it is left out.
    """
    used = [edge for edge in edges if edge.is_head or length_m is not None]
    start_sigma_m, scale_share = (
        (COUNTER_STARTS_M, LENGTH_SHARE) if moved.is_counted else (UNKNOWN_M, SPEED_SCALE_SHARE)
    )
    if not used and not moved.is_counted:
        return None
    believed = np.array([[0.0, 1.0], [start_sigma_m, scale_share]])
    rows, targets = _equations(used, looks, length_m or 0.0)
    line, error = _line(rows, targets, believed)
    at_m = line[0] + line[1] * moved.at_m
    if length_m is None:
        length_m = _length_seen(edges, looks, line)
    sigma_m = np.sqrt(
        moved.sigma_m**2
        + error[0, 0]
        + 2 * error[0, 1] * moved.at_m
        + error[1, 1] * moved.at_m**2
        + (LENGTH_SHARE * np.maximum(at_m, 0.0)) ** 2
    )
    if not moved.is_counted:
        sigma_m = np.hypot(sigma_m, SPEED_SHARE * np.maximum(np.minimum(at_m, length_m - at_m), 0.0))
    return Strip(at_m, sigma_m, length_m, float(line[0]), float(line[1]), float(error[1, 1] ** 0.5))


def _equations(edges: list[Edge], looks: dict[str, Offset], length_m: float) -> tuple[Array, Array]:
    """An edge is a row (1, moved) and what shift and scale make of it, both divided by its error."""
    sigma = np.array([hypot(edge.sigma_m, looks[edge.station].sigma_m) for edge in edges])
    moved = np.array([edge.moved_m for edge in edges])
    ends = np.array([(0.0 if edge.is_head else length_m) - looks[edge.station].at_m for edge in edges])
    return np.column_stack([np.ones(len(edges)), moved]) / sigma[:, None], ends / sigma


def _line(rows: Array, targets: Array, believed: Array) -> tuple[Array, Array]:
    """Shift and scale with their covariance, from the edges and from what is believed without them."""
    doubted = believed * [[1.0], [1e3]]
    alone, error = _solved(rows, targets, doubted)
    for _ in range(len(rows) // 3):
        off = np.abs(rows @ alone - targets)
        if off.max() < OUTLIER_SIGMAS:
            break
        rows, targets = np.delete(rows, off.argmax(), axis=0), np.delete(targets, off.argmax())
        alone, error = _solved(rows, targets, doubted)
    if _contradict(rows, targets, believed, doubted):
        return alone, error
    off = np.abs(rows @ believed[0] - targets)
    agree = off < OUTLIER_SIGMAS * np.sqrt(1 + rows**2 @ believed[1] ** 2)
    return _solved(rows[agree], targets[agree], believed)


def _contradict(rows: Array, targets: Array, believed: Array, doubted: Array) -> bool:
    """Whether the edges contradict what is believed, whichever single one of them is left out."""
    for left_out in range(len(rows)):
        alone, error = _solved(np.delete(rows, left_out, axis=0), np.delete(targets, left_out), doubted)
        apart = alone - believed[0]
        if apart @ np.linalg.solve(error + np.diag(believed[1] ** 2), apart) <= OUTLIER_SIGMAS**2:
            return False
    return len(rows) > 0


# Too short to let go of the interpreter for.
@njit(types.Tuple((float64[::1], float64[:, ::1]))(_TABLE, _NUMBERS, _TABLE), cache=True)
def _solved(rows: Array, targets: Array, believed: Array) -> tuple[Array, Array]:
    """Least squares with a belief (value, sigma) for each unknown; the unknowns and their covariance."""
    weight, other_weight = believed[1, 0] ** -2.0, believed[1, 1] ** -2.0
    both, sums = 0.0, np.array([believed[0, 0] * weight, believed[0, 1] * other_weight])
    for no in range(len(rows)):
        one, other = rows[no, 0], rows[no, 1]
        weight, both, other_weight = weight + one * one, both + one * other, other_weight + other * other
        sums += rows[no] * targets[no]
    determinant = weight * other_weight - both * both
    error = np.array([[other_weight, -both], [-both, weight]]) / determinant
    return np.array(
        [error[0, 0] * sums[0] + error[0, 1] * sums[1], error[1, 0] * sums[0] + error[1, 1] * sums[1]]
    ), error


def _length_seen(edges: list[Edge], looks: dict[str, Offset], line: Array) -> float:
    """The length by the tail's leaving the stations; without limit where none saw it after the head."""
    tails = [edge for edge in edges if not edge.is_head]
    if not tails:
        return np.inf
    ends_m = [line[0] + line[1] * edge.moved_m + looks[edge.station].at_m for edge in tails]
    weights = [(edge.sigma_m**2 + looks[edge.station].sigma_m ** 2) ** -1 for edge in tails]
    seen_m = float(np.average(ends_m, weights=weights))
    return seen_m if seen_m > 0 else np.inf


def fitted(look: Offset, edges: list[Edge], strip: Strip) -> Fitted:
    """Where a station looks, from the plant's geometry and what it sees of head and tail, and its skew.

    With a station's clock late by ``d`` the place of a reading is ``strip(t - d) + offset``; at head and tail
    it is known. Lateness is allowed for where head and tail both show it, beyond four sigma; else the offset
    is fitted without it, and the lateness is only told.
    """
    used = [edge for edge in edges if edge.is_head or np.isfinite(strip.length_m)]
    if not used:
        return Fitted(look.at_m, UNSEEN, np.diag([look.sigma_m**2, 0.0]), ())
    ends_m = np.array([0.0 if edge.is_head else strip.length_m for edge in used])
    # Where nobody saw how long the strip is, its scale is no better known at the tail than by the speeds.
    sigma_m = np.array([hypot(edge.sigma_m, strip.scale_sigma * edge.moved_m) for edge in used])
    seen_m = ends_m - strip.shift_m - strip.scale * np.array([edge.moved_m for edge in used])
    rows = np.array([(1.0, -edge.speed_m_s) for edge in used]) / sigma_m[:, None]
    (offset_m, late_s), error = _solved(rows, seen_m / sigma_m, _belief(look, LONGEST_SKEW_S))
    late_sigma_s = sqrt(error[1, 1])
    kept = _agree(look, used, seen_m, sigma_m)
    is_late = len(kept) == 2 and bool(abs(late_s) > OUTLIER_SIGMAS * late_sigma_s)
    if not is_late:
        (offset_m, _), error = _solved(rows[kept], (seen_m / sigma_m)[kept], _belief(look, 1e-9))
    skew = Skew(float(late_s), late_sigma_s, is_late)
    return Fitted(float(offset_m), skew, error, tuple(used[no] for no in kept))


def _belief(look: Offset, late_sigma_s: float) -> Array:
    return np.array([[look.at_m, 0.0], [look.sigma_m, late_sigma_s]])


def _agree(look: Offset, edges: list[Edge], seen_m: Array, sigma_m: Array) -> list[int]:
    """Head and tail where they agree with each other, else those that agree with the plant's geometry.

    A late clock moves both alike. A sensor that fails at an end, or a looper that is lifted late, moves one
    of them, or both apart.
    """
    if len(edges) == 2:
        allowed_m = OUTLIER_SIGMAS * hypot(*sigma_m)
        allowed_m += LONGEST_SKEW_S * abs(edges[0].speed_m_s - edges[1].speed_m_s)
        if abs(seen_m[0] - seen_m[1]) < allowed_m:
            return [0, 1]
    is_near = np.abs(seen_m - look.at_m) < OUTLIER_SIGMAS * np.hypot(sigma_m, look.sigma_m)
    return [int(no) for no in np.flatnonzero(is_near)]


def clock_skew(late_s: Array) -> Skew:
    """How late one system's clock is against another's, from one event of many coils told by both.

    The median, with its error as of normal lags: one coil that is told wrong does not count. Nothing is
    applied. NaN of fewer than three coils.

    >>> skew = clock_skew(np.array([2.1, 2.0, 1.9, 2.2, 60.0]))
    >>> skew.late_s, round(skew.sigma_s, 3)
    (2.1, 0.083)
    """
    known = late_s[~np.isnan(late_s)]
    if len(known) < 3:
        return UNSEEN
    median = float(np.median(known))
    spread = 1.4826 * float(np.median(np.abs(known - median)))
    return Skew(median, (np.pi / 2) ** 0.5 * spread / len(known) ** 0.5, False)
