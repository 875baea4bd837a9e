from collections import Counter
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pyarrow as pa
import pytest

from pipelines.reference_mill import CLEAN, Dirt, Mill
from pipelines.reference_mill.deliveries import deliveries, rows_of
from pipelines.reference_mill.energy import energy_table
from pipelines.reference_mill.line_events import shift_table
from pipelines.reference_mill.rolling_day import rolling_day
from pipelines.reference_mill.sensor_faults import clock_skew_s
from schemas.lineage import raw_tables
from schemas.raw_table import delivered

MILL = Mill(days=3, coils_a_day=60, dirt=CLEAN)
LAST = MILL.all_days[-1]


def arrived(mill, *days):
    """Table -> rows of all that arrived."""
    rows = {}
    for day in days or mill.all_days:
        for delivery in deliveries(mill, day):
            content = delivery.content
            found = rows_of(content) if isinstance(content, pa.Table) else content
            rows.setdefault(delivery.contract.name, []).extend(found)
    return rows


@pytest.fixture(scope="module")
def plant():
    return arrived(MILL)


@pytest.mark.parametrize("table", [table.name for table in raw_tables()])
def test_every_raw_table_is_delivered_in_the_contracts_own_fields(plant, table):
    contract = next(raw for raw in raw_tables() if raw.name == table)
    # One system takes all samples of this mill: no file names it.
    names = {field.name for field in delivered(contract)} - {"system"}

    assert plant[table]
    assert all(set(row) == names for row in plant[table])


@pytest.mark.parametrize("table", [table.name for table in raw_tables()])
def test_a_plant_in_order_keeps_every_promise_of_the_contract(plant, table):
    contract = next(raw for raw in raw_tables() if raw.name == table)
    keys = Counter(tuple(row.get(name) for name in contract.key) for row in plant[table])

    assert max(keys.values()) == 1
    for field in delivered(contract):
        values = [row.get(field.name) for row in plant[table]]
        found = [value for value in values if value is not None]
        assert len(found) == len(values) or not field.required, field.name
        assert not field.values or set(found) <= set(field.values), field.name
        if field.minimum is not None and found:
            assert min(found) >= field.minimum, field.name
        if field.maximum is not None and found:
            assert max(found) <= field.maximum, field.name


@pytest.mark.parametrize(
    ("table", "field", "of", "refers_to"),
    [
        ("coils", "slab_id", "slabs", "slab_id"),
        ("coils", "order_id", "orders", "order_id"),
        ("coils", "quality_code", "quality_codes", "quality_code"),
        ("slabs", "heat_id", "heats", "heat_id"),
        ("roughing_passes", "slab_id", "slabs", "slab_id"),
        ("finishing_readings", "coil_id", "coils", "coil_id"),
        ("cuts", "parent_id", "coils", "coil_id"),
        ("welds", "parent_id", "coils", "coil_id"),
        ("welds", "piece_id", "cuts", "piece_id"),
        ("cuts", "quality_code", "quality_codes", "quality_code"),
    ],
)
def test_what_is_referred_to_has_been_delivered(plant, table, field, of, refers_to):
    # A welded piece has its parents in welds.
    assert {row[field] for row in plant[table]} - {None} <= {row[refers_to] for row in plant[of]}


def test_scrap_is_of_a_slab_or_a_coil(plant):
    pieces = {row["slab_id"] for row in plant["slabs"]} | {row["coil_id"] for row in plant["coils"]}

    assert {row["material_id"] for row in plant["scrap"]} <= pieces


def test_a_slab_is_cast_charged_discharged_and_coiled_in_this_order(plant):
    coils = {row["slab_id"]: row for row in plant["coils"]}
    tapped = {row["heat_id"]: row["tapped_at"] for row in plant["heats"]}

    for slab in plant["slabs"]:
        times = [tapped[slab["heat_id"]], slab["cast_at"], slab["charged_at"], slab["discharged_at"]]
        if coil := coils.get(slab["slab_id"]):
            times += [coil["rolling_started_at"], coil["coiled_at"]]
        assert times == sorted(times)


def test_the_work_rolls_that_come_out_are_those_that_were_in(plant):
    changes = [row for row in plant["roll_changes"] if row["stand"] == "F4" and row["position"] == "top work"]
    changes.sort(key=lambda row: row["changed_at"])

    assert len(changes) >= MILL.days
    for before, after in zip(changes, changes[1:], strict=False):
        assert after["roll_out_id"] == before["roll_in_id"]
    in_use = {row["rolls"]["F4 top work"] for row in plant["coils"]}
    assert in_use == {row["roll_in_id"] for row in changes}


def test_a_roll_that_comes_out_has_rolled_what_its_campaign_weighed(plant):
    second_day = sorted({row["changed_at"] for row in plant["roll_changes"]})[1]
    change = next(row for row in plant["roll_changes"] if row["changed_at"] == second_day)
    first_day_t = rolling_day(MILL, MILL.first_day).masses.coil_t.sum()

    assert change["roll_out_rolled_t"] == pytest.approx(first_day_t, abs=0.1)


def test_the_furnace_reports_every_minute_of_a_slab(plant):
    slab = plant["slabs"][5]
    minutes = [row["sampled_at"] for row in plant["furnace_readings"] if row["slab_id"] == slab["slab_id"]]
    stay_min = (
        slab["discharged_at"] - max(slab["charged_at"], MILL.day_start(MILL.first_day))
    ).total_seconds() / 60

    assert len(minutes) == pytest.approx(stay_min, abs=1)


def test_the_energy_of_a_busy_mill_is_what_mills_draw():
    mill = Mill(coils_a_day=500)
    rows = [row for row in rows_of(energy_table(mill, LAST)) if row["line"] == "HSM"]
    coil_t = rolling_day(mill, LAST).masses.coil_t.sum()

    assert len(rows) == 96
    assert 50 < sum(row["electricity_kwh"] for row in rows) / coil_t < 120
    assert 28 < sum(row["gas_m3"] for row in rows) / coil_t < 45
    assert 10 < sum(row["water_m3"] for row in rows) / coil_t < 30


def test_a_day_of_twenty_five_hours_has_a_hundred_quarters_and_no_gap_in_its_shifts():
    vienna = Mill(time_zone="Europe/Vienna")
    october = date(2026, 10, 24)
    shifts = [row for row in rows_of(shift_table(vienna, october)) if row["line"] == "HSM"]

    assert energy_table(vienna, october).num_rows == 200
    assert shifts[0]["from_at"] == datetime(2026, 10, 24, 4, tzinfo=UTC)
    assert shifts[-1]["to_at"] == datetime(2026, 10, 25, 5, tzinfo=UTC)
    assert all(a["to_at"] == b["from_at"] for a, b in zip(shifts, shifts[1:], strict=False))


def test_a_late_file_arrives_whole_with_a_later_day():
    late = replace(MILL, days=8, dirt=replace(CLEAN, late_file=0.8), finishing_readings=False)
    files = [delivery for day in late.all_days for delivery in deliveries(late, day)]
    delays = Counter((file.delivered_on - file.production_day).days for file in files)
    delayed = {file.contract.name for file in files if file.delivered_on > file.production_day}
    punctual = replace(late, dirt=CLEAN)
    in_time = {file.stem: file.content for day in late.all_days for file in deliveries(punctual, day)}

    assert set(delays) == {0, 1, 2, 3}
    assert delayed == {"scrap", "stoppages", "cuts", "energy_readings"}
    assert all(file.content == in_time[file.stem] for file in files)


def test_a_file_that_comes_twice_has_another_name_and_the_same_rows():
    mill = replace(MILL, dirt=replace(CLEAN, duplicate_file=1), finishing_readings=False)
    files = {delivery.stem: delivery for delivery in deliveries(mill, LAST)}
    copies = [file for file in files.values() if file.copy_of]

    assert len(copies) == len(files) / 2
    assert all(files[copy.copy_of].content == copy.content for copy in copies)


def test_a_code_that_nobody_knows_is_delivered_as_often_as_asked():
    mill = Mill(coils_a_day=600, dirt=Dirt(unknown_code=0.05))
    codes = rolling_day(mill, mill.first_day).quality_code

    assert 10 < (codes == "Q9").sum() < 60


def test_what_a_day_delivers_depends_on_no_other_day():
    alone = arrived(MILL, LAST)
    after_others = {stem: rows for stem, rows in arrived(replace(MILL, days=9), LAST).items()}

    assert alone == after_others


def test_the_finishing_line_works_on_coils_of_the_days_before(plant):
    coiled = {row["coil_id"]: row["coiled_at"] for row in plant["coils"]}

    assert plant["cuts"]
    for cut in [cut for cut in plant["cuts"] if cut["parent_id"]] + plant["welds"]:
        assert timedelta(hours=6) < cut["finished_at"] - coiled[cut["parent_id"]] < timedelta(days=4)
        assert cut["parent_to_m"] > cut["parent_from_m"] >= 0


def test_the_usual_mill_shows_a_cobble_a_weld_a_late_file_and_a_skewed_clock():
    mill = Mill(finishing_readings=False)
    files = [delivery for day in mill.all_days for delivery in deliveries(mill, day)]

    assert rolling_day(mill, LAST).schedule.is_cobble.sum() == 1
    assert sum(len(file.content) for file in files if file.contract.name == "welds") == 2
    assert any(file.delivered_on > file.production_day for file in files)
    assert {file.stem for file in files} >= {f"{table}_{LAST}" for table in ("scrap", "stoppages", "cuts")}
    assert any(clock_skew_s(mill, day) for day in mill.all_days)
