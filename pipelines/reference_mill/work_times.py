"""When the lines are meant to run: shifts, crews, and the hours that a plan needs."""

from dataclasses import dataclass
from datetime import date
from math import ceil

import pyarrow as pa

from pipelines.reference_mill.arrow_tables import delivered_table, moments
from pipelines.reference_mill.mill import Mill
from schemas.raw.shift_calendar import RAW_SHIFT_CALENDAR

SHIFT_S = 8 * 3600.0
SHIFTS = 3
CREWS = "ABCD"
FEW_COILS, SOME_COILS = 30, 75
"""Up to so many coils a day are rolled in one shift, in two shifts; the furnaces set the pace then."""

FINISHING_LINE_SHARE = 0.17
"""Of the coils that go over the finishing line."""

FINISHING_LINE_COIL_S = 560.0


@dataclass(frozen=True)
class Shift:
    """A shift of a line, or the part of it that is planned; seconds from the start of the production day."""

    crew: str
    from_s: float
    to_s: float
    is_planned: bool


def mill_planned_s(mill: Mill, day: date) -> float:
    """Seconds that the hot strip mill is planned to run, from the start of the day.

    >>> [mill_planned_s(Mill(coils_a_day=coils), date(2026, 11, 20)) / 3600 for coils in (20, 60, 220)]
    [8.0, 16.0, 24.0]
    """
    shifts = 1 if mill.coils_a_day <= FEW_COILS else 2 if mill.coils_a_day <= SOME_COILS else SHIFTS
    return SHIFT_S * shifts if shifts < SHIFTS else mill.day_length_s(day)


def finishing_line_planned_s(mill: Mill, day: date) -> float:
    """Seconds that the finishing line is planned to run: what its usual work takes, in half hours.

    >>> finishing_line_planned_s(Mill(coils_a_day=60), date(2026, 11, 20)) / 3600
    2.0
    """
    usual_s = FINISHING_LINE_SHARE * mill.coils_a_day * FINISHING_LINE_COIL_S
    return min(ceil(usual_s / 0.85 / 1800) * 1800.0, mill.day_length_s(day))


def crews(mill: Mill, day: date) -> list[Shift]:
    """The three shifts of a day; the last is as long as the day leaves it when the clocks change."""
    borders = [0.0, SHIFT_S, 2 * SHIFT_S, mill.day_length_s(day)]
    turn = day.toordinal() // 2
    return [
        Shift(CREWS[(turn + no) % len(CREWS)], borders[no], borders[no + 1], is_planned=True)
        for no in range(SHIFTS)
    ]


def crew_at(mill: Mill, day: date, time_s: float) -> str:
    """The crew at work at a moment of a production day."""
    at_work = crews(mill, day)
    return next((shift.crew for shift in at_work if time_s < shift.to_s), at_work[-1].crew)


def shifts(mill: Mill, day: date, planned_s: float) -> list[Shift]:
    """The shifts of a line planned to run for so many seconds; one that is planned in part is two rows."""
    rows = []
    for shift in crews(mill, day):
        border_s = min(max(planned_s, shift.from_s), shift.to_s)
        rows.append(Shift(shift.crew, shift.from_s, border_s, True))
        rows.append(Shift(shift.crew, border_s, shift.to_s, False))
    return [row for row in rows if row.to_s > row.from_s]


def shift_calendar(mill: Mill, day: date) -> pa.Table:
    """The planned shifts of both lines."""
    lines = (("HSM", mill_planned_s(mill, day)), ("FIN1", finishing_line_planned_s(mill, day)))
    rows = [(line, shift) for line, planned_s in lines for shift in shifts(mill, day, planned_s)]
    return delivered_table(
        RAW_SHIFT_CALENDAR,
        {
            "line": [line for line, _ in rows],
            "shift": [shift.crew for _, shift in rows],
            "from_at": moments(mill, day, [shift.from_s for _, shift in rows]),
            "to_at": moments(mill, day, [shift.to_s for _, shift in rows]),
            "is_planned": [shift.is_planned for _, shift in rows],
        },
    )
