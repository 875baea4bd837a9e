"""A trace in words, for a terminal."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any

from pipelines.tracing import Place, Trace


def trace_text(trace: Trace, there: Sequence[Mapping[str, Any]] | None = None) -> str:
    """The metre, where it came from, what became of it; if looked up, what lies ``there`` on the hot coil.

    Errors are one standard deviation.
    """
    return "\n".join(_lines(trace, there)) + "\n"


def _lines(trace: Trace, there: Sequence[Mapping[str, Any]] | None) -> Iterator[str]:
    yield (
        f"{trace.piece_id}, metre {trace.at_m:.1f} of {trace.length_m:.1f} from the head "
        f"({trace.kind} of {moment(trace.made_at)})"
    )
    yield "Where it came from:"
    yield from _way(trace.piece_id, trace.upstream, trace.upstream_ends)
    yield "What became of it:"
    yield from _way(trace.piece_id, trace.downstream, trace.downstream_ends)
    if there is not None:
        yield "What lies there, within two errors:"
        yield from map(_found, there)
    if there is not None and not there:
        yield "  no process fault and no surface defect that is known"
    yield "Errors are one standard deviation."


def _found(found: Mapping[str, Any]) -> str:
    where = f"{found['from_m']:.1f} to {found['to_m']:.1f} m of the hot coil"
    return f"  {found['kind']}: {found['name']}, {where}: {found['told']}"


def _way(asked_for: str, places: tuple[Place, ...], ends: str | None) -> Iterator[str]:
    for place in places:
        yield f"  {_where(place)} ({place.asked_sigma_m:.2f} m of {asked_for}); {_how(place)}"
        if place.doubt:
            yield f"    ambiguous: {place.doubt}"
    if ends:
        yield f"  {'and then it ends' if places else 'nothing is told'}: {ends}"


def _where(place: Place) -> str:
    name = place.piece_id if place.piece_id.startswith(place.kind) else f"{place.kind} {place.piece_id}"
    digits = 2 if place.kind in {"strand", "slab"} else 1
    of = "" if place.length_m is None else f" of {place.length_m:.{digits}f}"
    return f"{name} at {place.at_m:.{digits}f}{of} m, ± {place.sigma_m:.{digits + 1}f} m"


def _how(place: Place) -> str:
    done = {"strand": "slab cut off"}.get(place.kind, "made")
    words = [place.operation or "operation not told"]
    if place.made_at:
        words.append(f"{done} {moment(place.made_at)}")
    if place.is_reversed:
        words.append("head and tail exchanged")
    if place.is_side_flipped:
        words.append("turned over")
    return ", ".join(words)


def moment(at: datetime) -> str:
    """A time to the minute."""
    return f"{at:%Y-%m-%d %H:%M} UTC"
