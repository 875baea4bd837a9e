"""mart/control_charts: every coil on the chart of each of its characteristics."""

from schemas.contract import Field, Input, Promise, Table
from schemas.fields import AT, LINE, PRODUCTION_DAY
from schemas.mart.coil_characteristics import MART_COIL_CHARACTERISTICS

BASELINE_DAYS = 28
KINDS = ("individuals", "residuals", "rate")


def _value(name: str, meaning: str, example: float) -> Field:
    return Field(name, "double", meaning, example, required=False)


MART_CONTROL_CHARTS = Table(
    layer="mart",
    name="control_charts",
    row="line, characteristic, mode and point of its chart: a coil, or the day where a share of coils is charted",
    meaning="Points of the day with the limits of the days before, EWMA, CUSUM and the rules that were violated; as known when the day was made.",
    key=("line", "characteristic", "mode", "point_id"),
    day_of="production_day",
    made_from=(Input(MART_COIL_CHARACTERISTICS, days_back=BASELINE_DAYS, as_of=True),),
    promises=(
        Promise("limits_or_reason", "deviation_sigmas is not null or not_computable is not null", "A point without limits says why."),
    ),
    fields=(
        PRODUCTION_DAY,
        LINE,
        MART_COIL_CHARACTERISTICS.field("characteristic"),
        MART_COIL_CHARACTERISTICS.field("mode"),
        Field("point_id", "string", "The coil; where a share is charted, the production day.", "C2611200001"),
        Field("charted_at", "timestamp", "When the coil, or the day's last one, was coiled.", AT),
        MART_COIL_CHARACTERISTICS.field("signal"),
        MART_COIL_CHARACTERISTICS.field("part"),
        MART_COIL_CHARACTERISTICS.field("unit"),
        Field("chart", "string", "Individual values; residuals where a coil follows the one before; share of the day's coils.", "individuals", values=KINDS),
        Field("coils_n", "bigint", "Coils of the point.", 1, minimum=1),
        Field("value_of_characteristic", "double", "What is charted.", 4.2),
        _value("center_of_characteristic", "Centre line; of residuals, what the coil before lets expect.", 0.5),
        _value("lower_of_characteristic", "Lower control limit, three standard deviations.", -15.0),
        _value("upper_of_characteristic", "Upper control limit, three standard deviations.", 16.0),
        _value("deviation_sigmas", "How far the value lies above the centre line.", 0.7),
        _value("ewma_sigmas", "Exponentially weighted moving average of the deviations, over the baseline's points too.", 0.3),
        _value("ewma_limit_sigmas", "How far it may lie from 0.", 0.99),
        _value("cusum_above_sigmas", "Cumulative sum of what lies above; a signal is more than the limit, then it starts anew.", 0.2),
        _value("cusum_below_sigmas", "Cumulative sum of what lies below, as a positive number.", 0.0),
        _value("cusum_limit_sigmas", "How great a cumulative sum may be.", 5.0),
        Field("violations", "array<string>", "Rules that the point completes a pattern of, and charts that it is out of.", ["Western Electric 1"]),
        Field("baseline_n", "bigint", "Coils of the baseline.", 320, minimum=0),
        Field("baseline_days_n", "bigint", "Days with such coils in the window before the day.", 26, minimum=0),
        Field("autocorrelation_ratio", "double", "Correlation of a coil with the next in the baseline; missing for shares.", 0.05, required=False, minimum=-1, maximum=1),
        Field("not_computable", "string", "Why there are no limits; else missing.", None, required=False),
    ),
)
