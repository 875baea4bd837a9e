"""mart/process_capability: how well the process keeps to its limits, by ISO 22514-2."""

from schemas.contract import Field, Input, Promise, Table
from schemas.fields import LINE, PRODUCTION_DAY
from schemas.mart.coil_characteristics import MART_COIL_CHARACTERISTICS

WINDOW_DAYS = 28


def _ratio(name: str, meaning: str, example: float) -> Field:
    return Field(name, "double", meaning, example, required=False)


MART_PROCESS_CAPABILITY = Table(
    layer="mart",
    name="process_capability",
    row="production day, line, characteristic and mode",
    meaning="Capability (stable) or performance (not stable) of the days up to this one against the limits, with its interval; as known when the day was made.",
    key=("production_day", "line", "characteristic", "mode"),
    day_of="production_day",
    made_from=(Input(MART_COIL_CHARACTERISTICS, days_back=WINDOW_DAYS - 1, as_of=True),),
    promises=(
        Promise("index_or_reason", "critical_ratio is not null or not_computable is not null", "There is an index, or the reason why there is none."),
        Promise("interval_holds_index", "critical_low_ratio <= critical_ratio and critical_ratio <= critical_high_ratio", "An index lies in its interval."),
        Promise("critical_is_less", "critical_ratio <= potential_ratio + 1e-9", "No process keeps to its limits better than it could if it were centred."),
    ),
    fields=(
        PRODUCTION_DAY,
        LINE,
        MART_COIL_CHARACTERISTICS.field("characteristic"),
        MART_COIL_CHARACTERISTICS.field("mode"),
        MART_COIL_CHARACTERISTICS.field("signal"),
        MART_COIL_CHARACTERISTICS.field("part"),
        MART_COIL_CHARACTERISTICS.field("unit"),
        Field("coils_n", "bigint", "Coils of the window.", 340, minimum=0),
        Field("days_n", "bigint", "Days with such coils.", 27, minimum=0),
        _ratio("least_of_characteristic", "Least value in range.", -30.0),
        _ratio("most_of_characteristic", "Greatest value in range.", 30.0),
        Field("limits_n", "bigint", "Different pairs of limits of the coils; of several, each coil is brought to the most frequent pair.", 1, minimum=0),
        Field("beyond_pct", "double", "Share of the coils that lay out of range.", 0.6, required=False, minimum=0, maximum=100),
        Field("distribution", "string", "Distribution that fits best.", "normal", required=False),
        _ratio("anderson_darling_ratio", "How badly it fits: Anderson and Darling's A squared.", 0.4),
        _ratio("low_of_characteristic", "Its quantile of 0.135 %.", -12.0),
        _ratio("middle_of_characteristic", "Its median.", 1.0),
        _ratio("high_of_characteristic", "Its quantile of 99.865 %.", 14.0),
        Field("is_stable", "boolean", "Whether the process was in control over the window; missing where it could not be judged.", True, required=False),
        Field("stability", "string", "Why it is called so.", "1.2 % of 340 coils complete a pattern of Western Electric's (in control 1.6 %)"),
        Field("indices", "string", "What the indices are called: capability where the process is stable, performance where it is not.", "Cp, Cpk", required=False, values=("Cp, Cpk", "Pp, Ppk")),
        _ratio("potential_ratio", "Cp or Pp: what the limits allow, per spread; missing where there is one limit.", 2.3),
        _ratio("potential_low_ratio", "Lower end of its 95 % interval.", 2.1),
        _ratio("potential_high_ratio", "Upper end of its 95 % interval.", 2.5),
        _ratio("lower_ratio", "The same from the median to the least value.", 2.4),
        _ratio("upper_ratio", "The same from the median to the greatest value.", 2.2),
        _ratio("critical_ratio", "Cpk or Ppk: the lesser of the two.", 2.2),
        _ratio("critical_low_ratio", "Lower end of its 95 % interval.", 2.0),
        _ratio("critical_high_ratio", "Upper end of its 95 % interval.", 2.4),
        _ratio("within_potential_ratio", "Cp of a normal distribution with the variation from coil to coil (AIAG).", 2.4),
        _ratio("within_critical_ratio", "Cpk of the same.", 2.3),
        Field("autocorrelation_ratio", "double", "Correlation of a coil with the next; where positive it widens the intervals.", 0.05, required=False, minimum=-1, maximum=1),
        Field("doubt", "string", "What speaks against the figures; missing where nothing does.", None, required=False),
        Field("not_computable", "string", "Why there are no indices; else missing.", None, required=False),
    ),
)
