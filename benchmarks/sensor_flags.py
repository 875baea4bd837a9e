"""What sensor health flags of planted faults: of sensors, as it should, and of the process.

    python -m benchmarks.sensor_flags            4 mills of other seeds than the thresholds were chosen on

Readings of caster and finishing mill as the reference mill gives them, signal by signal with strip under the
sensor, no other coil to learn from. Sensors are frozen or missing as the mill plants it. The mill plants no
jumps: these are of twelve usual steps, one to five readings long, every 20 to 60; or a loose contact: on a
stretch a fifth of the readings drops by 12 to 40 steps. Faults of the process are the mill's, in the signals
that they show in; stuck pyrometers are the sensor's.

The last line is a JSON object.
"""

import argparse
import json
import sys
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import timedelta
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

sys.path.insert(0, str(Path(__file__).parent.parent))

from pipelines.reference_mill.casting_readings import casting_table
from pipelines.reference_mill.fault_plan import mould_bursts
from pipelines.reference_mill.melt_shop import heats
from pipelines.reference_mill.mill import CLEAN, Mill
from pipelines.reference_mill.process_faults import process_faults
from pipelines.reference_mill.rolling_day import rolling_day
from pipelines.reference_mill.sensor_faults import sensor_faults, spoil
from pipelines.reference_mill.sensor_table import station_of
from pipelines.reference_mill.speed import SENSORS, position_at
from pipelines.reference_mill.strip_readings import SIGNALS, strip_readings
from pipelines.sensor_health import Health, health, learned

Array = NDArray[np.float64]
Mask = NDArray[np.bool_]

FIRST_SEED = 2100
FINISHING_HZ, CASTING_HZ = (1.0, 5.0), (0.1, 0.5, 1.0)
BROKEN = replace(CLEAN, frozen_sensor=0.3, missing_sensor=0.3)
CAST_SIGNALS = ("mould_level_mm", "mould_heat_flux_mw_m2", "superheat_c", "casting_speed_m_min")
SHOWN_BY_BURSTS = CAST_SIGNALS[:2]
DAYS_AROUND = 3
"""Slabs of so many rolling days are cast around one day."""

SENSOR_OF = {"exit gauges": "gauges", "length counter": "F7"}
JUMP_STEPS, CONTACT_STEPS = 12.0, (12.0, 40.0)
GROUPS = ("sensor", "process", "healthy")


@dataclass(frozen=True)
class Signal:
    """Readings of a signal of one coil (of the caster: of an hour), and what is true of each."""

    values: Array
    has_strip: Mask
    truth: NDArray[np.object_]


@dataclass
class Counts:
    """Readings by what is true of them, and how many of them are flagged."""

    n: Counter[str] = field(default_factory=Counter)
    flagged: Counter[str] = field(default_factory=Counter)

    def share(self, group: str) -> float:
        """What is flagged of all that begins with this word."""
        its = [what for what in self.n if what.split()[0] == group]
        return sum(self.flagged[what] for what in its) / max(sum(self.n[what] for what in its), 1)


def main() -> None:
    asked = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    asked.add_argument("--seeds", type=int, default=4)
    asked.add_argument("--first-seed", type=int, default=FIRST_SEED)
    told, whole = asked.parse_args(), Counts()
    print(f"{'readings':<22}{'what is true of them':<26}{'n':>10}{'flagged, %':>12}")
    for mill, rates, signals_at in SOURCES:
        for hz in rates:
            counts = Counts()
            for seed in range(told.first_seed, told.first_seed + told.seeds):
                chance = np.random.default_rng([seed, 98])
                for signal in signals_at(seed, hz):
                    for spoiled in (signal, *jumping(signal, chance)):
                        count(spoiled, counts)
            for what in sorted(counts.n):
                share = 100 * counts.flagged[what] / counts.n[what]
                print(f"{f'{mill}, {hz:g} Hz':<22}{what:<26}{counts.n[what]:>10}{share:>12.3f}")
            whole.n.update(counts.n)
            whole.flagged.update(counts.flagged)
    print(json.dumps({f"{group}_flagged": round(whole.share(group), 5) for group in GROUPS}))


def count(signal: Signal, counts: Counts) -> None:
    """Add the readings with strip to the counts."""
    flagged = health(signal.values, signal.has_strip)[signal.has_strip] != Health.GOOD
    truth = signal.truth[signal.has_strip]
    for what in set(truth):
        counts.n[what] += int((truth == what).sum())
        counts.flagged[what] += int(flagged[truth == what].sum())


def jumping(signal: Signal, chance: np.random.Generator) -> Iterator[Signal]:
    """A third of the healthy signals again, with jumps, and with a loose contact."""
    rows, step = np.flatnonzero(signal.has_strip), learned(signal.values, signal.has_strip).step
    if chance.random() > 1 / 3 or len(rows) < 60 or step == 0 or (signal.truth != "healthy").any():
        return
    jumps = np.zeros(len(signal.values))
    at = 8
    while at < len(rows) - 12:
        lasts = int(chance.integers(1, 6))
        jumps[rows[at : at + lasts]] = chance.choice([-1, 1]) * JUMP_STEPS
        at += lasts + int(chance.integers(20, 60))
    contact, begin = np.zeros(len(signal.values)), int(chance.integers(10, len(rows) * 2 // 3))
    stretch = rows[begin : begin + max(15, len(rows) // 5)]
    loose = stretch[chance.random(len(stretch)) < 0.2]
    contact[loose] = -chance.uniform(*CONTACT_STEPS, len(loose))
    for name, steps in (("sensor jumps", jumps), ("sensor loose contact", contact)):
        truth = np.where(steps != 0, name, f"healthy beside {name.removeprefix('sensor ')}").astype(object)
        yield Signal(signal.values + steps * step, signal.has_strip, truth)


def rolled_signals(seed: int, hz: float) -> Iterator[Signal]:
    """Every signal of the finishing mill that one sensor sees, coil by coil."""
    mill = Mill(seed=seed, days=1, coils_a_day=40, readings_hz=hz, faults=0.6, dirt=BROKEN)
    rolled, planted = rolling_day(mill, mill.first_day), process_faults(rolling_day(mill, mill.first_day))
    broken = sensor_faults(rolled)
    for coil in rolled.coils.tolist():
        since_s = np.arange(0.0, rolled.cone.at_s[coil, -1], 1 / hz)
        faults = [fault for fault in planted if fault.slab_no == coil]
        readings = strip_readings(rolled, coil, since_s, faults)
        for sensor_fault in broken:
            if sensor_fault.coil == coil:
                spoil(readings, since_s, sensor_fault)
        place_m = position_at(rolled.cone, coil, since_s)[0][:, None] + rolled.offsets_m[coil]
        for no, signal in enumerate(SIGNALS):
            station = station_of(signal)
            # A looper lies between two stands, and the counter tells places itself.
            if station.startswith("looper") or signal == "length_m":
                continue
            at_m = place_m[:, SENSORS.index(SENSOR_OF.get(station, station.removesuffix(" pyrometer")))]
            truth = np.full(len(since_s), "healthy", object)
            for fault in faults:
                if signal in fault.signals:
                    who = "sensor" if fault.kind == "stuck pyrometer" else "process"
                    truth[(fault.from_m <= at_m) & (at_m < fault.to_m)] = f"{who} {fault.kind}"
            for f in broken:
                if (f.coil, f.signal) == (coil, signal):
                    truth[(f.from_s <= since_s) & (since_s < f.to_s)] = f"sensor {f.kind}"
            values = np.ascontiguousarray(readings[:, no])
            yield Signal(values, (at_m >= 0) & (at_m < rolled.length_m[coil]), truth)


def cast_signals(seed: int, hz: float) -> Iterator[Signal]:
    """The caster's signals of a day, hour by hour and strand by strand."""
    mill = Mill(seed=seed, days=1, coils_a_day=40, casting_hz=hz, faults=0.6, dirt=CLEAN)
    day = mill.first_day
    readings = casting_table(mill, day).to_pandas()
    around = [day + timedelta(days=days) for days in range(DAYS_AROUND + 1)]
    cast = [
        (heats(mill, rolled_on), burst) for rolled_on in around for burst in mould_bursts(mill, rolled_on)
    ]
    for strand, rows in readings.groupby("strand"):
        metre, swings = rows["cast_length_m"].to_numpy(), np.zeros(len(rows), np.bool_)
        for melt, burst in cast:
            since_m = metre - melt.cast_from_m[burst.slab_no]
            swings |= (
                (str(melt.strand[burst.slab_no]) == strand)
                & (burst.from_m <= since_m)
                & (since_m < burst.to_m)
            )
        an_hour = int(3600 * hz)
        for signal in CAST_SIGNALS:
            burst_name = "process mould level burst"
            truth = np.where(swings & (signal in SHOWN_BY_BURSTS), burst_name, "healthy").astype(object)
            for begin in range(0, len(rows), an_hour):
                part = slice(begin, begin + an_hour)
                values = np.ascontiguousarray(rows[signal].to_numpy()[part])
                yield Signal(values, np.ones(len(values), np.bool_), truth[part])


SOURCES = (("caster", CASTING_HZ, cast_signals), ("finishing mill", FINISHING_HZ, rolled_signals))

if __name__ == "__main__":
    main()
