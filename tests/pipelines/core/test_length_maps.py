"""The genealogy of a day: slabs on strands, coils on slabs, with their errors; doubts are told."""

from datetime import UTC, date, datetime, timedelta

import pytest

from pipelines.core.length_maps import length_maps
from schemas.core.coils import CORE_COILS
from schemas.core.length_maps import CORE_LENGTH_MAPS
from schemas.raw.cuts import RAW_CUTS
from schemas.raw.scrap import RAW_SCRAP
from schemas.raw.slabs import RAW_SLABS
from schemas.raw.welds import RAW_WELDS

CAST = datetime(2026, 11, 18, 3, 0, tzinfo=UTC)
# Coil and crops of the examples weigh 21.61 t.
SLAB = {"mass_t": 22.0, "length_m": 9.6}


@pytest.fixture
def mapped(given):
    """The maps of a day by child; the tables hold no row but those given."""

    def rows(coils=(), slabs=(), cuts=(), welds=(), scrap=()):
        tables = (CORE_COILS, RAW_SLABS, RAW_CUTS, RAW_WELDS, RAW_SCRAP)
        frames = zip(tables, (coils, slabs, cuts, welds, scrap), strict=True)
        maps = length_maps(*(given(table, *named) for table, named in frames))
        found = maps.select(*CORE_LENGTH_MAPS.field_names).orderBy("made_at", "child_id").collect()
        return {row.child_id: row for row in found}

    return rows


def interval(row):
    return row.parent_id, row.parent_from_m, row.parent_to_m


@pytest.mark.engines
def test_a_route_leads_from_piece_to_strand(mapped):
    maps = mapped(coils=[{}], slabs=[SLAB], cuts=[{"length_m": 360.0}])
    slab, coil, piece = (maps[name] for name in ("S2611200001", "C2611200001", "C2611200001A"))

    assert interval(slab) == ("strand 1", 120.0, 129.6)
    assert (coil.parent_id, piece.parent_id) == ("S2611200001", "C2611200001")
    assert [row.operation for row in (slab, coil, piece)] == ["casting", "rolling", "dividing"]
    assert [row.is_reversed for row in (slab, coil, piece)] == [False, False, True]
    assert all(row.child_from_m == 0 and row.sigma_m > 0 for row in maps.values())
    assert not any(row.is_ambiguous or row.doubt for row in maps.values())


def test_crops_fall_off_the_slab_by_their_mass(mapped):
    # Of 21.6 t that reached the crop shear 0.06 t fell off the head and 0.04 t off the tail.
    coil = mapped(
        coils=[{"mass_t": 21.5, "head_crop_mass_t": 0.06, "tail_crop_mass_t": 0.04, "length_m": 720.0}],
        slabs=[SLAB],
    )["C2611200001"]

    assert coil.parent_from_m == pytest.approx(9.6 * 0.06 / 21.6)
    assert coil.parent_to_m == pytest.approx(9.6 * 21.56 / 21.6)
    # 6 % of each crop at 21.5 t in 720 m, and 0.1 % of the length.
    head_m, tail_m = 0.0036 / 21.5 * 720, 0.0024 / 21.5 * 720
    assert coil.sigma_m == pytest.approx(((head_m**2 + tail_m**2 + 0.72**2) / 3) ** 0.5)


@pytest.mark.engines
def test_weighed_crops_and_samples_count_before_the_crop_shears_reckoning(mapped):
    kinds = (
        ("S2611200001", "head crop", 0.08),
        ("S2611200001", "tail crop", 0.05),
        ("C2611200001", "sample", 0.02),
    )
    scrap = [
        {"weighing_id": kind, "line": "HSM", "material_id": of, "scrap_kind": kind, "mass_t": mass_t}
        for of, kind, mass_t in kinds
    ]
    elsewhere = {"weighing_id": "W9", "line": "FIN1", "material_id": "C2611200001", "scrap_kind": "head crop"}
    coil = mapped(coils=[{"mass_t": 21.5}], slabs=[SLAB], scrap=[*scrap, elsewhere])["C2611200001"]

    assert coil.parent_from_m == pytest.approx(9.6 * 0.08 / 21.65)
    assert coil.parent_to_m == pytest.approx(9.6 * 21.58 / 21.65)


def test_a_coil_without_crops_has_the_usual_ones_and_a_greater_error(mapped):
    crops = {"head_crop_mass_t": None, "tail_crop_mass_t": None}
    maps = mapped(coils=[{"coil_id": "C1"} | crops], slabs=[SLAB])

    assert maps["C1"].parent_from_m == pytest.approx(9.6 * 0.11 / (21.5 + 0.22))
    assert maps["C1"].sigma_m == pytest.approx(((2 * (0.066 / 21.5 * 720) ** 2 + 0.72**2) / 3) ** 0.5)


def test_an_unweighed_coil_is_its_slab_without_scale_and_crops(mapped):
    crops = {"head_crop_mass_t": 0.06, "tail_crop_mass_t": 0.05}
    coil = mapped(coils=[{"mass_t": None} | crops], slabs=[SLAB])["C2611200001"]

    # 1.5 % scale of which 0.75 is iron.
    assert coil.parent_from_m == pytest.approx(9.6 * 0.06 / (22.0 * (1 - 0.01125)))


def test_a_slab_without_a_length_has_that_of_its_mass(mapped):
    slab = mapped(
        slabs=[
            {"length_m": None, "cast_to_m": None, "mass_t": 22.0, "thickness_mm": 230.0, "width_mm": 1285.0}
        ]
    )["S2611200001"]

    assert slab.child_to_m == pytest.approx(22.0 / 7.85 / 0.230 / 1.285)
    assert slab.parent_from_m is None and not slab.is_ambiguous
    assert slab.doubt == "not known: cast interval"


@pytest.mark.parametrize(
    ("lacking", "names"),
    [
        ({"slab_id": None}, "slab, length of the slab"),
        ({"slab_id": "S9"}, "length of the slab"),
        ({"length_m": None, "mass_t": None}, "length"),
    ],
)
def test_a_coil_without_slab_or_length_has_no_place(mapped, lacking, names):
    coil = mapped(coils=[lacking], slabs=[SLAB])["C2611200001"]

    assert interval(coil)[1:] == (None, None) and coil.sigma_m is None
    assert coil.doubt == f"not known: {names}" and not coil.is_ambiguous


@pytest.mark.engines
def test_two_slabs_that_claim_the_same_metres_of_a_strand_name_each_other(mapped):
    maps = mapped(
        slabs=[
            SLAB | {"slab_id": "S1", "cast_at": CAST, "cast_from_m": 120.0, "cast_to_m": 129.6},
            {
                "slab_id": "S2",
                "length_m": 9.6,
                "cast_at": CAST + timedelta(minutes=9),
                "cast_from_m": 125.0,
                "cast_to_m": 134.6,
            },
        ]
    )

    assert maps["S1"].doubt == "strand 1 has the same metres for S2 (125.0 to 134.6 m)"
    assert maps["S2"].doubt == "strand 1 has the same metres for S1 (120.0 to 129.6 m)"
    assert interval(maps["S2"]) == ("strand 1", 125.0, 134.6) and maps["S2"].is_ambiguous


@pytest.mark.parametrize(
    "other", [{"strand": "2"}, {"production_day": date(2026, 11, 24)}, {"cast_at": CAST + timedelta(hours=8)}]
)
def test_another_strand_a_day_too_far_and_a_counter_that_started_anew_are_no_doubt(mapped, other):
    slab = SLAB | {"cast_at": CAST}
    maps = mapped(slabs=[slab | {"slab_id": "S1"}, slab | {"slab_id": "S2"} | other])

    assert not any(row.is_ambiguous for row in maps.values())


def test_neighbours_that_meet_at_the_cut_are_no_doubt(mapped):
    maps = mapped(
        slabs=[
            SLAB | {"slab_id": "S1", "cast_at": CAST, "cast_from_m": 120.0, "cast_to_m": 129.6},
            SLAB | {"slab_id": "S2", "cast_at": CAST, "cast_from_m": 129.6, "cast_to_m": 139.2},
        ]
    )

    assert not any(row.is_ambiguous for row in maps.values())


def test_two_coils_of_one_slab_have_no_place_on_it_and_name_each_other(mapped):
    maps = mapped(coils=[{"coil_id": "C1"}, {"coil_id": "C2"}], slabs=[SLAB])

    assert maps["C1"].doubt == "slab S2611200001 is said to have become also C2"
    assert maps["C1"].is_ambiguous and maps["C1"].parent_from_m is None


def test_coils_of_two_days_are_judged_each_by_its_own(mapped):
    maps = mapped(
        coils=[{"coil_id": "C1"}, {"coil_id": "C2", "production_day": date(2026, 11, 21)}], slabs=[SLAB]
    )

    assert not any(row.is_ambiguous for row in maps.values())


def test_a_coil_that_weighs_less_than_its_slab_can_explain_could_be_of_another(mapped):
    coil = mapped(coils=[{"mass_t": 15.0}], slabs=[SLAB])["C2611200001"]

    assert coil.is_ambiguous
    assert "coil and crops weigh 15.1 t, the slab 22.0 t" in coil.doubt


def test_a_slab_is_looked_for_three_days_back(mapped):
    before = [date(2026, 11, 17), date(2026, 11, 16)]
    near, far = (mapped(coils=[{}], slabs=[SLAB | {"production_day": day}])["C2611200001"] for day in before)

    assert near.parent_from_m is not None and far.parent_from_m is None
