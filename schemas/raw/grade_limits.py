"""raw/grade_limits: between which values a signal should lie, by grade family and thickness."""

from schemas.contract import Field
from schemas.fields import VALID_FROM_AT, VALID_TO_AT
from schemas.raw_table import raw_table


def _limit(name: str, meaning: str, example: float) -> Field:
    return Field(name, "double", meaning, example, required=False)


RAW_GRADE_LIMITS = raw_table(
    "grade_limits",
    row="grade family, thickness class, signal and interval in which the limits hold",
    meaning="Limits of a signal along the strip, as the plant's quality department sets them.",
    key=("grade_family", "signal", "thickness_over_mm", "valid_from_at"),
    day_of="valid_from_at",
    fields=(
        Field("grade_family", "string", "Family of grades that roll alike, as in raw/heats.", "HSLA"),
        Field("signal", "string", "Signal of the readings that is limited.", "finishing_temp_c"),
        Field("thickness_over_mm", "double", "Ordered thickness over which this holds, itself not.", 2.0, minimum=0, maximum=500),
        Field("thickness_to_mm", "double", "Ordered thickness up to which this holds, itself too.", 4.0, minimum=0, maximum=500),
        Field("target_field", "string", "Field of raw/coils from which the limits count; missing where they are absolute.", "target_finishing_temp_c", required=False),
        _limit("least_of_signal", "Least value, or least difference from the target; missing where none is set.", -20.0),
        _limit("most_of_signal", "Greatest value, or greatest difference from the target; missing where none is set.", 20.0),
        VALID_FROM_AT,
        VALID_TO_AT,
    ),
)
