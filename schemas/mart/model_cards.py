"""mart/model_cards: what each model was trained on, its limits, and what it found on days it had not seen."""

from dataclasses import replace

from schemas.contract import EVER, Field, Input, Table
from schemas.core.coil_parts import CORE_COIL_PARTS
from schemas.core.coil_segments import CORE_COIL_SEGMENTS
from schemas.core.coils import CORE_COILS
from schemas.fields import AT, PRODUCTION_DAY, RUN_ID
from schemas.raw.sensors import RAW_SENSORS

TRAINING_DAYS = 60
"""A model is trained on so many days at most, the last of them among them."""

MART_MODEL_CARDS = Table(
    layer="mart",
    name="model_cards",
    row="model, detector and mode",
    meaning="What models were trained on, their limits beside those of the textbook, and their alarms on days that were held out; of the last training day.",
    key=("model_id", "detector", "mode"),
    day_of="production_day",
    kept_by_the_run=True,
    fields=(
        Field("model_id", "string", "Model: kind, step, last training day.", "normal/finishing/2026-11-19"),
        replace(PRODUCTION_DAY, meaning="Last training day: days after it are judged by the model."),
        Field("detector", "string", "View of the coil and statistic.", "level T2"),
        Field("mode", "string", "What is rolled alike.", "HSLA, over 3 to 4 mm"),
        Field("judged_as", "string", "The mode whose centres and scales hold for it: itself, or a wider one where too few coils were.", "HSLA, over 3 to 4 mm"),
        Field("first_day", "date", "First training day with coils.", PRODUCTION_DAY.example),
        Field("days", "bigint", "Training days with coils.", 30, minimum=1),
        Field("coils", "bigint", "Training coils of the mode.", 55, minimum=0),
        Field("rows", "bigint", "Rows of all modes that the model was fitted to.", 52_000, minimum=0),
        Field("signals", "array<string>", "Signals of the model.", ["coiling_temp_c"]),
        Field("components", "bigint", "Principal components.", 12, minimum=0),
        Field("fingerprint", "string", "Hash of the training rows.", "9f86d081884c7d65"),
        Field("limit_ratio", "double", "Limit in use: a fault begins above it; missing where no day could be held out.", 71.3, required=False, minimum=0),
        Field("leave_ratio", "double", "A fault goes on while the statistic is above it.", 40.2, required=False, minimum=0),
        Field("textbook_ratio", "double", "Limit of the textbook at the same rate of alarms, for single, normal, independent rows.", 68.0, required=False, minimum=0),
        Field("false_alarms_pct", "double", "Share of normal coils that the limit was set for.", 0.5, minimum=0, maximum=100),
        Field("held_out_coils", "bigint", "Coils of the mode on held-out days.", 55, minimum=0),
        Field("held_out_alarms_pct", "double", "Share of those beyond the limit; they have the faults of their days.", 3.6, required=False, minimum=0, maximum=100),
        Field("trained_at", "timestamp", "When it was trained.", AT, of_the_run=True),
        Field("code_version", "string", "Version of coilmart that trained it.", "0.1.0"),
        RUN_ID,
    ),
)

TRAINED = replace(
    MART_MODEL_CARDS,
    kept_by_the_run=False,
    made_from=(
        Input(CORE_COILS, days_back=TRAINING_DAYS - 1),
        Input(CORE_COIL_PARTS, days_back=TRAINING_DAYS - 1),
        Input(CORE_COIL_SEGMENTS, days_back=TRAINING_DAYS - 1),
        Input(RAW_SENSORS, days_back=EVER),
    ),
)
"""The same as training sees it: what it reads, and how far back."""
