"""mart/data_quality: every promise of every table, kept or broken, day by day."""

from schemas.contract import Field, Table
from schemas.fields import AT, PRODUCTION_DAY, RUN_ID, TABLE_PATH

MART_DATA_QUALITY = Table(
    layer="mart",
    name="data_quality",
    row="table, production day and promise",
    meaning="What the checks before publishing found; a broken blocking promise kept the day from being published.",
    key=("table_path", "production_day", "promise"),
    day_of="production_day",
    kept_by_the_run=True,
    fields=(
        TABLE_PATH,
        PRODUCTION_DAY,
        Field("promise", "string", "Promise of the table's contract.", "coil_id is unique"),
        Field("severity", "string", "block: the day is not published; warn: it is, and counted.", "block", values=("block", "warn")),
        Field("rows_checked", "bigint", "Rows of the day.", 60, minimum=0),
        Field("rows_broken", "bigint", "Rows that break the promise.", 0, minimum=0),
        Field("is_kept", "boolean", "True where no row breaks it.", True),
        Field("is_published", "boolean", "True where the day was published.", True),
        Field("examples", "string", "Keys and values of rows that break it.", None, required=False),
        Field("checked_at", "timestamp", "When it was checked.", AT, of_the_run=True),
        RUN_ID,
    ),
)
