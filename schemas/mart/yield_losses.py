"""mart/yield_losses: the Pareto of lost mass by cause."""

from schemas.contract import Field, Input, Promise, Table
from schemas.fields import LINE, PRODUCTION_DAY
from schemas.mart.yield_ledger import ACCOUNTS, MART_YIELD_LEDGER

BREAKDOWNS = ("all", "shift", "grade", "order")
CAUSES = tuple(account for account in ACCOUNTS if account != "prime")
MISSING = "(missing)"
"""What stands for a shift, grade or order that is not known."""

MART_YIELD_LOSSES = Table(
    layer="mart",
    name="yield_losses",
    row="production day, line, breakdown (all, shift, grade, order), its value, and cause",
    meaning="How much mass did not become prime, by cause, the greatest first; each breakdown adds up to the same losses.",
    key=("production_day", "line", "breakdown", "breakdown_value", "cause"),
    day_of="production_day",
    made_from=(Input(MART_YIELD_LEDGER),),
    promises=(
        Promise("something_is_lost", "lost_mass_t <> 0", "A cause without a loss has no row."),
    ),
    fields=(
        PRODUCTION_DAY,
        LINE,
        Field("breakdown", "string", "What the day is broken down by.", "shift", values=BREAKDOWNS),
        Field("breakdown_value", "string", "The shift, grade or order; 'all' for the day; '(missing)' where it is not known.", "A"),
        Field("cause", "string", "Account of the yield ledger.", "crop", values=CAUSES),
        Field("rank", "bigint", "Place in the Pareto, 1 the greatest loss.", 1, minimum=1),
        Field("pieces", "bigint", "Pieces with such a loss.", 60, minimum=0),
        Field("lost_mass_t", "double", "Mass lost to the cause; negative for an unaccounted gain.", 7.2),
        Field("share_of_losses_pct", "double", "Share of all losses of the breakdown value; missing where gains outweigh them.", 38.0, required=False),
        Field("cumulated_share_pct", "double", "Share of this cause and the greater ones.", 38.0, required=False),
        Field("share_of_charged_pct", "double", "Loss of the pieces whose mass in is known, per that mass; missing where none is.", 0.5, required=False, minimum=-5, maximum=101),
        Field("is_estimated", "boolean", "True where some of the mass is estimated, not weighed.", False),
    ),
)
