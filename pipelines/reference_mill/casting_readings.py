"""The strands as their instruments saw them, as an Arrow table.

Heat flux to the mould: Savage and Pritchard (1954), J. Iron Steel Inst. 178: 2.68 - 0.335 sqrt(t) MW/m2 where
the strand has been in the mould for t seconds; peritectic steels shrink away from the mould and give it less.
"""

from datetime import date, timedelta
from functools import lru_cache
from typing import Any

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from pipelines.reference_mill.arrow_tables import delivered_table, moments
from pipelines.reference_mill.casting import Casts, casts
from pipelines.reference_mill.fault_plan import mould_bursts
from pipelines.reference_mill.melt_shop import CAST_DAYS_BEFORE, STRANDS, heats
from pipelines.reference_mill.mill import Mill
from schemas.raw.casting_readings import RAW_CASTING_READINGS

Array = NDArray[np.float64]
Numbers = NDArray[np.int64]

LEVEL_MM, LEVEL_NOISE_MM = 100.0, 1.0
RESTLESS_HEATS, RESTLESS_SLABS = 0.2, 0.2
"""By how much the unrest of the level differs from heat to heat of a strand, and from slab to slab in it:
standard deviations of its logarithm."""

SUPPORT_ROLLS_M = 0.24
"""From one support roll to the next: the strand bulges between them, and the level swings with it."""

MOULD_M = 0.8
PERITECTIC_C_PCT, PERITECTIC_SHARE = (0.09, 0.17), 0.88
SUPERHEAT_FALLS_K = 9.0
"""From the first to the last metre of a heat."""

WATER_M3_T, STRAND_T_M3 = 0.8, 7.6


def casting_table(mill: Mill, day: date) -> pa.Table:
    """The samples of a day, by strand and time: of the slabs cast on it and of the day before's last ones."""
    cast_for = [day + timedelta(days=CAST_DAYS_BEFORE - before) for before in (1, 0)]
    parts = [_samples(mill, rolled_on, day) for rolled_on in cast_for]
    columns = {name: np.concatenate([part[name] for part in parts]) for name in parts[0]}
    order = np.lexsort((columns["sampled_at"], columns["strand"]))
    return delivered_table(RAW_CASTING_READINGS, {name: values[order] for name, values in columns.items()})


def _samples(mill: Mill, rolled_on: date, day: date) -> dict[str, NDArray[Any]]:
    """The samples on a day of the slabs of a rolling day, on the ticks of the caster's clock."""
    cast_of, hz = casts(mill, rolled_on), mill.casting_hz
    ahead_s = (mill.day_start(rolled_on) - mill.day_start(day)).total_seconds()
    first = np.ceil(np.clip(cast_of.from_s + ahead_s, 0, None) * hz).astype(np.int64)
    last = np.ceil(np.clip(cast_of.to_s + ahead_s, None, mill.day_length_s(day)) * hz).astype(np.int64)
    samples = np.maximum(last - first, 0)
    cast = np.repeat(np.arange(len(samples)), samples)
    tick = np.arange(len(cast)) - np.repeat(np.cumsum(samples) - samples, samples) + first[cast]
    signals = _signals(mill, rolled_on, day, cast_of, cast, tick / hz - ahead_s)
    strand = cast_of.strand[cast].astype(str)
    return {"strand": strand, "sampled_at": moments(mill, day, tick / hz), **signals}


def _signals(
    mill: Mill, rolled_on: date, day: date, cast_of: Casts, cast: Numbers, time_s: Array
) -> dict[str, Array]:
    chance = mill.chance(rolled_on, "casting readings", day.toordinal())

    def noise(sigma: float) -> Array:
        return sigma * chance.standard_normal(len(cast))

    melt, heat_no = heats(mill, rolled_on), cast_of.heat_no[cast]
    metre, speed = cast_of.metre_at(cast, time_s), cast_of.speed_m_min(cast, time_s)
    share = (time_s - cast_of.from_s[cast]) / (cast_of.to_s - cast_of.from_s)[cast]
    superheat_c = melt.superheat_c[heat_no] + SUPERHEAT_FALLS_K * (0.5 - share)
    after_ladle = np.exp(-(time_s - cast_of.from_s[cast]) / 60)
    swing_mm = _swing_mm(mill, rolled_on, cast_of.strand[cast], metre)
    restless_mm = level_unrest_mm(mill, rolled_on)[_slab_no(mill, rolled_on, cast_of.strand[cast], metre)]
    c_pct = melt.analysis_pct[heat_no, 0]
    is_peritectic = (PERITECTIC_C_PCT[0] <= c_pct) & (c_pct <= PERITECTIC_C_PCT[1])
    flux = _mould_heat_flux_mw_m2(speed) * np.where(is_peritectic, PERITECTIC_SHARE, 1.0)
    water_m3_h = WATER_M3_T * STRAND_T_M3 * 60 * speed * cast_of.section_m2[cast]
    return {
        "cast_length_m": metre,
        "casting_speed_m_min": speed * (1 + noise(0.003)),
        "mould_level_mm": LEVEL_MM - 4 * after_ladle + swing_mm + noise(1.0) * restless_mm,
        "superheat_c": superheat_c + noise(0.6),
        "mould_heat_flux_mw_m2": flux + 0.004 * (superheat_c - 25) - 0.004 * np.abs(swing_mm) + noise(0.015),
        "secondary_cooling_m3_h": water_m3_h + noise(0.6),
    }


@lru_cache(maxsize=8)
def level_unrest_mm(mill: Mill, rolled_on: date) -> Array:
    """Standard deviation of the steel level while each slab was cast, its bursts apart."""
    chance, melt = mill.chance(rolled_on, "mould level"), heats(mill, rolled_on)
    of_heats = RESTLESS_HEATS * chance.standard_normal((len(melt.heat_id), STRANDS + 1))
    of_slabs = RESTLESS_SLABS * chance.standard_normal(len(melt.heat_no))
    return LEVEL_NOISE_MM * np.exp(of_heats[melt.heat_no, melt.strand] + of_slabs)


def _slab_no(mill: Mill, rolled_on: date, strand: Numbers, metre: Array) -> Numbers:
    """The slab of the rolling sequence that a metre of a strand is of."""
    melt, found = heats(mill, rolled_on), np.zeros(len(metre), dtype=np.int64)
    for no in np.unique(strand):
        of_strand = np.flatnonzero(melt.strand == no)
        of_strand = of_strand[np.argsort(melt.cast_from_m[of_strand])]
        is_here = strand == no
        place = np.searchsorted(melt.cast_from_m[of_strand], metre[is_here], side="right") - 1
        found[is_here] = of_strand[place.clip(min=0)]
    return found


def _mould_heat_flux_mw_m2(speed_m_min: Array) -> Array:
    """Mean over the mould."""
    in_mould_s: Array = 60 * MOULD_M / speed_m_min
    return 2.68 - 2 / 3 * 0.335 * np.sqrt(in_mould_s)


def _swing_mm(mill: Mill, rolled_on: date, strand: Numbers, metre: Array) -> Array:
    """What the bursts add to the steel level at a metre of a strand."""
    melt, swing_mm = heats(mill, rolled_on), np.zeros(len(metre))
    for burst in mould_bursts(mill, rolled_on):
        since_m = metre - melt.cast_from_m[burst.slab_no]
        is_hit = (strand == melt.strand[burst.slab_no]) & (burst.from_m <= since_m) & (since_m < burst.to_m)
        swing_mm += np.where(is_hit, burst.swings_mm * np.sin(2 * np.pi * metre / SUPPORT_ROLLS_M), 0.0)
    return swing_mm
