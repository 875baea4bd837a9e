"""What leaves FIN1: pieces of one coil, and pieces of two that were welded.

Where the next coil is of the same order, the rest of a divided coil, its head, stays on the reel, and the
next one is welded to it, tail first: a short piece less.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date

from pipelines.reference_mill.finishing_line import Job, Piece, finishing_day
from pipelines.reference_mill.mill import Mill

LIKE_WIDTH_MM = 10.0
"""Strips whose widths differ by more are not welded."""


@dataclass(frozen=True)
class Part:
    """A piece of a coil and its metres on the finished piece, the tail of the coil first."""

    job: Job
    piece: Piece
    from_m: float
    to_m: float

    @property
    def thickness_mm(self) -> float:
        """True thickness: what grew longer grew thinner."""
        return float(self.job.rolled.true_thickness_mm[self.job.slab_no] / (1 + self.job.elongation))


@dataclass(frozen=True)
class FinishedPiece:
    """A piece that left the line: one part, or two with a weld between; it bears the number of the first."""

    parts: tuple[Part, ...]

    @property
    def piece_id(self) -> str:
        """The number that the line gave it."""
        return self.parts[0].piece.piece_id

    @property
    def operation(self) -> str:
        """What was done: that of the first, which a weld goes on with."""
        return self.parts[0].job.operation

    @property
    def finished_s(self) -> float:
        """When it left the line, in seconds from the day's start."""
        return self.parts[-1].piece.finished_s

    @property
    def length_m(self) -> float:
        """True length."""
        return self.parts[-1].to_m

    @property
    def quality_code(self) -> str:
        """That of its worst part: the codes go from prime over unknown to second choice."""
        return max(part.piece.quality_code for part in self.parts)

    def mean(self, values: Sequence[float]) -> float:
        """The mean of what each part has, by its metres."""
        told = zip(values, self.parts, strict=True)
        return sum(value * (part.to_m - part.from_m) for value, part in told) / self.length_m


def finished_pieces(mill: Mill, day: date) -> list[FinishedPiece]:
    """The pieces of a day in order of time."""
    finished: list[list[tuple[Job, Piece]]] = []
    before: Job | None = None
    for job in finishing_day(mill, day).jobs:
        made = [[(job, piece)] for piece in job.pieces]
        if before and _is_welded(before, job):
            finished[-1] += made.pop(0)
        finished += made
        before = job
    return [FinishedPiece(tuple(_in_a_row(parts))) for parts in finished]


def _is_welded(one: Job, other: Job) -> bool:
    """The same order and section; a coil of which a piece was scrapped is left alone, temper rolling too."""
    orders = [(job.rolled.day, int(job.rolled.slabs.order_no[job.slab_no])) for job in (one, other)]
    is_rest = one.operation == "dividing" and len(one.pieces) > 1
    fits = other.operation != "temper rolling" and len(other.pieces) > 0
    are_whole = not any("scrapped piece" in dict(job.scrap_t) for job in (one, other))
    if not (orders[0] == orders[1] and is_rest and fits and are_whole):
        return False
    return abs(one.pieces[-1].width_mm - other.pieces[0].width_mm) <= LIKE_WIDTH_MM


def _in_a_row(parts: Sequence[tuple[Job, Piece]]) -> Iterator[Part]:
    from_m = 0.0
    for job, piece in parts:
        to_m = from_m + (piece.to_m - piece.from_m) * (1 + job.elongation)
        yield Part(job, piece, from_m, to_m)
        from_m = to_m
