"""The strips that most need a look."""

import pytest

from jobs.lake.queries import open_lake
from jobs.report.sections.strips import content
from schemas.core.coil_segments import CORE_COIL_SEGMENTS
from schemas.core.strip_limits import CORE_STRIP_LIMITS


def test_strips_out_of_range_come_by_weight_and_a_faulty_sensor_weighs_nothing(reported_lake, day):
    note, *pictures, found = content(open_lake(reported_lake), day)
    assert "what a frozen or jumping sensor showed not at all" in note.text
    assert found.caption == "2 of 4 judged coils were out of range somewhere"
    # C2: 40 of 400 m, half a band beyond: 10 % twice. C1: 60 of 400 m, at the limit: 15 % once.
    assert [(row["coil_id"], row["weight"]) for row in found.rows] == [
        ("C2", pytest.approx(20)),
        ("C1", pytest.approx(15)),
    ]
    assert found.rows[0]["command"] == "coilmart strip C2"
    whole, out = pictures[0].figure.data
    assert (list(whole.x), list(out.base), list(out.x)) == ([800], [100], [80])


def test_a_day_without_limits_and_one_all_in_range_are_said(day, tmp_path, publish):
    publish(str(tmp_path), CORE_STRIP_LIMITS, {"production_day": day})
    publish(str(tmp_path), CORE_COIL_SEGMENTS, {"production_day": day})
    for lake, told in (
        (str(tmp_path), "No metre of 1 judged coil lay out of range."),
        (
            str(tmp_path / "none"),
            f"No coil of {day} has limits: raw/grade_limits and raw/tolerances would set them.",
        ),
    ):
        assert [note.text for note in content(open_lake(lake), day)] == [told]


def test_coils_of_which_no_limited_signal_was_measured_are_not_called_in_range(day, tmp_path, publish):
    lake, of_day = str(tmp_path), {"production_day": day}
    nothing = {"n": 0, **dict.fromkeys(("mean", "sd", "min", "max", "valid_pct")), "flag": "missing"}
    limits = [of_day | {"coil_id": c, "signal": "finishing_temp_c"} for c in ("C1", "C2")]
    no_signal = {"coil_id": "C2", "signal": "length_m"}
    publish(lake, CORE_STRIP_LIMITS, *limits, of_day | no_signal)
    publish(lake, CORE_COIL_SEGMENTS, of_day | {"coil_id": "C1", "finishing_temp_c": nothing})
    assert [(note.text, note.tone) for note in content(open_lake(lake), day)] == [
        (
            "0 of 2 coils with limits could be judged; on the others no signal with a limit was measured.",
            "bad",
        )
    ]
