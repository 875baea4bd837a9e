"""A production day of the hot strip mill: everything that is true of it, before any sensor has seen it."""

from dataclasses import dataclass
from datetime import date
from functools import cached_property, lru_cache

import numpy as np
from numpy.typing import NDArray

from pipelines.reference_mill.behaviour import Behaviour, behaviour, quality_codes
from pipelines.reference_mill.finishing import FinishingSetup, Strip, finishing_setup
from pipelines.reference_mill.grades import GRADES
from pipelines.reference_mill.line import DENSITY_T_M3
from pipelines.reference_mill.mass_balance import MassBalance, Weighings, mass_balance, weighings
from pipelines.reference_mill.melt_shop import Heats, heats
from pipelines.reference_mill.mill import Mill
from pipelines.reference_mill.order_book import OrderBook, Slabs, order_book, slabs
from pipelines.reference_mill.reheating import BAR_OVER_STRIP_MM, Reheated, reheated
from pipelines.reference_mill.rolls import campaign_no, work_roll_radii_mm
from pipelines.reference_mill.schedule import Schedule, schedule
from pipelines.reference_mill.speed import SENSORS, SpeedCone, sensor_offsets_m, speed_cone, time_at_s

Array = NDArray[np.float64]

USUAL_YIELD = 0.98
"""What the plan reckons with before the slab is rolled."""

SHIELDED = 0.4
"""Heat that a waiting bar loses under its shields, per what it would lose in the open."""

CAST_C, YARD_C, YARD_H = 800.0, 20.0, 15.0
"""Of a slab piled up, of the yard, and the hours in which the difference falls to a third."""


@dataclass(frozen=True)
class RollingDay:
    """What a day rolled, one element per slab in rolling sequence; times are seconds from the day's start."""

    mill: Mill
    day: date
    slabs: Slabs
    heats: Heats
    schedule: Schedule
    strip: Strip
    setup: FinishingSetup
    heated: Reheated
    behaves: Behaviour
    masses: MassBalance
    weighed: Weighings
    quality_code: NDArray[np.str_]
    length_m: Array
    """Of the coil; of a cobbled slab, of the coil that it should have been."""

    @cached_property
    def orders(self) -> OrderBook:
        """The order lines that the slabs are for."""
        return order_book(self.mill, self.day)

    @cached_property
    def campaigns(self) -> tuple[int, ...]:
        """Campaign of the day -> its number in the mill's life."""
        return _campaigns(self.mill, self.day, self.slabs)

    @cached_property
    def offsets_m(self) -> Array:
        """Where the sensors look, slab by sensor: see speed.py."""
        return sensor_offsets_m(self.setup.bar_mm, self.setup.exit_mm)

    @cached_property
    def cone(self) -> SpeedCone:
        """How fast the strips ran."""
        return speed_cone(self.setup.threading_m_s, self.setup.running_m_s, self.length_m, self.offsets_m)

    @cached_property
    def cone_from_s(self) -> Array:
        """When the head passes the entry pyrometer: where the clock of the speed cone starts."""
        return self.schedule.f1_in_s - time_at_s(self.cone, -self.offsets_m[:, SENSORS.index("F1")])

    @cached_property
    def coils(self) -> NDArray[np.int64]:
        """The slabs that became coils."""
        return np.flatnonzero(~self.schedule.is_cobble)

    @cached_property
    def discharged_s(self) -> Array:
        """When the slabs left the furnace."""
        return self.schedule.f1_in_s - self.heated.to_f1_s

    @cached_property
    def charged_s(self) -> Array:
        """When the slabs entered the furnace."""
        return self.discharged_s - 60 * self.heated.stay_min

    @cached_property
    def charge_temp_c(self) -> Array:
        """What the yard left of the heat of casting: the slabs lie there for a day or two."""
        waited_h = (self.charged_s - self.heats.cast_s) / 3600
        return YARD_C + (CAST_C - YARD_C) * np.exp(-waited_h / YARD_H)

    @cached_property
    def rundown_k(self) -> Array:
        """How much colder the bar's tail enters F1 than its head: it waits longer, under its shields."""
        return SHIELDED * self.heated.bar_cools_k_s * _in_f1_s(self.setup, self.length_m)

    @cached_property
    def target_coiling_temp_c(self) -> Array:
        """Temperature asked for at the coiler."""
        return np.array([grade.coiling_temp_c for grade in GRADES])[self.slabs.grade_no]

    @cached_property
    def true_thickness_mm(self) -> Array:
        """Thickness of the body of the strip."""
        return self.strip.thickness_mm + self.behaves.thickness_error_mm

    @cached_property
    def true_width_mm(self) -> Array:
        """Width of the strip."""
        return self.strip.width_mm + self.behaves.width_error_mm

    @cached_property
    def coiled_s(self) -> Array:
        """When the tails were on the coiler."""
        return self.cone_from_s + self.cone.at_s[:, -1]

    def coil_id(self, slab_no: int) -> str:
        """The mill's own number of the coil made from a slab of the sequence."""
        return f"C{self.day:%y%m%d}{slab_no + 1:04d}"


@lru_cache(maxsize=8)
def rolling_day(mill: Mill, day: date) -> RollingDay:
    """The day, the same whenever it is asked for."""
    chance = mill.chance(day, "rolling")
    program, melt = slabs(mill, day), heats(mill, day)
    radii_mm = work_roll_radii_mm(_campaigns(mill, day, program))
    strip = _strip(program, melt, radii_mm[program.campaign_no])
    setup = finishing_setup(strip)
    planned_t = program.mass_t * USUAL_YIELD
    times = schedule(mill, day, program.campaign_no, _in_f1_s(setup, _length_m(planned_t, strip)))
    heated = reheated(program, melt, setup, chance)
    behaves = _behaviour(program, strip, setup, chance)
    masses = _masses(program, strip, setup, heated, times, chance)
    rolled_t = np.where(times.is_cobble, planned_t, masses.coil_t)
    return RollingDay(
        mill,
        day,
        program,
        melt,
        times,
        strip,
        setup,
        heated,
        behaves,
        masses,
        weighings(masses, chance),
        quality_codes(behaves, mill.dirt.unknown_code, chance),
        _length_m(rolled_t, strip, behaves.thickness_error_mm, behaves.width_error_mm),
    )


def _campaigns(mill: Mill, day: date, program: Slabs) -> tuple[int, ...]:
    return tuple(campaign_no(mill, day, no) for no in range(int(program.campaign_no.max()) + 1))


def _strip(program: Slabs, melt: Heats, work_roll_radius_mm: Array) -> Strip:
    finishing_c = np.array([grade.finishing_temp_c for grade in GRADES])[program.grade_no]
    return Strip(
        program.target_thickness_mm,
        program.target_width_mm,
        finishing_c,
        melt.of_slabs("c"),
        melt.of_slabs("mn"),
        melt.of_slabs("nb"),
        work_roll_radius_mm,
    )


def _length_m(
    mass_t: Array, strip: Strip, thicker_mm: Array | float = 0.0, wider_mm: Array | float = 0.0
) -> Array:
    section_m2 = (strip.thickness_mm + thicker_mm) * (strip.width_mm + wider_mm) / 1e6
    return mass_t / DENSITY_T_M3 / section_m2


def _in_f1_s(setup: FinishingSetup, length_m: Array) -> Array:
    offsets_m = sensor_offsets_m(setup.bar_mm, setup.exit_mm)
    cone = speed_cone(setup.threading_m_s, setup.running_m_s, length_m, offsets_m)
    head_m = -offsets_m[:, SENSORS.index("F1")]
    return time_at_s(cone, head_m + length_m) - time_at_s(cone, head_m)


def _behaviour(program: Slabs, strip: Strip, setup: FinishingSetup, chance: np.random.Generator) -> Behaviour:
    worn = program.sequence_no / np.bincount(program.campaign_no)[program.campaign_no]
    load_kn_mm = setup.rolling.force_kn / strip.width_mm[:, None]
    return behaviour(strip.thickness_mm, load_kn_mm, program.sequence_no, worn, chance)


def _masses(
    program: Slabs,
    strip: Strip,
    setup: FinishingSetup,
    heated: Reheated,
    times: Schedule,
    chance: np.random.Generator,
) -> MassBalance:
    thick_m, wide_m = program.thickness_mm / 1000, program.width_mm / 1000
    surface_m2 = 2 * (program.length_m * (wide_m + thick_m) + wide_m * thick_m)
    bar_m2 = setup.bar_mm * (strip.width_mm + BAR_OVER_STRIP_MM) / 1e6
    return mass_balance(
        program.mass_t, surface_m2, heated.stay_min, heated.discharge_temp_c, bar_m2, times.is_cobble, chance
    )
