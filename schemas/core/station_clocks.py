"""core/station_clocks: when a head reached each station, and how late the station's clock is."""

from schemas.contract import EVER, Field, Input, Table
from schemas.core.coils import CORE_COILS
from schemas.fields import AT, COIL_ID, PRODUCTION_DAY
from schemas.raw.finishing_readings import RAW_FINISHING_READINGS
from schemas.raw.sensors import RAW_SENSORS


def _number(name: str, meaning: str, example: float, minimum: float | None = None) -> Field:
    return Field(name, "double", meaning, example, required=False, minimum=minimum)


CORE_STATION_CLOCKS = Table(
    layer="core",
    name="station_clocks",
    row="coil and station",
    meaning="How the readings of a station were brought to their places: head, errors of the places, skew of its clock.",
    key=("coil_id", "station"),
    day_of="production_day",
    made_from=(
        Input(CORE_COILS),
        Input(RAW_FINISHING_READINGS, days_back=1),
        Input(RAW_SENSORS, days_back=EVER),
    ),
    fields=(
        COIL_ID,
        PRODUCTION_DAY,
        Field("station", "string", "Station that sees the material.", "F1"),
        Field(
            "distance_m", "double", "From the length counter along the pass line, positive downstream.", -33.0
        ),
        Field(
            "head_at",
            "timestamp",
            "When the head reached it, by the clock of the readings.",
            AT,
            required=False,
        ),
        CORE_COILS.field("rolling_started_at"),
        _number("head_sigma_m", "Standard deviation of the error of its first readings' places.", 0.2, 0),
        _number("middle_sigma_m", "The same in the middle of the coil; in between it goes evenly.", 0.25, 0),
        _number("tail_sigma_m", "The same of its last readings.", 0.4, 0),
        _number("late_s", "By how much its clock is late against the length counter's.", 0.1),
        _number("late_sigma_s", "Standard deviation of the error of that.", 0.05, 0),
        Field(
            "is_applied",
            "boolean",
            "True where the places allow for the lateness; else it is only told.",
            False,
        ),
    ),
)
