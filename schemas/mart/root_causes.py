"""mart/root_causes: for each class of surface defects the ranked causes, as the last weeks tell."""

from dataclasses import replace
from datetime import date

from schemas.contract import Field, Input, Promise, Table
from schemas.core.coil_conditions import CORE_COIL_CONDITIONS
from schemas.core.coil_defects import CORE_COIL_DEFECTS
from schemas.core.coil_inspections import CORE_COIL_INSPECTIONS
from schemas.core.coil_parts import CORE_COIL_PARTS
from schemas.fields import PRODUCTION_DAY
from schemas.mart.process_faults import MART_PROCESS_FAULTS

WINDOW_DAYS = 56
CAUSE_KINDS = ("signal", "setting", "equipment", "sequence", "interaction", "process fault")


def _ratio(name: str, meaning: str, example: float) -> Field:
    return Field(name, "double", meaning, example, required=False, minimum=0)


def _count(name: str, meaning: str, example: int) -> Field:
    return Field(name, "bigint", meaning, example, required=False, minimum=0)


MART_ROOT_CAUSES = Table(
    layer="mart",
    name="root_causes",
    row="day, class of surface defects and rank of a cause; rank 0 tells of the class as a whole",
    meaning=f"Ranked causes of surface defects over the {WINDOW_DAYS} days up to a day, each with its effect and evidence; what the data cannot tell apart is one rank.",
    key=("production_day", "defect_class", "rank"),
    day_of="production_day",
    made_from=tuple(
        Input(table, days_back=WINDOW_DAYS - 1, as_of=True)
        for table in (CORE_COIL_CONDITIONS, CORE_COIL_PARTS, CORE_COIL_DEFECTS, CORE_COIL_INSPECTIONS, MART_PROCESS_FAULTS)
    ),
    promises=(
        Promise("within_its_interval", "rate_ratio between least_rate_ratio and most_rate_ratio", "A ratio lies in its interval."),
        Promise("cause_or_remark", "rank = 0 or condition is not null", "A rank names its condition."),
    ),
    fields=(
        PRODUCTION_DAY,
        Field("window_days", "bigint", "Days with inspected coils that were looked at, up to the day.", WINDOW_DAYS, minimum=0),
        replace(CORE_COIL_DEFECTS.field("defect_class"), required=True),
        Field("rank", "bigint", "Rank of the cause in its class, from 1, by its evidence; 0 for the class as a whole.", 1, minimum=0),
        Field("cause_kind", "string", "What kind of cause it is.", "signal", required=False, values=CAUSE_KINDS),
        Field("step", "string", "Step of the material's way at which it acts.", "casting", required=False),
        Field("candidates", "array<string>", "The cause; two where they act together only.", ["casting_speed_m_min"], required=False),
        Field("condition", "string", "Where it acts.", "casting_speed_m_min at least 1.31", required=False),
        Field("grade_families", "array<string>", "Grade families in which it acts.", ["HSLA"], required=False),
        Field("members", "array<string>", "Other candidates that the data cannot tell from it, upstream first.", ["greatest casting_speed_m_min"], required=False),
        _ratio("rate_ratio", "Defects per inspected metre where it acts, per those elsewhere, over modes (Mantel-Haenszel).", 3.1),
        _ratio("least_rate_ratio", "Lower end of its 95 % interval, robust against defects that come in clusters.", 2.6),
        _ratio("most_rate_ratio", "Upper end.", 3.7),
        _ratio("sure_rate_ratio", "The same by detections alone of which the inspection is sure.", 3.3),
        _ratio("local_rate_ratio", "Of a process fault: defects per metre on its own metres, per those on the other metres of the same coils.", 9.8),
        _count("exposed_defects", "Defects where it acts.", 212),
        Field("exposed_m", "double", "Inspected metres where it acts, both sides counted.", 310_000.0, required=False, minimum=0),
        _count("exposed_coils", "Coils where it acts.", 310),
        _count("other_defects", "Defects of coils that it is compared with; at rank 0 all of the class.", 288),
        Field("other_m", "double", "Inspected metres of these coils; at rank 0 all.", 1_200_000.0, required=False, minimum=0),
        _count("other_coils", "These coils; at rank 0 all that were inspected.", 1_180),
        _count("excess_defects", "Defects that would not have come at the rate of the other coils.", 144),
        Field("excess_pct", "double", "Their share of all defects of the class.", 28.8, required=False, minimum=0, maximum=100),
        Field("lost_m", "double", "Length of these defects along the strip, added up.", 95.0, required=False, minimum=0),
        Field("by_chance_ratio", "double", "How likely an association so strong is by chance, with all cuts that were tried paid for (p value).", 2e-12, required=False, minimum=0, maximum=1),
        Field("false_discovery_ratio", "double", "Least rate of false discoveries at which it counts as found (Benjamini-Hochberg over all candidates and classes).", 3e-10, required=False, minimum=0, maximum=1),
        Field("shuffled_ratio", "double", "Share of shuffles of the days in which it is as strong.", 0.005, required=False, minimum=0, maximum=1),
        _count("blocks", "Quarters of the window in which enough was to be expected to tell.", 4),
        _count("agreeing_blocks", "Those of them with more than was to be expected.", 4),
        Field("is_one_block", "boolean", "True where it is seen in one of several blocks only.", False, required=False),
        Field("first_day", "date", "Day of the window from which it acts.", date(2026, 11, 8), required=False),
        Field("earliest_day", "date", "Of a new one the day from which it may have acted already.", date(2026, 11, 6), required=False),
        Field("latest_day", "date", "Of a new one the day from which it acts at the latest.", date(2026, 11, 9), required=False),
        Field("is_new", "boolean", "True where it began within the window.", True, required=False),
        Field("is_growing", "boolean", "True where it is stronger in the second half of the window than in the first.", False, required=False),
        Field("tests", "bigint", "Candidates by classes that were tested.", 2_400, minimum=0),
        Field("remark", "string", "Why no cause is told; missing where one is.", None, required=False),
        Field("sentence", "string", "What was found, for a reader.", "Slivers are 3.1 times as frequent (2.6 to 3.7) where casting_speed_m_min is at least 1.31."),
    ),
)
