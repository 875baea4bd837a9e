"""What was measured of strand and slab comes to the metres of the coil; what is in doubt stays missing."""

from datetime import UTC, datetime, timedelta

import numpy as np
import pyarrow as pa
import pytest

from pipelines.coil_origins import Found, Origin, Upstream, found, origins
from pipelines.length_maps import Stretch
from pipelines.upstream_segments import CASTING, HEATED, UPSTREAM, upstream_segments
from schemas.core.length_maps import CORE_LENGTH_MAPS
from schemas.raw.furnace_readings import RAW_FURNACE_READINGS
from schemas.raw.roughing_passes import RAW_ROUGHING_PASSES

CAST_AT = datetime(2026, 11, 18, 9, tzinfo=UTC)
ON_STRAND = (Stretch("C1", 0.0, 100.0, "strand 1", 50.0, 60.0, sigma_m=2.0),)
ORIGIN = Origin("S1", "1", CAST_AT, ON_STRAND)


def casting(metres, level_mm, minutes_before=20.0):
    """Readings at metres of strand 1, all that time before the slab was cut off."""
    at = [CAST_AT - timedelta(minutes=minutes_before) + timedelta(seconds=no) for no in range(len(metres))]
    values = {name: pa.nulls(len(metres), pa.float64()) for name in CASTING}
    values["mould_level_mm"] = pa.array(level_mm, pa.float64())
    return pa.table(
        {
            "sampled_at": pa.array(at, pa.timestamp("us", tz="UTC")),
            "cast_length_m": pa.array(metres, pa.float64()),
            **values,
        }
    )


def told(rows, origin=ORIGIN, segment_m=10.0, **slab):
    """Signal -> segment by segment, its n, mean and health; and the error of the place."""
    of = Found(
        {"C1": origin} if origin else {}, {"1": rows}, slab.get("furnace", {}), slab.get("roughing", {})
    )
    segments = upstream_segments("C1", 100.0, segment_m, of)
    of_signal = {}
    for no, signal in enumerate(UPSTREAM):
        moments, health = segments.moments.of(no), segments.health[no]
        of_signal[signal] = list(zip(moments.n.tolist(), moments.mean.tolist(), health.tolist(), strict=True))
    return of_signal, segments.sigma_m


def test_a_reading_of_the_caster_comes_to_its_metre_of_the_coil():
    signals, _ = told(casting([50.5, 51.5, 52.5], [1.0, 2.0, 3.0]))
    assert [(n, mean) for n, mean, _ in signals["mould_level_mm"][:3]] == [(1, 1.0), (1, 2.0), (1, 3.0)]


def test_on_a_coil_that_runs_against_the_strand_the_readings_turn_round():
    turned = (Stretch("C1", 0.0, 100.0, "strand 1", 50.0, 60.0, is_reversed=True),)
    signals, _ = told(casting([50.5, 51.5], [1.0, 2.0]), ORIGIN._replace(on_strand=turned))
    assert [mean for _, mean, _ in signals["mould_level_mm"][-2:]] == [2.0, 1.0]


def test_a_segment_between_two_readings_has_the_nearest_one():
    signals, _ = told(casting([52.0, 54.0, 56.0], [1.0, 2.0, 3.0]))
    means = [mean for n, mean, _ in signals["mould_level_mm"] if n]
    # Metres 20, 40 and 60 of the coil; a reading stands for 20 m at most.
    assert means == [1.0, 1.0, 1.0, 2.0, 2.0, 3.0, 3.0, 3.0]
    assert [n for n, _, _ in signals["mould_level_mm"]] == [1] * 8 + [0, 0]


def test_the_error_has_the_maps_and_the_metres_between_two_readings():
    _, sigma_m = told(casting([52.0, 54.0, 56.0], [1.0, 2.0, 3.0]))
    assert sigma_m[3] == pytest.approx(np.hypot(2.0, 20 / 12**0.5))
    assert np.isnan(sigma_m[9])


def test_metres_that_nobody_measured_stay_missing():
    signals, _ = told(casting([50.5, 51.5, 57.5, 58.5], [1.0, 2.0, None, 4.0]))
    assert [n for n, _, _ in signals["mould_level_mm"]] == [1, 1, 1, 0, 0, 0, 0, 0, 1, 1]
    assert [health for _, _, health in signals["mould_level_mm"]][3:8] == [3] * 5


def test_another_count_of_the_strands_counter_is_another_strand():
    signals, _ = told(casting([50.5, 51.5], [1.0, 2.0], minutes_before=90))
    assert {n for n, _, _ in signals["mould_level_mm"]} == {0}


def test_a_mould_level_that_stands_still_is_flagged():
    level_mm = 100 + np.sin(np.arange(200.0))
    level_mm[100:150] = 100.5
    signals, _ = told(casting(50 + np.arange(200) / 20, level_mm))
    assert [health for _, _, health in signals["mould_level_mm"]] == [0] * 5 + [2, 2, 2, 0, 0]


def test_furnace_and_roughing_mill_tell_of_the_whole_coil():
    zones = ["heating", "soaking", "soaking"]
    furnace = pa.table({"zone": zones} | {name: pa.array([900.0, 1200.0, 1210.0]) for name in HEATED})
    passes = {"pass_no": [1, 2], "force_kn": [9.0, 8.0], "speed_m_s": [2.0, 3.0]}
    roughing = pa.table(passes | {"exit_temp_c": [1150.0, None], "exit_thickness_mm": [100.0, 35.0]})
    signals, _ = told(casting([], []), furnace={"S1": furnace}, roughing={"S1": roughing})
    assert signals["core_temp_c"] == [(2, 1205.0, 0)] * 10
    assert signals["roughing_force_kn"] == [(1, 8.0, 0)] * 10
    assert {n for n, _, _ in signals["roughing_exit_temp_c"]} == {0}


def of_two_systems(*rows):
    """Samples of a caster's two systems: seconds, system, counter, level, heat flux."""
    seconds, names, metres, level_mm, flux = zip(*rows, strict=True)
    at = [CAST_AT - timedelta(minutes=20) + timedelta(seconds=second) for second in seconds]
    every = casting(metres, level_mm).set_column(0, "sampled_at", pa.array(at, pa.timestamp("us", tz="UTC")))
    no = every.column_names.index("mould_heat_flux_mw_m2")
    every = every.set_column(no, "mould_heat_flux_mw_m2", pa.array(flux, pa.float64()))
    return every.append_column("system", pa.array(names))


def test_a_system_without_a_counter_lies_between_the_samples_of_the_one_that_counts():
    rows = [(no, "mould", 50.0 + no, float(no), None) for no in range(4)]
    rows += [(no + 0.5, "water", None, None, float(no)) for no in range(4)]
    signals, _ = told(of_two_systems(*sorted(rows)))
    # The counter's samples are at 0, 10, 20, 30 m of the coil; behind the last one nobody counted.
    assert [mean for n, mean, _ in signals["mould_level_mm"] if n] == [0, 1, 2, 3]
    assert [(n, mean) for n, mean, _ in signals["mould_heat_flux_mw_m2"]][:3] == [(1, 0), (1, 1), (1, 2)]
    # What the other system did not sample is no gap.
    assert [health for _, _, health in signals["mould_heat_flux_mw_m2"]][:3] == [0, 0, 0]


def test_over_a_silence_of_the_counter_nothing_is_placed():
    rows = [(no, "mould", 50.0 + no, float(no), None) for no in (0, 1, 2, 3, 8, 9, 10)]
    rows += [(no + 0.5, "water", None, None, float(no)) for no in range(10)]
    signals, _ = told(of_two_systems(*sorted(rows)))
    flux = [(n, mean) for n, mean, _ in signals["mould_heat_flux_mw_m2"]]
    assert flux[:3] == [(1, 0), (1, 1), (1, 2)] and flux[8:] == [(1, 8), (1, 9)]
    # A reading stands for its neighbouring segment at most.
    assert {n for n, _ in flux[4:7]} == {0}


@pytest.mark.parametrize("order", [[0, 1, 2, 3, 4, 5], [1, 0, 3, 2, 5, 4]])
def test_a_system_without_zones_has_the_slab_there_since_the_other_says_so(order):
    """Both tell of the same minutes, in any order."""
    at = [CAST_AT + timedelta(minutes=no // 2) for no in range(6)]
    furnace = pa.table(
        {
            "sampled_at": pa.array(at, pa.timestamp("us", tz="UTC")),
            "system": ["zones", "model"] * 3,
            "zone": ["heating", None, "soaking", None, "soaking", None],
            "top_zone_temp_c": [1200.0, None, 1250.0, None, 1252.0, None],
            "bottom_zone_temp_c": pa.nulls(6, pa.float64()),
            "core_temp_c": [None, 1000.0, None, 1100.0, None, 1120.0],
        }
    )
    signals, _ = told(casting([], []), furnace={"S1": furnace.take(order)})
    assert signals["top_zone_temp_c"] == [(2, 1251.0, 0)] * 10
    assert signals["core_temp_c"] == [(2, 1110.0, 0)] * 10


def test_a_coil_of_unknown_origin_has_no_upstream_signals():
    signals, sigma_m = told(casting([50.5], [1.0]), origin=None)
    assert {n for every in signals.values() for n, _, _ in every} == {0}
    assert np.isnan(sigma_m).all()


def row(child_id, kind, parent_id, **named):
    example = {field.name: field.example for field in CORE_LENGTH_MAPS.fields}
    return example | {"child_id": child_id, "child_kind": kind, "parent_id": parent_id} | named


COIL = row("C1", "hot coil", "S1", cast_at=None)
SLAB = row("S1", "slab", "strand 1", child_to_m=10.0, parent_from_m=50.0, parent_to_m=60.0)


def test_a_coil_goes_through_its_slab_to_the_strand():
    origin = origins([COIL], [SLAB])["C1"]
    assert (origin.slab_id, origin.strand, origin.cast_at) == ("S1", "1", SLAB["cast_at"])
    assert origin.on_strand[0].parent_from_m == pytest.approx(50 + COIL["parent_from_m"])


@pytest.mark.parametrize(
    "coil, slab",
    [
        (COIL, SLAB | {"is_ambiguous": True}),
        (COIL, SLAB | {"cast_at": None}),
        (COIL, SLAB | {"parent_from_m": None}),
        (COIL | {"parent_from_m": None, "doubt": "not known: length"}, SLAB),
        (COIL, SLAB | {"child_id": "S2"}),
    ],
)
def test_without_certain_metres_a_coil_has_a_slab_and_no_strand(coil, slab):
    assert origins([coil], [slab])["C1"] == Origin("S1")


@pytest.mark.parametrize(
    "coils", [[COIL | {"is_ambiguous": True}], [COIL, COIL], [COIL | {"parent_id": None}]]
)
def test_a_coil_of_several_slabs_or_none_has_no_origin(coils):
    assert origins(coils, [SLAB]) == {}


def test_only_what_the_coils_need_is_looked_up():
    asked = []

    def look(name, rows):
        def asked_for(by, values, *times):
            asked.append((name, by, sorted(values), *times))
            return rows

        return asked_for

    def nothing(table):
        kinds = {"string": pa.string(), "timestamp": pa.timestamp("us", tz="UTC")}
        return pa.schema([(f.name, kinds.get(f.type, pa.float64())) for f in table.fields]).empty_table()

    maps = pa.Table.from_pylist([COIL, SLAB])
    rows = casting([50.5], [1.0]).append_column("strand", pa.array(["1"]))
    upstream = Upstream(
        look("maps", maps),
        look("casting", rows),
        look("furnace", nothing(RAW_FURNACE_READINGS)),
        look("roughing", nothing(RAW_ROUGHING_PASSES)),
    )
    of = found(["C1"], upstream)
    cast_at = SLAB["cast_at"]
    assert asked == [
        ("maps", "child_id", ["C1"]),
        ("maps", "child_id", ["S1"]),
        ("casting", "strand", ["1"], cast_at - timedelta(hours=1), cast_at),
        ("furnace", "slab_id", ["S1"]),
        ("roughing", "slab_id", ["S1"]),
    ]
    assert set(of.casting) == {"1"}
