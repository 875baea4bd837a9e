"""core/strip_limits: between which values each signal of a hot coil should lie, and where on it."""

from schemas.contract import EVER, Field, Input, Promise, Table
from schemas.core.coils import CORE_COILS
from schemas.fields import COIL_ID, PRODUCTION_DAY
from schemas.raw.coils import RAW_COILS
from schemas.raw.grade_limits import RAW_GRADE_LIMITS
from schemas.raw.orders import RAW_ORDERS
from schemas.raw.tolerances import RAW_TOLERANCES


def _value(name: str, meaning: str, example: float) -> Field:
    return Field(name, "double", meaning, example, required=False)


CORE_STRIP_LIMITS = Table(
    layer="core",
    name="strip_limits",
    row="coil, signal and table that limits it",
    meaning="Limits that hold for a hot coil by its grade family, order and ordered dimensions; none where none are set.",
    key=("coil_id", "signal", "source"),
    day_of="production_day",
    made_from=(
        Input(CORE_COILS),
        Input(RAW_COILS),
        Input(RAW_ORDERS, days_back=400),
        Input(RAW_GRADE_LIMITS, days_back=EVER),
        Input(RAW_TOLERANCES, days_back=EVER),
    ),
    promises=(
        Promise(
            "least_is_below_most", "least_of_signal <= most_of_signal", "Something lies between the limits."
        ),
        Promise(
            "limit_or_reason",
            "coalesce(least_of_signal, most_of_signal) is not null or not_computable is not null",
            "There is a limit, or the reason why there is none.",
        ),
    ),
    fields=(
        COIL_ID,
        PRODUCTION_DAY,
        RAW_GRADE_LIMITS.field("signal"),
        Field(
            "source",
            "string",
            "Table that limits it.",
            RAW_GRADE_LIMITS.path,
            values=(RAW_GRADE_LIMITS.path, RAW_TOLERANCES.path),
        ),
        Field("basis", "string", "Grade family or tolerance class by which it is limited.", "HSLA"),
        _value("target_of_signal", "What the limits count from; missing where they are absolute.", 880.0),
        _value("least_of_signal", "Least value; missing where none is set.", 860.0),
        _value("most_of_signal", "Greatest value; missing where none is set.", 900.0),
        Field(
            "free_ends_m",
            "double",
            "Metres at head and tail in which the limits do not hold.",
            0.0,
            minimum=0,
            maximum=20,
        ),
        Field(
            "not_computable",
            "string",
            "Why limits that are set could not be told; else missing.",
            None,
            required=False,
        ),
    ),
)
