"""What the nightly report says, and that it says it safely."""

from datetime import date

import pytest

from jobs.lake.queries import open_lake
from jobs.report.blocks import Grid, Headlines, Note, Picture
from jobs.report.page import read_sections
from schemas.core.ingest_ledger import CORE_INGEST_LEDGER
from schemas.mart.yield_losses import MART_YIELD_LOSSES, MISSING


@pytest.fixture(scope="module")
def sections(reported_lake, day):
    return {section.name: section for section in read_sections(open_lake(reported_lake), day)}


def blocks(section, kind):
    return [block for block in section.blocks if isinstance(block, kind)]


def notes(section):
    return [block.text for block in blocks(section, Note)]


def figure(sections, line, name):
    (group,) = [block for block in sections["headlines"].blocks if block.caption == f"Line {line}"]
    return next((headline for headline in group.figures if headline.name == name), None)


def grid(section, caption):
    return next(block for block in blocks(section, Grid) if block.caption.startswith(caption))


def test_the_sections_come_in_the_order_that_they_ask_for(sections):
    assert list(sections) == [
        "headlines",
        "yield_waterfall",
        "losses",
        "line_efficiency",
        "stoppages",
        "root_causes",
        "strips",
        "process_faults",
        "roll_marks",
        "control_charts",
        "process_capability",
        "arrivals",
        "checks",
        "freshness",
    ]


def test_the_headlines_stand_beside_the_days_before(sections):
    # 58 pieces of 21.63 t, one of 21.23 t and a cobble of 60 x 22 t; the day before had no cobble.
    prime_yield = figure(sections, "HSM", "Prime yield")
    assert (prime_yield.value, prime_yield.unit) == ("96.65", "%")
    assert prime_yield.since == ["▼ 1.64 since 21 Nov", "mean of 2 days 98.29"]
    assert figure(sections, "HSM", "OEE").since == ["▲ 0.8 since 21 Nov", "mean of 2 days 83.2"]
    assert figure(sections, "HSM", "Pieces taken in").since[0] == "as on 21 Nov"


def test_without_a_mass_in_the_report_says_not_computable_and_gives_the_prime_share(sections):
    missing = figure(sections, "FIN1", "Prime yield")
    assert (missing.value, missing.since) == ("–", ["not computable: mass in was not delivered"])
    assert figure(sections, "FIN1", "Prime share").unit == "% of output"
    assert figure(sections, "FIN1", "Charged") is None
    assert notes(sections["yield_waterfall"]) == [
        "FIN1: the balance of 20 of 20 pieces is not computable: mass in was not delivered."
    ]


def test_the_waterfall_falls_from_charged_to_prime(sections):
    (picture,) = blocks(sections["yield_waterfall"], Picture)
    bars, texts = picture.figure.data
    assert sum(bars.x[:-1]) == pytest.approx(bars.x[-1]) == pytest.approx(1275.77)
    assert list(picture.figure.layout.yaxis.ticktext) == [
        "charged",
        "crop",
        "scale (estimated)",
        "cobble",
        "unaccounted",
        "prime",
    ]
    assert texts.text[3] == " 22.0 t · 1.67 %"
    assert picture.figure.layout.xaxis.title.text == "t; axis begins at 1,250"


def test_balances_that_do_not_close_are_named(sections):
    found = grid(sections["yield_waterfall"], "Balances that do not close")
    assert [row["piece_id"] for row in found.rows] == ["S2611220011", "S2611220007"]


def test_losses_are_a_pareto_and_compare_by_shift(sections):
    pareto, by_shift, _ = blocks(sections["losses"], Picture)
    assert list(pareto.figure.data[0].x) == [22.0, 12.0, 7.2, 3.4]
    assert [list(row) for row in by_shift.figure.data[0].z][2] == pytest.approx(
        [2.667, 2.0, 1.333, 0.667], abs=1e-3
    )
    assert list(by_shift.figure.layout.xaxis.ticktext) == ["A", "B", "C", "D"]
    # The shade is a share of the greatest: without both ends Plotly stretches it over what there is.
    assert (by_shift.figure.data[0].zmin, by_shift.figure.data[0].zmax) == (0, pytest.approx(2.667, abs=1e-3))


def test_of_many_grades_those_that_lost_most_are_compared(publish, tmp_path, day):
    rows = [
        {
            "production_day": day,
            "breakdown": "grade",
            "breakdown_value": f"G{number:02}",
            "lost_mass_t": 1.0 * number,
        }
        for number in range(1, 16)
    ]
    publish(str(tmp_path), MART_YIELD_LOSSES, {"production_day": day, "breakdown": "all"}, *rows)
    answered = {section.name: section for section in read_sections(open_lake(str(tmp_path)), day)}
    _, by_grade = blocks(answered["losses"], Picture)
    assert by_grade.caption == "HSM: losses by grade, % of charged, the 8 of 15 that lost most"
    assert list(by_grade.figure.layout.xaxis.ticktext) == [f"G{number:02}" for number in range(8, 16)]


def test_what_nobody_ascribed_to_a_shift_is_said_and_not_compared(publish, tmp_path, day):
    rows = [
        {"production_day": day, "breakdown": "shift", "breakdown_value": shift, "lost_mass_t": lost_t}
        for shift, lost_t in {"A": 3.0, "B": 4.0, MISSING: 21.8}.items()
    ]
    publish(str(tmp_path), MART_YIELD_LOSSES, {"production_day": day, "breakdown": "all"}, *rows)
    answered = {section.name: section for section in read_sections(open_lake(str(tmp_path)), day)}
    _, by_shift = blocks(answered["losses"], Picture)
    assert by_shift.caption == "HSM: losses by shift, % of charged, without 21.8 t of no known shift"
    assert list(by_shift.figure.layout.xaxis.ticktext) == ["A", "B"]


def test_efficiency_shows_the_factors_that_there_are_and_why_others_are_not(sections):
    hsm, fin1 = blocks(sections["line_efficiency"], Picture)
    assert list(hsm.figure.layout.yaxis.ticktext) == ["Availability", "Effectiveness", "Quality", "OEE"]
    assert list(fin1.figure.layout.yaxis.ticktext) == ["Availability", "Quality"]
    assert notes(sections["line_efficiency"]) == [
        "FIN1, not computable: effectiveness and OEE: no standard rate was delivered"
    ]


def test_planned_stoppages_are_in_the_table_and_not_in_the_pareto(sections):
    (pareto,) = blocks(sections["stoppages"], Picture)
    assert list(pareto.figure.data[0].x) == [34.0, 28.0, 12.0, 9.0]
    assert [row["is_planned"] for row in grid(sections["stoppages"], "Every cause").rows] == [False] * 4 + [
        True
    ]


def test_deliveries_of_the_day_are_counted_with_those_that_could_not_be_placed(sections):
    found = grid(sections["arrivals"], "Deliveries by source")
    assert [(row["table_path"], row["deliveries"]) for row in found.rows] == [
        ("raw/coils", 3),
        ("raw/finishing_readings", 1),
    ]
    assert [row["status"] for row in grid(sections["arrivals"], "Files to look at").rows] == [
        "ingested",
        "unreadable",
    ]


def test_quarantined_rows_come_with_reason_file_line_and_text(sections):
    first = grid(sections["arrivals"], "Quarantined rows").rows[0]
    assert first == {
        "table_path": "raw/coils",
        "reason": "mass_t: '21.5t' is not a number.",
        "rows_quarantined": 2,
        "source_file": "coils/2026-11-20.jsonl",
        "line_no": 4,
        "original": "C1;S1;21.5t",
    }


def test_a_day_that_was_known_and_changed_again_is_late(sections):
    assert grid(sections["arrivals"], "Earlier days").rows == [
        {"touched_day": date(2026, 11, 13), "tables": "raw/coils"}
    ]


def test_broken_promises_and_what_was_kept_back_are_said(sections):
    assert notes(sections["checks"]) == [
        "1 of 3 promises of 2 tables were kept.",
        "Not published, what they had before stays: mart/coil_yields.",
    ]
    assert [row["severity"] for row in grid(sections["checks"], "Broken promises").rows] == ["block", "warn"]


def test_a_table_that_was_not_made_is_missed(sections):
    (missing,) = notes(sections["freshness"])
    assert missing.startswith("Not made for 2026-11-22: ")
    assert "mart/coil_yields" in missing
    assert "core/coils" not in missing


def test_every_number_has_its_unit_beside_it(sections):
    units = {"_t": "t", "_min": "min", "_pct": "%", "_h": "h"}
    for section in sections.values():
        for found in blocks(section, Grid):
            for column in found.columns:
                promised = next((unit for ending, unit in units.items() if column.key.endswith(ending)), "")
                assert promised in column.unit or column.key.endswith("t_h"), (section.name, column)


def test_an_empty_lake_is_said_in_words(tmp_path, day):
    answered = {section.name: section for section in read_sections(open_lake(str(tmp_path)), day)}
    assert not [section for section in answered.values() if not section.blocks]
    assert notes(answered["headlines"]) == [
        "No line worked a piece or had a planned shift on 2026-11-22, as far as the lake knows."
    ]
    assert notes(answered["arrivals"]) == ["Nothing arrived for 2026-11-22."]
    assert not any(
        isinstance(block, Headlines | Picture | Grid) for s in answered.values() for block in s.blocks
    )


def test_equipment_stopped_and_production_stopped_are_two_things(sections):
    headings = {
        block.caption.split(":")[0]: [column.heading for column in block.columns if "stopped" in column.key]
        for block in blocks(sections["stoppages"], Grid)
    }
    assert headings == {
        "Every cause": ["Equipment stopped", "Of equipment-stopped time"],
        "Reliability": ["Production stopped"],
    }
    assert any(note.startswith("Equipment stopped:") for note in notes(sections["stoppages"]))
    efficiency = grid(sections["line_efficiency"], "By line and shift")
    assert "Production stopped" in [column.heading for column in efficiency.columns]


def test_a_file_with_a_slip_in_the_year_is_in_the_report_of_the_day_it_came_with(publish, tmp_path):
    day, never = date(2026, 11, 20), date(2106, 11, 20)
    publish(
        str(tmp_path),
        CORE_INGEST_LEDGER,
        {"delivery_id": "1", "source_file": "coils/a.csv", "days_touched": [day]},
        {"delivery_id": "2", "source_file": "coils/b.csv", "days_touched": [never], "message": "A slip."},
    )
    answered = {section.name: section for section in read_sections(open_lake(str(tmp_path)), day)}
    (row,) = grid(answered["arrivals"], "Files to look at").rows
    assert (row["source_file"], row["message"]) == ("coils/b.csv", "A slip.")
