"""mart/process_faults: where on a coil the process left its normal behaviour, and in which signals."""

from schemas.contract import EVER, Field, Input, Promise, Table
from schemas.core.coil_parts import CORE_COIL_PARTS
from schemas.core.coil_segments import CORE_COIL_SEGMENTS
from schemas.core.coils import CORE_COILS
from schemas.core.station_clocks import CORE_STATION_CLOCKS
from schemas.fields import COIL_ID, PRODUCTION_DAY
from schemas.raw.sensors import RAW_SENSORS

DRIFT_DAYS = 5
"""A drift is looked for over the coils of so many days before: an average of the last coils remembers no more."""

MART_PROCESS_FAULTS = Table(
    layer="mart",
    name="process_faults",
    row="coil, step, detector and interval in which the process was not normal",
    meaning="Intervals of a coil in which a model of normal behaviour was left, with the signals that did, how far and for how long; faults of sensors are told apart.",
    key=("coil_id", "step", "detector", "from_m"),
    day_of="production_day",
    # Sensors tell which signal is the strip's speed.
    made_from=(
        Input(CORE_COILS, days_back=DRIFT_DAYS, as_of=True),
        Input(CORE_COIL_PARTS, days_back=DRIFT_DAYS, as_of=True),
        Input(CORE_COIL_SEGMENTS),
        Input(CORE_STATION_CLOCKS),
        Input(RAW_SENSORS, days_back=EVER),
    ),
    promises=(
        Promise("has_length", "from_m < to_m", "An interval has a length."),
        Promise("model_or_sensor", "is_sensor or (model_id is not null and strength_ratio is not null)", "What a model found names it."),
    ),
    fields=(
        COIL_ID,
        PRODUCTION_DAY,
        Field("step", "string", "Step whose signals are judged.", "finishing", values=("casting", "reheating", "roughing", "finishing")),
        Field("detector", "string", "What found it: a view of the coil and a statistic of its model, or the health of a sensor.", "level T2"),
        Field("from_m", "double", "Start of the interval, from the head of the hot coil as coiled.", 350.0, minimum=0, maximum=20_000),
        Field("to_m", "double", "End of the interval, not in it.", 420.0, minimum=0, maximum=20_000),
        Field("sigma_m", "double", "Standard deviation of the error of either end; missing where that of the place is not known.", 3.0, required=False, minimum=0),
        Field("is_sensor", "boolean", "True where it is the sensor and not the process that is faulty.", False),
        Field("part", "string", "Part of the coil in which most of it lies.", "body", required=False),
        Field("mode", "string", "Mode that the coil was judged by: what is rolled alike, or a wider one where too few coils were.", "HSLA, over 3 to 4 mm", required=False),
        Field("strength_ratio", "double", "Greatest value of the statistic by its limit.", 3.4, required=False, minimum=0),
        Field("signals", "array<string>", "Signals that left it, the furthest first.", ["coiling_temp_c"]),
        Field("residual_sigmas", "array<double>", "Of each of them: how far its mean over the interval (of swings: the logarithm of their power) lies from the normal one, in its usual standard deviations; of a sensor 0.", [4.2]),
        Field("sentence", "string", "What happened, for a reader.", "Coiling temperature 4.2 standard deviations above normal for 70 m."),
        Field("model_id", "string", "Model that judged; missing where none was needed.", "normal/finishing/2026-11-19", required=False),
    ),
)
