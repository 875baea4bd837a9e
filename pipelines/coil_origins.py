"""Where coils come from: their slab, its metres of the strand, and what was measured of both.

Only what is known without doubt: a coil whose slab or metres could be others has none.
"""

from collections.abc import Callable, Collection, Iterable, Mapping
from datetime import datetime, timedelta
from typing import NamedTuple

import pyarrow as pa
import pyarrow.compute as pc

from pipelines.genealogy import Row, parents, pieces, stretches
from pipelines.length_maps import LengthMap, compose
from pipelines.position_errors import SAME_CAST_MIN

Look = Callable[[str, Collection[str]], pa.Table]
"""A column of text, and values: the rows of a table that have one of them."""

IN_THE_MOULD = timedelta(minutes=SAME_CAST_MIN)
"""Before a slab is cut off, its steel was in the mould: no longer ago than this."""

STRAND = "strand "
"""Before a strand's own name in the maps."""


class Upstream(NamedTuple):
    """Where to look for what is upstream of coils; for the caster's readings between two moments."""

    maps: Look
    casting: Callable[[str, Collection[str], datetime, datetime], pa.Table]
    furnace: Look
    roughing: Look


class Origin(NamedTuple):
    """A coil's slab; where it is known too, its strand, when it was cut off, and the coil's metres there."""

    slab_id: str
    strand: str | None = None
    cast_at: datetime | None = None
    on_strand: LengthMap = ()


class Found(NamedTuple):
    """Of some coils: their origins, and the rows of their strands and slabs in order of time."""

    origins: Mapping[str, Origin]
    casting: Mapping[str, pa.Table]
    furnace: Mapping[str, pa.Table]
    roughing: Mapping[str, pa.Table]


NOTHING = Found({}, {}, {}, {})


def found(coil_ids: Collection[str], look: Upstream) -> Found:
    """All that is upstream of these coils."""
    coils = _rows(look.maps("child_id", coil_ids), "hot coil")
    slabs = _rows(look.maps("child_id", {row["parent_id"] for row in coils} - {None}), "slab")
    known = origins(coils, slabs)
    slab_ids = {origin.slab_id for origin in known.values()}
    return Found(
        known,
        _casting(known.values(), look),
        _parts(look.furnace("slab_id", slab_ids), "slab_id", "sampled_at"),
        _parts(look.roughing("slab_id", slab_ids), "slab_id", "rolled_at"),
    )


def origins(coils: Collection[Row], slabs: Collection[Row]) -> dict[str, Origin]:
    """Coil -> its origin, from rows of core/length_maps of coils and of slabs."""
    of_number: dict[str, list[Row]] = {}
    for slab in slabs:
        of_number.setdefault(slab["child_id"], []).append(slab)
    numbers = [coil["child_id"] for coil in coils]
    return {
        coil["child_id"]: _origin(coil, of_number.get(coil["parent_id"], []))
        for coil in coils
        if coil["parent_id"] and not coil["is_ambiguous"] and numbers.count(coil["child_id"]) == 1
    }


def _origin(coil: Row, slabs: list[Row]) -> Origin:
    meant = [row for slab in parents(pieces(slabs), coil) for row in slab]
    if len(meant) != 1 or meant[0]["is_ambiguous"] or meant[0]["cast_at"] is None:
        return Origin(coil["parent_id"])
    on_strand = compose(stretches([coil]), stretches(meant))
    if not on_strand:
        return Origin(coil["parent_id"])
    strand = meant[0]["parent_id"].removeprefix(STRAND)
    return Origin(coil["parent_id"], strand, meant[0]["cast_at"], on_strand)


def _rows(maps: pa.Table, kind: str) -> list[Row]:
    rows: list[Row] = maps.filter(pc.equal(maps["child_kind"], kind)).to_pylist()
    return rows


def _casting(known: Iterable[Origin], look: Upstream) -> dict[str, pa.Table]:
    """Strand -> its readings while the steel of these coils was in its mould."""
    cast = [(origin.strand, origin.cast_at) for origin in known if origin.strand and origin.cast_at]
    if not cast:
        return {}
    strands, times = zip(*cast, strict=True)
    rows = look.casting("strand", set(strands), min(times) - IN_THE_MOULD, max(times))
    return _parts(rows, "strand", "sampled_at")


def _parts(rows: pa.Table, by: str, time: str) -> dict[str, pa.Table]:
    """The rows of each value of a column, in order of time."""
    ordered = rows.sort_by([(by, "ascending"), (time, "ascending")])
    parts, first = {}, 0
    for count in ordered[by].value_counts().to_pylist():
        parts[count["values"]] = ordered.slice(first, count["counts"])
        first += count["counts"]
    return parts
