"""raw/sensors: where along the line each signal is measured."""

from schemas.contract import Field
from schemas.fields import LINE, VALID_FROM_AT, VALID_TO_AT
from schemas.raw_table import raw_table

RAW_SENSORS = raw_table(
    "sensors",
    row="line, signal and interval in which the sensor stands there",
    meaning="Place along the pass line at which a signal of the readings is measured.",
    key=("line", "signal", "valid_from_at"),
    day_of="valid_from_at",
    fields=(
        LINE,
        Field("signal", "string", "Signal: a field of the readings.", "coiling_temp_c"),
        Field("station", "string", "Station that sees the material; signals of one station see the same place, of one at several distances each its own.", "coiling pyrometer"),
        Field("distance_m", "double", "From the length counter along the pass line, positive downstream.", 118.0, minimum=-5000, maximum=5000),
        Field("speed_signal", "string", "Signal that runs like the material at the station, to be calibrated to the measured length.", "strip_speed_m_s", required=False),
        VALID_FROM_AT,
        VALID_TO_AT,
    ),
)
