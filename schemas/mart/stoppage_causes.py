"""mart/stoppage_causes: the Pareto of stopped time by cause."""

from dataclasses import replace

from schemas.contract import Field, Input, Table
from schemas.core.line_events import CORE_LINE_EVENTS
from schemas.fields import EQUIPMENT, LINE, PRODUCTION_DAY
from schemas.mart.line_efficiency import MART_LINE_EFFICIENCY

MISSING = "(missing)"
"""What stands for a category, equipment or reason that the plant does not name."""

MART_STOPPAGE_CAUSES = Table(
    layer="mart",
    name="stoppage_causes",
    row="production day, line, category, equipment and reason of stoppages",
    meaning="Stoppages and stopped minutes by cause; over days: MTBF = sum of production time / stoppages, MTTR = stopped time / stoppages.",
    key=("production_day", "line", "category", "equipment", "reason", "is_planned"),
    day_of="production_day",
    made_from=(Input(CORE_LINE_EVENTS), Input(MART_LINE_EFFICIENCY)),
    fields=(
        PRODUCTION_DAY,
        LINE,
        Field("category", "string", "Class of the stoppage as the plant names it; '(missing)' where it does not.", "production"),
        replace(EQUIPMENT, meaning="Equipment concerned; '(missing)' where the plant does not name it."),
        Field("reason", "string", "Reason as the plant names it; '(missing)' where it does not.", "cobble"),
        Field("is_planned", "boolean", "True where the stoppages were planned; what the plant does not call planned is not.", False),
        Field("rank", "bigint", "Place in the Pareto of the line's day by stopped time, 1 the greatest.", 1, minimum=1),
        Field("stoppages", "bigint", "Stoppages that started on the day.", 2, minimum=0),
        Field("stopped_min", "double", "Stopped minutes of the cause; causes that overlap count each.", 34.0, minimum=0),
        Field("share_of_stopped_pct", "double", "Share of the line's stopped minutes of the day.", 40.0, required=False, minimum=0, maximum=100.000001),
        Field("actual_production_min", "double", "Actual production time of the line on the day, for MTBF over days.", 1_295.0, required=False, minimum=0),
    ),
)
