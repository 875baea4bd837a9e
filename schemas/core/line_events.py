"""core/line_events: shifts, stoppages and roll changes of every line, cut at shift and day borders."""

from dataclasses import replace

from schemas.contract import Field, Input, Promise, Severity, Table
from schemas.fields import EQUIPMENT, FROM_AT, LINE, PRODUCTION_DAY, SHIFT, TO_AT
from schemas.raw.roll_changes import RAW_ROLL_CHANGES
from schemas.raw.shift_calendar import RAW_SHIFT_CALENDAR
from schemas.raw.stoppages import RAW_STOPPAGES

EVENT_KINDS = ("shift", "stoppage", "roll change")
LONGEST_EVENT_DAYS = 7
"""An event is followed from the day it starts over so many more days."""

ENDS_BEFORE_IT_STARTS = "ends before it starts: counted as an instant"
NO_END = "no end is logged: counted to the end of the day"
LASTS_TOO_LONG = f"lasts longer than the {LONGEST_EVENT_DAYS} days over which it is followed"
EVENT_FAULTS = (ENDS_BEFORE_IT_STARTS, NO_END, LASTS_TOO_LONG)

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
        Promise(
            "is_as_logged", "fault is null", "The log of an event can be taken at its word.", Severity.WARN
        ),
    ),
    fields=(
        LINE,
        Field("event_kind", "string", "Kind of event.", "stoppage", values=EVENT_KINDS),
        Field(
            "event_id",
            "string",
            "Event as the plant's log names it; of a shift its name, of a roll change the place.",
            "D2611200003",
        ),
        PRODUCTION_DAY,
        SHIFT.optional("Shift in which it lies; missing outside every shift of the calendar."),
        Field(
            "is_scheduled",
            "boolean",
            "True where the line was meant to run by the calendar; missing on a day without a calendar.",
            True,
            required=False,
        ),
        FROM_AT,
        TO_AT,
        Field("duration_min", "double", "Length of this part.", 20.0, minimum=0, maximum=1_500),
        Field(
            "is_start",
            "boolean",
            "True for the part with which the event starts: counts events, not parts.",
            True,
        ),
        replace(
            TO_AT.optional("End of the whole event as logged; missing where none is."), name="event_to_at"
        ),
        EQUIPMENT.optional(),
        Field("reason", "string", "Reason as the plant names it.", "roll change", required=False),
        Field(
            "category", "string", "Class of the stoppage as the plant names it.", "production", required=False
        ),
        Field(
            "is_planned",
            "boolean",
            "True where it was planned; missing where the plant does not say.",
            False,
            required=False,
        ),
        Field(
            "fault",
            "string",
            "What is wrong with the event as logged; missing where nothing is.",
            None,
            required=False,
            values=EVENT_FAULTS,
        ),
    ),
)
