"""Where a metre came from and what became of it: its places along the route, each with its error."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from pipelines.genealogy import Piece, Row, last_bearers, length_m_of, parents, pieces, stretches
from pipelines.length_maps import LengthMap, Stretch, compose, inverted, length_map, places

ROUTE = """
with recursive
    up(id) as (select $piece union select parent_id from core.length_maps join up on child_id = id),
    down(id) as (select $piece union select child_id from core.length_maps join down on parent_id = id)
select * from core.length_maps where child_id in (from up union from down)
"""
"""The rows of core/length_maps that ``trace`` needs for a piece, as DuckDB asks for them."""


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
    every = pieces(rows)
    start = _piece(every, piece_id)
    length_m = length_m_of(start)
    if length_m is None or not 0 <= at_m <= length_m:
        has = "no length that is known" if length_m is None else f"metres from 0 to {length_m:.1f}"
        raise TraceError(
            f"A place promises to lie on its piece, but {piece_id} has {has} and metre {at_m:g} was asked "
            "for; ask for one that it has."
        )
    itself = length_map([Stretch(piece_id, 0.0, length_m, piece_id, 0.0, length_m)])
    upstream, up_ends = _upstream(every, start, itself, at_m)
    downstream = tuple(_downstream(every, start, itself, at_m))
    made_of = [row for piece in every for row in piece if start in parents(every, row)]
    told_of = ", ".join(f"{row['child_id']} ({row['doubt'] or 'place known'})" for row in made_of)
    told = f"on no piece made of it with certainty: {told_of}" if told_of else "no piece made of it is known"
    kind, made_at = start[0]["child_kind"], start[0]["made_at"]
    down_ends = None if downstream else told
    return Trace(piece_id, kind, at_m, length_m, made_at, upstream, up_ends, downstream, down_ends)


def _piece(every: Sequence[Piece], piece_id: str) -> Piece:
    """The piece of that number: a hot coil before what was made of it, else the last that bore it."""
    bearers = [piece for piece in every if piece[0]["child_id"] == piece_id]
    coils = [piece for piece in bearers if piece[0]["child_kind"] == "hot coil"]
    meant = coils or last_bearers(bearers)
    if len(meant) == 1:
        return meant[0]
    if not meant:
        raise TraceError(
            f"A piece promises a row of core/length_maps, but {piece_id!r} has none; check the number, or "
            "make the day of the piece."
        )
    raise TraceError(
        f"A number promises to be of one piece, but {piece_id} is of {len(meant)}: {_named(meant)}; ask for "
        "the coil that they were made from."
    )


def _upstream(
    every: Sequence[Piece], start: Piece, itself: LengthMap, at_m: float
) -> tuple[tuple[Place, ...], str | None]:
    found: list[Place] = []
    piece, on_start = start, itself
    while step := _step_up(piece, on_start, at_m):
        row, on_start = step
        above = parents(every, row)
        origin = above[0] if len(above) == 1 else None
        found.append(_place(on_start, at_m, _kind_above(row, origin), origin, row))
        if len(above) > 1:
            return tuple(found), f"{row['parent_id']} could be {_named(above)}"
        if origin is None:
            is_strand = row["child_kind"] == "slab"
            return tuple(found), None if is_strand else f"{row['parent_id']} is not in core/length_maps"
        piece = origin
    doubts = dict.fromkeys(part["doubt"] for part in piece if part["doubt"] and not stretches([part]))
    return tuple(found), "; ".join(doubts) or "the maps do not reach this metre"


def _step_up(piece: Piece, on_start: LengthMap, at_m: float) -> tuple[Row, LengthMap] | None:
    """The part that has the metre, and the way to its parent; the weld itself is of the part behind it."""
    ways = [(part, compose(on_start, stretches([part]))) for part in piece]
    reach = [(part, way) for part, way in ways if places(way, at_m).stretch_no >= 0]
    return max(reach, key=lambda step: step[1][0].from_m, default=None)


def _downstream(every: Sequence[Piece], above: Piece, to_start: LengthMap, at_m: float) -> Iterator[Place]:
    """Depth first; ``to_start`` maps metres of the piece that was asked for to those of ``above``."""
    for piece in every:
        for part in piece:
            if parents(every, part) != [above]:
                continue
            onto = compose(to_start, inverted(stretches([part])))
            if places(onto, at_m).stretch_no >= 0:
                yield _place(onto, at_m, part["child_kind"], piece, part)
                yield from _downstream(every, piece, onto, at_m)


def _kind_above(row: Row, origin: Piece | None) -> str:
    if origin is not None:
        return str(origin[0]["child_kind"])
    return {"slab": "strand", "hot coil": "slab"}.get(row["child_kind"], "parent")


def _place(onto: LengthMap, at_m: float, kind: str, piece: Piece | None, step: Row) -> Place:
    place = places(onto, at_m)
    stretch = onto[int(place.stretch_no)]
    return Place(
        *(stretch.parent_id, kind, float(place.at_m), length_m_of(piece) if piece else None),
        *(float(place.sigma_m), stretch.sigma_m, stretch.is_reversed, stretch.is_side_flipped),
        *(step["operation"], piece[0]["made_at"] if piece else step["cast_at"], stretch.doubt),
    )


def _named(several: Iterable[Piece]) -> str:
    return ", ".join(f"{piece[0]['child_kind']} of {_moment(piece[0]['made_at'])}" for piece in several)


def _moment(at: datetime) -> str:
    return f"{at:%Y-%m-%d %H:%M} UTC"
