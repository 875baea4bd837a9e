"""Which piece each row of core/length_maps was made of."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from pipelines.length_maps import LengthMap, Stretch, length_map

Row = Mapping[str, Any]
"""A row of core/length_maps."""

Piece = tuple[Row, ...]
"""The rows of one piece: one, or of a welded piece one for each part."""

KINDS_OF_PARENTS = {"slab": (), "hot coil": ("slab",), "piece": ("piece", "hot coil")}


def pieces(rows: Iterable[Row]) -> list[Piece]:
    """The rows piece by piece, in the order in which they come; the parts of a piece from its head."""
    parts: dict[tuple[Any, ...], list[Row]] = {}
    for row in rows:
        key = tuple(row[name] for name in ("child_kind", "line", "child_id", "made_at"))
        parts.setdefault(key, []).append(row)
    return [tuple(sorted(piece, key=lambda part: part["child_from_m"])) for piece in parts.values()]


def parents(every: Sequence[Piece], row: Row) -> list[Piece]:
    """The pieces that the row is of: one, none, or several that share a number.

    A number may go from piece to piece; what bore it last before is meant.
    """
    kinds = KINDS_OF_PARENTS[row["child_kind"]]
    before = [
        piece
        for piece in every
        if piece[0]["child_id"] == row["parent_id"]
        and piece[0]["child_kind"] in kinds
        and piece[0]["made_at"] <= row["made_at"]
        and not _same_work(piece, (row,))
    ]
    return last_bearers(before)


def last_bearers(bearers: Sequence[Piece]) -> list[Piece]:
    """Those that bore a number last: one, or the pieces of one work or of several that gave it anew."""
    if not bearers:
        return []
    last = max(bearers, key=lambda piece: piece[0]["made_at"])
    kind = last[0]["child_kind"]
    return [
        piece
        for piece in bearers
        if piece is last
        or _same_work(piece, last)
        or (_is_new(last) and piece[0]["child_kind"] == kind and _is_new(piece))
    ]


def _is_new(piece: Piece) -> bool:
    """True where the number is none of its parents'."""
    return all(part["child_id"] != part["parent_id"] for part in piece)


def _same_work(one: Piece, other: Piece) -> bool:
    names = ("child_kind", "line", "operation", "parent_id", "production_day")
    return any(all(mine[name] == its[name] for name in names) for mine in one for its in other)


def length_m_of(piece: Piece) -> float | None:
    """The length of the piece; missing where it is not known of every part."""
    ends = [part["child_to_m"] for part in piece]
    return None if None in ends else max(ends)


def stretches(rows: Iterable[Row]) -> LengthMap:
    """The rows of a piece as a map; without those whose place is not known."""
    place = ("child_to_m", "parent_from_m", "parent_to_m", "is_reversed", "sigma_m")
    return length_map(
        Stretch(
            *(row["child_id"], row["child_from_m"], row["child_to_m"]),
            *(row["parent_id"], row["parent_from_m"], row["parent_to_m"]),
            *(row["is_reversed"], row["is_side_flipped"], row["sigma_m"], row["doubt"]),
        )
        for row in rows
        if None not in [row[name] for name in place]
    )
