"""What the lines were to do and did: shifts, stoppages, roll changes, ideal rates, as Arrow tables."""

from datetime import date, timedelta

import numpy as np
import pyarrow as pa

from pipelines.reference_mill.arrow_tables import delivered_table, moments
from pipelines.reference_mill.before_rolling import LONG_AGO
from pipelines.reference_mill.finishing import running_mass_flow_t_h
from pipelines.reference_mill.finishing_line import HANDLING_S, METRES_A_SECOND, finishing_day
from pipelines.reference_mill.line import DENSITY_T_M3, STANDS
from pipelines.reference_mill.mill import Mill
from pipelines.reference_mill.order_book import USUAL_COIL_T
from pipelines.reference_mill.rolling_day import rolling_day
from pipelines.reference_mill.rolls import (
    BACKUP_DAYS,
    SIDES,
    Roll,
    backup_changed_stand,
    backup_roll,
    work_roll,
)
from pipelines.reference_mill.schedule import LEAST_GAP_S
from pipelines.reference_mill.work_times import crew_at, mill_planned_s, shifts
from schemas.raw.ideal_rates import RAW_IDEAL_RATES
from schemas.raw.roll_changes import RAW_ROLL_CHANGES
from schemas.raw.shift_calendar import RAW_SHIFT_CALENDAR
from schemas.raw.stoppages import RAW_STOPPAGES

CLASSES_MM = (1.5, 2.25, 2.75, 3.25, 3.75, 4.5, 5.5, 7.0, 9.0, 14.0)
"""Borders of the product classes."""

USUAL_MM, USUAL_WIDTH_MM = 3.2, 1250.0
SPEEDING_UP = 1.04
"""Time that a strip takes per what it would take at full speed throughout."""

FURNACE_RESERVE = 1.22
"""What the lit furnaces can do above the plan's mean pace."""


def shift_table(mill: Mill, day: date) -> pa.Table:
    """The planned shifts of both lines."""
    lines = (("HSM", mill_planned_s(mill, day)), ("FIN1", finishing_day(mill, day).planned_s))
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


def stoppage_table(mill: Mill, day: date) -> pa.Table:
    """The stoppages of both lines that started on a day."""
    stoppages = [("HSM", stop) for stop in rolling_day(mill, day).schedule.stoppages]
    stoppages += [("FIN1", stop) for stop in finishing_day(mill, day).stoppages]
    stoppages.sort(key=lambda row: row[1].from_s)
    return delivered_table(
        RAW_STOPPAGES,
        {
            "stoppage_id": [f"D{day:%y%m%d}{no + 1:04d}" for no in range(len(stoppages))],
            "line": [line for line, _ in stoppages],
            "from_at": moments(mill, day, np.round([stop.from_s for _, stop in stoppages])),
            "to_at": moments(mill, day, np.round([stop.to_s for _, stop in stoppages])),
            "shift": [crew_at(mill, day, stop.from_s) for _, stop in stoppages],
            "equipment": [stop.equipment for _, stop in stoppages],
            "reason": [stop.reason for _, stop in stoppages],
            "category": [stop.category for _, stop in stoppages],
            "is_planned": [stop.is_planned for _, stop in stoppages],
        },
    )


def roll_change_table(mill: Mill, day: date) -> pa.Table:
    """The rolls changed on a day: work rolls with every campaign, backup rolls every three weeks."""
    rolled = rolling_day(mill, day)
    rows = [
        (float(rolled.schedule.rolls_in_s[no]), *change)
        for no in range(len(rolled.campaigns))
        for change in _work_rolls_changed(mill, day, no)
    ]
    rows += [(float(rolled.schedule.rolls_in_s[0]), *change) for change in _backup_rolls_changed(mill, day)]
    return delivered_table(
        RAW_ROLL_CHANGES,
        {
            "line": ["HSM"] * len(rows),
            "stand": [f"F{stand}" for _, stand, *_ in rows],
            "position": [position for _, _, position, *_ in rows],
            "changed_at": moments(mill, day, np.round([changed_s for changed_s, *_ in rows])),
            "roll_in_id": [roll_in.roll_id for _, _, _, roll_in, _, _ in rows],
            "roll_out_id": [roll_out.roll_id for _, _, _, _, roll_out, _ in rows],
            "roll_in_diameter_mm": [roll_in.diameter_mm for _, _, _, roll_in, _, _ in rows],
            "roll_out_rolled_t": np.round([rolled_t for *_, rolled_t in rows], 1),
        },
    )


def _work_rolls_changed(mill: Mill, day: date, no: int) -> list[tuple[int, str, Roll, Roll, float]]:
    """Stand, position, roll in, roll out, its tonnes, when a campaign of the day starts."""
    today, yesterday = rolling_day(mill, day), rolling_day(mill, day - timedelta(days=1))
    before = (today, no - 1) if no else (yesterday, len(yesterday.campaigns) - 1)
    rolled_t = float(before[0].masses.coil_t[before[0].slabs.campaign_no == before[1]].sum())
    campaign, last = today.campaigns[no], before[0].campaigns[before[1]]
    return [
        (stand, f"{side} work", work_roll(campaign, stand, side), work_roll(last, stand, side), rolled_t)
        for stand in range(1, STANDS + 1)
        for side in SIDES
    ]


def _backup_rolls_changed(mill: Mill, day: date) -> list[tuple[int, str, Roll, Roll, float]]:
    stand, yesterday = backup_changed_stand(day), day - timedelta(days=1)
    if stand is None:
        return []
    reckoned_t = BACKUP_DAYS * mill.coils_a_day * USUAL_COIL_T
    return [
        (
            stand,
            f"{side} backup",
            backup_roll(day, stand, side),
            backup_roll(yesterday, stand, side),
            reckoned_t,
        )
        for side in SIDES
    ]


def ideal_rate_table(mill: Mill) -> pa.Table:
    """The best rate of every product class, for both lines."""
    classes = list(zip(CLASSES_MM[:-1], CLASSES_MM[1:], strict=True))
    rows = [("HSM", *border, _mill_rate_t_h(mill, sum(border) / 2)) for border in classes]
    rows += [("FIN1", *border, _finishing_line_rate_t_h(sum(border) / 2)) for border in classes]
    return delivered_table(
        RAW_IDEAL_RATES,
        {
            "line": [line for line, *_ in rows],
            "product_class": [f"{least:g} to {most:g} mm" for _, least, most, _ in rows],
            "from_thickness_mm": [least for _, least, _, _ in rows],
            "to_thickness_mm": [most for _, _, most, _ in rows],
            "rate_t_h": np.round([rate for *_, rate in rows]),
            "valid_from_at": moments(mill, LONG_AGO, np.zeros(len(rows))),
            "valid_to_at": [None] * len(rows),
        },
    )


def _mill_rate_t_h(mill: Mill, thickness_mm: float) -> float:
    """Strips follow each other at full speed, or as much slower as the lit furnaces cannot keep up."""
    planned_h = mill_planned_s(mill, mill.first_day) / 3600
    furnaces_t_h = FURNACE_RESERVE * mill.coils_a_day * USUAL_COIL_T / planned_h
    return _best_rate_t_h(thickness_mm) * min(1.0, furnaces_t_h / _best_rate_t_h(USUAL_MM))


def _best_rate_t_h(thickness_mm: float) -> float:
    at_full_speed_h = USUAL_COIL_T / float(running_mass_flow_t_h(thickness_mm, USUAL_WIDTH_MM))
    return USUAL_COIL_T / (SPEEDING_UP * at_full_speed_h + LEAST_GAP_S / 3600)


def _finishing_line_rate_t_h(thickness_mm: float) -> float:
    metres = USUAL_COIL_T / DENSITY_T_M3 / (thickness_mm * USUAL_WIDTH_MM) * 1e6
    usual_m_s = float(np.mean(list(METRES_A_SECOND.values())))
    return USUAL_COIL_T / ((HANDLING_S + metres / usual_m_s) / 3600)
