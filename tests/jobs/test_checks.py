"""The contract's promises as Great Expectations sees them."""

from datetime import date

import pytest

from jobs.checks import audit, checks
from schemas.contract import Severity
from schemas.lineage import TABLES

DAY = date(2026, 11, 20)
NEXT = date(2026, 11, 21)
COILS = TABLES["core/coils"]
LEDGER = TABLES["mart/yield_ledger"]


def broken(findings):
    return {
        finding.check.promise: (finding.day, finding.rows_broken)
        for finding in findings
        if finding.rows_broken
    }


@pytest.mark.parametrize("path", [path for path, table in TABLES.items() if not table.kept_by_the_run])
def test_the_example_of_a_contract_keeps_its_promises(given, path):
    findings = audit(given(TABLES[path], {}), TABLES[path], {DAY: 1})
    # One row alone has no neighbours that it could join.
    of_neighbours = {promise.meaning for promise in TABLES[path].promises if " over (" in promise.condition}
    assert broken(findings).keys() <= of_neighbours
    assert len(findings) == len(checks(TABLES[path]))


@pytest.mark.engines
def test_each_kind_of_promise_is_named_where_it_breaks(given):
    rows = given(
        COILS,
        {"coil_id": "C1"},
        {"coil_id": "C2", "line": None},
        {"coil_id": "C3", "quality": "nice"},
        {"coil_id": "C4", "thickness_mm": 900.0},
        {"coil_id": "C5", "production_day": NEXT},
        {"coil_id": "C5", "production_day": NEXT},
    )
    assert broken(audit(rows, COILS, {DAY: 4, NEXT: 2})) == {
        "coil_id is unique": (NEXT, 2),
        "line is there": (DAY, 1),
        "quality is one of prime, secondary, scrap": (DAY, 1),
        "thickness_mm is from 0.1 to 500 mm": (DAY, 1),
    }


@pytest.mark.engines
def test_a_ledger_that_does_not_close_is_named_with_its_piece(given):
    closing = {
        "charged_mass_t": 22.0,
        "prime_mass_t": 21.3,
        "crop_mass_t": 0.12,
        "scale_mass_t": 0.2,
        "unaccounted_mass_t": 0.38,
    }
    rows = given(LEDGER, closing | {"piece_id": "S1"}, closing | {"piece_id": "S2", "prime_mass_t": 20.3})
    [finding] = [f for f in audit(rows, LEDGER, {DAY: 2}) if f.rows_broken]
    assert finding.check.promise == "The accounts of a piece add up to the mass charged."
    assert finding.check.severity is Severity.BLOCK
    assert "piece_id S2" in finding.examples


def test_a_missing_value_breaks_no_limit(given):
    assert broken(audit(given(COILS, {"thickness_mm": None, "quality": None}), COILS, {DAY: 1})) == {}


@pytest.mark.engines
def test_a_number_that_is_none_blocks(given):
    findings = audit(given(COILS, {"thickness_mm": float("nan")}), COILS, {DAY: 1})
    assert "No number is NaN; what was not measured is missing." in [
        f.check.promise for f in findings if f.blocks
    ]
