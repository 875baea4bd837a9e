"""core/cell_faults: cells of readings that hold no measurement, as they were delivered."""

from schemas.contract import Field, Table
from schemas.fields import DELIVERY_ID, PRODUCTION_DAY, ROW_NUMBER, SOURCE_FILE, TABLE_PATH

CORE_CELL_FAULTS = Table(
    layer="core",
    name="cell_faults",
    row="bad cell of a reading",
    meaning="Cells of readings that were made empty, with the original and the reason; the row stayed.",
    key=("delivery_id", "table_path", "row_number", "column_name"),
    day_of="production_day",
    kept_by_the_run=True,
    fields=(
        DELIVERY_ID,
        TABLE_PATH,
        SOURCE_FILE,
        ROW_NUMBER,
        Field("column_name", "string", "Field of the raw table.", "finishing_temp_c"),
        Field("reason", "string", "Why, in words for a plant engineer.", "-999.0 is below 400 °C, the least that can be."),
        Field("original", "string", "The cell as delivered.", "-999.0"),
        PRODUCTION_DAY,
    ),
)
