"""raw/scrap: what the scales weighed as scrap."""

from schemas.contract import Field
from schemas.fields import AT, LINE, MASS_T, MATERIAL_ID
from schemas.raw_table import raw_table

SCRAP_KINDS = ("head crop", "tail crop", "cobble", "trim", "sample", "scrapped piece")

RAW_SCRAP = raw_table(
    "scrap",
    row="weighing of scrap",
    meaning="Mass of scrap and the piece that it came from.",
    key=("weighing_id",),
    day_of="weighed_at",
    fields=(
        Field("weighing_id", "string", "Weighing given by the scale.", "W26112000017"),
        LINE,
        Field("weighed_at", "timestamp", "When it was weighed.", AT),
        MATERIAL_ID.optional("Piece that the scrap came from."),
        Field("scrap_kind", "string", "Kind of scrap.", "trim", values=SCRAP_KINDS),
        MASS_T,
    ),
)
