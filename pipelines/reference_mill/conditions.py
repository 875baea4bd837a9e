"""What can cause defects, slab by slab: true values of quantities that the plant delivers readings of."""

from datetime import date
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from pipelines.reference_mill.casting import casts
from pipelines.reference_mill.casting_readings import SUPERHEAT_FALLS_K, level_unrest_mm
from pipelines.reference_mill.fault_plan import mould_bursts
from pipelines.reference_mill.finishing import STANDS
from pipelines.reference_mill.grades import ELEMENTS
from pipelines.reference_mill.mill import Mill
from pipelines.reference_mill.reheating import furnaces
from pipelines.reference_mill.rolling_day import RollingDay, rolling_day
from pipelines.reference_mill.rolls import backup_changed_on, rolls_in_use
from pipelines.reference_mill.strip_readings import SPRAYS_LEAVE

Array = NDArray[np.float64]

COUNTED_FROM = {
    "finishing_temp_c": "target_finishing_temp_c",
    "coiling_temp_c": "target_coiling_temp_c",
}
"""Signals whose values here are differences from a target of the coil."""


@lru_cache(maxsize=16)
def conditions(mill: Mill, day: date) -> dict[str, Array]:
    """Signal -> mean over each slab or strip of the rolling sequence.

    ``mould_level_mm`` is its standard deviation, ``furnace_stay_min`` and ``transport_s`` are differences of
    delivered times, ``f4_backup_age_days`` counts from the change of the backup rolls of F4.
    """
    rolled = rolling_day(mill, day)
    heated, behaves = rolled.heated, rolled.behaves
    ages = {f"f{no}_backup_age_days": _backup_age_days(day, no, rolled) for no in range(1, STANDS + 1)}
    return {
        **_casting(mill, day),
        **{f"{element}_pct": rolled.heats.of_slabs(element) for element in ELEMENTS},
        "charge_temp_c": rolled.charge_temp_c,
        "furnace_stay_min": heated.stay_min,
        "discharge_temp_c": heated.discharge_temp_c,
        "transport_s": heated.to_f1_s,
        "descaling_pressure_bar": behaves.descaling_bar,
        "finishing_temp_c": _finishing_over_target_k(rolled),
        "coiling_temp_c": behaves.coiling_error_k,
        "sequence_no": rolled.slabs.sequence_no.astype(np.float64),
        **ages,
    }


def equipment(rolled: RollingDay) -> dict[str, NDArray[np.str_]]:
    """Kind of equipment -> which of it each slab met: strand, furnace, coiler, work roll by its place."""
    count = len(rolled.length_m)
    rolls = [rolls_in_use(rolled.day, campaign) for campaign in rolled.campaigns]
    places = [place for place in rolls[0] if place.endswith("work")]
    in_use = {place: np.array([of[place] for of in rolls])[rolled.slabs.campaign_no] for place in places}
    return {
        "strand": rolled.heats.strand.astype(str),
        "furnace": np.array(furnaces(rolled.mill, count)),
        "coiler": np.array([coiler(no) for no in range(count)]),
        **in_use,
    }


def coiler(slab_no: int) -> str:
    """The coiler of a slab of the sequence: they take turns."""
    return f"DC{1 + slab_no % 2}"


def _backup_age_days(day: date, stand: int, rolled: RollingDay) -> Array:
    return (day - backup_changed_on(day, stand)).days + rolled.schedule.f1_in_s / 86_400


def _casting(mill: Mill, day: date) -> dict[str, Array]:
    """Of each slab, while its metres were in the mould."""
    rolled = rolling_day(mill, day)
    melt, cast_of = rolled.heats, casts(mill, day)
    of_heat = {way: no for no, way in enumerate(zip(cast_of.strand, cast_of.heat_no, strict=True))}
    cast = np.array([of_heat[way] for way in zip(melt.strand, melt.heat_no, strict=True)])
    length_m = rolled.slabs.length_m
    from_s, to_s = (cast_of.second_at(cast, melt.cast_from_m + far_m) for far_m in (0.0, length_m))
    lasted_s = (cast_of.to_s - cast_of.from_s)[cast]
    share = ((from_s + to_s) / 2 - cast_of.from_s[cast]) / lasted_s
    return {
        "casting_speed_m_min": 60 * length_m / (to_s - from_s),
        "superheat_c": melt.superheat_c[melt.heat_no] + SUPERHEAT_FALLS_K * (0.5 - share),
        "mould_level_mm": _level_mm(mill, day, length_m),
    }


def _level_mm(mill: Mill, day: date, length_m: Array) -> Array:
    variance = level_unrest_mm(mill, day) ** 2
    for burst in mould_bursts(mill, day):
        share = (burst.to_m - burst.from_m) / length_m[burst.slab_no]
        variance[burst.slab_no] += share * burst.swings_mm**2 / 2
    return np.sqrt(variance)


def _finishing_over_target_k(rolled: RollingDay) -> Array:
    """Behind F7, mean over the strip: the bar as it came, the speed it was rolled at, and what was missed."""
    setup, heated = rolled.setup, rolled.heated
    entry_k = heated.head_entry_temp_c - setup.entry_temp_c - rolled.rundown_k / 2
    warmer_k = setup.stand_k_per_entry_k[:, STANDS] * entry_k + setup.stand_k_per_speed[
        :, STANDS
    ] * _mean_log_speed(rolled)
    over_k = setup.finishing_temp_c - rolled.strip.finishing_temp_c + SPRAYS_LEAVE[-1] * warmer_k
    return over_k + rolled.behaves.finishing_error_k


def _mean_log_speed(rolled: RollingDay) -> Array:
    """Logarithm of the speed per threading speed, mean over the metres of the strip."""
    cone = rolled.cone
    leg_m = np.diff(cone.at_m.clip(0, rolled.length_m[:, None]), axis=1)
    log = np.log(cone.speed_m_s / rolled.setup.threading_m_s[:, None])
    return (leg_m * (log[:, 1:] + log[:, :-1]) / 2).sum(axis=1) / rolled.length_m
