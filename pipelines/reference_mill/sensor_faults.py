"""What goes wrong with the finishing mill's sensors and clock: the truth, and what it does to readings."""

from dataclasses import dataclass
from datetime import date

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from pipelines.reference_mill.arrow_tables import moments
from pipelines.reference_mill.mill import Mill
from pipelines.reference_mill.rolling_day import RollingDay
from pipelines.reference_mill.strip_readings import SIGNALS

Array = NDArray[np.float64]

FAULTY_SIGNALS = (
    "entry_temp_c",
    "finishing_temp_c",
    "coiling_temp_c",
    "thickness_mm",
    "width_mm",
    "crown_um",
    "flatness_iu",
    "f3_force_kn",
    "f5_force_kn",
    "f7_force_kn",
    "f4_torque_knm",
    "looper_4_angle_deg",
    "cooling_water_m3_h",
    "coiler_tension_kn",
)
SKEW_S = (0.3, 4.0)


@dataclass(frozen=True)
class SensorFault:
    """A signal of a coil that is missing or frozen; seconds from the head at the entry pyrometer."""

    coil: int
    signal: str
    kind: str
    from_s: float
    to_s: float


def sensor_faults(rolled: RollingDay) -> tuple[SensorFault, ...]:
    """The faults of a day's sensors, at most one of each kind on a coil."""
    dirt, chance = rolled.mill.dirt, rolled.mill.chance(rolled.day, "sensor faults")
    faults = []
    for kind, share in (("frozen", dirt.frozen_sensor), ("missing", dirt.missing_sensor)):
        is_hit = chance.random(len(rolled.length_m)) < share
        signal = chance.choice(FAULTY_SIGNALS, len(is_hit))
        starts, lasts = chance.uniform(0.25, 0.6, len(is_hit)), chance.uniform(0.08, 0.3, len(is_hit))
        took_s = rolled.cone.at_s[:, -1]
        faults += [
            SensorFault(
                no,
                str(signal[no]),
                kind,
                float(starts[no] * took_s[no]),
                float((starts + lasts)[no] * took_s[no]),
            )
            for no in np.flatnonzero(is_hit & ~rolled.schedule.is_cobble).tolist()
        ]
    return tuple(faults)


def spoil(readings: Array, since_s: Array, fault: SensorFault) -> None:
    """Freeze or blank the signal of the fault in the readings, sample by signal, in place."""
    is_hit = (fault.from_s <= since_s) & (since_s < fault.to_s)
    column = SIGNALS.index(fault.signal)
    if is_hit.any():
        readings[is_hit, column] = np.nan if fault.kind == "missing" else readings[is_hit.argmax(), column]


def clock_skew_s(mill: Mill, day: date) -> float:
    """By how much the clock of the finishing mill is ahead on a day."""
    chance = mill.chance(day, "clock")
    skew_s = round(float(chance.choice([-1, 1]) * chance.uniform(*SKEW_S)), 2)
    return skew_s if chance.random() < mill.dirt.skewed_clock else 0.0


def sensor_fault_table(rolled: RollingDay) -> pa.Table:
    """The truth: coil, signal, kind, from when to when (true time, whatever the clock showed)."""
    faults = sensor_faults(rolled)
    began_s = [float(rolled.cone_from_s[fault.coil]) for fault in faults]
    from_s = [begin_s + fault.from_s for begin_s, fault in zip(began_s, faults, strict=True)]
    to_s = [begin_s + fault.to_s for begin_s, fault in zip(began_s, faults, strict=True)]
    stamp = pa.timestamp("us", tz="UTC")
    return pa.table(
        {
            "production_day": pa.array([rolled.day] * len(faults), pa.date32()),
            "coil_id": pa.array([rolled.coil_id(fault.coil) for fault in faults], pa.string()),
            "signal": pa.array([fault.signal for fault in faults], pa.string()),
            "kind": pa.array([fault.kind for fault in faults], pa.string()),
            "from_at": pa.array(moments(rolled.mill, rolled.day, from_s), stamp),
            "to_at": pa.array(moments(rolled.mill, rolled.day, to_s), stamp),
        }
    )
