"""Metres out of range: where an interval begins and ends, and what it says."""

import pytest

from pipelines.mart.strip_deviations import strip_deviations
from schemas.core.coil_segments import CORE_COIL_SEGMENTS
from schemas.core.strip_limits import CORE_STRIP_LIMITS
from schemas.mart.strip_deviations import MART_STRIP_DEVIATIONS

SIGNAL = "finishing_temp_c"


def moments(mean, flag=None):
    return {"n": 1, "mean": mean, "sd": None, "min": mean, "max": mean, "valid_pct": 100.0, "flag": flag}


@pytest.fixture
def deviations(given):
    """The intervals of a coil of 1 m segments with these means, for which 860 to 900 degrees hold."""

    def rows(means, *limits, flags=None, signals=(SIGNAL,)):
        length_m = float(len(means))
        segments = [
            {"segment_no": no, "from_m": float(no), "to_m": no + 1.0, "length_m": length_m}
            | {SIGNAL: moments(mean, (flags or {}).get(no))}
            for no, mean in enumerate(means)
        ]
        frame = strip_deviations(
            given(CORE_COIL_SEGMENTS, *segments), given(CORE_STRIP_LIMITS, *(limits or [{}])), signals
        )
        return frame.select(*MART_STRIP_DEVIATIONS.field_names).orderBy("signal", "from_m").collect()

    return rows


@pytest.mark.engines
def test_neighbouring_metres_beyond_one_limit_are_one_interval(deviations):
    hot, cold = deviations([880.0, 903.0, 909.0, 880.0, 850.0, 880.0])
    assert (hot.from_m, hot.to_m, hot.side, hot.limit_of_signal) == (1, 3, "above", 900)
    # 3 and 9 degrees beyond.
    assert (hot.worst_of_signal, hot.mean_beyond_of_signal, hot.measured_m) == (909, 6, 2)
    assert (cold.from_m, cold.to_m, cold.side, cold.worst_of_signal) == (4, 5, "below", 850)
    assert (hot.judged_m, cold.judged_m) == (6, 6)


def test_a_limit_itself_is_in_range(deviations):
    assert deviations([860.0, 900.0]) == []


@pytest.mark.engines
def test_metres_without_a_measurement_end_no_interval_and_are_not_counted(deviations):
    (hot,) = deviations([None, 905.0, None, None, 907.0, None, 880.0])
    assert (hot.from_m, hot.to_m, hot.measured_m, hot.judged_m) == (1, 5, 2, 3)


def test_from_beyond_one_limit_to_beyond_the_other_are_two_intervals(deviations):
    assert [(row.from_m, row.side) for row in deviations([905.0, 850.0, 905.0])] == [
        (0, "above"),
        (1, "below"),
        (2, "above"),
    ]


@pytest.mark.engines
def test_the_free_ends_are_not_judged(deviations):
    found = deviations([950.0] * 6, {"free_ends_m": 1.5})
    assert [(row.from_m, row.to_m, row.judged_m) for row in found] == [(2, 4, 2)]


def test_a_limit_on_one_side_leaves_the_other_open(deviations):
    assert [row.side for row in deviations([800.0, 950.0], {"least_of_signal": None})] == ["above"]


def test_metres_of_a_faulty_sensor_are_counted_apart(deviations):
    (hot,) = deviations([905.0, 905.0, 905.0], flags={0: "frozen", 2: "jumping"})
    assert (hot.measured_m, hot.flagged_m) == (3, 2)


@pytest.mark.engines
def test_every_limit_of_a_signal_is_judged_by_itself(deviations):
    tight = {"source": "raw/tolerances", "most_of_signal": 890.0}
    assert [(row.source, row.from_m, row.to_m) for row in deviations([880.0, 895.0, 905.0], {}, tight)] == [
        ("raw/tolerances", 1, 3),
        ("raw/grade_limits", 2, 3),
    ]


def test_a_limit_that_could_not_be_told_judges_nothing(deviations):
    unknown = {"least_of_signal": None, "most_of_signal": None, "not_computable": "no target"}
    assert deviations([800.0, 950.0], unknown) == []
