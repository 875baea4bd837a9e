"""A welded piece is booked on the works of all its parents, each tonne once, and never by a guess."""

import pytest

from pipelines.mart.coil_yields import coil_yields
from pipelines.mart.yield_ledger import yield_ledger
from schemas.core.coils import CORE_COILS
from schemas.core.length_maps import CORE_LENGTH_MAPS
from schemas.core.materials import CORE_MATERIALS
from schemas.fields import AT, LATER
from schemas.mart.coil_yields import MART_COIL_YIELDS
from schemas.mart.yield_ledger import MART_YIELD_LEDGER, NO_SHARE, NO_SHARES

NO_CROP = {"head_crop_mass_t": None, "tail_crop_mass_t": None}
COILS = [
    NO_CROP | {"coil_id": f"C{no}", "slab_id": f"S{no}", "mass_t": mass} for no, mass in ((1, 10.0), (2, 5.0))
]
MADE = {"material_kind": "piece", "line": "FIN1", "operation": "re-coiling", "made_at": AT, "parent_id": None}
W1 = MADE | {"material_id": "W1", "mass_t": 12.0}
ON_W1 = {"child_kind": "piece", "line": "FIN1", "child_id": "W1", "made_at": AT}


def parts(**shares):
    """W1 of these parents, each with its share in percent; None is not known."""
    return [
        ON_W1 | {"part_no": no, "parent_id": parent if parent != "nobody" else None, "mass_share_pct": share}
        for no, (parent, share) in enumerate(shares.items(), 1)
    ]


def scrap(kind, of, mass_t):
    mine = {"material_id": f"{kind} {of}", "material_kind": "scrap", "scrap_kind": kind, "operation": None}
    return mine | {"line": "FIN1", "parent_id": of, "mass_t": mass_t, "quality": None, "made_at": LATER}


@pytest.fixture
def ledger(given):
    """The rows of the ledger by the piece that went in; C1 weighed 10 t, C2 5 t."""

    def rows(maps, *materials):
        frames = ((CORE_COILS, COILS), (CORE_MATERIALS, materials), (CORE_LENGTH_MAPS, maps))
        frame = yield_ledger(*(given(table, *named) for table, named in frames))
        return {row.piece_id: row for row in frame.select(*MART_YIELD_LEDGER.field_names).collect()}

    return rows


@pytest.mark.engines
def test_each_parent_has_its_share_and_both_balances_close(ledger):
    crops = [scrap("head crop", "C1", 0.4), scrap("tail crop", "C2", 0.2)]
    rows = ledger(parts(C1=80.0, C2=20.0), W1, *crops)

    assert set(rows) == {"C1", "C2"}
    # 80 % of 12 t of the 10 t of C1, 20 % of the 5 t of C2.
    assert [rows[coil].prime_mass_t for coil in ("C1", "C2")] == pytest.approx([9.6, 2.4])
    assert [rows[coil].crop_mass_t for coil in ("C1", "C2")] == [0.4, 0.2]
    assert [rows[coil].charged_mass_t for coil in ("C1", "C2")] == [10.0, 5.0]
    assert [rows[coil].unaccounted_mass_t for coil in ("C1", "C2")] == pytest.approx([0.0, 2.4])
    assert [rows[coil].estimated for coil in ("C1", "C2")] == [["prime"], ["prime"]]


@pytest.mark.engines
def test_what_each_gave_is_not_known_and_the_piece_stands_for_itself(ledger):
    rows = ledger(parts(C1=None, C2=None), W1, scrap("head crop", "C1", 0.4))

    assert (rows["W1"].prime_mass_t, rows["W1"].charged_mass_t) == (12.0, None)
    assert rows["W1"].not_computable == NO_SHARES
    assert (rows["C1"].charged_mass_t, rows["C1"].prime_mass_t, rows["C1"].crop_mass_t) == (10.0, 0.0, 0.4)
    assert [rows[coil].unaccounted_mass_t for coil in ("W1", "C1", "C2")] == [None, None, None]
    assert [rows[coil].not_computable for coil in ("C1", "C2")] == [NO_SHARE, NO_SHARE]


def test_the_part_of_a_parent_that_nobody_knows_stands_for_itself(ledger):
    rows = ledger(parts(C1=75.0, nobody=25.0), W1)

    assert (rows["C1"].prime_mass_t, rows["W1"].prime_mass_t) == (9.0, 3.0)
    assert (rows["W1"].charged_mass_t, rows["W1"].not_computable) == (None, NO_SHARES)


def test_a_coil_that_was_welded_again_has_all_of_the_piece(ledger):
    again = parts(C1=80.0) + [ON_W1 | {"part_no": 2, "parent_id": "C1", "mass_share_pct": 20.0}]

    rows = ledger(again, W1 | {"mass_t": 9.9})

    assert (rows["C1"].prime_mass_t, rows["C1"].estimated) == (9.9, [])


def test_a_map_that_was_made_before_there_were_welds_is_of_one_parent(ledger):
    [old] = parts(C1=None)

    rows = ledger([old | {"part_no": None}], W1 | {"parent_id": "C1", "mass_t": 9.9})

    assert (set(rows), rows["C1"].prime_mass_t) == ({"C1"}, 9.9)


@pytest.mark.engines
def test_scrap_of_the_welded_piece_is_divided_as_the_piece_is(ledger):
    rows = ledger(parts(C1=80.0, C2=20.0), W1, scrap("sample", "W1", 0.1))

    assert [rows[coil].sample_mass_t for coil in ("C1", "C2")] == pytest.approx([0.08, 0.02])
    assert rows["C1"].estimated == ["prime", "sample"]


def test_scrap_of_a_welded_piece_whose_shares_nobody_knows_stays_with_it(ledger):
    rows = ledger(parts(C1=None, C2=None), W1, scrap("sample", "W1", 0.1))

    assert {coil: row.sample_mass_t for coil, row in rows.items()} == {"W1": 0.1, "C1": None, "C2": None}


@pytest.mark.parametrize("shares", [{"C1": 80.0, "C2": 20.0}, {"C1": None, "C2": None}])
def test_a_welded_piece_that_is_weighed_as_scrapped_does_not_count_twice(ledger, shares):
    rows = ledger(parts(**shares), W1, scrap("scrapped piece", "W1", 12.0))

    assert sum(row.scrapped_mass_t for row in rows.values()) == pytest.approx(12.0)
    assert sum(row.prime_mass_t for row in rows.values()) == pytest.approx(0.0)


def test_what_is_made_of_the_welded_piece_is_charged_with_all_of_it(ledger):
    halves = [
        W1 | {"material_id": f"W1{half}", "parent_id": "W1", "mass_t": 5.9, "made_at": LATER} for half in "AB"
    ]

    rows = ledger(parts(C1=80.0, C2=20.0), W1, *halves)

    assert (rows["W1"].charged_mass_t, rows["W1"].prime_mass_t) == (12.0, 11.8)


def test_a_welded_piece_that_keeps_the_number_of_a_coil_is_on_both_all_the_same(ledger):
    kept = [row | {"child_id": "C1"} for row in parts(C1=80.0, C2=20.0)]

    rows = ledger(kept, W1 | {"material_id": "C1", "parent_id": "C1"})

    assert [rows[coil].prime_mass_t for coil in ("C1", "C2")] == pytest.approx([9.6, 2.4])
    assert rows["C1"].charged_mass_t == 10.0


def test_a_piece_without_a_mass_has_none_on_either_parent(ledger):
    rows = ledger(parts(C1=80.0, C2=20.0), W1 | {"mass_t": None})

    assert {row.not_computable for row in rows.values()} == {
        "mass of a piece that came out was not delivered"
    }


@pytest.mark.engines
def test_the_yields_of_the_parents_have_their_share_of_the_length_too(given, ledger):
    # 400 m x 1.25 m x 3 mm x 7.85 t/m3 = 11.775 t, of which 80 % are 9.42 t.
    piece = W1 | {"length_m": 400.0, "width_mm": 1250.0, "thickness_mm": 3.0}
    maps, materials = parts(C1=80.0, C2=20.0), [piece]
    rows = [row.asDict() for row in ledger(maps, *materials).values()]
    rolled = rows[0] | {"piece_id": "S1", "coil_id": "C1", "operation": "rolling", "line": "HSM"}
    tables = (MART_YIELD_LEDGER, [*rows, rolled]), (CORE_MATERIALS, materials), (CORE_LENGTH_MAPS, maps)

    yields = coil_yields(*(given(table, *named) for table, named in tables))
    found = {row.piece_id: row for row in yields.select(*MART_COIL_YIELDS.field_names).collect()}

    assert found["C1"].theoretical_mass_t == pytest.approx(9.42)
    assert found["C1"].metallic_yield_pct == pytest.approx(96.0)
    assert [found[piece].is_first_pass for piece in ("C1", "C2", "S1")] == [False, False, False]


def test_of_parents_without_a_share_no_output_is_told(given, ledger):
    maps = parts(C1=None, C2=None)
    rows = [row.asDict() for row in ledger(maps, W1).values()]
    tables = (MART_YIELD_LEDGER, rows), (CORE_MATERIALS, [W1]), (CORE_LENGTH_MAPS, maps)

    yields = coil_yields(*(given(table, *named) for table, named in tables)).collect()

    assert {row.piece_id: row.output_mass_t for row in yields} == {"W1": 12.0, "C1": None, "C2": None}
