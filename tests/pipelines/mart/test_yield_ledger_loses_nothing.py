"""Whatever is weighed is booked once, whatever collides, and a night sees what a backfill sees."""

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import HealthCheck, example
from hypothesis import given as for_all
from hypothesis import settings as trying
from hypothesis import strategies as st

from pipelines.mart.yield_ledger import yield_ledger
from schemas.core.coils import CORE_COILS
from schemas.core.length_maps import CORE_LENGTH_MAPS
from schemas.core.materials import CORE_MATERIALS
from schemas.mart.yield_ledger import ACCOUNTS, MART_YIELD_LEDGER, NO_SHARE

FIRST_DAY = date(2026, 11, 20)
NUMBERS = range(5)
NOTHING_RECKONED = {"head_crop_mass_t": None, "tail_crop_mass_t": None}
COILS = [
    NOTHING_RECKONED | {"coil_id": f"C{no}", "slab_id": f"S{no}", "mass_t": 21.5, "slab_mass_t": 22.0}
    for no in NUMBERS
]

# Masses are whole kilograms, numbers collide on purpose, and everything happens within five days.
MINUTE = st.integers(0, 5 * 24 * 60 - 1)
MASS_T = st.integers(1, 25_000).map(lambda kg: kg / 1000)
LINE = st.sampled_from(["HSM", "FIN1"])
PIECE = st.fixed_dictionaries(
    {
        "minute": MINUTE,
        "line": LINE,
        "no": st.sampled_from(NUMBERS),
        "part": st.sampled_from(["", "A", "B"]),
        "quality": st.sampled_from(["prime", "secondary", "scrap", None]),
        "mass_t": MASS_T,
        "parts": st.lists(st.tuples(st.sampled_from([None, *NUMBERS]), st.integers(1, 5)), max_size=3),
        "has_shares": st.booleans(),
    }
)
WEIGHING = st.fixed_dictionaries(
    {
        "minute": MINUTE,
        "line": LINE,
        "parent_id": st.sampled_from([None, *(f"C{no}{part}" for no in NUMBERS for part in ("", "A"))]),
        "scrap_kind": st.sampled_from(["head crop", "cobble", "trim", "sample", "scrapped piece"]),
        "mass_t": MASS_T,
    }
)


def made(minute):
    """The moment so many minutes into the first day, and its production day."""
    at = datetime(2026, 11, 20, 6, tzinfo=UTC) + timedelta(minutes=minute)
    return {"made_at": at, "production_day": FIRST_DAY + timedelta(days=minute // 1440)}


def is_welded(piece):
    return piece["line"] == "FIN1" and piece["part"] != "" and piece["parts"] != []


def as_pieces(drawn):
    """Hot coils of slabs, pieces of coils and welded pieces; a line makes a number once a minute."""
    rows = {}
    for piece in drawn:
        line, no = piece["line"], piece["no"]
        kind, parent, operation = (
            ("hot coil", "S", "rolling") if line == "HSM" else ("piece", "C", "dividing")
        )
        own = {"material_kind": kind, "operation": operation, "line": line, "quality": piece["quality"]}
        parent_id = None if is_welded(piece) else f"{parent}{no}"
        numbers = {"material_id": f"C{no}{piece['part']}", "parent_id": parent_id}
        key = (line, piece["minute"], numbers["material_id"])
        rows[key] = made(piece["minute"]) | own | numbers | {"mass_t": piece["mass_t"]}
    return list(rows.values())


def as_maps(drawn):
    """The parts of the welded pieces, which may be of one coil more than once, or of none that is known."""
    rows = {}
    for piece in filter(is_welded, drawn):
        whole = sum(weight for _, weight in piece["parts"])
        number = f"C{piece['no']}{piece['part']}"
        own = made(piece["minute"]) | {"child_kind": "piece", "line": "FIN1", "child_id": number}
        rows[piece["minute"], number] = [
            own
            | {"part_no": part_no, "parent_id": None if no is None else f"C{no}"}
            | {"mass_share_pct": 100 * weight / whole if piece["has_shares"] else None}
            for part_no, (no, weight) in enumerate(piece["parts"], 1)
        ]
    return [row for parts in rows.values() for row in parts]


def as_scrap(drawn):
    mine = {"material_kind": "scrap", "operation": None, "quality": None}
    own = ("line", "parent_id", "scrap_kind", "mass_t")
    return [
        made(weighing["minute"]) | mine | {"material_id": f"W{no}"} | {name: weighing[name] for name in own}
        for no, weighing in enumerate(drawn)
    ]


def weighed_twice_t(materials):
    """Mass of the pieces that came out and were weighed again as scrapped, within a day."""
    out = {
        (row["line"], row["material_id"], row["production_day"] + timedelta(days=later))
        for row in materials
        for later in (-1, 0, 1)
        if "scrap_kind" not in row and row["material_id"] != row["parent_id"]
    }
    again = (row for row in materials if row.get("scrap_kind") == "scrapped piece")
    return sum(
        row["mass_t"] for row in again if (row["line"], row["parent_id"], row["production_day"]) in out
    )


def total_t(row, accounts):
    return sum(row[f"{account}_mass_t"] or 0 for account in accounts)


@pytest.fixture
def ledger(given):
    def rows(materials, maps=()):
        genealogy = given(CORE_LENGTH_MAPS, *maps)
        frame = yield_ledger(given(CORE_COILS, *COILS), given(CORE_MATERIALS, *materials), genealogy)
        return frame.select(*MART_YIELD_LEDGER.field_names).orderBy("line", "piece_id", "worked_at").collect()

    return rows


@trying(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@for_all(pieces=st.lists(PIECE, min_size=1, max_size=25), weighings=st.lists(WEIGHING, max_size=25))
def test_whatever_is_weighed_is_booked_once_and_every_balance_closes(ledger, pieces, weighings):
    materials = as_pieces(pieces) + as_scrap(weighings)

    rows = ledger(materials, as_maps(pieces))

    weighed = [account for account in ACCOUNTS if account not in ("scale", "unaccounted")]
    booked_t = sum(total_t(row, weighed) for row in rows)
    assert booked_t == pytest.approx(sum(row["mass_t"] for row in materials) - weighed_twice_t(materials))
    for row in rows:
        if row.unaccounted_mass_t is not None:
            assert total_t(row, ACCOUNTS) == pytest.approx(row.charged_mass_t, abs=1e-6)
        else:
            assert row.charged_mass_t is None or row.not_computable == NO_SHARE


COIL = {"minute": 0, "line": "HSM", "no": 0, "part": "", "quality": "prime", "mass_t": 0.001}
COIL |= {"parts": [], "has_shares": True}
CUT_TWO_DAYS_LATER = COIL | {"minute": 2880, "line": "FIN1", "part": "A"}
CROP_OF_IT_BEFORE = {
    "minute": 0,
    "line": "HSM",
    "parent_id": "C0A",
    "scrap_kind": "head crop",
    "mass_t": 0.001,
}


@trying(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@for_all(
    pieces=st.lists(PIECE, min_size=1, max_size=25),
    weighings=st.lists(WEIGHING, max_size=25),
    day=st.integers(0, 4).map(lambda days: FIRST_DAY + timedelta(days=days)),
)
@example(pieces=[COIL, CUT_TWO_DAYS_LATER], weighings=[CROP_OF_IT_BEFORE], day=FIRST_DAY)
def test_a_night_sees_what_a_backfill_sees(ledger, pieces, weighings, day):
    materials, maps = as_pieces(pieces) + as_scrap(weighings), as_maps(pieces)

    def read(table, rows):
        window = MART_YIELD_LEDGER.input(table)
        first, last = day - timedelta(days=window.days_back), day + timedelta(days=window.days_ahead)
        return [row for row in rows if first <= row["production_day"] <= last]

    backfill = ledger(materials, maps)
    night = ledger(read(CORE_MATERIALS, materials), read(CORE_LENGTH_MAPS, maps))

    assert [row for row in night if row.production_day == day] == [
        row for row in backfill if row.production_day == day
    ]
