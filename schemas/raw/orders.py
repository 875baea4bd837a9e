"""raw/orders: what customers asked for."""

from schemas.contract import Field
from schemas.fields import AT, GRADE, ORDER_ID, THICKNESS_MM, WIDTH_MM
from schemas.raw_table import raw_table


def _strength(name: str, meaning: str, example: float | None) -> Field:
    return Field(name, "double", meaning, example, required=False, minimum=0, maximum=3000)


RAW_ORDERS = raw_table(
    "orders",
    row="order line",
    meaning="Customer, grade, dimensions, tolerance and surface class, strength limits, tonnes and due date of an order line.",
    key=("order_id",),
    day_of="ordered_at",
    fields=(
        ORDER_ID,
        Field("ordered_at", "timestamp", "When it was ordered.", AT),
        Field("due_at", "timestamp", "When it is due.", AT, required=False),
        Field("customer", "string", "Customer.", "Customer 7", required=False),
        GRADE.optional(),
        THICKNESS_MM.optional(),
        WIDTH_MM.optional(),
        Field("tolerance_class", "string", "Class of dimensional tolerances.", "EN 10051 A", required=False),
        Field("surface_class", "string", "Class of the surface.", "A", required=False),
        _strength("yield_strength_min_mpa", "Least yield strength.", 355.0),
        _strength("tensile_strength_min_mpa", "Least tensile strength.", 430.0),
        _strength("tensile_strength_max_mpa", "Greatest tensile strength.", 550.0),
        Field("ordered_mass_t", "double", "Mass ordered.", 400.0, required=False, minimum=0, maximum=1e6),
    ),
)
