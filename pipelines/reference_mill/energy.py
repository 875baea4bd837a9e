"""What the lines draw from the networks, quarter hour by quarter hour, as an Arrow table.

The drives take the work of rolling over their efficiency; the furnaces take the heat of the steel over
theirs, while the slabs are in them; pumps and fans run with the strip, and something runs always.
"""

from datetime import date, timedelta

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from pipelines.reference_mill.arrow_tables import delivered_table, moments
from pipelines.reference_mill.finishing_line import finishing_day
from pipelines.reference_mill.mill import Mill
from pipelines.reference_mill.rolling_day import RollingDay, rolling_day
from pipelines.reference_mill.work_times import mill_planned_s
from schemas.raw.energy_readings import RAW_ENERGY_READINGS

Array = NDArray[np.float64]

QUARTER_S = 900.0
DRIVE_EFFICIENCY = 0.86
PUMPS_KWH_T = 21.0
"""Descaling, roll cooling and the run-out table, per tonne rolled."""

MILL_BASE_KW, MILL_RESTING_KW = 2_300.0, 900.0
STEEL_KJ_KGK = 0.69
FURNACE_EFFICIENCY = 0.60
GAS_MJ_M3 = 35.9
HOLDING_M3_H = 260.0
MILL_WATER_M3_T, MILL_WATER_M3_H = 17.0, 60.0
LINE_KWH_T, LINE_BASE_KW, LINE_RESTING_KW, LINE_WATER_M3_H = 11.0, 160.0, 40.0, 4.0


def energy_table(mill: Mill, day: date) -> pa.Table:
    """Both lines' quarter hours of a day."""
    quarters = np.arange(round(mill.day_length_s(day) / QUARTER_S))
    chance = mill.chance(day, "energy meters")
    rolling, finishing = _hot_strip_mill(mill, day, quarters), _finishing_line(mill, day, quarters)
    metered = np.concatenate([rolling, finishing]) * chance.normal(1, 0.01, (2 * len(quarters), 3))
    return delivered_table(
        RAW_ENERGY_READINGS,
        {
            "line": ["HSM"] * len(quarters) + ["FIN1"] * len(quarters),
            "from_at": moments(mill, day, np.tile(quarters * QUARTER_S, 2)),
            "electricity_kwh": metered[:, 0],
            "gas_m3": metered[:, 1],
            "water_m3": metered[:, 2],
        },
    )


def _hot_strip_mill(mill: Mill, day: date, quarters: NDArray[np.int64]) -> Array:
    """Electricity, gas and water, quarter by use."""
    rolled, tomorrow = rolling_day(mill, day), rolling_day(mill, day + timedelta(days=1))
    planned = quarters * QUARTER_S < mill_planned_s(mill, day)
    in_mill_s = rolled.cone.at_s[:, -1]
    work_kwh = _spread(quarters, rolled.cone_from_s, in_mill_s, rolling_work_kwh(rolled) / DRIVE_EFFICIENCY)
    tonnes = _spread(quarters, rolled.cone_from_s, in_mill_s, rolled.slabs.mass_t)
    electricity = work_kwh + PUMPS_KWH_T * tonnes + np.where(planned, MILL_BASE_KW, MILL_RESTING_KW) / 4
    gas = np.full(len(quarters), HOLDING_M3_H / 4)
    for charge, later_s in ((rolled, 0.0), (tomorrow, mill.day_length_s(day))):
        gas += _spread(
            quarters, charge.charged_s + later_s, 60 * charge.heated.stay_min, heating_gas_m3(charge)
        )
    water = MILL_WATER_M3_T * tonnes + np.where(planned, MILL_WATER_M3_H, MILL_WATER_M3_H / 3) / 4
    return np.column_stack([electricity, gas, water])


def rolling_work_kwh(rolled: RollingDay) -> Array:
    """Work of the rolls on every slab: torque x speed, in the roughing passes and in the seven stands."""
    setup = rolled.setup
    radius_m = rolled.strip.work_roll_radius_mm / 1000
    threading_kw = (setup.rolling.torque_knm * setup.roll_speed_m_s / radius_m).sum(axis=1)
    per_metre_kwh = threading_kw / setup.threading_m_s / 3600
    return per_metre_kwh * rolled.length_m + np.nansum(rolled.heated.passes.work_kwh, axis=1)


def heating_gas_m3(rolled: RollingDay) -> Array:
    """Gas that brings every slab from charging to discharging temperature."""
    heat_mj = rolled.slabs.mass_t * STEEL_KJ_KGK * (rolled.heated.discharge_temp_c - rolled.charge_temp_c)
    return heat_mj / FURNACE_EFFICIENCY / GAS_MJ_M3


def _spread(quarters: NDArray[np.int64], from_s: Array, took_s: Array, amount: Array) -> Array:
    """Amounts spread evenly over their times, quarter by quarter; what lies outside the day is left out."""
    borders_s = np.append(quarters, len(quarters)) * QUARTER_S
    done = np.clip((borders_s[:, None] - from_s) / took_s, 0, 1) @ amount
    return np.diff(done)


def _finishing_line(mill: Mill, day: date, quarters: NDArray[np.int64]) -> Array:
    finishing = finishing_day(mill, day)
    jobs, planned = finishing.jobs, quarters * QUARTER_S < finishing.planned_s
    ended_s = np.array([job.finished_s for job in jobs])
    masses_t = np.array([job.rolled.masses.coil_t[job.slab_no] for job in jobs])
    tonnes = _spread(quarters, ended_s - 400.0, np.full(len(jobs), 400.0), masses_t)
    electricity = LINE_KWH_T * tonnes + np.where(planned, LINE_BASE_KW, LINE_RESTING_KW) / 4
    return np.column_stack(
        [electricity, np.full(len(quarters), np.nan), np.full(len(quarters), LINE_WATER_M3_H / 4)]
    )
