"""The genealogy of a mill's coils for a search of causes, where crops do not matter."""

import pyarrow as pa

from jobs.lake.delta import arrow_schema
from schemas.core.length_maps import CORE_LENGTH_MAPS


def length_maps_of(coils: pa.Table, slabs: pa.Table) -> pa.Table:
    """core/length_maps as if nothing were cropped."""
    of = {row["slab_id"]: row for row in slabs.to_pylist()}
    rows = []
    for coil in coils.to_pylist():
        slab = of[coil["slab_id"]]
        rows.append(
            {
                "child_kind": "hot coil",
                "child_id": coil["coil_id"],
                "made_at": coil["coiled_at"],
                "child_to_m": coil["length_m"],
                "parent_id": slab["slab_id"],
                "parent_from_m": 0.0,
                "parent_to_m": slab["length_m"],
            }
        )
        rows.append(
            {
                "child_kind": "slab",
                "child_id": slab["slab_id"],
                "made_at": slab["discharged_at"],
                "cast_at": slab["cast_at"],
                "child_to_m": slab["length_m"],
                "parent_id": f"strand {slab['strand']}",
                "parent_from_m": slab["cast_from_m"],
                "parent_to_m": slab["cast_to_m"],
            }
        )
    common = {"child_from_m": 0.0, "is_reversed": False, "is_ambiguous": False, "sigma_m": 1.0}
    return pa.Table.from_pylist([common | row for row in rows], arrow_schema(CORE_LENGTH_MAPS))
