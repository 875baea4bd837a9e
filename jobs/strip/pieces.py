"""What became of a strip: stretches of the hot coil and the pieces that they went into."""

from collections.abc import Iterable, Iterator
from datetime import datetime

from jobs.report.blocks import Row
from pipelines.tracing import Place, Trace

Stretch = list[tuple[float, Place]]


def stretches_in_pieces(traces: Iterable[Trace]) -> Iterator[Row]:
    """One row per piece and stretch of neighbouring columns in it, in the order in which they end.

    Its ends are the middles of its first and last column, and where these lie on the piece.
    """
    going_on: dict[tuple[str, datetime | None], Stretch] = {}
    for trace in traces:
        here = {(place.piece_id, place.made_at): place for place in trace.downstream}
        for ended in [piece for piece in going_on if piece not in here]:
            yield _row(going_on.pop(ended))
        for piece, place in here.items():
            going_on.setdefault(piece, []).append((trace.at_m, place))
    yield from map(_row, going_on.values())


def _row(stretch: Stretch) -> Row:
    (from_m, first), (to_m, last) = stretch[0], stretch[-1]
    own = {"piece": first.piece_id, "operation": first.operation, "from_m": from_m, "to_m": to_m}
    sigma_m = max(place.asked_sigma_m for _, place in stretch)
    return own | {"there_from_m": first.at_m, "there_to_m": last.at_m, "sigma_m": sigma_m}
