"""Two systems tell of one strand and one slab in files of their own: all their signals reach the segments."""

from datetime import timedelta

import pytest

from jobs.core import coil_segments
from jobs.lake.lake import Lake
from jobs.run import Run
from schemas.core.coil_segments import CORE_COIL_SEGMENTS
from schemas.core.coils import CORE_COILS
from schemas.core.length_maps import CORE_LENGTH_MAPS
from schemas.fields import AT

CAST_AT = AT - timedelta(days=1)


def moment(before, seconds):
    return (before + timedelta(seconds=seconds)).isoformat()


@pytest.fixture
def one_coil(publish, settings):
    """60 m of coil are 6 m of slab S1 and metres 100 to 106 of strand 1, head to head."""
    lake, of_slab = settings.lake, {"parent_from_m": 0.0, "parent_to_m": 6.0}
    publish(lake, CORE_COILS, {"coil_id": "C1", "slab_id": "S1", "length_m": 60.0})
    publish(
        lake,
        CORE_LENGTH_MAPS,
        {"child_id": "C1", "parent_id": "S1", "child_to_m": 60.0, "cast_at": None, **of_slab},
        {"child_id": "S1", "child_kind": "slab", "child_to_m": 6.0, "operation": "casting"}
        | {"parent_id": "strand 1", "parent_from_m": 100.0, "parent_to_m": 106.0, "cast_at": CAST_AT},
    )


@pytest.mark.engines
def test_signals_of_two_systems_at_one_moment_stand_side_by_side(mill, one_coil):
    cast = [(no, moment(CAST_AT, no - 600)) for no in range(6)]
    mill.deliver(
        "casting_readings/mould.csv",
        *(f"1,{at},mould,{100.5 + no},{10 * no}" for no, at in cast),
        header="strand,sampled_at,system,cast_length_m,mould_level_mm\n",
    )
    mill.deliver(
        "casting_readings/water.csv",
        *(f"1,{at},water,{1 + no / 10}" for no, at in cast),
        header="strand,sampled_at,system,mould_heat_flux_mw_m2\n",
    )
    minutes = [moment(AT, 60 * minute - 3600) for minute in range(3)]
    zones = ("heating", "soaking", "soaking")
    mill.deliver(
        "furnace_readings/zones.csv",
        *(f"S1,{at},zones,{zone},1250" for at, zone in zip(minutes, zones, strict=True)),
        header="slab_id,sampled_at,system,zone,top_zone_temp_c\n",
    )
    mill.deliver(
        "furnace_readings/model.csv",
        *(f"S1,{at},model,{1100 + 10 * no}" for no, at in enumerate(minutes)),
        header="slab_id,sampled_at,system,core_temp_c\n",
    )
    for system, signal, value in (("drive", "force_kn", 14000), ("gauge", "exit_thickness_mm", 35)):
        mill.deliver(
            f"roughing_passes/{system}.csv",
            *(f"S1,{no},{system},{moment(AT, no - 600)},{value - no}" for no in (1, 2)),
            header=f"slab_id,pass_no,system,rolled_at,{signal}\n",
        )
    mill.ingest()
    lake = Lake(mill.spark, mill.settings, Run.start())
    coil_segments.main(lake.for_table(CORE_COIL_SEGMENTS), [AT.date()])
    told = mill.ask(
        """select segment_no, mould_level_mm.mean, mould_heat_flux_mw_m2.mean,
        mould_heat_flux_mw_m2.valid_pct, core_temp_c.mean, top_zone_temp_c.mean, roughing_force_kn.mean,
        roughing_exit_thickness_mm.mean
        from core.coil_segments where segment_no in (5, 35) order by segment_no"""
    )
    # A sample each second, a metre of strand, ten of coil; the model's last two minutes are in the last zone.
    slab = (1115, 1250, 13998, 33)
    assert told == [pytest.approx(row) for row in ((5, 0, 1.0, 100, *slab), (35, 30, 1.3, 100, *slab))]
