"""Where a metre came from and what became of it: its places along the route, each with its error."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from pipelines.length_maps import LengthMap, Stretch, compose, inverted, length_map, places

Row = Mapping[str, Any]
"""A row of core/length_maps."""

ROUTE = """
with recursive
    up(id) as (select $piece union select parent_id from core.length_maps join up on child_id = id),
    down(id) as (select $piece union select child_id from core.length_maps join down on parent_id = id)
select * from core.length_maps where child_id in (from up union from down)
"""
"""The rows of core/length_maps that ``trace`` needs for a piece, as DuckDB asks for them."""

KINDS_OF_PARENTS = {"slab": (), "hot coil": ("slab",), "piece": ("piece", "hot coil")}


class TraceError(ValueError):
    """A piece or a metre that cannot be traced."""


@dataclass(frozen=True)
class Place:
    """A place on a piece of the route; its error is one standard deviation.

    ``sigma_m`` is in metres of the piece, ``asked_sigma_m`` in metres of the piece that was asked for.
    ``is_reversed`` and ``is_side_flipped`` compare with that piece too. ``made_at``: of a strand, when the
    slab was cut off; ``operation``: by which it became the next piece (upstream) or was made (downstream).
    """

    piece_id: str
    kind: str
    at_m: float
    length_m: float | None
    sigma_m: float
    asked_sigma_m: float
    is_reversed: bool
    is_side_flipped: bool | None
    operation: str | None
    made_at: datetime | None
    doubt: str | None


@dataclass(frozen=True)
class Trace:
    """A metre of a piece, its places upstream, nearest first, those downstream, and where each way ends."""

    piece_id: str
    kind: str
    at_m: float
    length_m: float
    made_at: datetime
    upstream: tuple[Place, ...]
    upstream_ends: str | None
    downstream: tuple[Place, ...]
    downstream_ends: str | None


def trace(rows: Sequence[Row], piece_id: str, at_m: float) -> Trace:
    """The places of a metre; ``rows`` are at least those that ``ROUTE`` gives for the piece.

    A place that could be several things ends the way with the candidates. Raises TraceError where the
    number is not known or is borne by several pieces, and where the piece has no such metre.
    """
    start = _piece(rows, piece_id)
    length_m = start["child_to_m"]
    if length_m is None or not 0 <= at_m <= length_m:
        has = "no length that is known" if length_m is None else f"metres from 0 to {length_m:.1f}"
        raise TraceError(
            f"A place promises to lie on its piece, but {piece_id} has {has} and metre {at_m:g} was asked "
            "for; ask for one that it has."
        )
    upstream, up_ends = _upstream(rows, start, at_m)
    itself = length_map([Stretch(piece_id, 0.0, length_m, piece_id, 0.0, length_m)])
    downstream = tuple(_downstream(rows, start, itself, at_m))
    made_of = [row for row in rows if start in parents(rows, row)]
    pieces = ", ".join(f"{row['child_id']} ({row['doubt'] or 'place known'})" for row in made_of)
    told = f"on no piece made of it with certainty: {pieces}" if pieces else "no piece made of it is known"
    kind, made_at = start["child_kind"], start["made_at"]
    down_ends = None if downstream else told
    return Trace(piece_id, kind, at_m, length_m, made_at, upstream, up_ends, downstream, down_ends)


def parents(rows: Sequence[Row], row: Row) -> list[Row]:
    """The rows of the pieces that the row is of: one, none, or several that share a number.

    A number may go from piece to piece; what bore it last before is meant.
    """
    kinds = KINDS_OF_PARENTS[row["child_kind"]]
    before = [
        other
        for other in rows
        if other["child_id"] == row["parent_id"]
        and other["child_kind"] in kinds
        and other["made_at"] <= row["made_at"]
        and not _same_work(other, row)
    ]
    return _last_bearers(before)


def _piece(rows: Sequence[Row], piece_id: str) -> Row:
    """The piece of that number: a hot coil before what was made of it, else the last that bore it."""
    bearers = [row for row in rows if row["child_id"] == piece_id]
    coils = [row for row in bearers if row["child_kind"] == "hot coil"]
    meant = coils or _last_bearers(bearers)
    if len(meant) == 1:
        return meant[0]
    if not meant:
        raise TraceError(
            f"A piece promises a row of core/length_maps, but {piece_id!r} has none; check the number, or "
            "make the day of the piece."
        )
    told = ", ".join(f"{row['child_kind']} of {_moment(row['made_at'])}" for row in meant)
    raise TraceError(
        f"A number promises to be of one piece, but {piece_id} is of {len(meant)}: {told}; ask for the coil "
        "that they were made from."
    )


def _last_bearers(bearers: Sequence[Row]) -> list[Row]:
    """Those that bore a number last: one, or the pieces of one work or of several that gave it anew."""
    if not bearers:
        return []
    last = max(bearers, key=lambda row: row["made_at"])
    is_new = last["child_id"] != last["parent_id"]
    return [
        row
        for row in bearers
        if row is last
        or _same_work(row, last)
        or (is_new and row["child_kind"] == last["child_kind"] and row["child_id"] != row["parent_id"])
    ]


def _same_work(one: Row, other: Row) -> bool:
    names = ("child_kind", "line", "operation", "parent_id", "production_day")
    return all(one[name] == other[name] for name in names)


def _upstream(rows: Sequence[Row], start: Row, at_m: float) -> tuple[tuple[Place, ...], str | None]:
    found: list[Place] = []
    row: Row = start
    on_start = stretches(row)
    while on_start:
        above = parents(rows, row)
        origin = above[0] if len(above) == 1 else None
        found.append(_place(on_start, at_m, _kind_above(row, origin), origin, row))
        if len(above) > 1:
            told = ", ".join(f"{other['child_kind']} of {_moment(other['made_at'])}" for other in above)
            return tuple(found), f"{row['parent_id']} could be {told}"
        if origin is None:
            is_strand = row["child_kind"] == "slab"
            return tuple(found), None if is_strand else f"{row['parent_id']} is not in core/length_maps"
        row, on_start = origin, compose(on_start, stretches(origin))
    return tuple(found), row["doubt"] or "the maps do not reach this metre"


def _downstream(rows: Sequence[Row], above: Row, to_start: LengthMap, at_m: float) -> Iterator[Place]:
    """Depth first; ``to_start`` maps metres of the piece that was asked for to those of ``above``."""
    for row in rows:
        if parents(rows, row) != [above]:
            continue
        onto = compose(to_start, inverted(stretches(row)))
        if onto and places(onto, at_m).stretch_no >= 0:
            yield _place(onto, at_m, row["child_kind"], row, row)
            yield from _downstream(rows, row, onto, at_m)


def stretches(row: Row) -> LengthMap:
    """The row as a map; none where its place is not known."""
    place = (row["child_to_m"], row["parent_from_m"], row["parent_to_m"], row["is_reversed"], row["sigma_m"])
    if None in place:
        return ()
    return length_map(
        [
            Stretch(
                *(row["child_id"], row["child_from_m"], row["child_to_m"]),
                *(row["parent_id"], row["parent_from_m"], row["parent_to_m"]),
                *(row["is_reversed"], row["is_side_flipped"], row["sigma_m"], row["doubt"]),
            )
        ]
    )


def _kind_above(row: Row, origin: Row | None) -> str:
    if origin is not None:
        return str(origin["child_kind"])
    return {"slab": "strand", "hot coil": "slab"}.get(row["child_kind"], "parent")


def _place(onto: LengthMap, at_m: float, kind: str, piece: Row | None, step: Row) -> Place:
    place = places(onto, at_m)
    stretch = onto[int(place.stretch_no)]
    return Place(
        *(stretch.parent_id, kind, float(place.at_m), piece["child_to_m"] if piece else None),
        *(float(place.sigma_m), stretch.sigma_m, stretch.is_reversed, stretch.is_side_flipped),
        *(step["operation"], piece["made_at"] if piece else step["cast_at"], stretch.doubt),
    )


def _moment(at: datetime) -> str:
    return f"{at:%Y-%m-%d %H:%M} UTC"
