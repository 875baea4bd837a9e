"""Real plant files, from landing to the answers of docs/temper_line.md; expected values reckoned by hand."""

import duckdb
import pytest

from jobs.lake.queries import open_lake
from jobs.sql import run_query
from tests.page import ROOT, Page

DATA = ROOT.parent / "shared" / "data" / "am_temper_line"
PAGE = Page("temper_line.md")

pytestmark = pytest.mark.skipif(
    not DATA.is_dir(), reason="The plant files are not there: ../shared/data/am_temper_line is missing."
)


@pytest.fixture(scope="module")
def lake(tmp_path_factory, spark):
    """The lake that the page's one command makes."""
    return PAGE.make_tables(tmp_path_factory.mktemp("temper_line"), spark)


@pytest.fixture
def ask(lake):
    def answer(query):
        return open_lake(lake, query).sql(query).fetchall()

    return answer


@pytest.mark.parametrize(("query", "answer"), PAGE.questions)
def test_the_page_says_what_the_lake_answers(lake, capsys, query, answer):
    run_query(lake, query)
    assert capsys.readouterr().out == answer


def test_every_row_of_the_plant_is_kept_quarantined_or_a_duplicate(ask):
    ledger = ask(
        "select table_path, rows_read, rows_kept, rows_quarantined, rows_duplicate from core.ingest_ledger"
    )
    assert {path: rows for path, *rows in ledger} == {
        "raw/cuts": [6490, 6345, 0, 145],
        # 871 rows of the log and three lines that slipped in; four of these cannot be read.
        "raw/stoppages": [874, 860, 4, 10],
        "raw/quality_codes": [6, 6, 0, 0],
        "raw/shift_calendar": [231, 231, 0, 0],
    }


def test_lines_that_cannot_be_read_are_quarantined_with_their_number(ask):
    assert ask("select line_no from core.quarantine order by 1") == [(128,), (712,), (759,), (875,)]


def test_a_stoppage_behind_a_stray_quote_is_not_swallowed(ask):
    kept = ask("select reason from raw.stoppages where reason like '%Gas, Water, Air%'")
    assert len(kept) == 3 and not any("\n" in reason for (reason,) in kept)


def test_a_stoppage_without_a_time_of_day_began_at_midnight(ask):
    begun = ask(
        "select strftime(timezone('Africa/Johannesburg', from_at), '%d %H:%M'), "
        "date_diff('minute', from_at, to_at) from raw.stoppages where stoppage_id like '6/24/24/%'"
    )
    assert begun == [("24 00:00", 165)]


def test_a_stoppage_without_a_cause_is_still_a_stoppage(ask):
    lasted = ask("select date_diff('minute', from_at, to_at) from raw.stoppages where category is null")
    assert sorted(lasted) == [(7,), (86,)]


def test_the_marts_have_the_77_days_on_which_coils_left_the_line(ask):
    for table in ("yield_ledger", "coil_yields", "yield_losses", "line_efficiency", "stoppage_causes"):
        fresh = ask(
            f"select count(*) from mart.table_freshness where table_path = 'mart/{table}' and production_day "
            "in (select cast(timezone('Africa/Johannesburg', finished_at) as date) from raw.cuts)"
        )
        assert fresh == [(77,)], table


def test_prime_is_963_thousandths_of_the_output_by_mass_and_661_by_pieces(ask):
    by_quality = ask(
        "select quality, count(*), round(sum(mass_t), 2), count_if(mass_t is null) "
        "from core.materials group by 1"
    )
    assert set(by_quality) == {
        ("prime", 4195, 78_894.34, 9),
        ("scrap", 2121, 3_046.46, 53),
        (None, 29, None, 29),
    }
    ((share,),) = ask(
        "select 100 * sum(good_mass_t) / sum(output_mass_t) from mart.line_efficiency where shift = 'all'"
    )
    assert share == pytest.approx(96.282121, abs=1e-6)


def test_availability_under_the_stated_calendar(ask):
    ((planned_stop, busy, stopped, production),) = ask(
        "select sum(planned_stop_min), sum(planned_busy_min), sum(stopped_min), sum(actual_production_min) "
        "from mart.line_efficiency where shift = 'all'"
    )
    # 77 days of 1,440 min.
    assert planned_stop + busy == pytest.approx(110_880)
    assert (busy, stopped, production) == pytest.approx((103_477, 17_921, 85_556))


def test_the_shifts_of_a_day_add_up_to_the_day(ask):
    assert (
        ask(
            "select production_day from mart.line_efficiency group by 1 "
            "having abs(sum(if(shift = 'all', -1, 1) * planned_busy_min)) > 1e-6 "
            "or abs(sum(if(shift = 'all', -1, 1) * output_mass_t)) > 1e-6"
        )
        == []
    )


def test_stoppages_of_each_category_with_their_minutes_within_the_77_days(ask):
    by_category = ask(
        "select category, sum(stoppages), sum(stopped_min) from mart.stoppage_causes group by 1"
    )
    assert {category: (int(count), minutes) for category, count, minutes in by_category} == {
        "Internal delays": (102, 8550),
        "Planned downtime": (164, 7408),
        "Management Decision": (20, 6349),
        "External delays": (39, 3030),
        "(missing)": (1, 7),
    }


def test_mtbf_and_mttr_of_the_unplanned_stoppages(ask):
    ((mtbf_h, mttr_min),) = ask(
        "select sum(actual_production_min) / 60 / sum(stoppages), sum(mttr_min * stoppages) / sum(stoppages) "
        "from mart.line_efficiency where shift = 'all'"
    )
    # 85,556 min of production and 18,155 min of 162 stoppages from start to end.
    assert (mtbf_h, mttr_min) == pytest.approx((85_556 / 60 / 162, 18_155 / 162))


def test_what_the_files_cannot_tell_is_empty_with_a_reason(ask):
    assert ask(
        "select count(*), count(charged_mass_t), count(metallic_yield_pct), count(prime_yield_pct) "
        "from mart.coil_yields where contains(not_computable, 'mass in was not delivered')"
    ) == [(3796, 0, 0, 0)]
    assert ask(
        "select count(not_computable), count(effectiveness_pct), count(oee_pct) from mart.line_efficiency"
    ) == [(231, 0, 0)]


def test_the_other_log_has_the_same_stoppages_and_seven_more(ask):
    logged = ask(
        "select timezone('Africa/Johannesburg', from_at), date_diff('minute', from_at, to_at) "
        "from raw.stoppages"
    )
    other = duckdb.execute(
        "select distinct start_datetime, duration_min from read_csv(?, delim = ';')",
        [str(DATA / "maintenance_even_typed.csv")],
    ).fetchall()
    of_april_to_june = {(at, lasted_min) for at, lasted_min in logged if at.month in (4, 5, 6)}
    assert len(of_april_to_june) == 349 and of_april_to_june < set(other)
    more = set(other) - of_april_to_june
    assert (len(more), sum(lasted_min for _, lasted_min in more)) == (7, 1548)
