"""core/quarantine: rows that could not be kept, as they were delivered."""

from schemas.contract import Field, Table
from schemas.core.ingest_ledger import CORE_INGEST_LEDGER
from schemas.fields import DELIVERY_ID, INGESTED_AT, ROW_NUMBER, SOURCE_FILE, TABLE_PATH

CORE_QUARANTINE = Table(
    layer="core",
    name="quarantine",
    row="quarantined row of a delivery",
    meaning="Rows that the contract does not allow, with their text, file, line and the reason.",
    key=("delivery_id", "table_path", "row_number"),
    day_of="ingested_at",
    kept_by_the_run=True,
    fields=(
        DELIVERY_ID,
        TABLE_PATH,
        SOURCE_FILE,
        ROW_NUMBER,
        Field("line_no", "bigint", "Line of the file, from 1; missing where the format has no lines.", 17, required=False, minimum=1),
        Field("column_name", "string", "Column that gave the reason, as delivered.", "mass_t", required=False),
        Field("reason", "string", "Why, in words for a plant engineer.", "mass_t: '21.5t' is not a number."),
        Field("original", "string", "The row as delivered.", "C1;S1;21.5t"),
        INGESTED_AT,
        CORE_INGEST_LEDGER.field("production_day"),
    ),
)
