"""mart/roll_marks: defects that repeat along a strip, and the roll that makes them."""

from schemas.contract import Field, Input, Promise, Table
from schemas.core.coil_conditions import CORE_COIL_CONDITIONS, ROLL_DAYS
from schemas.core.coil_defects import CORE_COIL_DEFECTS
from schemas.core.coil_parts import CORE_COIL_PARTS
from schemas.core.coils import CORE_COILS
from schemas.fields import COIL_ID, PRODUCTION_DAY
from schemas.raw.roll_changes import RAW_ROLL_CHANGES
from schemas.raw.surface_defects import SIDES


def _mm(name: str, meaning: str, example: float, maximum: float = 3_000) -> Field:
    return Field(name, "double", meaning, example, required=False, minimum=0, maximum=maximum)


MART_ROLL_MARKS = Table(
    layer="mart",
    name="roll_marks",
    row="coil, side and band across the strip in which defects repeat",
    meaning="Repeating defects with their period, and the roll whose turn, rolled out by the stands behind it, is that long.",
    key=("coil_id", "side", "from_edge_mm"),
    day_of="production_day",
    made_from=(
        Input(CORE_COIL_DEFECTS),
        Input(CORE_COIL_PARTS),
        Input(CORE_COIL_CONDITIONS),
        Input(CORE_COILS),
        Input(RAW_ROLL_CHANGES, days_back=ROLL_DAYS),
    ),
    promises=(
        Promise("runs_forward", "from_edge_mm <= to_edge_mm", "A band does not end before it begins."),
        Promise("roll_or_doubt", "roll_id is not null or doubt is not null", "Where no one roll is named, the row says why."),
    ),
    fields=(
        COIL_ID,
        PRODUCTION_DAY,
        Field("side", "string", "Side of the strip.", "top", values=SIDES),
        Field("from_edge_mm", "double", "Start of the band, middles of the defects, from the drive-side edge.", 402.0, minimum=0, maximum=3_000),
        _mm("to_edge_mm", "End of the band.", 417.0),
        Field("defect_class", "string", "Class that most of the defects were given.", "roll mark", required=False),
        Field("defects_n", "bigint", "Defects that repeat.", 61, minimum=1),
        Field("missed_pct", "double", "Turns between the first and the last without a defect that was seen.", 35.0, minimum=0, maximum=100),
        Field("period_m", "double", "From one defect to the next on the finished strip.", 4.12, minimum=0),
        Field("sigma_m", "double", "Standard deviation of the error of the period.", 0.005, minimum=0),
        Field("mark_coils_n", "bigint", "Coils of the day with defects that repeat in the same band: all of them name the roll.", 9, minimum=1),
        Field("stand", "string", "Stand of the roll; missing where several could be.", "F5", required=False),
        Field("position", "string", "Place of the roll in the stand.", "top work", required=False),
        Field("roll_id", "string", "The roll; missing where several could be, or none explains the period.", "WR-5093", required=False),
        Field("probability_pct", "double", "How probable the first of the rolls is among those that explain the period.", 99.0, required=False, minimum=0, maximum=100),
        _mm("roll_diameter_mm", "Diameter of the roll as ground.", 690.0),
        _mm("diameter_by_mark_mm", "Diameter that the roll would have by the mark's period.", 691.8, 10_000),
        _mm("diameter_sigma_mm", "Standard deviation of the error of that.", 4.2, 10_000),
        Field("turns_a_mark", "bigint", "Turns of the roll from one mark to the next: more than one where marks were missed in turn.", 1, required=False, minimum=1),
        Field("suspects", "array<string>", "Rolls that explain the period, with their place, the most probable first.", ["F5 top work WR-5093"]),
        Field("rolled_t", "double", "Tonnes that the roll had rolled in this stand before this coil; of its first coil, those at first sight.", 840.0, required=False, minimum=0),
        Field("doubt", "string", "Why no roll is named; missing where one is.", None, required=False),
    ),
)
