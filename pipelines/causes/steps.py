"""Where along the material's way a candidate is: upstream beats downstream; and what kind of cause it is."""

from collections.abc import Collection

from schemas.core.coil_conditions import HEAT_FIELDS
from schemas.core.coil_segments import CASTING_SIGNALS, FURNACE_SIGNALS, ROUGHING_SIGNALS

STEPS = ("melt shop", "casting", "reheating", "roughing", "finishing", "coiling")

_FINISHING = "finishing"
_STEP_OF = {
    **{field.name: "melt shop" for field in HEAT_FIELDS},
    **{signal.name: "roughing" for signal in ROUGHING_SIGNALS},
    **{signal.name: "reheating" for signal in FURNACE_SIGNALS},
    **{signal.name: "casting" for signal in CASTING_SIGNALS},
    **dict.fromkeys(
        ("strand", "cast_from_m", "slab_of_heat_no", "is_first_of_heat", "is_grade_change"), "casting"
    ),
    **dict.fromkeys(("slab_thickness_mm", "slab_width_mm", "slab_length_m", "slab_mass_t"), "casting"),
    **dict.fromkeys(("furnace", "slab_wait_h", "charge_temp_c", "furnace_stay_min"), "reheating"),
    **dict.fromkeys(("discharge_to_mill_s", "width_reduction_mm"), "roughing"),
    **dict.fromkeys(("coiler", "target_coiling_temp_c", "coiling_temp_c", "coiler_tension_kn"), "coiling"),
    "cooling_water_m3_h": "coiling",
    "grade": "melt shop",
}
"""Of what is not named here the finishing mill."""

SEQUENCE = (
    *("sequence_no", "gap_min", "thickness_step_mm", "width_step_mm", "is_family_change"),
    *("since_stoppage_min", "last_stoppage_min", "coil_after_stoppage_no"),
    *("slab_of_heat_no", "is_first_of_heat", "is_grade_change", "cast_from_m"),
)


def signal_of(name: str) -> str:
    """The field that a candidate's name is about.

    >>> signal_of("spread of mould_level_mm"), signal_of("finishing_temp_c at the head less its target")
    ('mould_level_mm', 'finishing_temp_c')
    """
    return next((word for word in name.split() if "_" in word), name)


def step_of(name: str) -> int:
    """Its step by number, from upstream.

    >>> [STEPS[step_of(name)] for name in ("spread of mould_level_mm", "F7 top work roll", "furnace")]
    ['casting', 'finishing', 'reheating']
    """
    return STEPS.index(_STEP_OF.get(signal_of(name), _FINISHING))


def kind_of(name: str, is_equipment: bool, settings: Collection[str]) -> str:
    """Signal, setting, equipment, sequence or process fault.

    >>> kind_of("F7 top work roll km", False, ()), kind_of("n_pct", False, ("n_pct",))
    ('sequence', 'setting')
    """
    if is_equipment:
        return "equipment"
    if name.endswith(" off normal"):
        return "process fault"
    if name in SEQUENCE or name.endswith(" roll km"):
        return "sequence"
    return "setting" if name in settings else "signal"
