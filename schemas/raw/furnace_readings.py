"""raw/furnace_readings: a slab on its way through the furnace."""

from schemas.contract import Field
from schemas.fields import SAMPLED_AT, SLAB_ID, SYSTEM
from schemas.raw_table import raw_table


def _temp(name: str, meaning: str, example: float) -> Field:
    return Field(name, "double", meaning, example, required=False, minimum=-40, maximum=1500)


RAW_FURNACE_READINGS = raw_table(
    "furnace_readings",
    row="slab, system and minute in the furnace",
    meaning="Zone temperatures around a slab and its calculated core temperature.",
    key=("slab_id", "sampled_at", "system"),
    day_of="sampled_at",
    readings=True,
    fields=(
        SLAB_ID,
        SAMPLED_AT,
        SYSTEM,
        Field("furnace", "string", "Reheating furnace.", "RF1", required=False),
        Field("zone", "string", "Zone in which the slab is.", "soaking", required=False),
        _temp("top_zone_temp_c", "Temperature of the zone above the slab.", 1250.0),
        _temp("bottom_zone_temp_c", "Temperature of the zone below the slab.", 1240.0),
        _temp("core_temp_c", "Calculated temperature of the slab's core.", 1180.0),
    ),
)
