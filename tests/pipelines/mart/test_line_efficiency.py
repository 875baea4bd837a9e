"""OEE by ISO 22400-2, and the rates and reliability beside it, calculated by hand."""

from datetime import UTC, date, datetime, timedelta

import pytest

from pipelines.mart.line_efficiency import line_efficiency
from schemas.core.coils import CORE_COILS
from schemas.core.line_events import CORE_LINE_EVENTS
from schemas.core.materials import CORE_MATERIALS
from schemas.mart.coil_yields import MART_COIL_YIELDS
from schemas.mart.line_efficiency import MART_LINE_EFFICIENCY
from schemas.raw.energy_readings import RAW_ENERGY_READINGS
from schemas.raw.ideal_rates import RAW_IDEAL_RATES

DAY = date(2026, 11, 20)


def at(hour, minute=0):
    return datetime(2026, 11, 20, hour, minute, tzinfo=UTC)


def shift(name, from_at, to_at, **told):
    mine = {"event_kind": "shift", "event_id": name, "shift": name, "is_planned": True, "event_to_at": to_at}
    return mine | {"from_at": from_at, "to_at": to_at} | told


def stop(from_at, to_at, **told):
    mine = {"event_id": f"{from_at} {to_at}", "from_at": from_at, "to_at": to_at, "event_to_at": to_at}
    return mine | told


EARLY, LATE = shift("A", at(6), at(14)), shift("B", at(14), at(22))
LONG_AGO = {"valid_from_at": at(6) - timedelta(days=300)}
RATE = LONG_AGO | {"from_thickness_mm": 2.5, "to_thickness_mm": 4.0, "rate_t_h": 1_000.0}


def coils(count, mass_t=20.0, **told):
    """Coils of a shift, an hour after its start."""
    own = {"mass_t": mass_t, "made_at": at(9), "shift": None}
    return [own | {"material_id": f"C{no}"} | told for no in range(count)]


@pytest.fixture
def efficiency(given):
    """The rows by line and shift, the whole day first."""

    def rows(events=(EARLY,), made=(), targets=(), yields=(), energy=(), rates=(RATE,)):
        frame = line_efficiency(
            given(CORE_LINE_EVENTS, *events),
            given(CORE_COILS, *targets),
            given(CORE_MATERIALS, *made),
            given(MART_COIL_YIELDS, *yields),
            given(RAW_ENERGY_READINGS, *energy),
            given(RAW_IDEAL_RATES, *rates),
        )
        found = frame.select(*MART_LINE_EFFICIENCY.field_names).orderBy("line", "shift").collect()
        return sorted(found, key=lambda row: (row.line, row.shift != "all", row.shift))

    return rows


@pytest.mark.engines
def test_oee_is_availability_times_effectiveness_times_quality(efficiency):
    maintenance = stop(at(6), at(7), is_planned=True)
    cobble, again = stop(at(8), at(8, 30)), stop(at(8, 15), at(8, 45))
    good, second = coils(200), coils(50, quality="secondary", made_at=at(10))

    day, early = efficiency([EARLY, maintenance, cobble, again], [*good, *second])

    assert (day.shift, early.shift) == ("all", "A")
    # 480 min of shift less 60 planned are 420 busy; two stops of 30 min that overlap by 15 stop it for 45.
    assert (day.planned_busy_min, day.planned_stop_min, day.stopped_min) == (420.0, 60.0, 45.0)
    assert (day.actual_production_min, day.availability_pct) == (375.0, pytest.approx(375 / 420 * 100))
    # 5,000 t at 1,000 t/h take 300 min.
    assert (day.output_at_ideal_rate_min, day.effectiveness_pct) == (
        pytest.approx(300.0),
        pytest.approx(80.0),
    )
    assert (day.good_mass_t, day.quality_ratio_pct) == (4_000.0, pytest.approx(80.0))
    assert day.oee_pct == pytest.approx(375 / 420 * 0.8 * 0.8 * 100)
    assert (day.rate_source, day.rate_t_h, day.not_computable) == (
        "raw/ideal_rates",
        pytest.approx(800.0),
        None,
    )
    assert early.oee_pct == pytest.approx(day.oee_pct)


@pytest.mark.engines
def test_shifts_add_up_to_the_day(efficiency):
    stops = [stop(at(8), at(8, 30)), stop(at(15), at(16), shift="B")]

    day, early, late = efficiency([EARLY, LATE, *stops], [*coils(5), *coils(3, made_at=at(15))])

    assert (early.stopped_min, late.stopped_min, day.stopped_min) == (30.0, 60.0, 90.0)
    assert (early.pieces, late.pieces, day.pieces) == (5, 3, 8)


def test_a_stop_inside_a_planned_one_stops_nothing_more(efficiency):
    around, inside = stop(at(8), at(10), is_planned=True), stop(at(8, 30), at(9))

    day, _ = efficiency([EARLY, around, inside])

    assert (day.planned_stop_min, day.stopped_min, day.actual_production_min) == (120.0, 0.0, 360.0)


def test_a_planned_stop_inside_an_unplanned_one_is_not_unplanned(efficiency):
    around, inside = stop(at(8), at(10)), stop(at(8, 30), at(9), is_planned=True)

    day, _ = efficiency([EARLY, around, inside])

    assert (day.planned_stop_min, day.stopped_min, day.actual_production_min) == (30.0, 90.0, 360.0)


@pytest.mark.engines
def test_a_stop_in_time_that_was_not_planned_counts_in_no_busy_time(efficiency):
    closed = shift("B", at(14), at(22), is_planned=False, is_scheduled=False)
    asleep = stop(at(15), at(20), shift="B", is_scheduled=False)

    day, _, late = efficiency([EARLY, closed, asleep])

    assert (day.planned_busy_min, day.stopped_min, day.stoppages) == (480.0, 0.0, 0)
    assert (late.planned_busy_min, late.availability_pct) == (0.0, None)
    assert late.not_computable.startswith("availability: the line was not meant to run")


@pytest.mark.engines
def test_without_a_calendar_stops_count_and_availability_is_missing(efficiency):
    unplanned = stop(at(8), at(8, 20), shift=None, is_scheduled=None)

    [day] = efficiency([unplanned], coils(5))

    assert (day.stoppages, day.mttr_min, day.mtbf_h) == (1, 20.0, None)
    assert (day.availability_pct, day.oee_pct) == (None, None)
    assert day.not_computable == "availability: no shift of the line was delivered"


@pytest.mark.engines
def test_without_a_standard_rate_there_is_no_effectiveness_and_never_a_full_one(efficiency):
    day, _ = efficiency(made=coils(5), rates=[])

    assert (day.effectiveness_pct, day.oee_pct, day.rate_source) == (None, None, None)
    assert (day.availability_pct, day.quality_ratio_pct) == (100.0, 100.0)
    assert day.not_computable == "effectiveness: no standard rate for pieces that left the line"


def test_one_piece_without_a_rate_leaves_the_effectiveness_empty(efficiency):
    thick = coils(1, thickness_mm=12.0, made_at=at(10))

    day, _ = efficiency(made=[*coils(5), *thick])

    assert day.effectiveness_pct is None


def test_the_class_of_a_coil_is_that_of_the_thickness_asked_for(efficiency):
    thinner = LONG_AGO | {
        "product_class": "thin",
        "from_thickness_mm": 1.0,
        "to_thickness_mm": 2.5,
        "rate_t_h": 1.0,
    }
    asked_for = {"coil_id": "C0", "target_thickness_mm": 2.5}

    day, _ = efficiency(made=coils(1, thickness_mm=2.49), targets=[asked_for], rates=[RATE, thinner])

    assert day.output_at_ideal_rate_min == pytest.approx(20 / 1_000 * 60)


@pytest.mark.engines
def test_the_rate_is_the_one_that_held_when_the_coil_was_made(efficiency):
    faster = RATE | {"valid_from_at": at(12), "rate_t_h": 2_000.0}

    day, _ = efficiency(made=[*coils(1), *coils(1, made_at=at(13))], rates=[RATE, faster])

    assert day.output_at_ideal_rate_min == pytest.approx(20 / 1_000 * 60 + 20 / 2_000 * 60)


def test_without_any_known_quality_code_there_is_no_quality_ratio(efficiency):
    day, _ = efficiency(made=coils(5, quality=None))

    assert (day.quality_ratio_pct, day.oee_pct) == (None, None)
    assert day.not_computable == "quality ratio: no piece has a quality code that is known"


def test_a_piece_without_a_mass_is_counted_and_not_weighed(efficiency):
    day, _ = efficiency(made=[*coils(5), *coils(1, mass_t=None, made_at=at(10))])

    assert (day.pieces, day.pieces_without_mass, day.output_mass_t) == (6, 1, 100.0)
    assert day.effectiveness_pct is not None


@pytest.mark.engines
def test_mean_times_are_of_the_stoppages_that_started(efficiency):
    carried_over = stop(at(6), at(6, 30), is_start=False)
    short, long = stop(at(8), at(8, 20)), stop(at(13), at(14), event_to_at=at(14, 40))

    day, _ = efficiency([EARLY, carried_over, short, long])

    # 480 - 30 - 20 - 60 = 370 min of production; repairs of 20 and, to its end in the next shift, 100 min.
    assert (day.stoppages, day.mtbf_h, day.mttr_min) == (2, pytest.approx(370 / 60 / 2), pytest.approx(60.0))


def test_a_stop_that_still_lasts_has_no_repair_time(efficiency):
    day, _ = efficiency([EARLY, stop(at(13), at(14), event_to_at=None)])

    assert (day.stoppages, day.mttr_min) == (1, None)


@pytest.mark.engines
def test_energy_is_per_tonne_of_output_and_falls_to_the_shift_in_which_it_was_drawn(efficiency):
    quarters = [
        {"from_at": at(9), "electricity_kwh": 9_000.0},
        {"from_at": at(15), "electricity_kwh": 1_000.0},
    ]

    day, early, late = efficiency([EARLY, LATE], coils(5), energy=quarters)

    assert (day.electricity_kwh_t, early.electricity_kwh_t) == (pytest.approx(100.0), pytest.approx(90.0))
    assert late.electricity_kwh_t is None, "a shift without output has no energy per tonne"


@pytest.mark.engines
def test_rolled_throughput_is_the_product_over_the_lines(efficiency):
    def works(line, *first_pass):
        return [
            {"line": line, "piece_id": f"{line}{no}", "is_first_pass": it} for no, it in enumerate(first_pass)
        ]

    finishing, _, mill, _ = efficiency(
        [], yields=works("HSM", True, True, True, False) + works("FIN1", True, False, None)
    )

    assert (mill.first_pass_yield_pct, finishing.first_pass_yield_pct) == (75.0, 50.0)
    assert mill.rolled_throughput_yield_pct == finishing.rolled_throughput_yield_pct == pytest.approx(37.5)


def test_a_coil_outside_every_shift_counts_in_the_day_only(efficiency):
    day, early = efficiency(made=coils(1, made_at=at(23)))

    assert (day.pieces, early.pieces) == (1, 0)


def test_the_plants_own_shift_goes_before_the_calendars(efficiency):
    _, early, late = efficiency([EARLY, LATE], made=coils(1, made_at=at(13, 59), shift="B"))

    assert (early.pieces, late.pieces) == (0, 1)
