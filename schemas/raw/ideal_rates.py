"""raw/ideal_rates: the best rate of a product class, as the plant sets it."""

from schemas.contract import Field
from schemas.fields import LINE, VALID_FROM_AT, VALID_TO_AT
from schemas.raw_table import raw_table

RAW_IDEAL_RATES = raw_table(
    "ideal_rates",
    row="line, product class and interval in which the rate holds",
    meaning="Standard rate of a product class, for the effectiveness of a line.",
    key=("line", "product_class", "valid_from_at"),
    day_of="valid_from_at",
    fields=(
        LINE,
        Field("product_class", "string", "Class of products that run at one rate.", "2.5 to 4 mm"),
        Field("from_thickness_mm", "double", "Least thickness of the class.", 2.5, minimum=0, maximum=500),
        Field("to_thickness_mm", "double", "Thickness at which the next class begins.", 4.0, minimum=0, maximum=500),
        Field("rate_t_h", "double", "Best rate of the class.", 900.0, minimum=0, maximum=5000),
        VALID_FROM_AT,
        VALID_TO_AT,
    ),
)
