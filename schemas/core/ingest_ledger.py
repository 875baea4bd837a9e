"""core/ingest_ledger: every delivery and where its rows went."""

from schemas.contract import Field, Promise, Table
from schemas.fields import AT, DELIVERY_ID, INGESTED_AT, PRODUCTION_DAY, RUN_ID, SOURCE_FILE, TABLE_PATH

STATUSES = ("ingested", "seen before", "replaced", "empty", "unreadable")


def _rows(name: str, meaning: str, example: int) -> Field:
    return Field(name, "bigint", meaning, example, minimum=0)


CORE_INGEST_LEDGER = Table(
    layer="core",
    name="ingest_ledger",
    row="delivery (a file with the content it had) and raw table that it feeds",
    meaning="Every row read is kept, quarantined or an exact duplicate; nothing is lost.",
    key=("delivery_id", "table_path"),
    day_of="ingested_at",
    kept_by_the_run=True,
    promises=(
        Promise(
            "nothing_is_lost",
            "rows_read = rows_kept + rows_quarantined + rows_duplicate",
            "Each row read is kept, quarantined or counted as an exact duplicate.",
        ),
    ),
    fields=(
        DELIVERY_ID,
        TABLE_PATH,
        SOURCE_FILE,
        Field("status", "string", "What became of the delivery.", "ingested", values=STATUSES),
        Field("message", "string", "What a person should know of it.", None, required=False),
        _rows("rows_read", "Rows that the file has for this table.", 60),
        _rows("rows_kept", "Rows that are in the raw table.", 58),
        _rows("rows_quarantined", "Rows that are in core/quarantine.", 1),
        _rows("rows_duplicate", "Rows equal to one that was there already.", 1),
        _rows("rows_superseding", "Kept rows that took the place of an older version.", 0),
        _rows("cells_faulty", "Cells that are in core/cell_faults.", 0),
        Field("unknown_columns", "array<string>", "Columns beside the contract's, kept in attributes.", [], required=False),
        Field("days_touched", "array<date>", "Production days of which the raw table changed.", [], required=False),
        Field("content_hash", "string", "Digest of the file's bytes.", "9a0364b9e99bb480dd25e1f0284c8555"),
        Field("size_bytes", "bigint", "Size of the file.", 18_432, minimum=0),
        Field("modified_at", "timestamp", "When the file was last written.", AT, of_the_run=True),
        Field("ingest_no", "bigint", "Number of the ingest, counted from 1: the lake's own clock.", 1, minimum=1, of_the_run=True),
        INGESTED_AT,
        RUN_ID,
        Field(
            "production_day",
            "date",
            "Production day on which the delivery was first ingested.",
            PRODUCTION_DAY.example,
            of_the_run=True,
        ),
    ),
)
