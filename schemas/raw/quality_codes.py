"""raw/quality_codes: what the plant's own quality codes mean."""

from dataclasses import replace

from schemas.contract import Field
from schemas.fields import QUALITY, QUALITY_CODE, VALID_FROM_AT, VALID_TO_AT
from schemas.raw_table import raw_table

RAW_QUALITY_CODES = raw_table(
    "quality_codes",
    row="quality code and interval in which its meaning holds",
    meaning="What the plant's quality codes say of a piece: prime, secondary or scrap.",
    key=("quality_code", "valid_from_at"),
    day_of="valid_from_at",
    fields=(
        QUALITY_CODE,
        replace(QUALITY, meaning="What the code says of the piece."),
        Field("description", "string", "The code in words.", "prime, first choice", required=False),
        VALID_FROM_AT,
        VALID_TO_AT,
    ),
)
