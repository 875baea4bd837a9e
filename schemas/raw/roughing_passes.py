"""raw/roughing_passes: the passes of a slab in the roughing mill."""

from schemas.contract import Field
from schemas.fields import AT, SLAB_ID, SYSTEM
from schemas.raw_table import raw_table

RAW_ROUGHING_PASSES = raw_table(
    "roughing_passes",
    row="slab, system and pass",
    meaning="Force, speed, thickness and temperature of a roughing pass.",
    key=("slab_id", "pass_no", "system"),
    day_of="rolled_at",
    fields=(
        SLAB_ID,
        Field("pass_no", "bigint", "Pass, from 1.", 3, minimum=1, maximum=30),
        SYSTEM,
        Field("rolled_at", "timestamp", "When the pass ended.", AT),
        Field("force_kn", "double", "Roll force, mean of the pass.", 14_000.0, required=False, minimum=0, maximum=80_000),
        Field("speed_m_s", "double", "Roll speed, mean of the pass.", 3.2, required=False, minimum=0, maximum=20),
        Field("exit_thickness_mm", "double", "Thickness after the pass.", 110.0, required=False, minimum=1, maximum=500),
        Field("exit_width_mm", "double", "Width after the pass.", 1262.0, required=False, minimum=100, maximum=3000),
        Field("exit_temp_c", "double", "Surface temperature after the pass.", 1120.0, required=False, minimum=500, maximum=1400),
    ),
)
