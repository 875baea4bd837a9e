"""mart/process_faults: where on a coil the process left its normal behaviour, and in which signals."""

from schemas.contract import Field, Input, Promise, Table
from schemas.core.coil_segments import CORE_COIL_SEGMENTS
from schemas.core.coils import CORE_COILS
from schemas.fields import COIL_ID, PRODUCTION_DAY

MART_PROCESS_FAULTS = Table(
    layer="mart",
    name="process_faults",
    row="coil, detector and interval in which the process was not normal",
    meaning="Intervals of a coil in which a model of normal behaviour was left, with the signals that did, how far and for how long; faults of sensors are told apart.",
    key=("coil_id", "step", "detector", "from_m"),
    day_of="production_day",
    made_from=(Input(CORE_COILS), Input(CORE_COIL_SEGMENTS)),
    promises=(Promise("has_length", "from_m < to_m", "An interval has a length."),),
    fields=(
        COIL_ID,
        PRODUCTION_DAY,
        Field("step", "string", "Step whose signals are judged.", "finishing"),
        Field("detector", "string", "What found it: a statistic of the model, a chart of the coil, or the health of a sensor.", "SPE"),
        Field("from_m", "double", "Start of the interval, from the head of the hot coil as coiled.", 350.0, minimum=0, maximum=20_000),
        Field("to_m", "double", "End of the interval, not in it.", 420.0, minimum=0, maximum=20_000),
        Field("sigma_m", "double", "Standard deviation of the error of the place.", 0.3, required=False, minimum=0),
        Field("is_sensor", "boolean", "True where it is the sensor and not the process that is faulty.", False),
        Field("part", "string", "Part of the coil in which most of it lies.", "body", required=False),
        Field("mode", "string", "Mode that the coil was judged by: what is rolled alike.", "HSLA, 2 to 4 mm", required=False),
        Field("strength_ratio", "double", "Greatest value of the statistic by its limit.", 3.4, required=False, minimum=0),
        Field("signals", "array<string>", "Signals that left it, the furthest first.", ["coiling_temp_c"]),
        Field("residual_sigmas", "array<double>", "Of each of them: how far its mean over the interval lies from the normal one, in its usual standard deviations.", [4.2]),
        Field("sentence", "string", "What happened, for a reader.", "Coiling temperature 4.2 standard deviations above normal for 70 m."),
        Field("model_id", "string", "Model that judged; missing where none was needed.", "normal/finishing/20261119", required=False),
    ),
)
