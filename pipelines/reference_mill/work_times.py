"""When the lines are meant to run: shifts and crews."""

from dataclasses import dataclass
from datetime import date

from pipelines.reference_mill.mill import Mill

SHIFT_S = 8 * 3600.0
SHIFTS = 3
CREWS = "ABCD"
FEW_COILS, SOME_COILS = 30, 75
"""Up to so many coils a day are rolled in one shift, in two shifts; the furnaces set the pace then."""


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
