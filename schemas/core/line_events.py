"""core/line_events: shifts, stoppages and roll changes of every line, cut at shift and day borders."""

from schemas.contract import Field, Input, Promise, Table
from schemas.fields import EQUIPMENT, FROM_AT, LINE, PRODUCTION_DAY, SHIFT, TO_AT
from schemas.raw.roll_changes import RAW_ROLL_CHANGES
from schemas.raw.shift_calendar import RAW_SHIFT_CALENDAR
from schemas.raw.stoppages import RAW_STOPPAGES

EVENT_KINDS = ("shift", "stoppage", "roll change")
LONGEST_EVENT_DAYS = 7
"""A stoppage is followed over so many days; what lasts longer begins anew."""

CORE_LINE_EVENTS = Table(
    layer="core",
    name="line_events",
    row="event of a line, or the part of it within one shift and production day",
    meaning="When a line was meant to run, when it stood still and why, and when rolls were changed.",
    key=("line", "event_kind", "event_id", "from_at"),
    day_of="from_at",
    made_from=(
        Input(RAW_STOPPAGES, days_back=LONGEST_EVENT_DAYS),
        Input(RAW_SHIFT_CALENDAR, days_back=1),
        Input(RAW_ROLL_CHANGES),
    ),
    promises=(
        Promise("ends_after_it_starts", "to_at >= from_at", "An event does not end before it starts."),
    ),
    fields=(
        LINE,
        Field("event_kind", "string", "Kind of event.", "stoppage", values=EVENT_KINDS),
        Field("event_id", "string", "Event as the plant's log names it.", "D2611200003"),
        PRODUCTION_DAY,
        SHIFT.optional("Shift in which it lies; missing outside every shift of the calendar."),
        FROM_AT,
        TO_AT,
        Field("duration_min", "double", "Length of this part.", 12.5, minimum=0, maximum=1_500),
        Field("is_start", "boolean", "True for the part with which the event starts: counts events, not parts.", True),
        EQUIPMENT.optional(),
        Field("reason", "string", "Reason as the plant names it.", "roll change", required=False),
        Field("category", "string", "Class of the stoppage as the plant names it.", "production", required=False),
        Field("is_planned", "boolean", "True where it was planned; missing where the plant does not say.", False, required=False),
    ),
)
