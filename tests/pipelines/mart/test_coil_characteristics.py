"""What a coil is charted by: from its limits, its targets and its set-up."""

import pytest

from pipelines.mart.coil_characteristics import coil_characteristics
from schemas.core.coil_parts import CORE_COIL_PARTS
from schemas.core.coil_segments import CORE_COIL_SEGMENTS
from schemas.core.coils import CORE_COILS
from schemas.core.strip_limits import CORE_STRIP_LIMITS
from schemas.mart.coil_characteristics import MART_COIL_CHARACTERISTICS
from schemas.raw.setups import RAW_SETUPS

NOT_MEASURED = {
    "n": 0,
    "mean": None,
    "sd": None,
    "min": None,
    "max": None,
    "valid_pct": 0.0,
    "flag": "missing",
}


def moments(mean, flag=None):
    return {"n": 1, "mean": mean, "sd": None, "min": mean, "max": mean, "valid_pct": 100.0, "flag": flag}


def limit(signal, least, most, target=None, source="raw/grade_limits", **fields):
    of_signal = {"target_of_signal": target, "least_of_signal": least, "most_of_signal": most}
    return {"signal": signal, "source": source} | of_signal | fields


@pytest.fixture
def made(given):
    """Characteristic -> row, of one coil."""

    def rows(signals, parts=(), segments=(), limits=(), setups=()):
        frame = coil_characteristics(
            given(CORE_COILS, {"grade_family": "HSLA", "target_thickness_mm": 3.0}),
            given(CORE_COIL_PARTS, *(parts or [{"part": "whole"}])),
            given(CORE_COIL_SEGMENTS, *(segments or [{"from_m": 400.0, "to_m": 401.0}])),
            given(CORE_STRIP_LIMITS, *limits).where("true" if limits else "false"),
            given(RAW_SETUPS, *(setups or [{"signal": "none"}])),
            signals,
        )
        found = frame.select(*MART_COIL_CHARACTERISTICS.field_names).collect()
        assert len({row.characteristic for row in found}) == len(found)
        return {row.characteristic: row for row in found}

    return rows


@pytest.mark.engines
def test_what_has_a_target_is_charted_by_its_difference_from_it(made):
    parts = [
        {"part": part, "coiling_temp_c": moments(mean)}
        for part, mean in {"head": 590.0, "body": 604.0}.items()
    ]
    found = made(["coiling_temp_c"], parts, limits=[limit("coiling_temp_c", 570.0, 630.0, 600.0)])
    assert set(found) == {"coiling_temp_c, head, less target", "coiling_temp_c, body, less target"}
    body = found["coiling_temp_c, body, less target"]
    assert (body.value_of_characteristic, body.least_of_characteristic, body.most_of_characteristic) == (
        4,
        -30,
        30,
    )
    assert (body.kind, body.unit, body.mode) == ("difference", "°C", "HSLA, over 2 to 4 mm")


@pytest.mark.engines
def test_what_has_none_is_charted_by_its_mean(made):
    found = made(["crown_um"], [{"crown_um": moments(42.0)}], limits=[limit("crown_um", None, 80.0)])
    assert found["crown_um, body"].value_of_characteristic == 42
    assert (
        found["crown_um, body"].least_of_characteristic,
        found["crown_um, body"].most_of_characteristic,
    ) == (None, 80)


def test_where_ends_are_free_head_and_tail_have_no_limits(made):
    parts = [{"part": part, "thickness_mm": moments(3.05)} for part in ("head", "body", "tail")]
    ordered = limit("thickness_mm", 2.8, 3.2, 3.0, "raw/tolerances", free_ends_m=20.0)
    found = made(["thickness_mm"], parts, limits=[ordered])
    assert found["thickness_mm, head, less order"].value_of_characteristic == pytest.approx(0.05)
    assert found["thickness_mm, head, less order"].most_of_characteristic is None
    assert found["thickness_mm, body, less order"].most_of_characteristic == pytest.approx(0.2)


def test_a_coil_whose_limits_could_not_be_told_has_no_row_of_them(made):
    unknown = limit("crown_um", None, None, not_computable="target was not delivered")
    assert made(["crown_um"], [{"crown_um": moments(42.0)}], limits=[unknown]) == {}


def test_what_was_not_measured_says_so(made):
    found = made(["crown_um"], [{"crown_um": NOT_MEASURED}], limits=[limit("crown_um", 10.0, 80.0)])
    assert found["crown_um, body"].value_of_characteristic is None
    assert found["crown_um, body"].not_computable == "not measured"


@pytest.mark.engines
def test_a_force_is_charted_in_percent_of_its_set_up_and_a_gap_in_millimetres(made):
    head = {"part": "head", "f3_force_kn": moments(14_300.0), "f3_gap_mm": moments(6.5)}
    setups = [
        {"signal": "f3_force_kn", "setup_of_signal": 13_000.0, "hit_within_of_signal": 1_300.0},
        {"signal": "f3_gap_mm", "setup_of_signal": 6.25, "hit_within_of_signal": 0.2},
    ]
    found = made(["f3_force_kn", "f3_gap_mm"], [head, {"part": "body"}], setups=setups)
    force, gap = found["f3_force_kn, head, less set-up"], found["f3_gap_mm, head, less set-up"]
    assert (force.value_of_characteristic, force.most_of_characteristic, force.unit) == (
        pytest.approx(10),
        10,
        "%",
    )
    assert (gap.value_of_characteristic, gap.least_of_characteristic, gap.unit) == (0.25, -0.2, "mm")
    assert found["f3_force_kn, head, hit of set-up"].value_of_characteristic == 1
    assert found["f3_gap_mm, head, hit of set-up"].value_of_characteristic == 0


def test_without_a_hit_window_there_is_no_hit(made):
    setups = [{"signal": "f3_force_kn", "setup_of_signal": 13_000.0, "hit_within_of_signal": None}]
    found = made(["f3_force_kn"], [{"part": "head", "f3_force_kn": moments(13_650.0)}], setups=setups)
    assert list(found) == ["f3_force_kn, head, less set-up"]
    assert found["f3_force_kn, head, less set-up"].value_of_characteristic == pytest.approx(5)


@pytest.mark.engines
@pytest.mark.parametrize(
    ("off_at_m", "flag", "hit"),
    [
        ([0, 9], None, 1.0),
        ([0, 9, 10], None, 0.0),
        ([19], None, 0.0),
        ([20], None, 1.0),
        ([12], "frozen", 1.0),
    ],
)
def test_a_head_hits_that_is_in_range_from_the_tenth_metre_for_ten(made, off_at_m, flag, hit):
    segments = [
        {"segment_no": no, "from_m": float(no), "to_m": no + 1.0}
        | {"thickness_mm": moments(3.5 if no in off_at_m else 3.0, flag if no in off_at_m else None)}
        for no in range(25)
    ]
    found = made(
        ["thickness_mm"], segments=segments, limits=[limit("thickness_mm", 2.8, 3.2, 3.0, "raw/tolerances")]
    )
    assert found["thickness_mm, head, hit of order"].value_of_characteristic == hit


def test_a_head_that_nobody_measured_neither_hits_nor_misses(made):
    segments = [{"from_m": 12.0, "to_m": 13.0, "thickness_mm": NOT_MEASURED}]
    found = made(["thickness_mm"], segments=segments, limits=[limit("thickness_mm", 2.8, 3.2, 3.0)])
    hit = found["thickness_mm, head, hit of target"]
    assert (hit.value_of_characteristic, hit.not_computable) == (None, "not measured")
