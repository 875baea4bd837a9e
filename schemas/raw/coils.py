"""raw/coils: what the finishing mill coiled."""

from schemas.contract import Field
from schemas.fields import (
    AT,
    COIL_ID,
    GRADE,
    LENGTH_M,
    LINE,
    MASS_T,
    ORDER_ID,
    QUALITY_CODE,
    SHIFT,
    SLAB_ID,
    THICKNESS_MM,
    WIDTH_MM,
)
from schemas.raw_table import raw_table


def _target(name: str, meaning: str, example: float, maximum: float) -> Field:
    return Field(name, "double", meaning, example, required=False, minimum=0, maximum=maximum)


RAW_COILS = raw_table(
    "coils",
    row="hot coil",
    meaning="Slab, order, dimensions with their targets, mass, crops, campaign, rolls and quality code of a hot coil.",
    key=("coil_id",),
    day_of="coiled_at",
    fields=(
        COIL_ID,
        SLAB_ID.optional(),
        ORDER_ID.optional(),
        GRADE.optional(),
        LINE,
        SHIFT.optional(),
        Field("rolling_started_at", "timestamp", "When the head entered F1.", AT, required=False),
        Field("coiled_at", "timestamp", "When the tail left the coiler's pinch roll.", AT),
        Field("coiler", "string", "Coiler.", "DC1", required=False),
        THICKNESS_MM.optional("Measured thickness, mean of the body."),
        WIDTH_MM.optional("Measured width, mean of the body."),
        LENGTH_M.optional("Length by the length counter."),
        MASS_T.optional("Mass on the coil scale."),
        _target("target_thickness_mm", "Thickness asked for.", 3.0, 50),
        _target("target_width_mm", "Width asked for.", 1250.0, 3000),
        _target("target_finishing_temp_c", "Temperature asked for behind F7.", 880.0, 1300),
        _target("target_coiling_temp_c", "Temperature asked for at the coiler.", 600.0, 1100),
        Field("head_crop_mass_t", "double", "Mass of the head crop by the crop shear's own reckoning.", 0.06, required=False, minimum=0, maximum=5),
        Field("tail_crop_mass_t", "double", "Mass of the tail crop by the crop shear's own reckoning.", 0.05, required=False, minimum=0, maximum=5),
        Field("campaign", "string", "Rolling campaign, from one work roll change to the next.", "K0042", required=False),
        Field("sequence_no", "bigint", "Place of the coil in its campaign, from 1.", 17, required=False, minimum=1),
        Field("rolls", "map<string,string>", "Rolls in use: place in the mill -> roll.", {"F7 top work": "WR-1042"}, required=False),
        QUALITY_CODE.optional(),
    ),
)
