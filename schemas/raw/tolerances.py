"""raw/tolerances: by how much a dimension may differ from the ordered one."""

from schemas.contract import Field
from schemas.fields import VALID_FROM_AT, VALID_TO_AT
from schemas.raw.grade_limits import RAW_GRADE_LIMITS
from schemas.raw_table import raw_table


def _width(name: str, meaning: str, example: float) -> Field:
    return Field(name, "double", meaning, example, minimum=0, maximum=10_000)


def _strength(name: str, meaning: str, example: float) -> Field:
    return Field(name, "double", meaning, example, required=False, minimum=0, maximum=3000)


RAW_TOLERANCES = raw_table(
    "tolerances",
    row="tolerance class, dimension, thickness class, width class and interval in which the tolerance holds",
    meaning="Tolerances on dimensions, by the class that the order names.",
    key=("tolerance_class", "dimension", "thickness_over_mm", "width_over_mm", "valid_from_at"),
    day_of="valid_from_at",
    fields=(
        Field("tolerance_class", "string", "Class of dimensional tolerances, as in raw/orders.", "EN 10051 A"),
        Field("edition", "string", "Edition of the standard.", "EN 10051:2010", required=False),
        Field("dimension", "string", "What is limited; the width with mill edges or with trimmed ones.", "thickness",
              values=("thickness", "width with mill edges", "width with trimmed edges")),
        _strength("strength_over_mpa", "Least yield strength of the grade over which the class holds.", 0.0),
        _strength("strength_to_mpa", "Least yield strength of the grade up to which it holds.", 300.0),
        RAW_GRADE_LIMITS.field("thickness_over_mm"),
        RAW_GRADE_LIMITS.field("thickness_to_mm"),
        _width("width_over_mm", "Ordered width over which the tolerance holds, itself not.", 1200.0),
        _width("width_to_mm", "Ordered width up to which it holds, itself too.", 1500.0),
        Field("lower_mm", "double", "Least difference from the ordered dimension.", -0.22, minimum=-100, maximum=100),
        Field("upper_mm", "double", "Greatest difference from the ordered dimension.", 0.22, minimum=-100, maximum=100),
        VALID_FROM_AT,
        VALID_TO_AT,
    ),
)
