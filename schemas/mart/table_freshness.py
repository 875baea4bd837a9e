"""mart/table_freshness: what each table knows, up to when."""

from schemas.contract import Field, Table
from schemas.fields import AT, PRODUCTION_DAY, RUN_ID, TABLE_PATH

MART_TABLE_FRESHNESS = Table(
    layer="mart",
    name="table_freshness",
    row="table and production day that was made",
    meaning="When a day of a table was made, from deliveries known up to when, and up to which moment of the mill it reaches.",
    key=("table_path", "production_day"),
    day_of="production_day",
    kept_by_the_run=True,
    fields=(
        TABLE_PATH,
        PRODUCTION_DAY,
        Field("rows", "bigint", "Rows of the day.", 60, minimum=0),
        Field("reaches_to_at", "timestamp", "Latest time of the day's rows; missing where there is none.", AT, required=False),
        Field("known_to_at", "timestamp", "Latest ingest that was known when the day was made.", AT, required=False, of_the_run=True),
        Field("ingest_no", "bigint", "The same by the ingest's number: a later delivery that touches the day makes it stale.", 1, minimum=0, of_the_run=True),
        Field("made_at", "timestamp", "When it was made.", AT, of_the_run=True),
        Field("code_version", "string", "Version of coilmart that made it.", "0.1.0", of_the_run=True),
        RUN_ID,
    ),
)
