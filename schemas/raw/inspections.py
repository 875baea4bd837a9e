"""raw/inspections: which metres of which side an inspection system looked at."""

from schemas.contract import Field
from schemas.fields import AT, LINE, MATERIAL_ID
from schemas.raw.surface_defects import RAW_SURFACE_DEFECTS, SIDES
from schemas.raw_table import raw_table

RAW_INSPECTIONS = raw_table(
    "inspections",
    row="inspection system, piece, side and interval in which the system's state was the same",
    meaning="Metres that were inspected: where nothing is told, nobody looked, and no defect there means nothing.",
    key=("inspection_system", "material_id", "side", "from_m"),
    day_of="inspected_at",
    fields=(
        LINE,
        RAW_SURFACE_DEFECTS.field("inspection_system"),
        MATERIAL_ID,
        Field("side", "string", "Side of the strip.", "top", values=SIDES),
        Field("inspected_at", "timestamp", "When the piece's inspection ended.", AT),
        Field("from_m", "double", "Start of the interval, from the head of the piece.", 0.0, minimum=0, maximum=20_000),
        Field("to_m", "double", "End of the interval, not in it; missing where it was not told.", 720.0, required=False, minimum=0, maximum=20_000),
        Field("state", "string", "State of the system: off means not inspected.", "working", required=False,
              values=("working", "degraded", "off")),
    ),
)
