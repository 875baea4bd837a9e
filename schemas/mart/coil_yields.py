"""mart/coil_yields: what share of each piece became product."""

from schemas.contract import Field, Input, Table
from schemas.core.coils import CORE_COILS
from schemas.core.materials import CORE_MATERIALS
from schemas.fields import COIL_ID, GRADE, LINE, ORDER_ID, PRODUCTION_DAY, SHIFT, THICKNESS_MM
from schemas.mart.yield_ledger import MART_YIELD_LEDGER


def _pct(name: str, meaning: str, example: float, maximum: float = 101) -> Field:
    return Field(name, "double", meaning, example, required=False, minimum=0, maximum=maximum)


MART_COIL_YIELDS = Table(
    layer="mart",
    name="coil_yields",
    row="line and piece that it took in, on the day it was worked",
    meaning="Metallic, prime and first-pass yield of every piece; empty with a reason where no mass in was delivered.",
    key=("line", "piece_id", "worked_at"),
    day_of="worked_at",
    made_from=(Input(MART_YIELD_LEDGER), Input(CORE_COILS), Input(CORE_MATERIALS, days_ahead=1)),
    fields=(
        LINE,
        MART_YIELD_LEDGER.field("piece_id"),
        MART_YIELD_LEDGER.field("worked_at"),
        PRODUCTION_DAY,
        COIL_ID.optional(),
        ORDER_ID.optional(),
        SHIFT.optional(),
        GRADE.optional(),
        THICKNESS_MM.optional(),
        MART_YIELD_LEDGER.field("charged_mass_t"),
        Field("output_mass_t", "double", "Mass that left as product: prime, secondary and ungraded.", 21.3, required=False, minimum=0, maximum=60),
        MART_YIELD_LEDGER.field("prime_mass_t"),
        _pct("metallic_yield_pct", "Mass out per mass in.", 97.2),
        _pct("prime_yield_pct", "Prime mass per mass in.", 96.9),
        _pct("prime_share_pct", "Prime mass per mass that left the line, scrap included: needs no mass in.", 99.7),
        Field("is_first_pass", "boolean", "True where all product was prime without rework or scrap.", True, required=False),
        Field("theoretical_mass_t", "double", "Length x width x thickness x density.", 21.2, required=False, minimum=0, maximum=60),
        Field("theoretical_deviation_pct", "double", "Weighed against theoretical mass.", 0.3, required=False, minimum=-10, maximum=10),
        MART_YIELD_LEDGER.field("not_computable"),
    ),
)
