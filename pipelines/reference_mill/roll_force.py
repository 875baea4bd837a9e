"""Roll force, torque and forward slip of a hot pass. Arrays in, arrays out, element by element.

Roll pressure under sticking friction: Sims (1954), "The calculation of roll force and torque in hot rolling
mills", Proc. Inst. Mech. Engrs 168. The roll flattened by it: Hitchcock (1935), ASME Research Publication.
Mean flow stress of carbon steel: Misaka and Yoshimoto (1967), J. Japan Soc. Technol. Plasticity 8, with the
factor of Siciliano and Jonas (2000), Metall. Mater. Trans. A 31, for manganese and niobium.
"""

from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike, NDArray

Array = NDArray[np.float64]

HITCHCOCK_MM2_KN = 16 * (1 - 0.3**2) / (np.pi * 215.0)
"""16 (1 - Poisson's ratio squared) / (pi Young's modulus) of a steel roll of 215 kN/mm2."""

LEVER_ARM = 0.45
"""Of the contact length: where the roll force acts in hot strip rolling (0.4 to 0.5 in the literature)."""

MPA_PER_KGF_MM2 = 9.80665


class RollPass(NamedTuple):
    """What a pass asks of its stand, one element per pass."""

    force_kn: Array
    torque_knm: Array
    forward_slip: Array
    flattened_radius_mm: Array
    contact_length_mm: Array
    flow_stress_mpa: Array


def flow_stress_mpa(
    temp_c: ArrayLike,
    strain: ArrayLike,
    strain_rate_s: ArrayLike,
    c_pct: ArrayLike,
    mn_pct: ArrayLike = 0.0,
    nb_pct: ArrayLike = 0.0,
) -> Array:
    """Mean flow stress of austenite over a pass.

    Misaka's own equation gives 11.79 kgf/mm2 for 0.1 % carbon at 1000 C, strain 0.3 and 10 per second; by the
    factor, steel with 1.3 % manganese is 5 % below it, and 0.05 % niobium adds 2.6 %.

    >>> float(np.round(flow_stress_mpa(1000.0, 0.3, 10.0, c_pct=0.1, mn_pct=1.3), 1))
    109.4
    """
    c = np.asarray(c_pct)
    activation_k = 2851 + 2968 * c - 1120 * c**2
    misaka = np.exp(0.126 - 1.75 * c + 0.594 * c**2 + activation_k / (np.asarray(temp_c) + 273.15))
    alloying = 0.768 + 0.137 * np.asarray(mn_pct) + 0.51 * np.asarray(nb_pct)
    return (
        MPA_PER_KGF_MM2 * alloying * misaka * np.asarray(strain) ** 0.21 * np.asarray(strain_rate_s) ** 0.13
    )


def neutral_thickness_ratio(reduction: ArrayLike, radius_per_exit: ArrayLike) -> Array:
    """Thickness at the neutral point per exit thickness; so is the flattened radius given.

    >>> float(np.round(neutral_thickness_ratio(0.3, 100.0), 4))
    1.0801
    """
    r, ratio = np.asarray(reduction), np.asarray(radius_per_exit)
    half_bite = 0.5 * np.arctan(np.sqrt(r / (1 - r)))
    return 1 + np.tan(np.pi / 8 / np.sqrt(ratio) * np.log(1 - r) + half_bite) ** 2


def sims_factor(reduction: ArrayLike, radius_per_exit: ArrayLike) -> Array:
    """Sims' Qp: roll force per (plane-strain flow stress x width x contact length).

    >>> float(np.round(sims_factor(0.3, 100.0), 3))
    2.152
    """
    r, ratio = np.asarray(reduction), np.asarray(radius_per_exit)
    bite = np.sqrt((1 - r) / r)
    neutral = np.log(neutral_thickness_ratio(r, ratio))
    return (
        np.pi / 2 * bite * np.arctan(1 / bite)
        - np.pi / 4
        - bite * np.sqrt(ratio) * (neutral + 0.5 * np.log(1 - r))
    )


def flattened_radius_mm(
    radius_mm: ArrayLike, force_kn: ArrayLike, width_mm: ArrayLike, draft_mm: ArrayLike
) -> Array:
    """Hitchcock's radius of the roll under load.

    >>> float(np.round(flattened_radius_mm(350.0, 12_000.0, 1250.0, 1.0), 1))
    422.4
    """
    load_kn_mm = np.asarray(force_kn) / np.asarray(width_mm)
    return np.asarray(radius_mm) * (1 + HITCHCOCK_MM2_KN * load_kn_mm / np.asarray(draft_mm))


def forward_slip(reduction: ArrayLike, radius_per_exit: ArrayLike) -> Array:
    """Strip speed behind the stand per roll speed, less one: volume is constant from the neutral point on.

    >>> float(np.round(forward_slip(0.12, 200.0), 3))
    0.031
    """
    neutral = neutral_thickness_ratio(reduction, radius_per_exit)
    cosine = 1 - 0.5 * (neutral - 1) / np.asarray(radius_per_exit)
    return neutral * cosine - 1


def roll_pass(
    entry_mm: Array,
    exit_mm: Array,
    width_mm: Array,
    radius_mm: Array,
    roll_speed_m_s: Array,
    temp_c: Array,
    c_pct: Array,
    mn_pct: Array,
    nb_pct: Array,
    retained_strain: ArrayLike = 0.0,
) -> RollPass:
    """Force and torque (both rolls) of a pass, the roll flattened by the force it makes.

    ``retained_strain`` is what the passes before left in the steel. Four rounds bring the radius to 0.1 %.
    """
    draft_mm, strain = entry_mm - exit_mm, np.log(entry_mm / exit_mm)
    reduction = draft_mm / entry_mm
    flattened_mm = np.broadcast_to(radius_mm, draft_mm.shape)
    for _ in range(4):
        contact_mm = np.sqrt(flattened_mm * draft_mm)
        rate_s = 1000 * roll_speed_m_s / contact_mm * strain
        stress_mpa = flow_stress_mpa(temp_c, strain + retained_strain, rate_s, c_pct, mn_pct, nb_pct)
        factor = sims_factor(reduction, flattened_mm / exit_mm)
        force_kn = 2 / np.sqrt(3) * stress_mpa * width_mm * contact_mm * factor / 1000
        flattened_mm = flattened_radius_mm(radius_mm, force_kn, width_mm, draft_mm)
    torque_knm = 2 * LEVER_ARM * contact_mm / 1000 * force_kn
    slip = forward_slip(reduction, flattened_mm / exit_mm)
    return RollPass(force_kn, torque_knm, slip, flattened_mm, contact_mm, stress_mpa)
