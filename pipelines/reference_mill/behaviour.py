"""How a strip turns out against its set-up: what differs from coil to coil, and its quality code."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from pipelines.reference_mill.line import STANDS

Array = NDArray[np.float64]
Numbers = NDArray[np.int64]

LAST_STANDS = slice(-3, None)
SHIFTING_STROKE_MM = np.array([60, 60, 60, 110, 120, 120, 120.0])

QUALITY_CODES = (
    ("P1", "prime", "prime, first choice"),
    ("P2", "prime", "prime, with a remark"),
    ("S1", "secondary", "second choice, temperature"),
    ("S2", "secondary", "second choice, shape"),
    ("S3", "secondary", "second choice, surface"),
    ("X1", "scrap", "scrapped"),
)
UNKNOWN_CODE = "Q9"
"""A code that the list of codes does not have, as happens."""


@dataclass(frozen=True)
class Behaviour:
    """Coil by coil; bending and shifting are coil by stand."""

    thickness_error_mm: Array
    head_error_mm: Array
    head_error_m: Array
    width_error_mm: Array
    crown_um: Array
    wedge_um: Array
    flatness_iu: Array
    skid_k: Array
    skid_phase: Array
    finishing_error_k: Array
    coiling_error_k: Array
    looper_deg: Array
    descaling_bar: Array
    bending_kn: Array
    shifting_mm: Array
    hardness: Array
    """Flow stress per what the set-up reckoned with."""

    stand_bias: Array
    """Force of a stand per what the set-up reckoned with, coil by stand."""

    gap_zero_mm: Array
    """How far the gap's zero is off, coil by stand."""

    worn: Array
    """How far the campaign has come, 0 to 1."""


def behaviour(
    thickness_mm: Array, load_kn_mm: Array, sequence_no: Numbers, worn: Array, chance: np.random.Generator
) -> Behaviour:
    """Crown follows the force in the last stands and the wear of the rolls, bending works against it."""
    count = len(thickness_mm)

    def spread(mean: float, sigma: float) -> Array:
        return chance.normal(mean, sigma, count)

    load = load_kn_mm - load_kn_mm.mean(axis=0)
    bending_kn = np.clip(620 + 35 * load + 60 * chance.standard_normal(load.shape), 150, 1_250)
    bent_um = 3.5 * load[:, LAST_STANDS].mean(axis=1) - 0.02 * (bending_kn[:, LAST_STANDS].mean(axis=1) - 620)
    return Behaviour(
        thickness_error_mm=thickness_mm * spread(0, 0.0022) + spread(0, 0.006),
        head_error_mm=thickness_mm * spread(0.006, 0.012) + spread(0, 0.015),
        head_error_m=chance.uniform(5, 14, count),
        width_error_mm=spread(4.5, 1.6),
        crown_um=38 + bent_um + 9 * worn + spread(0, 4),
        wedge_um=chance.normal(0, 4) + 4 * worn + spread(0, 6),
        flatness_iu=spread(6, 6) + 6 * worn,
        skid_k=np.abs(spread(7, 2)),
        skid_phase=chance.uniform(0, 2 * np.pi, count),
        finishing_error_k=spread(0, 5),
        coiling_error_k=spread(0, 6),
        looper_deg=spread(22, 1.2),
        descaling_bar=spread(185, 2),
        bending_kn=bending_kn,
        shifting_mm=_shifting_mm(sequence_no, chance),
        hardness=spread(1, 0.018),
        stand_bias=chance.normal(1, 0.008, load.shape),
        gap_zero_mm=chance.normal(0, 0.02, load.shape),
        worn=worn,
    )


def _shifting_mm(sequence_no: Numbers, chance: np.random.Generator) -> Array:
    """Cyclic shifting spreads the wear: back and forth over the campaign, each stand with its own stroke."""
    back_and_forth = np.abs((sequence_no[:, None] * 0.08 + chance.random(STANDS)) % 2 - 1) * 2 - 1
    return SHIFTING_STROKE_MM * back_and_forth


def quality_codes(behaves: Behaviour, unknown: float, chance: np.random.Generator) -> NDArray[np.str_]:
    """The plant's own code: second choice is what is far off, and a few coils for what no sensor saw."""
    luck = chance.random(len(behaves.worn))
    code = np.full(len(behaves.worn), "P1", dtype="<U2")
    code[luck < 0.035] = "P2"
    code[luck < 0.008] = "S3"
    code[np.abs(behaves.flatness_iu) > 28] = "S2"
    code[np.abs(behaves.finishing_error_k + 0.4 * behaves.coiling_error_k) > 15.5] = "S1"
    code[luck > 0.9988] = "X1"
    code[chance.random(len(code)) < unknown] = UNKNOWN_CODE
    return code
