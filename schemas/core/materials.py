"""core/materials: every piece of material, from slab to finished piece and scrap."""

from schemas.contract import EVER, Field, Input, Table
from schemas.core.coils import CORE_COILS
from schemas.fields import (
    AT,
    GRADE,
    HEAT_ID,
    LENGTH_M,
    MASS_T,
    MATERIAL_ID,
    ORDER_ID,
    PRODUCTION_DAY,
    QUALITY,
    QUALITY_CODE,
    SHIFT,
    SLAB_ID,
    THICKNESS_MM,
    WIDTH_MM,
)
from schemas.raw.cuts import RAW_CUTS
from schemas.raw.quality_codes import RAW_QUALITY_CODES
from schemas.raw.scrap import RAW_SCRAP, SCRAP_KINDS
from schemas.raw.slabs import RAW_SLABS

MATERIAL_KINDS = ("slab", "hot coil", "piece", "scrap")

CORE_MATERIALS = Table(
    layer="core",
    name="materials",
    row="piece of material and the time at which it came to be",
    meaning="Slabs, hot coils, pieces cut from them and weighed scrap, each with its parent, mass and quality.",
    key=("material_kind", "line", "material_id", "made_at"),
    day_of="made_at",
    made_from=(
        Input(CORE_COILS),
        Input(RAW_SLABS),
        Input(RAW_CUTS),
        Input(RAW_SCRAP),
        Input(RAW_QUALITY_CODES, days_back=EVER),
    ),
    fields=(
        MATERIAL_ID,
        Field("material_kind", "string", "What kind of piece it is.", "hot coil", values=MATERIAL_KINDS),
        PRODUCTION_DAY,
        Field("made_at", "timestamp", "When it came to be: discharged, coiled, cut or weighed.", AT),
        Field("line", "string", "Line that made it; of a slab, its furnace or 'furnace'.", "HSM"),
        Field("parent_id", "string", "Piece that it was made from.", "S2611200001", required=False),
        Field("operation", "string", "What was done to make it.", "rolling", required=False),
        SLAB_ID.optional(),
        HEAT_ID.optional(),
        ORDER_ID.optional(),
        SHIFT.optional(),
        GRADE.optional(),
        THICKNESS_MM.optional(),
        WIDTH_MM.optional(),
        LENGTH_M.optional(),
        MASS_T.optional("Weighed mass."),
        Field("scrap_kind", "string", "Kind of scrap; missing where it is none.", None, required=False, values=SCRAP_KINDS),
        QUALITY_CODE.optional(),
        QUALITY.optional(),
    ),
)
