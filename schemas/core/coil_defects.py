"""core/coil_defects: surface defects at their place on the hot coil, each once."""

from schemas.contract import Field, Input, Promise, Table
from schemas.core.coils import CORE_COILS
from schemas.core.length_maps import CORE_LENGTH_MAPS
from schemas.fields import COIL_ID, PRODUCTION_DAY
from schemas.raw.surface_defects import RAW_SURFACE_DEFECTS

CORE_COIL_DEFECTS = Table(
    layer="core",
    name="coil_defects",
    row="surface defect of a hot coil",
    meaning="Detected surface defects with their place on the hot coil; what several detections show of one defect is one row.",
    key=("defect_id",),
    day_of="production_day",
    made_from=(Input(CORE_COILS), Input(CORE_LENGTH_MAPS), Input(RAW_SURFACE_DEFECTS, days_back=1)),
    promises=(
        Promise("runs_forward", "from_m <= to_m", "A defect does not end before it begins."),
        Promise("place_or_doubt", "from_m is not null or doubt is not null", "What has no place says why."),
    ),
    fields=(
        Field("defect_id", "string", "Inspection system, piece and number of the most confident detection.", "SIS HSM/C2611200001/17"),
        COIL_ID,
        PRODUCTION_DAY,
        RAW_SURFACE_DEFECTS.field("inspection_system"),
        RAW_SURFACE_DEFECTS.field("side"),
        RAW_SURFACE_DEFECTS.field("defect_class"),
        Field("from_m", "double", "Start of the defect, from the head of the hot coil as coiled.", 350.2, required=False, minimum=0, maximum=20_000),
        Field("to_m", "double", "End of the defect.", 350.9, required=False, minimum=0, maximum=20_000),
        Field("sigma_m", "double", "Standard deviation of the error of the place; missing where the system's counter and the coil's length cannot be compared.", 0.7, required=False, minimum=0),
        RAW_SURFACE_DEFECTS.field("from_edge_mm"),
        RAW_SURFACE_DEFECTS.field("to_edge_mm"),
        RAW_SURFACE_DEFECTS.field("confidence_pct"),
        RAW_SURFACE_DEFECTS.field("severity_level"),
        Field("detections_n", "bigint", "Detections that show it.", 1, minimum=1),
        Field("doubt", "string", "Why the place is not known or could be another; missing where it is certain.", None, required=False),
    ),
)
