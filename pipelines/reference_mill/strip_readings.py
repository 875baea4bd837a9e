"""One strip as the sensors of the finishing mill, the run-out table and the coiler saw it, sample by sample.

At a moment every sensor looks at another place of the strip. A sensor without strip under it reads nothing,
or what an idle stand reads. Signals of the stands are sample by stand.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from pipelines.reference_mill.arrow_tables import decimals
from pipelines.reference_mill.finishing import USUAL_SLOPE
from pipelines.reference_mill.line import DENSITY_T_M3, MILL_MODULUS_KN_MM, STANDS, ZERO_FORCE_KN
from pipelines.reference_mill.process_fault import ProcessFault
from pipelines.reference_mill.rolling_day import RollingDay
from pipelines.reference_mill.speed import SENSORS, position_at
from pipelines.reference_mill.strip_profile import StripProfile, strip_profile
from schemas.raw.finishing_readings import RAW_FINISHING_READINGS
from schemas.raw_table import delivered

Array = NDArray[np.float64]

SIGNALS = tuple(field.name for field in delivered(RAW_FINISHING_READINGS) if field.type == "double")
"""Every field but the coil and the time."""

PER_UNIT = 10.0 ** np.array([decimals(name) for name in SIGNALS])
STAND_NUMBERS = range(1, STANDS + 1)
STAND_SENSORS = slice(SENSORS.index("F1"), SENSORS.index("F7") + 1)
KELVIN = 273.15

SPRAYS_LEAVE = 1 - 0.55 * np.arange(1, STANDS + 1) / STANDS
"""What the control of the sprays leaves of a difference in temperature, stand by stand."""

BALANCED_KN, RESTING_LOOPER_DEG = 250.0, 4.0
STRIP_KJ_KGK = 0.65
WATER_WARMS_K = 14.0
RESTING_DESCALER_BAR = 95.0
FORCE_NOISE = 0.006
NOISE = {
    "entry_temp_c": 3.0,
    "finishing_temp_c": 2.0,
    "coiling_temp_c": 3.0,
    "thickness_mm": 0.003,
    "width_mm": 0.5,
    "crown_um": 2.5,
    "wedge_um": 2.5,
    "flatness_iu": 3.0,
}
"""Standard deviation of a sensor's own noise; of the roll force, as a share of it."""

SHAPE_SIGNALS = ("thickness_mm", "width_mm", "crown_um", "wedge_um", "flatness_iu")


@dataclass(frozen=True)
class _View:
    """What is under the sensors at each sample; places and flags are sample by sensor."""

    rolled: RollingDay
    coil: int
    profile: StripProfile
    chance: np.random.Generator
    place_m: Array
    sees: NDArray[np.bool_]
    speed_m_s: Array
    """Strip speed behind F7."""

    def noise(self, sigma: float) -> Array:
        return sigma * self.chance.standard_normal(len(self.speed_m_s))

    def stand_noise(self, sigma: float, stands: int = STANDS) -> Array:
        return sigma * self.chance.standard_normal((len(self.speed_m_s), stands))

    def place(self, sensor: str) -> Array:
        return self.place_m[:, SENSORS.index(sensor)]

    def where_seen(self, sensor: str, values: Array) -> Array:
        return np.where(self.sees[:, SENSORS.index(sensor)], values, np.nan)

    @property
    def faster(self) -> Array:
        """Speed per threading speed."""
        return self.speed_m_s / self.rolled.setup.threading_m_s[self.coil]


def strip_readings(
    rolled: RollingDay, coil: int, since_s: Array, faults: Sequence[ProcessFault] = ()
) -> Array:
    """Sample by signal (SIGNALS), rounded as the instruments show them; NaN is a missing value.

    ``since_s``: the moments, in seconds from the head's passing the entry pyrometer. ``faults``: this coil's.
    """
    chance = rolled.mill.chance(rolled.day, "strip", coil)
    disturbances = [disturbance for fault in faults for disturbance in fault.disturbances]
    profile = strip_profile(rolled, coil, chance, disturbances)
    at_f7_m, speed_m_s = position_at(rolled.cone, coil, since_s)
    place_m = at_f7_m[:, None] + rolled.offsets_m[coil]
    sees = (place_m >= 0) & (place_m <= rolled.length_m[coil])
    view = _View(rolled, coil, profile, chance, place_m, sees, speed_m_s)
    signals = _stands(view) | _loopers(view) | _temperatures(view) | _shape(view) | _run_out(view)
    readings = np.column_stack([signals[name] for name in SIGNALS])
    for fault in faults:
        if fault.kind == "stuck pyrometer":
            _stick(view, readings[:, SIGNALS.index(fault.signals[0])], fault)
    return np.rint(readings * PER_UNIT) / PER_UNIT + 0.0


def _stick(view: _View, temp_c: Array, fault: ProcessFault) -> None:
    """While the stretch of the fault is under the pyrometer it shows what it showed first, in place."""
    place_m = view.place(fault.signals[0].removesuffix("_temp_c"))
    stuck = np.flatnonzero((fault.from_m <= place_m) & (place_m < fault.to_m))
    if len(stuck):
        temp_c[stuck] = temp_c[stuck[0]]


def _stands(view: _View) -> dict[str, Array]:
    rolled, coil, setup = view.rolled, view.coil, view.rolled.setup
    exit_mm, set_force = setup.exit_mm[coil], setup.rolling.force_kn[coil]
    rolls = view.sees[:, STAND_SENSORS]
    places = view.place_m[:, STAND_SENSORS]
    thicker_mm = exit_mm * (view.profile.at("thickness_mm", places) / rolled.strip.thickness_mm[coil] - 1)
    thicker_mm[:, -1] += view.profile.disturbed("f7_mm", places[:, -1])
    force = _force_kn(view, places, thicker_mm) * (1 + view.stand_noise(FORCE_NOISE))
    stretched_mm = (force - ZERO_FORCE_KN) / MILL_MODULUS_KN_MM
    for no in STAND_NUMBERS:
        # Rolls out of round load the stand without a move of its gap.
        force[:, no - 1] += view.profile.disturbed(f"f{no}_force_kn", places[:, no - 1])
    torque = setup.rolling.torque_knm[coil] * force / set_force * (1 + view.stand_noise(0.012))
    gap = np.where(rolls, exit_mm + thicker_mm - stretched_mm, setup.gap_mm[coil])
    bending = np.where(rolls, rolled.behaves.bending_kn[coil], BALANCED_KN)
    by_quantity = {
        "force_kn": np.where(rolls, force, np.abs(view.stand_noise(15))),
        "gap_mm": gap + rolled.behaves.gap_zero_mm[coil] + view.stand_noise(0.004),
        "speed_m_s": setup.roll_speed_m_s[coil] * view.faster[:, None] * (1 + view.stand_noise(0.0012)),
        "bending_kn": bending + view.stand_noise(6),
        "torque_knm": np.where(rolls, torque, view.stand_noise(2)),
        "shifting_mm": rolled.behaves.shifting_mm[coil] + view.stand_noise(0.05),
    }
    return {
        f"f{no}_{quantity}": values[:, no - 1]
        for quantity, values in by_quantity.items()
        for no in STAND_NUMBERS
    }


def _force_kn(view: _View, places: Array, thicker_mm: Array) -> Array:
    """The set-up's force, corrected for temperature and speed by Misaka, for hardness and for draft."""
    rolled, coil, setup = view.rolled, view.coil, view.rolled.setup
    set_k = setup.stand_temp_c[coil] + KELVIN
    warmer_k = SPRAYS_LEAVE * _warmer_k(view, slice(0, STANDS), view.profile.at("entry_k", places))
    c_pct = rolled.strip.c_pct[coil]
    activation_k = 2851 + 2968 * c_pct - 1120 * c_pct**2
    softer = np.exp(activation_k / (set_k + warmer_k) - activation_k / set_k)
    hardness = view.profile.at("hardness", places) * rolled.behaves.stand_bias[coil]
    return (
        setup.rolling.force_kn[coil]
        * softer
        * hardness
        * view.faster[:, None] ** 0.13
        * (1 - USUAL_SLOPE * thicker_mm / setup.draft_mm[coil])
    )


def _warmer_k(view: _View, columns: slice, entry_k: Array) -> Array:
    """Kelvin over the set-up, were the sprays left alone: a hotter bar, and less time to cool at speed."""
    setup, coil = view.rolled.setup, view.coil
    return (
        setup.stand_k_per_entry_k[coil, columns] * entry_k
        + setup.stand_k_per_speed[coil, columns] * np.log(view.faster)[:, None]
    )


def _loopers(view: _View) -> dict[str, Array]:
    rolls = view.sees[:, STAND_SENSORS]
    lifted = np.where(
        rolls[:, :-1] & rolls[:, 1:], view.rolled.behaves.looper_deg[view.coil], RESTING_LOOPER_DEG
    )
    angle = lifted + view.stand_noise(0.5, STANDS - 1)
    return {f"looper_{no}_angle_deg": angle[:, no - 1] for no in STAND_NUMBERS[:-1]}


def _temperatures(view: _View) -> dict[str, Array]:
    setup, coil, profile = view.rolled.setup, view.coil, view.profile
    true_c = {
        "entry": setup.entry_temp_c[coil] + profile.at("entry_k", view.place("entry")),
        "finishing": _finishing_c(view, view.place("finishing")),
        "coiling": _coiling_c(view, view.place("coiling")),
    }
    return {
        f"{sensor}_temp_c": view.where_seen(sensor, values + view.noise(NOISE[f"{sensor}_temp_c"]))
        for sensor, values in true_c.items()
    }


def _finishing_c(view: _View, places: Array) -> Array:
    profile, entry_k = view.profile, view.profile.at("entry_k", places)
    warmer_k = SPRAYS_LEAVE[-1] * _warmer_k(view, slice(STANDS, STANDS + 1), entry_k[:, None])[:, 0]
    return view.rolled.setup.finishing_temp_c[view.coil] + warmer_k + profile.at("finishing_k", places)


def _coiling_c(view: _View, places: Array) -> Array:
    return view.rolled.target_coiling_temp_c[view.coil] + view.profile.at("coiling_k", places)


def _shape(view: _View) -> dict[str, Array]:
    profile, places = view.profile, view.place("gauges")
    shown = {name: profile.at(name, places) + view.noise(NOISE[name]) for name in SHAPE_SIGNALS}
    shown["thickness_mm"] += profile.disturbed("f7_mm", places) + profile.disturbed("gauge_mm", places)
    return {name: view.where_seen("gauges", values) for name, values in shown.items()} | {
        "length_m": view.where_seen("F7", view.place("F7")),
    }


def _run_out(view: _View) -> dict[str, Array]:
    """The strip under the pyrometer behind F7 sets the water; the coiler pulls once it has the head."""
    rolled, coil = view.rolled, view.coil
    section_m2 = rolled.true_thickness_mm[coil] * rolled.true_width_mm[coil] / 1e6
    set_by = view.place("finishing")
    cooled_k = _finishing_c(view, set_by) - _coiling_c(view, set_by) - 20
    strip_kg_s = 1000 * DENSITY_T_M3 * section_m2 * view.speed_m_s
    water_m3_h = strip_kg_s * STRIP_KJ_KGK * np.maximum(cooled_k, 0) / (4.19 * WATER_WARMS_K) * 3.6
    is_cooled = view.sees[:, SENSORS.index("finishing")]
    is_coiled, is_rolled = view.sees[:, SENSORS.index("coiler")], view.sees[:, SENSORS.index("F7")]
    pull_mpa = 26 / rolled.true_thickness_mm[coil] ** 0.35 * np.where(is_rolled, 1, 0.6)
    behind_f7 = view.place("F7") >= 0
    is_descaled = view.sees[:, SENSORS.index("entry")]
    return {
        "strip_speed_m_s": np.where(behind_f7, view.speed_m_s * (1 + view.noise(0.0008)), np.nan),
        "cooling_water_m3_h": np.where(is_cooled, np.maximum(water_m3_h + view.noise(25), 0), 0.0),
        "descaling_pressure_bar": np.where(
            is_descaled, rolled.behaves.descaling_bar[coil], RESTING_DESCALER_BAR
        )
        + view.noise(1),
        "coiler_tension_kn": np.where(is_coiled, pull_mpa * section_m2 * 1000 + view.noise(1.2), 0.0),
    }
