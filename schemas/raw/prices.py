"""raw/prices: what a tonne of a product is worth."""

from schemas.contract import Field
from schemas.fields import QUALITY, VALID_FROM_AT, VALID_TO_AT
from schemas.raw_table import raw_table

ANY_FAMILY = "any"
"""In place of a grade family: the price of those that have none of their own."""

RAW_PRICES = raw_table(
    "prices",
    row="quality, grade family, currency and interval in which the price holds",
    meaning="What a tonne of a quality is worth; a loss costs the difference to the price of prime.",
    key=("quality", "grade_family", "currency", "valid_from_at"),
    day_of="valid_from_at",
    fields=(
        QUALITY,
        Field("grade_family", "string", f"Family of grades as in raw/heats; '{ANY_FAMILY}' for those without a price of their own.", "HSLA"),
        Field("currency", "string", "Currency of the price, as ISO 4217 names it.", "EUR"),
        Field("price_money_t", "double", "Price of a tonne.", 680.0, minimum=0),
        VALID_FROM_AT,
        VALID_TO_AT,
    ),
)
