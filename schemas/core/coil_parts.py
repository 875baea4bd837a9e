"""core/coil_parts: moments of every signal over the parts of a hot coil: what a month is judged by."""

from schemas.contract import EVER, MOMENTS, Field, Input, Promise, Table
from schemas.core.coil_segments import CORE_COIL_SEGMENTS
from schemas.core.coils import CORE_COILS
from schemas.fields import COIL_ID, PRODUCTION_DAY
from schemas.raw.sensors import RAW_SENSORS

PARTS = ("head", "speed-up", "body", "tail")
WHOLE = "whole"

CORE_COIL_PARTS = Table(
    layer="core",
    name="coil_parts",
    row="coil and part of its length",
    meaning="Moments of every signal over head, speed-up, body, tail and the whole coil, without segments whose sensor was frozen or jumping.",
    key=("coil_id", "part"),
    day_of="production_day",
    # Sensors tell which signal is the strip's speed.
    made_from=(Input(CORE_COILS), Input(CORE_COIL_SEGMENTS), Input(RAW_SENSORS, days_back=EVER)),
    promises=(Promise("has_length", "from_m < to_m", "A part has a length."),),
    fields=(
        COIL_ID,
        PRODUCTION_DAY,
        Field("part", "string", "Part of the coil; every metre is in one, and in the whole.", "body", values=(*PARTS, WHOLE)),
        Field("from_m", "double", "Start of the part, from the head of the hot coil as coiled.", 30.0, minimum=0),
        Field("to_m", "double", "End of the part, not in it.", 690.0, minimum=0),
        *(field for field in CORE_COIL_SEGMENTS.fields if field.type == MOMENTS),
    ),
)


def parts_of(segments: Table) -> Table:
    """The table with moments of the signals, too, that a plant has beside the contract of its segments."""
    return CORE_COIL_PARTS.with_fields(field for field in segments.fields if field.of_the_plant)
