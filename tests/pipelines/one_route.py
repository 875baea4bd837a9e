"""A slab and its coil as rows of core/length_maps, and how to make more of them."""

from datetime import UTC, datetime, timedelta

import pytest

from schemas.core.length_maps import CORE_LENGTH_MAPS

ROLLED = datetime(2026, 11, 20, 8, 30, tzinfo=UTC)
EXAMPLE = {field.name: field.example for field in CORE_LENGTH_MAPS.fields} | {"cast_at": None}


def made(child_id, kind, to_m, parent_id, parent_m, hours=0, **more):
    """A row: what was made, how long it is, and of which metres of its parent."""
    from_m, parent_to_m = parent_m
    return EXAMPLE | {
        **{"child_id": child_id, "child_kind": kind, "child_to_m": to_m, "parent_id": parent_id},
        **{"parent_from_m": from_m, "parent_to_m": parent_to_m, "made_at": ROLLED + timedelta(hours=hours)},
        **{"operation": "dividing", "is_reversed": kind == "piece", "sigma_m": 0.3},
        **more,
    }


SLAB = made(
    "S1", "slab", 10.0, "strand 1", (120.0, 130.0), -2, operation="casting", cast_at=ROLLED, sigma_m=0.01
)
COIL = made("C1", "hot coil", 720.0, "S1", (0.4, 10.0), operation="rolling", sigma_m=0.4)


def where(places):
    return [(place.piece_id, place.kind, pytest.approx(place.at_m)) for place in places]
