"""Files of a plant with signals of its own, from landing to segments; expected values reckoned by hand."""

import pytest

from jobs.lake.delta import as_in_lake
from jobs.lake.queries import open_lake
from jobs.sql import run_query
from jobs.tables import describe_table
from schemas.core.coil_segments import CORE_COIL_SEGMENTS
from schemas.raw.finishing_readings import RAW_FINISHING_READINGS
from tests.page import Page

PAGE = Page("strip_of_another_plant.md")
OWN = {"f1_oil_pressure_bar", "f1_current_a", "f2_oil_pressure_bar", "f2_current_a"}


@pytest.fixture(scope="module")
def lake(tmp_path_factory, spark):
    """The lake that the page's one command makes."""
    return PAGE.make_tables(tmp_path_factory.mktemp("another_plant"), spark)


@pytest.fixture
def means(lake):
    def of(signal, coil="26-4711"):
        query = f"select {signal}.mean from core.coil_segments where coil_id = '{coil}' order by segment_no"
        return [mean for (mean,) in open_lake(lake, query).sql(query).fetchall()]

    return of


@pytest.mark.parametrize(("query", "answer"), PAGE.questions)
def test_the_page_says_what_the_lake_answers(lake, capsys, query, answer):
    run_query(lake, query)
    assert capsys.readouterr().out == answer


def test_every_row_is_kept(lake):
    query = "select sum(rows_read), sum(rows_kept), sum(cells_faulty) from core.ingest_ledger"
    # 40 samples of five files, two coils, twelve sensors.
    assert open_lake(lake, query).sql(query).fetchall() == [(214, 214, 0)]


@pytest.mark.engines
def test_a_ramp_over_the_length_comes_out_metre_by_metre(means):
    # 1153.4 K of the first sample is 880.25 °C at 0.25 m; then 0.5 K a sample and half metre.
    assert means("finishing_temp_c") == pytest.approx([880.5 + metre for metre in range(20)])
    assert means("thickness_mm") == pytest.approx([2.5] * 20)


def test_what_a_stand_saw_lies_further_on_by_the_way_to_the_gauges(means):
    # First sample of G1 at 0.40 m and 10.006 MN, one of G2 at 0.575 m and 10.013 MN; 20 kN a sample.
    assert means("f1_force_kn") == pytest.approx([10_016 + 40 * metre for metre in range(20)])
    assert means("f2_force_kn") == pytest.approx([10_013] + [10_003 + 40 * metre for metre in range(1, 20)])


def test_the_plants_own_signals_come_in_the_units_of_their_names(means):
    # 20.06 MPa, then 0.2 MPa a sample.
    assert means("f1_oil_pressure_bar") == pytest.approx([201.6 + 4 * metre for metre in range(20)])
    assert means("f2_current_a") == pytest.approx([3500] * 20)


@pytest.mark.engines
def test_samples_of_other_systems_are_no_gaps(lake):
    query = """select distinct finishing_temp_c.valid_pct, f2_force_kn.valid_pct, f2_force_kn.flag,
        readings_n from core.coil_segments where from_m > 0"""
    assert open_lake(lake, query).sql(query).fetchall() == [(100.0, 100.0, None, 2)]


def test_a_stand_without_a_file_is_missing_and_the_others_are_not(lake, means):
    query = (
        "select distinct f1_force_kn.n, f1_force_kn.flag from core.coil_segments where coil_id = '26-4712'"
    )
    assert open_lake(lake, query).sql(query).fetchall() == [(0, "missing")]
    assert means("f2_force_kn", "26-4712") == pytest.approx(means("f2_force_kn"))


@pytest.mark.parametrize("contract", [RAW_FINISHING_READINGS, CORE_COIL_SEGMENTS])
def test_the_lake_knows_what_the_plants_own_signals_mean(lake, contract):
    table = as_in_lake(lake, contract)
    assert {field.name for field in table.fields if field.of_the_plant} == OWN
    assert "Oil pressure of the screw-down of G1." in describe_table(table)
