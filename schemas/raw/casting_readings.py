"""raw/casting_readings: a strand of the caster as its mould and its sprays saw it."""

from schemas.contract import Field
from schemas.fields import SAMPLED_AT, SYSTEM
from schemas.raw_table import raw_table


def _signal(name: str, meaning: str, example: float, minimum: float, maximum: float) -> Field:
    return Field(name, "double", meaning, example, required=False, minimum=minimum, maximum=maximum)


RAW_CASTING_READINGS = raw_table(
    "casting_readings",
    row="strand, system and sample",
    meaning="Length counter, speed, mould and secondary cooling of a strand while it casts.",
    key=("strand", "sampled_at", "system"),
    day_of="sampled_at",
    readings=True,
    fields=(
        Field("strand", "string", "Strand of the caster.", "1"),
        SAMPLED_AT,
        SYSTEM,
        _signal("cast_length_m", "Metre of the strand that is at the steel level in the mould; slabs count with the same counter.", 120.4, 0, 100_000),
        _signal("casting_speed_m_min", "Casting speed.", 1.2, 0, 12),
        _signal("mould_level_mm", "Steel level in the mould over its zero.", 100.0, -500, 500),
        _signal("superheat_c", "Tundish temperature above liquidus.", 25.0, -20, 120),
        _signal("mould_heat_flux_mw_m2", "Heat flux to the mould, mean of its faces.", 1.3, 0, 10),
        _signal("secondary_cooling_m3_h", "Spray water below the mould.", 130.0, 0, 2_000),
    ),
)
