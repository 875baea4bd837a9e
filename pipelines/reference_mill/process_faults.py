"""The faults of a rolling day: what is planted in a strip, why, where, how strong, and where it shows."""

from collections.abc import Callable

import numpy as np

from pipelines.reference_mill.casting_readings import SUPPORT_ROLLS_M
from pipelines.reference_mill.eccentricity import Eccentricity, eccentric
from pipelines.reference_mill.fault_plan import between, fault_plan, mould_burst
from pipelines.reference_mill.line import STANDS
from pipelines.reference_mill.process_fault import Disturbance, ProcessFault
from pipelines.reference_mill.reheating import furnaces
from pipelines.reference_mill.rolling_day import RollingDay
from pipelines.reference_mill.rolls import SIDES, backup_roll
from pipelines.reference_mill.slab_places import coil_places_m, slab_places_m
from pipelines.reference_mill.strip_profile import SKID_SPACING_M
from pipelines.reference_mill.struck_strip import FORCES, StruckStrip

SKIDS_K, COLD_END_K, BANK_K = (12.0, 24.0), (35.0, 60.0), (25.0, 50.0)
COLD_END_M = (0.5, 1.1)
"""Of the slab."""

ECCENTRIC_MM, ECCENTRIC_STANDS = (0.04, 0.09), range(3, STANDS + 1)
HUNTING_SHARE, HUNTING_MM, HUNTING_M = (0.004, 0.010), 0.02, (9.0, 24.0)
"""Of the thickness, so many millimetres more, and from crest to crest."""

BANKS = 12
PYROMETERS = ("entry_temp_c", "finishing_temp_c", "coiling_temp_c")
TEMPERATURE_SHOWS_IN = ("entry_temp_c", *FORCES, "thickness_mm", "finishing_temp_c", "coiling_temp_c")


def process_faults(rolled: RollingDay) -> tuple[ProcessFault, ...]:
    """The faults of the strips of a day; what would have become of a cobbled slab is not asked."""
    return tuple(
        PLANT[planned.kind](StruckStrip(rolled, planned))
        for planned in fault_plan(rolled.mill, rolled.day)
        if not rolled.schedule.is_cobble[planned.slab_no]
    )


def _furnace(struck: StruckStrip) -> str:
    return furnaces(struck.rolled.mill, len(struck.rolled.length_m))[struck.no]


def _skid_marks(struck: StruckStrip) -> ProcessFault:
    """As the usual skid marks, from the same beams, and as much stronger."""
    rolled, no, kelvin = struck.rolled, struck.no, struck.strong(SKIDS_K)
    crop_m, beam_m = (
        slab_places_m(rolled, no, 0.0),
        coil_places_m(rolled, no, np.array([0.0, SKID_SPACING_M])),
    )
    phase = 2 * np.pi * float(crop_m) / SKID_SPACING_M + float(rolled.behaves.skid_phase[no])
    place, period_m = (0.0, struck.length_m), float(np.diff(beam_m)[0])
    hot = struck.hot(place, kelvin, period_m, phase)
    told = ("reheating", _furnace(struck), "insulation of the skids lost")
    return struck.fault(told, place, TEMPERATURE_SHOWS_IN, kelvin, period_m, hot)


def _cold_slab_end(struck: StruckStrip) -> ProcessFault:
    colder_k, long_m = -struck.strong(COLD_END_K), between(COLD_END_M, struck.planned.how_long)
    end = struck.one_of(("head", "tail"))
    from_m, to_m = (0.0, long_m) if end == "head" else (struck.slab_m - long_m, struck.slab_m)
    place = struck.on_coil(from_m, to_m)
    told = ("reheating", _furnace(struck), f"{end} of the slab beyond the burners")
    return struck.fault(told, place, TEMPERATURE_SHOWS_IN, colder_k, None, struck.hot(place, colder_k))


def _stuck_pyrometer(struck: StruckStrip) -> ProcessFault:
    signal = struck.one_of(PYROMETERS)
    step = "cooling" if signal == "coiling_temp_c" else "finishing"
    told = (step, f"{signal.split('_')[0]} pyrometer", "signal held by the converter")
    return struck.fault(told, struck.stretch(), (signal,), None)


def _cooling_bank_loss(struck: StruckStrip) -> ProcessFault:
    hotter_k, place = struck.strong(BANK_K), struck.stretch()
    bank = struck.one_of([f"bank {no}" for no in range(1, BANKS + 1)])
    hotter = (Disturbance("coiling_k", *place, hotter_k),)
    told = ("cooling", bank, "header valve closed")
    return struck.fault(told, place, ("coiling_temp_c", "cooling_water_m3_h"), hotter_k, None, hotter)


def _roll_eccentricity(struck: StruckStrip) -> ProcessFault:
    stand, side = struck.one_of([f"{no} {side}" for no in ECCENTRIC_STANDS for side in SIDES]).split()
    roll = backup_roll(struck.rolled.day, int(stand), side)
    odd = Eccentricity(int(stand), roll, struck.strong(ECCENTRIC_MM))
    swings = eccentric(struck.rolled, struck.no, odd, 2 * np.pi * struck.planned.where)
    place, shows_in = (0.0, struck.length_m), (*FORCES[odd.stand - 1 :], "thickness_mm")
    told = ("finishing", f"F{stand} {side} backup {roll.roll_id}", "backup roll out of round")
    return struck.fault(told, place, shows_in, abs(swings[0].amplitude), swings[0].period_m, swings)


def _mould_level_burst(struck: StruckStrip) -> ProcessFault:
    burst = mould_burst(struck.planned, struck.slab_m)
    place = struck.on_coil(burst.from_m, burst.to_m)
    rolls_m = coil_places_m(struck.rolled, struck.no, np.array([0.0, SUPPORT_ROLLS_M]))
    told = ("casting", f"strand {struck.rolled.heats.strand[struck.no]}", "strand bulges between its rolls")
    signals = ("mould_level_mm", "mould_heat_flux_mw_m2")
    return struck.fault(told, place, signals, burst.swings_mm, float(np.diff(rolls_m)[0]))


def _thickness_hunting(struck: StruckStrip) -> ProcessFault:
    swings_mm, place = HUNTING_MM + struck.strong(HUNTING_SHARE) * struck.target_mm, struck.stretch()
    period_m = between(HUNTING_M, struck.planned.which)
    hunts = (Disturbance("f7_mm", *place, swings_mm, period_m),)
    told = ("finishing", "F7", "gauge control with too high a gain")
    signals = ("thickness_mm", "f7_gap_mm", "f7_force_kn", "f7_torque_knm")
    return struck.fault(told, place, signals, swings_mm, period_m, hunts)


PLANT: dict[str, Callable[[StruckStrip], ProcessFault]] = {
    "skid marks": _skid_marks,
    "cold slab end": _cold_slab_end,
    "stuck pyrometer": _stuck_pyrometer,
    "cooling bank loss": _cooling_bank_loss,
    "roll eccentricity": _roll_eccentricity,
    "mould level burst": _mould_level_burst,
    "thickness hunting": _thickness_hunting,
}
