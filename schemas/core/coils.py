"""core/coils: every hot coil with its slab, heat and order."""

from schemas.contract import EVER, Field, Input, Table
from schemas.fields import (
    AT,
    COIL_ID,
    GRADE,
    GRADE_FAMILY,
    HEAT_ID,
    LENGTH_M,
    LINE,
    MASS_T,
    ORDER_ID,
    PRODUCTION_DAY,
    QUALITY,
    QUALITY_CODE,
    SHIFT,
    SLAB_ID,
    THICKNESS_MM,
    WIDTH_MM,
)
from schemas.raw.coils import RAW_COILS
from schemas.raw.heats import RAW_HEATS
from schemas.raw.orders import RAW_ORDERS
from schemas.raw.quality_codes import RAW_QUALITY_CODES
from schemas.raw.slabs import RAW_SLABS

CORE_COILS = Table(
    layer="core",
    name="coils",
    row="hot coil",
    meaning="Hot coils as coiled, with what their slab, heat and order say.",
    key=("coil_id",),
    day_of="coiled_at",
    made_from=(
        Input(RAW_COILS),
        Input(RAW_SLABS, days_back=3),
        Input(RAW_HEATS, days_back=30),
        Input(RAW_ORDERS, days_back=400),
        Input(RAW_QUALITY_CODES, days_back=EVER),
    ),
    fields=(
        COIL_ID,
        PRODUCTION_DAY,
        LINE,
        SHIFT.optional(),
        Field("coiled_at", "timestamp", "When the tail left the coiler's pinch roll.", AT),
        Field("rolling_started_at", "timestamp", "When the head entered F1.", AT, required=False),
        SLAB_ID.optional(),
        HEAT_ID.optional(),
        Field("strand", "string", "Strand of the caster.", "1", required=False),
        Field("furnace", "string", "Reheating furnace.", "RF1", required=False),
        Field("coiler", "string", "Coiler.", "DC1", required=False),
        Field("campaign", "string", "Rolling campaign.", "K0042", required=False),
        Field("sequence_no", "bigint", "Place of the coil in its campaign, from 1.", 17, required=False, minimum=1),
        ORDER_ID.optional(),
        Field("customer", "string", "Customer of the order.", "Customer 7", required=False),
        GRADE.optional("Grade: of the coil, else of its heat, else of its order."),
        GRADE_FAMILY.optional(),
        THICKNESS_MM.optional("Measured thickness, mean of the body."),
        WIDTH_MM.optional("Measured width, mean of the body."),
        LENGTH_M.optional("Length by the length counter."),
        MASS_T.optional("Mass on the coil scale."),
        Field("slab_mass_t", "double", "Mass of the slab on the charging scale.", 22.0, required=False, minimum=0, maximum=60),
        Field("head_crop_mass_t", "double", "Mass of the head crop by the crop shear's own reckoning.", 0.06, required=False, minimum=0, maximum=5),
        Field("tail_crop_mass_t", "double", "Mass of the tail crop by the crop shear's own reckoning.", 0.05, required=False, minimum=0, maximum=5),
        Field("target_thickness_mm", "double", "Thickness asked for.", 3.0, required=False, minimum=0, maximum=50),
        Field("target_width_mm", "double", "Width asked for.", 1250.0, required=False, minimum=0, maximum=3000),
        QUALITY_CODE.optional(),
        QUALITY.optional(),
    ),
)
