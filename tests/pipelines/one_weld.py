"""A piece of raw/cuts and its two parts in raw/welds: 300 m of C1 and behind them 200 m of C2."""

from datetime import UTC, datetime

EARLY, LATE = (datetime(2026, 11, 20, 9, minute, tzinfo=UTC) for minute in (22, 25))
PIECE = {"piece_id": "W1", "finished_at": LATE}
WELDED = PIECE | {"operation": "re-coiling", "length_m": 500.0, "parent_id": None}
WELDED |= {"parent_from_m": None, "parent_to_m": None, "mass_t": 12.0}
BOTH = {"is_turned": None, "thickness_mm": None, "width_mm": None, "mass_t": None, "piece_to_m": None}
FIRST = PIECE | BOTH | {"part_no": 1, "parent_id": "C1", "parent_from_m": 400.0, "parent_to_m": 700.0}
FIRST |= {"piece_from_m": 0.0, "piece_to_m": 300.0}
SECOND = PIECE | BOTH | {"part_no": 2, "parent_id": "C2", "parent_from_m": 1.0, "parent_to_m": 201.0}
SECOND |= {"piece_from_m": 300.0, "piece_to_m": 500.0}
