"""raw/heats: what the melt shop tapped."""

from schemas.contract import Field
from schemas.fields import AT, GRADE, GRADE_FAMILY, HEAT_ID
from schemas.raw_table import raw_table


def _pct(element: str, example: float, maximum: float) -> Field:
    return Field(
        f"{element}_pct",
        "double",
        f"{element.capitalize()} of the ladle analysis, mass percent.",
        example,
        required=False,
        minimum=0,
        maximum=maximum,
    )


RAW_HEATS = raw_table(
    "heats",
    row="heat",
    meaning="Grade, ladle analysis and temperatures of a heat.",
    key=("heat_id",),
    day_of="tapped_at",
    fields=(
        HEAT_ID,
        Field("tapped_at", "timestamp", "When the heat was tapped.", AT),
        GRADE,
        GRADE_FAMILY.optional(),
        Field("heat_mass_t", "double", "Tapped mass.", 180.0, required=False, minimum=0, maximum=500),
        Field("tapping_temp_c", "double", "Temperature at tapping.", 1640.0, required=False, minimum=1400, maximum=1800),
        Field("superheat_c", "double", "Tundish temperature above liquidus.", 25.0, required=False, minimum=-20, maximum=120),
        _pct("c", 0.07, 5),
        _pct("si", 0.02, 10),
        _pct("mn", 1.2, 30),
        _pct("p", 0.012, 1),
        _pct("s", 0.004, 1),
        _pct("al", 0.035, 10),
        _pct("nb", 0.03, 1),
        _pct("n", 0.004, 1),
    ),
)
