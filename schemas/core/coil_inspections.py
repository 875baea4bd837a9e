"""core/coil_inspections: which metres of a hot coil were inspected, side by side."""

from schemas.contract import Field, Input, Promise, Table
from schemas.core.coil_defects import LOOK_BACK_DAYS
from schemas.core.coils import CORE_COILS
from schemas.core.length_maps import CORE_LENGTH_MAPS
from schemas.fields import COIL_ID, PRODUCTION_DAY
from schemas.raw.inspections import RAW_INSPECTIONS

CORE_COIL_INSPECTIONS = Table(
    layer="core",
    name="coil_inspections",
    row="coil, side, inspection system and interval that it looked at in one state",
    meaning="Inspected metres of a hot coil, cut so that those of a side and system do not overlap; a metre in no row was not inspected.",
    key=("coil_id", "side", "inspection_system", "from_m"),
    day_of="production_day",
    made_from=(
        Input(CORE_COILS, days_back=LOOK_BACK_DAYS),
        Input(CORE_LENGTH_MAPS, days_back=LOOK_BACK_DAYS),
        Input(RAW_INSPECTIONS, days_back=1),
    ),
    promises=(Promise("has_length", "from_m < to_m", "An interval has a length."),),
    fields=(
        COIL_ID,
        PRODUCTION_DAY,
        RAW_INSPECTIONS.field("side"),
        RAW_INSPECTIONS.field("inspection_system"),
        Field("from_m", "double", "Start of the interval, from the head of the hot coil as coiled.", 0.0, minimum=0, maximum=20_000),
        Field("to_m", "double", "End of the interval, not in it.", 720.0, minimum=0, maximum=20_000),
        Field("state", "string", "State of the system there; never off.", "working", required=False, values=("working", "degraded")),
    ),
)
