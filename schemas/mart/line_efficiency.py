"""mart/line_efficiency: OEE, rates, energy and reliability of a line, by day and by shift."""

from schemas.contract import EVER, Field, Input, Promise, Table
from schemas.core.coils import CORE_COILS
from schemas.core.line_events import CORE_LINE_EVENTS
from schemas.core.materials import CORE_MATERIALS
from schemas.fields import LINE, PRODUCTION_DAY
from schemas.mart.coil_yields import MART_COIL_YIELDS
from schemas.raw.energy_readings import RAW_ENERGY_READINGS
from schemas.raw.ideal_rates import RAW_IDEAL_RATES

WHOLE_DAY = "all"
"""What stands for the shift in the row of the whole day."""

NO_CALENDAR = "availability: no shift of the line was delivered"
NO_BUSY_TIME = "availability: the line was not meant to run"
NO_OUTPUT = "effectiveness and quality ratio: no mass is known to have left the line"
NO_PRODUCTION_TIME = "effectiveness: no production time"
NO_RATE = "effectiveness: no standard rate for pieces that left the line"
NO_QUALITY = "quality ratio: no piece has a quality code that is known"


def _minutes(name: str, meaning: str, example: float) -> Field:
    return Field(name, "double", meaning, example, required=False, minimum=0, maximum=1_560)


def _pct(name: str, meaning: str, example: float, maximum: float = 100.000001) -> Field:
    return Field(name, "double", meaning, example, required=False, minimum=0, maximum=maximum)


def _figure(name: str, meaning: str, example: float) -> Field:
    return Field(name, "double", meaning, example, required=False, minimum=0)


MART_LINE_EFFICIENCY = Table(
    layer="mart",
    name="line_efficiency",
    row="production day, line and shift; shift 'all' is the whole day",
    meaning="OEE index with its three factors by ISO 22400-2, rates, specific energy, stoppages, MTBF and MTTR.",
    key=("production_day", "line", "shift"),
    day_of="production_day",
    made_from=(
        Input(CORE_LINE_EVENTS),
        Input(CORE_COILS),
        Input(CORE_MATERIALS),
        Input(MART_COIL_YIELDS),
        Input(RAW_ENERGY_READINGS),
        Input(RAW_IDEAL_RATES, days_back=EVER),
    ),
    promises=(
        Promise(
            "busy_time_adds_up",
            "abs(planned_busy_min - stopped_min - actual_production_min) <= 0.000001",
            "The planned busy time is production and unplanned stoppages.",
        ),
        Promise(
            "oee_is_its_factors",
            "abs(oee_pct - availability_pct * effectiveness_pct * quality_ratio_pct / 10000.0) <= 0.000001",
            "The OEE index is the product of its three factors.",
        ),
        Promise(
            "not_computable_has_a_reason",
            "oee_pct is not null or not_computable is not null",
            "An OEE that cannot be told says why.",
        ),
    ),
    fields=(
        PRODUCTION_DAY,
        LINE,
        Field("shift", "string", "Shift; 'all' for the whole day.", "all"),
        _minutes("planned_busy_min", "Planned shifts of the calendar without the planned stoppages.", 1_380.0),
        _minutes("planned_stop_min", "Planned stoppages within planned shifts, overlaps counted once.", 60.0),
        _minutes("stopped_min", "Unplanned stoppages within the planned busy time, overlaps counted once.", 85.0),
        _minutes("actual_production_min", "Planned busy time without the unplanned stoppages.", 1_295.0),
        Field("pieces", "bigint", "Pieces that left the line.", 60, minimum=0),
        Field("pieces_without_mass", "bigint", "Of these, pieces whose mass was not delivered: no figure in tonnes has them.", 0, minimum=0),
        _figure("output_mass_t", "Mass that left the line, whatever its quality.", 1_290.0),
        _figure("good_mass_t", "Prime mass that left the line.", 1_280.0),
        _figure("output_at_ideal_rate_min", "Time that the output takes at its standard rates.", 1_180.0),
        _pct("availability_pct", "Actual production time per planned busy time (ISO 22400-2).", 93.8405797),
        _pct("effectiveness_pct", "Time at standard rates per actual production time (ISO 22400-2); over 100 where a standard is too low.", 91.1196911, 150),
        _pct("quality_ratio_pct", "Good per produced quantity (ISO 22400-2); ungraded counts as not good.", 99.2248062),
        _pct("oee_pct", "Availability x effectiveness x quality ratio.", 84.8443996, 150),
        Field("rate_source", "string", "Where the standard rate comes from; missing where there is none.", "raw/ideal_rates", required=False),
        _pct("first_pass_yield_pct", "Pieces that became prime the first time per pieces worked of which quality is known.", 97.0),
        _pct("rolled_throughput_yield_pct", "Product of the first-pass yields of all lines of the day or shift.", 95.1),
        _figure("rate_t_h", "Output per hour of actual production time.", 880.0),
        _figure("electricity_kwh_t", "Electricity per tonne of output.", 92.0),
        _figure("gas_m3_t", "Gas per tonne of output.", 33.0),
        _figure("water_m3_t", "Water per tonne of output.", 21.0),
        Field("stoppages", "bigint", "Unplanned stoppages that started, but for those in time that was not planned.", 6, minimum=0),
        _figure("mtbf_h", "Actual production time per unplanned stoppage; missing without a stoppage.", 3.6),
        _figure("mttr_min", "Mean length, from start to end, of the unplanned stoppages that started and have ended; missing without one.", 14.2),
        Field("not_computable", "string", "Which figures are missing and why; missing where none is.", None, required=False),
    ),
)
