"""mart/coil_characteristics: what a coil is charted and judged by, one value each."""

from schemas.contract import Field, Input, Table
from schemas.core.coil_parts import CORE_COIL_PARTS, PARTS
from schemas.core.coil_segments import CORE_COIL_SEGMENTS
from schemas.core.coils import CORE_COILS
from schemas.core.strip_limits import CORE_STRIP_LIMITS
from schemas.fields import COIL_ID, LINE, PRODUCTION_DAY
from schemas.raw.grade_limits import RAW_GRADE_LIMITS
from schemas.raw.setups import RAW_SETUPS
from schemas.raw.tolerances import RAW_TOLERANCES

KINDS = ("mean", "difference", "percent", "hit")
SOURCES = (RAW_GRADE_LIMITS.path, RAW_TOLERANCES.path, RAW_SETUPS.path)
HIT_SHARE = "share of coils"
"""Unit of a hit."""


def _value(name: str, meaning: str, example: float | None) -> Field:
    return Field(name, "double", meaning, example, required=False)


MART_COIL_CHARACTERISTICS = Table(
    layer="mart",
    name="coil_characteristics",
    row="coil and characteristic",
    meaning="Means of a coil's parts, absolute or from what was asked for, and whether its head hit it; one row for all that is limited or set up.",
    key=("coil_id", "characteristic"),
    day_of="production_day",
    made_from=(
        Input(CORE_COILS),
        Input(CORE_COIL_PARTS),
        Input(CORE_COIL_SEGMENTS),
        Input(CORE_STRIP_LIMITS),
        # The set-up is made before the coil is coiled, at the turn of a day on the day before.
        Input(RAW_SETUPS, days_back=1),
    ),
    fields=(
        COIL_ID,
        PRODUCTION_DAY,
        LINE,
        Field("coiled_at", "timestamp", "When the tail left the coiler's pinch roll.", CORE_COILS.field("coiled_at").example),
        Field("mode", "string", "What is rolled alike: grade family and class of ordered thickness.", "HSLA, over 2 to 4 mm"),
        Field("characteristic", "string", "Signal, part of the coil, and what it is compared with.", "coiling_temp_c, body, less target"),
        RAW_GRADE_LIMITS.field("signal"),
        Field("part", "string", "Part of the coil.", "body", values=PARTS),
        Field("source", "string", "Table that limits it or asked for it.", RAW_GRADE_LIMITS.path, values=SOURCES),
        Field("kind", "string", "Mean of the part; its difference from what was asked for, or that in percent of it; hit, 1 or 0.", "difference", values=KINDS),
        Field("unit", "string", "Unit of the characteristic.", "°C", required=False),
        _value("value_of_characteristic", "The value; missing where it could not be told.", 4.2),
        _value("least_of_characteristic", "Least value in range; missing where none is set.", -30.0),
        _value("most_of_characteristic", "Greatest value in range; missing where none is set.", 30.0),
        Field("not_computable", "string", "Why there is no value; else missing.", None, required=False),
    ),
)
