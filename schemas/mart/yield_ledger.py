"""mart/yield_ledger: the mass balance of every piece that a line took in."""

from schemas.contract import Field, Input, Promise, Severity, Table
from schemas.core.coils import CORE_COILS
from schemas.core.length_maps import CORE_LENGTH_MAPS
from schemas.core.materials import CORE_MATERIALS
from schemas.fields import AT, COIL_ID, GRADE, HEAT_ID, LINE, ORDER_ID, PRODUCTION_DAY, SHIFT, THICKNESS_MM

ACCOUNTS = (
    "prime",
    "secondary",
    "ungraded",
    "crop",
    "scale",
    "cobble",
    "trim",
    "sample",
    "scrapped",
    "unaccounted",
)
"""Where a charged mass can go, in the order of a waterfall."""

OUTPUTS = ("prime", "secondary", "ungraded")
"""The accounts that left the line as product."""

EXPLAINED = ACCOUNTS[:-1]
"""The accounts that a scale, a shear or an estimate explains."""

NO_MASS_IN = "mass in was not delivered"
NO_MASS_OUT = "mass of a piece that came out was not delivered"
NO_SHARE = "what it gave to a welded piece is not known"
NO_SHARES = "what each parent gave to the welded piece is not known"
NO_WORK = "only scrap was weighed of it, no work on it is known"


def _account(name: str, meaning: str, example: float | None, minimum: float | None = 0) -> Field:
    return Field(f"{name}_mass_t", "double", meaning, example, required=False, minimum=minimum, maximum=60)


def _weighed(name: str, meaning: str, example: float | None) -> Field:
    return _account(name, f"{meaning} Missing where none was weighed.", example)


MART_YIELD_LEDGER = Table(
    layer="mart",
    name="yield_ledger",
    row="line, operation and piece that it took in (slab, coil), on the day it was worked",
    meaning="Where the charged mass of a piece went; what no scale explains is unaccounted, never spread over the others.",
    key=("line", "piece_id", "worked_at"),
    day_of="worked_at",
    made_from=(
        Input(CORE_COILS, days_back=40),
        Input(CORE_MATERIALS, days_back=3, days_ahead=1),
        Input(CORE_LENGTH_MAPS, days_back=3, days_ahead=1),
    ),
    promises=(
        Promise(
            "ledger_closes",
            "abs(charged_mass_t - unaccounted_mass_t - ("
            + " + ".join(f"coalesce({account}_mass_t, 0.0)" for account in EXPLAINED)
            + ")) <= 0.000001",
            "The accounts of a piece add up to the mass charged.",
        ),
        Promise(
            "not_computable_has_a_reason",
            "unaccounted_mass_t is not null or not_computable is not null",
            "A balance that cannot be drawn says why.",
        ),
        Promise(
            "unaccounted_within_what_scales_can_tell",
            "is_within_tolerance",
            "The unaccounted share is within what the scales can tell.",
            Severity.WARN,
        ),
    ),
    fields=(
        LINE,
        Field("piece_id", "string", "Piece that the line took in.", "S2611200001"),
        Field("operation", "string", "What was done with it; missing where only scrap was weighed.", "rolling", required=False),
        Field("worked_at", "timestamp", "When the line was done with it.", AT),
        PRODUCTION_DAY,
        COIL_ID.optional(),
        HEAT_ID.optional(),
        ORDER_ID.optional(),
        SHIFT.optional(),
        GRADE.optional(),
        THICKNESS_MM.optional(),
        _account("charged", "Mass taken in.", 22.0),
        _account("prime", "Mass that left as prime.", 21.55),
        _account("secondary", "Mass that left as second choice.", 0.0),
        _account("ungraded", "Mass that left with a quality code that is missing or not known.", 0.0),
        _account("crop", "Head and tail crops, weighed, else by the crop shear's reckoning; missing where neither is.", 0.12),
        _account("scale", "Iron lost in scale, estimated; of slabs only.", 0.2475),
        _weighed("cobble", "Cobbled.", None),
        _weighed("trim", "Side trim.", None),
        _weighed("sample", "Cut as samples.", None),
        _account("scrapped", "Scrapped as a piece, or left with a scrap code.", 0.0),
        _account("unaccounted", "Charged mass that no account explains; negative where more came out.", 0.0825, None),
        Field("unaccounted_pct", "double", "Unaccounted share of the charged mass.", 0.375, required=False, minimum=-5, maximum=5),
        Field("is_within_tolerance", "boolean", "True where the unaccounted share is within what the scales can tell.", True, required=False),
        Field("estimated", "array<string>", "Accounts that are estimated, not weighed, or that have a share of a welded piece; 'charged' where the piece goes on next day.", ["scale"]),
        Field("not_computable", "string", "Why the balance cannot be drawn; missing where it can.", None, required=False),
    ),
)
