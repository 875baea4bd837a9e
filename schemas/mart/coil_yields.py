"""mart/coil_yields: what share of each piece became product."""

from schemas.contract import Field, Input, Promise, Table
from schemas.core.length_maps import CORE_LENGTH_MAPS
from schemas.core.materials import CORE_MATERIALS
from schemas.fields import COIL_ID, GRADE, LINE, ORDER_ID, PRODUCTION_DAY, SHIFT, THICKNESS_MM
from schemas.mart.yield_ledger import MART_YIELD_LEDGER

NO_QUALITY = "quality code of a piece that came out is missing or not known"


def _pct(name: str, meaning: str, example: float, maximum: float = 101) -> Field:
    return Field(name, "double", meaning, example, required=False, minimum=0, maximum=maximum)


MART_COIL_YIELDS = Table(
    layer="mart",
    name="coil_yields",
    row="line, operation and piece that it took in, on the day it was worked",
    meaning="Metallic, prime and first-pass yield of every piece; empty with a reason where no mass in was delivered.",
    key=("line", "piece_id", "worked_at"),
    day_of="worked_at",
    made_from=(
        Input(MART_YIELD_LEDGER),
        Input(CORE_MATERIALS, days_ahead=1),
        Input(CORE_LENGTH_MAPS, days_ahead=1),
    ),
    promises=(
        Promise(
            "prime_is_part_of_output",
            "prime_yield_pct <= metallic_yield_pct + 0.000001",
            "No more than what came out is prime.",
        ),
        Promise(
            "not_computable_has_a_reason",
            "prime_yield_pct is not null or not_computable is not null",
            "A yield that cannot be told says why.",
        ),
    ),
    fields=(
        LINE,
        MART_YIELD_LEDGER.field("piece_id"),
        MART_YIELD_LEDGER.field("operation"),
        MART_YIELD_LEDGER.field("worked_at"),
        PRODUCTION_DAY,
        COIL_ID.optional(),
        ORDER_ID.optional(),
        SHIFT.optional(),
        GRADE.optional(),
        THICKNESS_MM.optional(),
        MART_YIELD_LEDGER.field("charged_mass_t"),
        Field("output_mass_t", "double", "Mass that left as product: prime, secondary and ungraded.", 21.55, required=False, minimum=0, maximum=60),
        MART_YIELD_LEDGER.field("prime_mass_t"),
        _pct("metallic_yield_pct", "Mass out per mass in.", 97.95),
        _pct("prime_yield_pct", "Prime mass per mass in.", 97.95),
        _pct("prime_share_pct", "Prime mass per mass that left the line, weighed scrap included: needs no mass in.", 99.4),
        Field("is_first_pass", "boolean", "True where all that came out was prime without rework or scrap; missing where quality is not known.", True, required=False),
        Field("theoretical_mass_t", "double", "Length x width x thickness x density of what came out.", 21.2, required=False, minimum=0, maximum=60),
        Field("theoretical_deviation_pct", "double", "Weighed against theoretical mass.", 1.65, required=False, minimum=-10, maximum=10),
        Field("not_computable", "string", "Which yields cannot be told and why; missing where all can.", None, required=False),
    ),
)
