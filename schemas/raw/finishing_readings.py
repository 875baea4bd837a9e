"""raw/finishing_readings: the strip as the finishing mill, the run-out table and the coiler saw it."""

from schemas.contract import Field
from schemas.fields import COIL_ID, SAMPLED_AT, SYSTEM
from schemas.raw_table import raw_table

STANDS = tuple(range(1, 8))
LOOPERS = STANDS[:-1]


def _signal(name: str, meaning: str, example: float, minimum: float, maximum: float) -> Field:
    return Field(name, "double", meaning, example, required=False, minimum=minimum, maximum=maximum)


def _stand(no: int) -> tuple[Field, ...]:
    return (
        _signal(f"f{no}_force_kn", f"Roll force of F{no}.", 15_000.0, 0, 80_000),
        _signal(f"f{no}_gap_mm", f"Roll gap of F{no}.", 6.0, -5, 200),
        _signal(f"f{no}_speed_m_s", f"Roll speed of F{no}.", 5.0, 0, 40),
        _signal(f"f{no}_bending_kn", f"Work roll bending of F{no}.", 600.0, -3_000, 3_000),
        _signal(f"f{no}_torque_knm", f"Drive torque of F{no}.", 400.0, -5_000, 5_000),
        _signal(f"f{no}_shifting_mm", f"Axial shift of the work rolls of F{no}.", 20.0, -300, 300),
    )


RAW_FINISHING_READINGS = raw_table(
    "finishing_readings",
    row="coil, system and sample",
    meaning="Length counter and every signal of the finishing mill, the run-out table and the coiler.",
    key=("coil_id", "sampled_at", "system"),
    day_of="sampled_at",
    readings=True,
    fields=(
        COIL_ID,
        SAMPLED_AT,
        SYSTEM,
        _signal("length_m", "Length counter behind F7, from the head.", 350.0, 0, 20_000),
        *(field for no in STANDS for field in _stand(no)),
        *(
            _signal(f"looper_{no}_angle_deg", f"Looper between F{no} and F{no + 1}.", 20.0, -10, 90)
            for no in LOOPERS
        ),
        _signal("entry_temp_c", "Pyrometer before F1.", 1_050.0, 500, 1_400),
        _signal("finishing_temp_c", "Pyrometer behind F7.", 880.0, 400, 1_300),
        _signal("coiling_temp_c", "Pyrometer before the coiler.", 600.0, 50, 1_100),
        _signal("thickness_mm", "Thickness gauge behind F7, centre line.", 3.0, 0.5, 50),
        _signal("width_mm", "Width gauge behind F7.", 1_252.0, 300, 3_000),
        _signal("crown_um", "Crown 40 mm from the edge.", 40.0, -300, 500),
        _signal("wedge_um", "Wedge 40 mm from the edge.", 5.0, -500, 500),
        _signal("flatness_iu", "Flatness.", 10.0, -500, 500),
        _signal("strip_speed_m_s", "Strip speed behind F7.", 9.0, 0, 40),
        _signal("cooling_water_m3_h", "Water on the run-out table.", 3_500.0, 0, 30_000),
        _signal("descaling_pressure_bar", "Water pressure of the descaler.", 180.0, 0, 600),
        _signal("coiler_tension_kn", "Strip tension at the coiler.", 60.0, -50, 1_000),
    ),
)
