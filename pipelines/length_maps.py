"""Maps of lengths: where the metres of a piece were on the piece that it was made from.

A map is a tuple of stretches in the order of the child's metres. Each is linear and keeps the order of the
metres or exactly reverses it. Maps of one step compose along a route (``compose(piece_on_coil,
coil_on_slab)`` is piece on slab), turn round (``inverted``) and are cut (``clipped``). Errors are independent
from step to step and add in quadrature, so they only grow.
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from math import hypot
from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike, NDArray

Array = NDArray[np.float64]


ROUNDING_M = 1e-6
"""Less than a micrometre is no length and no gap: it comes from reckoning with binary numbers."""


class LengthMapError(ValueError):
    """Stretches that are no map of lengths."""


@dataclass(frozen=True)
class Stretch:
    """The metres ``[from_m, to_m)`` of a child and the metres of the parent that they were.

    ``sigma_m`` is the standard deviation of the position error in metres of the child. ``is_side_flipped``:
    top became bottom; None where nobody knows. ``doubt``: why it could be another place.
    """

    child_id: str
    from_m: float
    to_m: float
    parent_id: str
    parent_from_m: float
    parent_to_m: float
    is_reversed: bool = False
    is_side_flipped: bool | None = False
    sigma_m: float = 0.0
    doubt: str | None = None

    def __post_init__(self) -> None:
        """Refuse what has no length: it maps nothing."""
        # Written so that a NaN is refused too.
        if not (self.from_m < self.to_m and self.parent_from_m < self.parent_to_m and self.sigma_m >= 0):
            raise LengthMapError(
                f"A stretch promises two intervals that run forward and an error of 0 or more, but {self} "
                "was found; leave out what has no length."
            )

    @property
    def slope(self) -> float:
        """Metres of the parent per metre of the child."""
        return (self.parent_to_m - self.parent_from_m) / (self.to_m - self.from_m)


LengthMap = tuple[Stretch, ...]


class Places(NamedTuple):
    """Places on parents, one element per place asked for; off the map ``stretch_no`` is -1, the rest NaN."""

    stretch_no: NDArray[np.int64]
    at_m: Array
    sigma_m: Array
    """Standard deviation of the position error, in metres of the parent."""


class Parts(NamedTuple):
    """The parts of intervals that lie on one stretch each, in the order of the intervals, then of the map."""

    interval_no: NDArray[np.int64]
    stretch_no: NDArray[np.int64]
    from_m: Array
    to_m: Array
    parent_from_m: Array
    parent_to_m: Array


def length_map(stretches: Iterable[Stretch]) -> LengthMap:
    """The stretches of one child in order; a LengthMapError where they overlap or are of several children.

    Neighbours that meet to a micrometre meet exactly.
    """
    ordered: list[Stretch] = []
    for stretch in sorted(stretches, key=lambda stretch: stretch.from_m):
        before = ordered[-1] if ordered else stretch
        gap_m = stretch.from_m - before.to_m if ordered else ROUNDING_M
        if stretch.child_id != before.child_id or gap_m < -ROUNDING_M:
            raise LengthMapError(
                f"A map promises each metre of one child once, but {before} and {stretch} were found; "
                "map other children, and ambiguous metres, apart."
            )
        ordered.append(replace(stretch, from_m=before.to_m) if abs(gap_m) < ROUNDING_M else stretch)
    return tuple(ordered)


def places(stretches: LengthMap, at_m: ArrayLike) -> Places:
    """Where those metres of the child are on its parents.

    A border belongs to the stretch that begins there, the end of a child to its last stretch.

    >>> half = Stretch("C1A", 0.0, 300.0, "C1", 400.0, 700.0, is_reversed=True, sigma_m=0.5)
    >>> places((half,), [0.0, 100.0, 300.0, 301.0]).at_m.tolist()
    [700.0, 600.0, 400.0, nan]
    """
    asked = np.asarray(at_m, dtype=np.float64)
    if not stretches:
        nowhere = np.full(asked.shape, np.nan)
        return Places(np.full(asked.shape, -1), nowhere, nowhere)
    columns = _columns(stretches)
    no = np.searchsorted(columns.from_m, asked, side="right") - 1
    on_map = (no >= 0) & ((asked < columns.to_m[no]) | (asked == columns.to_m[-1]))
    return Places(
        np.where(on_map, no, -1),
        np.where(on_map, _parent_m(columns, no, asked), np.nan),
        np.where(on_map, columns.sigma_m[no] * np.abs(columns.slope[no]), np.nan),
    )


def parts(stretches: LengthMap, from_m: ArrayLike, to_m: ArrayLike) -> Parts:
    """The parents' intervals of those intervals ``[from_m, to_m)`` of the child, cut where stretches end."""
    begins, ends = np.atleast_1d(np.asarray(from_m, float)), np.atleast_1d(np.asarray(to_m, float))
    columns = _columns(stretches)
    lower = np.maximum(begins[:, None], columns.from_m)
    upper = np.minimum(ends[:, None], columns.to_m)
    interval_no, no = np.nonzero(lower < upper)
    lower, upper = lower[interval_no, no], upper[interval_no, no]
    one, other = _parent_m(columns, no, lower), _parent_m(columns, no, upper)
    return Parts(interval_no, no, lower, upper, np.minimum(one, other), np.maximum(one, other))


def clipped(stretches: LengthMap, from_m: float, to_m: float) -> LengthMap:
    """The part of the map on ``[from_m, to_m)`` of the child, in the child's own metres."""
    cut = parts(stretches, from_m, to_m)
    return tuple(
        replace(stretches[no], from_m=begin, to_m=end, parent_from_m=parent_begin, parent_to_m=parent_end)
        for no, begin, end, parent_begin, parent_end in zip(*(part.tolist() for part in cut[1:]), strict=True)
        if end - begin > ROUNDING_M
    )


def inverted(stretches: LengthMap) -> LengthMap:
    """The parent's metres as metres of the child; a LengthMapError where a metre of a parent comes twice.

    A map of a child of several parents (a weld) turns round for one of them at a time.
    """
    return length_map(
        replace(
            stretch,
            child_id=stretch.parent_id,
            from_m=stretch.parent_from_m,
            to_m=stretch.parent_to_m,
            parent_id=stretch.child_id,
            parent_from_m=stretch.from_m,
            parent_to_m=stretch.to_m,
            sigma_m=stretch.sigma_m * stretch.slope,
        )
        for stretch in stretches
    )


def compose(child_on_parent: LengthMap, *parents_on_grandparents: LengthMap) -> LengthMap:
    """The child on its grandparents: what of it has both steps, with the errors of both.

    Of several parents (a weld) each has its own map.

    >>> on_coil = (Stretch("C1A", 0.0, 300.0, "C1", 400.0, 700.0, is_reversed=True, sigma_m=0.6),)
    >>> on_slab = (Stretch("C1", 0.0, 700.0, "S1", 0.1, 9.3, sigma_m=0.8),)
    >>> [on_slab_too] = compose(on_coil, on_slab)
    >>> on_slab_too.parent_to_m, on_slab_too.is_reversed, on_slab_too.sigma_m
    (9.3, True, 1.0)
    """
    steps = {upper[0].child_id: upper for upper in parents_on_grandparents if upper}
    composed = (
        _through(lower, upper)
        for lower in child_on_parent
        for upper in clipped(steps.get(lower.parent_id, ()), lower.parent_from_m, lower.parent_to_m)
    )
    return length_map(stretch for stretch in composed if stretch is not None)


def _through(lower: Stretch, upper: Stretch) -> Stretch | None:
    """The child's metres that are the upper stretch's; none where they have no length."""
    begins, ends = (
        lower.from_m + (at_m - lower.parent_from_m) / lower.slope for at_m in (upper.from_m, upper.to_m)
    )
    if lower.is_reversed:
        begins, ends = (lower.from_m + lower.to_m - at_m for at_m in (ends, begins))
    # The ends of the child stay what they are, to the last bit.
    begins, ends = max(begins, lower.from_m), min(ends, lower.to_m)
    if ends - begins <= ROUNDING_M:
        return None
    flips = (lower.is_side_flipped, upper.is_side_flipped)
    doubts = [doubt for doubt in (lower.doubt, upper.doubt) if doubt]
    return replace(
        upper,
        child_id=lower.child_id,
        from_m=begins,
        to_m=ends,
        is_reversed=lower.is_reversed != upper.is_reversed,
        is_side_flipped=None if None in flips else flips[0] != flips[1],
        sigma_m=hypot(lower.sigma_m, upper.sigma_m / lower.slope),
        doubt="; ".join(doubts) or None,
    )


class _Columns(NamedTuple):
    from_m: Array
    to_m: Array
    starts_at_m: Array
    """The parent's metre of each stretch's begin."""

    slope: Array
    """Signed: below zero where the order is reversed."""

    sigma_m: Array


def _columns(stretches: LengthMap) -> _Columns:
    rows = [
        (
            stretch.from_m,
            stretch.to_m,
            stretch.parent_to_m if stretch.is_reversed else stretch.parent_from_m,
            -stretch.slope if stretch.is_reversed else stretch.slope,
            stretch.sigma_m,
        )
        for stretch in stretches
    ]
    return _Columns(*np.array(rows, dtype=np.float64).reshape(-1, len(_Columns._fields)).T)


def _parent_m(columns: _Columns, no: NDArray[np.int64], at_m: Array) -> Array:
    return columns.starts_at_m[no] + (at_m - columns.from_m[no]) * columns.slope[no]
