"""raw/shift_calendar: when a line was meant to run."""

from schemas.contract import Field
from schemas.fields import FROM_AT, LINE, SHIFT, TO_AT
from schemas.raw_table import raw_table

RAW_SHIFT_CALENDAR = raw_table(
    "shift_calendar",
    row="shift of a line",
    meaning="Planned shifts of a line.",
    key=("line", "from_at"),
    day_of="from_at",
    fields=(
        LINE,
        SHIFT,
        FROM_AT,
        TO_AT,
        Field("is_planned", "boolean", "True where the line was meant to run.", True),
    ),
)
