"""Two lakes are compared row for row."""

from dataclasses import replace

import pytest

from jobs.lake.comparison import differences
from jobs.run import Run
from schemas.lineage import TABLES

LEDGER = TABLES["mart/yield_ledger"]
DAY = LEDGER.field("production_day").example


@pytest.fixture
def lake_with(lake, given, tmp_path):
    def write(name, *rows):
        settings = replace(lake.settings, lake=str(tmp_path / name))
        own = replace(lake, settings=settings, run=Run.start()).for_table(LEDGER)
        own.write(LEDGER, (DAY,), given(LEDGER, *rows))
        return settings.lake

    return write


def test_lakes_with_the_same_rows_in_another_order_agree(lake_with):
    first, second = {"piece_id": "S1"}, {"piece_id": "S2", "grade": None}
    assert differences(lake_with("one", first, second), lake_with("other", second, first)) == []


def test_numbers_agree_to_a_billionth(lake_with):
    closing = {"charged_mass_t": 22.0 + 1e-8, "prime_mass_t": 21.55 + 1e-8}
    assert differences(lake_with("one", {}), lake_with("other", closing)) == []


def test_another_number_text_or_count_is_named(lake_with):
    one = lake_with("one", {"piece_id": "S1"}, {"piece_id": "S2"})
    text = lake_with("text", {"piece_id": "S1", "grade": "DD11"}, {"piece_id": "S2"})
    number = lake_with("number", {"piece_id": "S1"}, {"piece_id": "S2", "unaccounted_pct": 0.5})
    fewer = lake_with("fewer", {"piece_id": "S1"})
    assert differences(one, text) == ["mart/yield_ledger.grade: 1 of 2 rows differ, such as S355MC and DD11"]
    assert differences(one, number) == [
        "mart/yield_ledger.unaccounted_pct: 1 of 2 rows differ, such as 0.375 and 0.5"
    ]
    assert differences(one, fewer) == ["mart/yield_ledger: 2 rows and 1 rows"]


def test_a_value_that_one_lake_misses_is_named(lake_with):
    assert differences(lake_with("one", {}), lake_with("other", {"shift": None})) == [
        "mart/yield_ledger.shift: 1 of 1 rows differ, such as A and None"
    ]


def test_moments_are_compared_part_by_part(publish, tmp_path):
    segments = TABLES["core/coil_segments"]
    temps = segments.field("finishing_temp_c").example

    def lake_of(name, **parts):
        publish(str(tmp_path / name), segments, {"finishing_temp_c": temps | parts, "width_mm": None})
        return str(tmp_path / name)

    one = lake_of("one")
    assert differences(one, lake_of("close", mean=temps["mean"] + 1e-8)) == []
    [told] = differences(one, lake_of("apart", mean=temps["mean"] + 1e-5))
    assert told.startswith("core/coil_segments.finishing_temp_c: 1 of 1 rows differ")
    [told] = differences(one, lake_of("flagged", flag="missing"))
    assert "finishing_temp_c" in told
