"""A small lake with one day to report and two before it, varied by hand from the contracts' examples."""

from datetime import UTC, date, datetime, timedelta

import pytest

from jobs.settings import Settings
from schemas.core.cell_faults import CORE_CELL_FAULTS
from schemas.core.ingest_ledger import CORE_INGEST_LEDGER
from schemas.core.quarantine import CORE_QUARANTINE
from schemas.mart.coil_yields import MART_COIL_YIELDS
from schemas.mart.data_quality import MART_DATA_QUALITY
from schemas.mart.line_efficiency import MART_LINE_EFFICIENCY
from schemas.mart.stoppage_causes import MART_STOPPAGE_CAUSES
from schemas.mart.table_freshness import MART_TABLE_FRESHNESS
from schemas.mart.yield_ledger import ACCOUNTS, MART_YIELD_LEDGER, NO_MASS_IN, OUTPUTS
from schemas.mart.yield_losses import MART_YIELD_LOSSES
from tests.jobs.report.strips_of_a_day import publish_strips

DAY = date(2026, 11, 22)
HOSTILE = "</script><script>document.title='broken'</script><b>"
"""What a plant could type into a quality code, a reason or a grade."""


@pytest.fixture(scope="session")
def day():
    return DAY


@pytest.fixture(scope="session")
def hostile():
    return HOSTILE


@pytest.fixture(scope="session")
def reported_lake(tmp_path_factory, publish):
    lake = str(tmp_path_factory.mktemp("reported"))
    publish(lake, MART_YIELD_LEDGER, *_ledger())
    publish(lake, MART_COIL_YIELDS, *map(_yields, _ledger()))
    publish(lake, MART_YIELD_LOSSES, *_losses())
    publish(lake, MART_LINE_EFFICIENCY, *_efficiency())
    publish(lake, MART_STOPPAGE_CAUSES, *_stoppages())
    publish(lake, CORE_INGEST_LEDGER, *_deliveries())
    publish(lake, CORE_QUARANTINE, *_quarantined())
    publish(lake, CORE_CELL_FAULTS, *_faulty_cells())
    publish(lake, MART_DATA_QUALITY, *_checked())
    publish(lake, MART_TABLE_FRESHNESS, *_fresh())
    publish_strips(publish, lake, DAY, customer=HOSTILE)
    return lake


@pytest.fixture(scope="session")
def reporting(reported_lake):
    """The settings of a mill that has that lake and reports into a folder."""

    def settings(folder, **own):
        told = {"HOME": str(folder), "LAKE": reported_lake, "REPORTS": str(folder / "reports"), **own}
        return Settings.from_environment({f"COILMART_{name}": text for name, text in told.items()})

    return settings


def _ledger():
    """HSM: 60 pieces a day of 22 t; FIN1: 20 pieces without a mass in on the last day."""
    for back in (2, 1, 0):
        day = DAY - timedelta(days=back)
        for number in range(60):
            yield _piece(
                "HSM", day, number, crop=0.12, scale=0.2, cobble=22.0 if number == 7 and not back else 0.0
            )
        for number in range(20):
            piece = _piece("FIN1", day, number, charged=21.0, trim=0.3, secondary=2.0 if number == 3 else 0.0)
            yield piece | (_UNKNOWN if not back else {})


_UNKNOWN = {
    "charged_mass_t": None,
    "unaccounted_mass_t": None,
    "unaccounted_pct": None,
    "is_within_tolerance": None,
    "not_computable": NO_MASS_IN,
}


def _piece(line, day, number, charged=22.0, **lost):
    accounts = dict.fromkeys(ACCOUNTS, 0.0) | lost
    accounts["unaccounted"] = 0.05 + (0.4 if number == 11 else 0.0)
    accounts["prime"] = max(charged - sum(accounts.values()), 0.0)
    accounts["unaccounted"] = charged - sum(mass for name, mass in accounts.items() if name != "unaccounted")
    return {
        "line": line,
        "piece_id": f"S{day:%y%m%d}{number:04}",
        "worked_at": datetime(day.year, day.month, day.day, 8, tzinfo=UTC) + timedelta(minutes=20 * number),
        "production_day": day,
        "shift": "ABCD"[number // 15],
        "grade": HOSTILE if number == 11 else "S355MC",
        "charged_mass_t": charged,
        **{f"{name}_mass_t": mass for name, mass in accounts.items()},
        "unaccounted_pct": 100 * accounts["unaccounted"] / charged,
        "is_within_tolerance": abs(accounts["unaccounted"]) / charged < 0.01,
        "estimated": ["scale"] if line == "HSM" else [],
    }


def _yields(piece):
    output = sum(piece[f"{name}_mass_t"] for name in OUTPUTS)
    without = (
        dict.fromkeys(("metallic_yield_pct", "prime_yield_pct")) if piece["charged_mass_t"] is None else {}
    )
    named = {name: value for name, value in piece.items() if name in MART_COIL_YIELDS.field_names}
    return named | {"output_mass_t": output, **without}


def _losses():
    all_of_hsm = {"cobble": 22.0, "scale": 12.0, "crop": 7.2, "unaccounted": 3.4}
    for rank, (cause, lost) in enumerate(all_of_hsm.items(), start=1):
        yield _loss("all", "all", cause, lost, 1320.0, rank)
        yield _loss("order", "O100001", cause, lost, 1320.0, rank)
        for shift, share in {"A": 0.4, "B": 0.3, "C": 0.2, "D": 0.1}.items():
            yield _loss("shift", shift, cause, lost * share, 330.0, rank)
        for grade, share in {"S355MC": 0.7, "DD11": 0.2, HOSTILE: 0.1}.items():
            yield _loss("grade", grade, cause, lost * share, 1320.0 * share, rank)


def _loss(breakdown, value, cause, lost_t, charged_t, rank):
    return {
        "production_day": DAY,
        "breakdown": breakdown,
        "breakdown_value": value,
        "cause": cause,
        "rank": rank,
        "lost_mass_t": lost_t,
        "share_of_losses_pct": 100 * lost_t / 44.6,
        "cumulated_share_pct": min(25.0 * rank, 100.0),
        "share_of_charged_pct": 100 * lost_t / charged_t,
        "is_estimated": cause == "scale",
    }


def _efficiency():
    for back, oee in ((2, 82.5), (1, 84.0), (0, 84.8)):
        yield {"production_day": DAY - timedelta(days=back), "oee_pct": oee}
    for shift in "ABCD":
        yield {
            "production_day": DAY,
            "shift": shift,
            "planned_busy_min": 360.0,
            "pieces": 15,
            "output_mass_t": 322.0,
        }
    without_rate = dict.fromkeys(("effectiveness_pct", "oee_pct", "rate_source", "electricity_kwh_t"))
    reason = "effectiveness and OEE: no standard rate was delivered"
    yield {
        "production_day": DAY,
        "line": "FIN1",
        "output_mass_t": 400.0,
        "not_computable": reason,
        **without_rate,
    }


def _stoppages():
    causes = [
        ("cobble", "F3", 34.0),
        ("roll change", "F1 to F7", 28.0),
        (HOSTILE, "DC1", 12.0),
        ("cobble", "F4", 9.0),
    ]
    for rank, (reason, equipment, minutes) in enumerate(causes, start=1):
        yield {
            "production_day": DAY,
            "reason": reason,
            "equipment": equipment,
            "rank": rank,
            "stopped_min": minutes,
        }
    planned = {
        "reason": "maintenance",
        "equipment": "HSM",
        "is_planned": True,
        "stopped_min": 60.0,
        "rank": 5,
    }
    yield {"production_day": DAY, **planned}


def _deliveries():
    ingested = {"days_touched": [DAY], "ingest_no": 3}
    yield ingested | {"delivery_id": "d1", "source_file": "coils/coils_2026-11-22.jsonl"}
    yield ingested | {"delivery_id": "d2", "table_path": "raw/finishing_readings", "cells_faulty": 3}
    unreadable = {
        "status": "unreadable",
        "message": "The gzip stream ends before its end.",
        "days_touched": [],
    }
    yield ingested | unreadable | {"delivery_id": "d3", "source_file": "scrap/scrap_2026-11-22.csv.gz"}
    before = DAY - timedelta(days=9)
    yield {"delivery_id": "d0", "days_touched": [before], "ingest_no": 1}
    yield ingested | {"delivery_id": "d4", "days_touched": [before, DAY], "unknown_columns": ["crew"]}


def _quarantined():
    for row_number in (4, 9):
        yield {"delivery_id": "d1", "row_number": row_number, "line_no": row_number}
    yield {"delivery_id": "d1", "row_number": 17, "line_no": 17, "reason": HOSTILE, "original": HOSTILE}


def _faulty_cells():
    for row_number in (1, 2, 3):
        yield {
            "delivery_id": "d2",
            "table_path": "raw/finishing_readings",
            "row_number": row_number,
            "production_day": DAY,
        }


def _checked():
    broken = {"production_day": DAY, "rows_broken": 1, "is_kept": False, "examples": "piece_id S2611220011"}
    yield {"production_day": DAY, "table_path": "mart/yield_ledger", "promise": "line is there"}
    yield broken | {"table_path": "mart/yield_ledger", "promise": "The ledger closes.", "severity": "warn"}
    yield broken | {"table_path": "mart/coil_yields", "promise": "line is unique", "is_published": False}


def _fresh():
    for path in (
        "core/coils",
        "core/materials",
        "core/line_events",
        "mart/yield_ledger",
        "mart/yield_losses",
    ):
        yield {"table_path": path, "production_day": DAY}
