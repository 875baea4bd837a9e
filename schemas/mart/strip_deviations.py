"""mart/strip_deviations: which metres of which coil were out of range of which limit."""

from schemas.contract import Field, Input, Promise, Table
from schemas.core.coil_segments import CORE_COIL_SEGMENTS
from schemas.core.strip_limits import CORE_STRIP_LIMITS
from schemas.fields import COIL_ID, PRODUCTION_DAY


def _metres(name: str, meaning: str, example: float) -> Field:
    return Field(name, "double", meaning, example, minimum=0, maximum=20_000)


def _value(name: str, meaning: str, example: float) -> Field:
    return Field(name, "double", meaning, example)


MART_STRIP_DEVIATIONS = Table(
    layer="mart",
    name="strip_deviations",
    row="coil, limit and interval of the strip in which the signal's mean was out of range on one side",
    meaning="Intervals out of range; between its first and last metre no measured one lay in range.",
    key=("coil_id", "signal", "source", "from_m"),
    day_of="production_day",
    made_from=(Input(CORE_COIL_SEGMENTS), Input(CORE_STRIP_LIMITS)),
    promises=(
        Promise("has_length", "from_m < to_m", "An interval has a length."),
        Promise(
            "is_out_of_range",
            "case side when 'below' then worst_of_signal < limit_of_signal else worst_of_signal > limit_of_signal end",
            "The worst metre lies beyond the limit.",
        ),
        Promise(
            "measured_is_part",
            "flagged_m <= measured_m and measured_m <= to_m - from_m + 0.000001 and measured_m <= judged_m + 0.000001",
            "No more is measured than there is.",
        ),
    ),
    fields=(
        COIL_ID,
        PRODUCTION_DAY,
        CORE_STRIP_LIMITS.field("signal"),
        CORE_STRIP_LIMITS.field("source"),
        Field(
            "side",
            "string",
            "Whether it lay below the least or above the most.",
            "above",
            values=("below", "above"),
        ),
        _metres("from_m", "Start of the interval, from the head of the hot coil as coiled.", 350.0),
        _metres("to_m", "End of the interval, not in it.", 362.0),
        _value("limit_of_signal", "The limit.", 900.0),
        _value("worst_of_signal", "Mean of the segment furthest beyond the limit.", 917.0),
        _value(
            "mean_beyond_of_signal", "By how much the measured metres lay beyond the limit, in the mean.", 8.0
        ),
        _metres("measured_m", "Metres of the interval that were measured.", 12.0),
        _metres("flagged_m", "Metres of those whose sensor was frozen or jumping.", 0.0),
        _metres(
            "judged_m",
            "Metres of the whole coil in which the limit holds and the signal was measured.",
            720.0,
        ),
    ),
)
