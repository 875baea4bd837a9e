"""What is usual of each signal, by mode and part: a centre and a scale to each side, robust to faults."""

from collections.abc import Iterator, Mapping, Sequence
from statistics import NormalDist
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]
Numbers = NDArray[np.int64]
Stratum = tuple[str, int]
"""A mode and a part."""

LEAST_PIECES, LEAST_BLOCKS = 12, 3
"""A mode with fewer pieces, or from fewer blocks of time, is judged with wider ones: what was rolled in one
campaign does not tell how campaigns differ."""

OUTER_SHARE, LEAST_OUTER_ROWS = 0.01, 2.5
"""Where a scale is read off: the outermost hundredth on each side, but for so many rows at least."""

OF_MEDIAN_DEVIATION, OF_ALL_MODES = 0.7, 0.5
"""A scale is no less than these shares of the median deviation, and of the scale of all modes together."""


class Rows(NamedTuple):
    """Signals in rows, NaN where missing, and what each row is of; the rows of a piece follow one another.

    ``piece``: row -> number of its piece; ``part``: row -> which rows it is judged with. ``modes``: piece ->
    its mode, then wider ones; ``block``: piece -> block of time, such as its day.
    """

    signals: tuple[str, ...]
    values: Array
    piece: Numbers
    part: Numbers
    modes: Sequence[tuple[str, ...]]
    block: Numbers

    def of(self, pieces: NDArray[np.bool_]) -> "Rows":
        """The rows of some pieces, which keep their numbers."""
        chosen = pieces[self.piece]
        return self._replace(values=self.values[chosen], piece=self.piece[chosen], part=self.part[chosen])


class Usual(NamedTuple):
    """Of each signal: the centre, one standard deviation below and above it; of how many pieces."""

    centre: Array
    below: Array
    above: Array
    pieces_n: int

    def of(self, signals: NDArray[np.bool_]) -> "Usual":
        """That of some signals."""
        return Usual(self.centre[signals], self.below[signals], self.above[signals], self.pieces_n)


Ranges = Mapping[Stratum, Usual]


def usual_ranges(rows: Rows) -> dict[Stratum, Usual]:
    """What is usual in each mode and part with pieces enough, and in the widest mode of each part always."""
    found: dict[Stratum, Usual] = {}
    widest = {modes[-1] for modes in rows.modes}
    for stratum, chosen in _strata(rows):
        pieces = np.unique(rows.piece[chosen])
        if stratum[0] in widest or _tell(rows, stratum[0], pieces):
            found[stratum] = _widened(_usual(rows.values[chosen], len(pieces)), rows, chosen)
    return _not_too_narrow(rows, found)


def _widened(usual: Usual, rows: Rows, chosen: NDArray[np.bool_]) -> Usual:
    """A wider mode's scales with what its kinds differ by: another kind will differ as much from them."""
    kind = np.array([modes[0] for modes in rows.modes])[rows.piece[chosen]]
    kinds = np.unique(kind)
    if len(kinds) < 2:
        return usual
    centres = np.stack([_centre(rows.values[chosen][kind == name]) for name in kinds])
    count = np.isfinite(centres).sum(axis=0)
    off = centres - np.nansum(centres, axis=0) / np.maximum(count, 1)
    variance = np.nansum(np.square(off), axis=0) / np.maximum(count - 1, 1)
    # The centre of a kind that was never seen lies as far from their mean, which itself is not sure.
    between = np.sqrt(variance * (1 + 1 / np.maximum(count, 1)))
    return usual._replace(below=np.hypot(usual.below, between), above=np.hypot(usual.above, between))


def _centre(values: Array) -> Array:
    return _quantile(np.sort(values, axis=0), np.isfinite(values).sum(axis=0), 0.5)


def _tell(rows: Rows, mode: str, pieces: Numbers) -> bool:
    """True where pieces are enough to tell what is usual in their mode; of a wider one, of two kinds."""
    kinds = {rows.modes[piece][0] for piece in pieces.tolist()}
    is_narrowest = kinds == {mode}
    blocks_n = len(np.unique(rows.block[pieces]))
    return len(pieces) >= LEAST_PIECES and blocks_n >= LEAST_BLOCKS and (is_narrowest or len(kinds) > 1)


def _strata(rows: Rows) -> Iterator[tuple[Stratum, NDArray[np.bool_]]]:
    """Each mode and part, and its rows."""
    names = sorted({name for modes in rows.modes for name in modes})
    of_mode = {name: np.array([name in modes for modes in rows.modes]) for name in names}
    for part in np.unique(rows.part).tolist():
        is_part = rows.part == part
        for name in names:
            chosen = is_part & of_mode[name][rows.piece]
            if chosen.any():
                yield (name, part), chosen


def _usual(values: Array, pieces_n: int) -> Usual:
    """Centre and scales of rows.

    A scale is read off far out, where normal rows end: a signal that mostly stands and sometimes moves has
    the scale of its moves.

    >>> around = np.random.default_rng(1).normal(5.0, 2.0, (20_000, 1))
    >>> [side.round(1).tolist() for side in _usual(around, 1)[:3]]
    [[5.0], [2.0], [2.0]]
    """
    in_order = np.sort(values, axis=0)
    count = np.isfinite(values).sum(axis=0)
    outer = np.clip(LEAST_OUTER_ROWS / np.maximum(count, 1), OUTER_SHARE, 0.25)
    sigmas = -np.array([NormalDist().inv_cdf(share) for share in outer])
    low, centre, high = (_quantile(in_order, count, share) for share in (outer, 0.5, 1 - outer))
    deviation = _quantile(np.sort(np.abs(values - centre), axis=0), count, 0.5) * 1.4826
    least = OF_MEDIAN_DEVIATION * deviation
    return Usual(
        centre,
        np.maximum((centre - low) / sigmas, least),
        np.maximum((high - centre) / sigmas, least),
        pieces_n,
    )


def _quantile(in_order: Array, count: Numbers, share: Array | float) -> Array:
    """Of each column of sorted values, of which ``count`` are not NaN; NaN where there is none."""
    place = share * np.maximum(count - 1, 0)
    below = np.floor(place).astype(np.int64)
    above = np.minimum(below + 1, np.maximum(count - 1, 0))
    columns = np.arange(in_order.shape[1])
    least, most = in_order[below, columns], in_order[above, columns]
    return least + (most - least) * (place - below)


def _not_too_narrow(rows: Rows, found: Ranges) -> dict[Stratum, Usual]:
    """A few pieces can be alike by chance: no scale is much less than that of all modes of the part."""
    least: dict[int, Usual] = {}
    for part in {part for _, part in found}:
        chosen = rows.part == part
        centres = np.stack([usual_of(found, modes, part).centre for modes in rows.modes])
        least[part] = _usual(rows.values[chosen] - centres[rows.piece[chosen]], 0)
    return {
        (mode, part): Usual(
            usual.centre,
            np.maximum(usual.below, OF_ALL_MODES * least[part].below),
            np.maximum(usual.above, OF_ALL_MODES * least[part].above),
            usual.pieces_n,
        )
        for (mode, part), usual in found.items()
    }


def usual_of(ranges: Ranges, modes: tuple[str, ...], part: int) -> Usual:
    """What is usual in the narrowest of a piece's modes of which something is known; else nothing is."""
    for mode in modes:
        if (mode, part) in ranges:
            return ranges[mode, part]
    nothing = np.full_like(next(iter(ranges.values())).centre, np.nan)
    return Usual(nothing, nothing, nothing, 0)


def standardised(rows: Rows, ranges: Ranges, is_for_strangers: bool = True) -> Array:
    """Each value's distance from its centre in its own standard deviations; NaN where none is known.

    Unless ``is_for_strangers``, the widest of several modes tells nothing of a piece of no narrower one.
    """
    found = np.full(rows.values.shape, np.nan)
    starts = np.flatnonzero(np.any(np.diff(np.stack([rows.piece, rows.part]), prepend=-1), axis=0))
    for first, end in zip(starts, np.append(starts[1:], len(rows.piece)), strict=True):
        modes = rows.modes[rows.piece[first]]
        told = modes if is_for_strangers or len(modes) == 1 else modes[:-1]
        usual = usual_of(ranges, told, int(rows.part[first]))
        off = rows.values[first:end] - usual.centre
        scale = np.where(off < 0, usual.below, usual.above)
        # What never moved cannot be judged by how far it moves.
        found[first:end] = off / np.where(scale > 0, scale, np.nan)
    return found


def mode_known(ranges: Ranges, modes: tuple[str, ...]) -> str | None:
    """The narrowest of a piece's modes of which something is known; None where nothing is."""
    known = {mode for mode, _ in ranges}
    return next((mode for mode in modes if mode in known), None)
