"""core/coil_defects: surface defects at their place on the hot coil, each once."""

from datetime import date

from schemas.contract import Field, Input, Promise, Table
from schemas.core.coils import CORE_COILS
from schemas.core.length_maps import CORE_LENGTH_MAPS
from schemas.fields import COIL_ID
from schemas.raw.inspections import RAW_INSPECTIONS
from schemas.raw.surface_defects import RAW_SURFACE_DEFECTS

LOOK_BACK_DAYS = 3
"""A coil is looked for so many days before a piece of it was inspected."""

CORE_COIL_DEFECTS = Table(
    layer="core",
    name="coil_defects",
    row="surface defect of a hot coil",
    meaning="Detected surface defects with their place on the hot coil; what several detections show of one defect is one row.",
    key=("defect_id",),
    day_of="production_day",
    made_from=(
        Input(CORE_COILS, days_back=LOOK_BACK_DAYS),
        Input(CORE_LENGTH_MAPS, days_back=LOOK_BACK_DAYS),
        Input(RAW_SURFACE_DEFECTS, days_back=1),
        Input(RAW_INSPECTIONS, days_back=1),
    ),
    promises=(
        Promise("coil_or_doubt", "coil_id is not null or doubt is not null", "What is of no known coil says why."),
        Promise("runs_forward", "from_m <= to_m", "A defect does not end before it begins."),
        Promise("place_or_doubt", "from_m is not null or doubt is not null", "What has no place says why."),
    ),
    fields=(
        Field("defect_id", "string", "Inspection system, piece and number of the most confident detection.", "SIS HSM/C2611200001/17"),
        COIL_ID.optional("Hot coil given by the mill; missing where the piece is not known, or could be of several."),
        Field("production_day", "date", "The mill's own day on which the defect was detected and its coil or piece was there.", date(2026, 11, 20)),
        RAW_SURFACE_DEFECTS.field("inspection_system"),
        RAW_SURFACE_DEFECTS.field("side"),
        RAW_SURFACE_DEFECTS.field("defect_class"),
        Field("from_m", "double", "Start of the defect, from the head of the hot coil as coiled.", 350.2, required=False, minimum=0, maximum=20_000),
        Field("to_m", "double", "End of the defect.", 350.9, required=False, minimum=0, maximum=20_000),
        Field("sigma_m", "double", "Standard deviation of the error of the place; missing where the system's counter and the coil's length cannot be compared.", 0.7, required=False, minimum=0),
        Field("from_edge_mm", "double", "Start of the defect across the strip, from the drive-side edge; missing on a piece of another line.", 410.0, required=False, minimum=0, maximum=3_000),
        Field("to_edge_mm", "double", "End of the defect across the strip.", 455.0, required=False, minimum=0, maximum=3_000),
        RAW_SURFACE_DEFECTS.field("confidence_pct"),
        RAW_SURFACE_DEFECTS.field("severity_level"),
        Field("detections_n", "bigint", "Detections that show it.", 1, minimum=1),
        Field("doubt", "string", "Why the place is not known or could be another; missing where it is certain.", None, required=False),
    ),
)
