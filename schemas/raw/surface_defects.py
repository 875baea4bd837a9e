"""raw/surface_defects: what surface inspection saw on a coil or piece."""

from schemas.contract import Field
from schemas.fields import AT, LINE, MATERIAL_ID
from schemas.raw_table import raw_table

SIDES = ("top", "bottom")


def _place(name: str, meaning: str, example: float, maximum: float) -> Field:
    return Field(name, "double", meaning, example, required=False, minimum=0, maximum=maximum)


RAW_SURFACE_DEFECTS = raw_table(
    "surface_defects",
    row="surface event that an inspection system detected",
    meaning="Class, place, confidence and severity of a detected surface event, as the system tells them: a class is not the truth.",
    key=("inspection_system", "material_id", "detection_no"),
    day_of="detected_at",
    fields=(
        LINE,
        Field("inspection_system", "string", "Surface inspection system.", "SIS HSM"),
        MATERIAL_ID,
        Field("detection_no", "bigint", "Number of the detection on the piece.", 17),
        Field("detected_at", "timestamp", "When it was detected.", AT),
        Field("side", "string", "Side of the strip.", "top", required=False, values=SIDES),
        Field("defect_class", "string", "Class as the system names it; missing where it could not tell.", "sliver", required=False),
        _place("from_m", "Start of the box, from the head of the piece.", 350.2, 20_000),
        _place("to_m", "End of the box, not in it.", 350.9, 20_000),
        _place("from_edge_mm", "Start of the box across the strip, from the drive-side edge.", 410.0, 3_000),
        _place("to_edge_mm", "End of the box across the strip.", 455.0, 3_000),
        Field("confidence_pct", "double", "How sure the system is of the class.", 87.0, required=False, minimum=0, maximum=100),
        Field("severity_level", "bigint", "How bad the system says it is, from 1 (slight).", 2, required=False, minimum=0, maximum=100),
    ),
)
