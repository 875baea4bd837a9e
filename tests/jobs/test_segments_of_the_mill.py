"""core/coil_segments of a reference mill against its truth: what was planted shows at its metres."""

from datetime import timedelta

import numpy as np
import pyarrow as pa
import pytest

from jobs.core import coil_segments, coils, length_maps
from jobs.lake import delta
from jobs.lake.lake import Lake
from jobs.lake.queries import open_lake
from jobs.run import Run
from pipelines.reference_mill import CLEAN, Mill
from pipelines.reference_mill.before_rolling import heat_table
from pipelines.reference_mill.casting_readings import SUPPORT_ROLLS_M, casting_table
from pipelines.reference_mill.finishing_readings import finishing_tables
from pipelines.reference_mill.furnace_readings import furnace_table
from pipelines.reference_mill.pieces import coil_table, roughing_table, slab_table
from pipelines.reference_mill.scrap import scrap_table
from pipelines.reference_mill.sensor_table import sensor_table
from pipelines.reference_mill.truth import process_fault_truth
from schemas.core.coil_segments import CORE_COIL_SEGMENTS
from schemas.core.coils import CORE_COILS
from schemas.core.length_maps import CORE_LENGTH_MAPS
from schemas.raw.casting_readings import RAW_CASTING_READINGS
from schemas.raw.coils import RAW_COILS
from schemas.raw.finishing_readings import RAW_FINISHING_READINGS
from schemas.raw.furnace_readings import RAW_FURNACE_READINGS
from schemas.raw.heats import RAW_HEATS
from schemas.raw.roughing_passes import RAW_ROUGHING_PASSES
from schemas.raw.scrap import RAW_SCRAP
from schemas.raw.sensors import RAW_SENSORS
from schemas.raw.slabs import RAW_SLABS

pytestmark = pytest.mark.engines

MILL = Mill(seed=57, days=1, coils_a_day=24, readings_hz=5.0, casting_hz=0.5, faults=1.0, dirt=CLEAN)
DAY = MILL.first_day
OF_A_DAY = (
    (RAW_COILS, coil_table),
    (RAW_SLABS, slab_table),
    (RAW_SCRAP, scrap_table),
    (RAW_HEATS, heat_table),
    (RAW_FURNACE_READINGS, furnace_table),
    (RAW_ROUGHING_PASSES, roughing_table),
    (RAW_CASTING_READINGS, casting_table),
)


def deliver(lake, contract, table, day):
    """Publish a table of the mill as rows of one day."""
    columns = {name: table[name] for name in table.column_names}
    columns["production_day"] = pa.array([day] * len(table), pa.date32())
    schema = delta.arrow_schema(contract)
    rows = [columns.get(f.name, pa.nulls(len(table), f.type)) for f in schema]
    batches = pa.table([row.cast(f.type) for row, f in zip(rows, schema, strict=True)], schema).to_batches()
    delta.publish(lake, contract, delta.stage_batches(lake, contract, "mill", batches), set(), {})


@pytest.fixture(scope="module")
def made(spark, settings_of, tmp_path_factory):
    """The lake of a day of the mill, and what the run wrote."""
    settings = settings_of(tmp_path_factory.mktemp("mill"))
    for contract, table in OF_A_DAY:
        deliver(settings.lake, contract, table(MILL, DAY), DAY)
    for days in (1, 2):
        day = DAY - timedelta(days=days)
        deliver(settings.lake, RAW_CASTING_READINGS, casting_table(MILL, day), day)
    deliver(settings.lake, RAW_SENSORS, sensor_table(MILL), DAY)
    for _, table in finishing_tables(MILL, DAY):
        deliver(settings.lake, RAW_FINISHING_READINGS, table, DAY)
    lake = Lake(spark, settings, Run.start())
    for contract, job in (
        (CORE_COILS, coils),
        (CORE_LENGTH_MAPS, length_maps),
        (CORE_COIL_SEGMENTS, coil_segments),
    ):
        job.main(lake.for_table(contract), (DAY,))
    return lake


@pytest.fixture(scope="module")
def asked(made):
    connection = open_lake(made.settings.lake)
    return lambda query: connection.sql(query).fetchall()


def planted(kind):
    faults = [fault for fault in process_fault_truth(MILL, DAY).to_pylist() if fault["kind"] == kind]
    assert faults
    return faults


def on_coil(asked, coil_id, *columns):
    """Columns of numbers along a coil, the middles of its segments first."""
    told = f"select (from_m + to_m) / 2, {', '.join(columns)} from core.coil_segments"
    rows = asked(f"{told} where coil_id = '{coil_id}' order by segment_no")
    return [np.array(column, float) for column in zip(*rows, strict=True)]


def test_every_coil_is_covered_from_head_to_tail(made, asked):
    written = made.run.written[-1]
    assert (written.published, [f for f in written.findings if f.rows_broken]) == ((DAY,), [])
    covered = "select coil_id, sum(to_m - from_m), max(length_m) from core.coil_segments group by coil_id"
    lengths = asked(covered)
    assert len(lengths) == asked("select count(*) from core.coils")[0][0]
    assert all(metres == pytest.approx(length_m) for _, metres, length_m in lengths)


def test_a_stuck_pyrometer_is_flagged_frozen_at_its_metres(asked):
    for fault in planted("stuck pyrometer"):
        [signal] = fault["signals"]
        columns = f"{signal}.flag = 'frozen'", f"{signal}.n", "sigma_m"
        at_m, is_frozen, readings_n, sigma_m = on_coil(asked, fault["coil_id"], *columns)
        at_m, is_frozen, sigma_m = (
            at_m[readings_n > 0],
            is_frozen[readings_n > 0] == 1,
            sigma_m[readings_n > 0],
        )
        margin_m = 1 + 3 * sigma_m + (15 if signal == "entry_temp_c" else 0)
        inside = (fault["from_m"] + margin_m <= at_m) & (at_m <= fault["to_m"] - margin_m)
        outside = (at_m < fault["from_m"] - margin_m) | (fault["to_m"] + margin_m < at_m)
        assert inside.sum() > 5 and is_frozen[inside].all() and not is_frozen[outside].any()


def test_a_lost_cooling_bank_shows_in_the_coiling_temperature_at_its_metres(asked):
    for fault in planted("cooling bank loss"):
        at_m, coiling_c, sigma_m = on_coil(asked, fault["coil_id"], "coiling_temp_c.mean", "sigma_m")
        near = np.abs(at_m - (fault["from_m"] + fault["to_m"]) / 2) < fault["to_m"] - fault["from_m"]
        is_inside = (fault["from_m"] + 3 * sigma_m < at_m) & (at_m < fault["to_m"] - 3 * sigma_m)
        is_outside = (at_m < fault["from_m"] - 3 * sigma_m) | (at_m > fault["to_m"] + 3 * sigma_m)
        hotter_k = np.nanmedian(coiling_c[near & is_inside]) - np.nanmedian(coiling_c[near & is_outside])
        assert hotter_k == pytest.approx(fault["strength"], abs=0.4 * fault["strength"])


def test_a_mould_level_burst_shows_at_its_true_metres_of_the_hot_coil(asked):
    for fault in planted("mould level burst"):
        columns = "mould_level_mm.mean", "upstream_sigma_m"
        at_m, level_mm, sigma_m = on_coil(asked, fault["coil_id"], *columns)
        # After a change of ladle the level is lower for a while.
        swings_m = at_m[level_mm > 100 + 0.55 * fault["strength"]]
        margin_m = 3 * np.nanmax(sigma_m)
        assert len(swings_m) > 10
        # The level swings up once in so many metres of the coil.
        stretched = (fault["to_m"] - fault["from_m"]) / (fault["strand_to_m"] - fault["strand_from_m"])
        period_m = SUPPORT_ROLLS_M * stretched
        assert -margin_m < swings_m.min() - fault["from_m"] < margin_m + period_m
        assert -margin_m < fault["to_m"] - swings_m.max() < margin_m + period_m


def test_every_segment_has_its_slabs_last_zone_and_last_pass(asked):
    told = "core_temp_c.mean, core_temp_c.n, roughing_force_kn.mean, roughing_force_kn.n"
    segments = {row[0]: row[1:] for row in asked(f"select distinct coil_id, {told} from core.coil_segments")}
    zone = "slab_id, avg(core_temp_c) as core_c, count(*) as readings_n from raw.furnace_readings"
    true = asked(
        f"with last as (select {zone} where zone = 'soaking' group by slab_id) "
        "select c.coil_id, core_c, readings_n, force_kn from core.coils c join last using (slab_id) "
        "join raw.roughing_passes p using (slab_id) "
        "qualify p.pass_no = max(p.pass_no) over (partition by slab_id)"
    )
    assert len(true) == len(segments)
    for coil_id, core_c, readings_n, force_kn in true:
        assert segments[coil_id] == (pytest.approx(core_c, rel=1e-12), readings_n, force_kn, 1)


def test_casting_signals_reach_every_metre_that_the_maps_reach(asked):
    [(segments_n, measured_n)] = asked("select count(*), count(superheat_c.mean) from core.coil_segments")
    # The counter shows centimetres: at the end of a slab a reading may be further away than usual by one.
    assert 0 <= segments_n - measured_n < segments_n / 1000
