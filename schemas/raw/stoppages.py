"""raw/stoppages: when a line stood still, and why."""

from schemas.contract import Field
from schemas.fields import EQUIPMENT, FROM_AT, LINE, SHIFT, TO_AT
from schemas.raw_table import raw_table

RAW_STOPPAGES = raw_table(
    "stoppages",
    row="stoppage of a line",
    meaning="From when to when a line stood still, on which equipment, for which reason.",
    key=("stoppage_id",),
    day_of="from_at",
    fields=(
        Field("stoppage_id", "string", "Stoppage given by the plant's log.", "D2611200003"),
        LINE,
        FROM_AT,
        TO_AT.optional("End of the stoppage; missing while it lasts."),
        SHIFT.optional(),
        EQUIPMENT.optional(),
        Field("reason", "string", "Reason as the plant names it.", "roll change", required=False),
        Field("category", "string", "Class of the stoppage as the plant names it.", "production", required=False),
        Field("is_planned", "boolean", "True where the stoppage was planned.", False, required=False),
    ),
)
