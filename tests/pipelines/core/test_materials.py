"""Slabs, hot coils, pieces and scrap are one list of materials, each with its parent and its mass."""

from datetime import UTC, datetime

import pytest

from pipelines.core.materials import materials
from schemas.core.coils import CORE_COILS
from schemas.core.materials import CORE_MATERIALS
from schemas.raw.cuts import RAW_CUTS
from schemas.raw.quality_codes import RAW_QUALITY_CODES
from schemas.raw.scrap import RAW_SCRAP
from schemas.raw.slabs import RAW_SLABS

LONG_AGO = datetime(2026, 1, 1, tzinfo=UTC)


@pytest.fixture
def made(given):
    """The materials of a day, by kind."""

    def rows(coils=(), slabs=(), cuts=(), scrap=()):
        frame = materials(
            given(CORE_COILS, *coils),
            given(RAW_SLABS, *slabs),
            given(RAW_CUTS, *cuts),
            given(RAW_SCRAP, *scrap),
            given(RAW_QUALITY_CODES, {"valid_from_at": LONG_AGO}),
        )
        return frame.select(*CORE_MATERIALS.field_names).orderBy("made_at", "material_id").collect()

    return rows


@pytest.mark.engines
def test_each_kind_of_material_names_its_parent(made):
    kinds = {row.material_kind: row for row in made(coils=[{}], slabs=[{}], cuts=[{}], scrap=[{}])}

    assert kinds["slab"].parent_id is None
    assert kinds["hot coil"].parent_id == kinds["slab"].material_id == "S2611200001"
    assert kinds["piece"].parent_id == kinds["scrap"].parent_id == kinds["hot coil"].material_id


def test_a_slab_comes_from_its_furnace(made):
    known, unknown = made(slabs=[{"slab_id": "S1"}, {"slab_id": "S2", "furnace": None}])

    assert (known.line, unknown.line) == ("RF1", "furnace")


def test_a_piece_has_the_quality_of_its_code_and_the_operation_that_made_it(made):
    [piece] = made(cuts=[{"quality_code": "P1", "operation": "temper rolling"}])

    assert (piece.quality, piece.operation) == ("prime", "temper rolling")


def test_a_line_may_make_several_pieces_of_one_number(made):
    at = [datetime(2026, 11, 20, 9, minute, tzinfo=UTC) for minute in (22, 25)]

    pieces = made(
        cuts=[{"piece_id": "7232058", "parent_id": "7232058", "finished_at": moment} for moment in at]
    )

    assert [piece.material_id for piece in pieces] == ["7232058", "7232058"]


def test_weighed_scrap_has_a_kind_and_no_quality(made):
    [scrap] = made(scrap=[{"scrap_kind": "cobble", "mass_t": 4.2}])

    assert (scrap.scrap_kind, scrap.mass_t, scrap.quality) == ("cobble", 4.2, None)
