"""core/coil_defects, core/coil_parts and the rolls in use -> mart/roll_marks."""

from jobs.lake.lake import Lake
from jobs.run import Days
from pipelines.mart.roll_marks import roll_marks
from pipelines.roll_turns import roll_turns
from schemas.core.coil_conditions import CORE_COIL_CONDITIONS
from schemas.core.coil_defects import CORE_COIL_DEFECTS
from schemas.core.coil_parts import CORE_COIL_PARTS
from schemas.core.coils import CORE_COILS
from schemas.mart.roll_marks import MART_ROLL_MARKS
from schemas.raw.roll_changes import RAW_ROLL_CHANGES


def main(lake: Lake, days: Days) -> None:
    """Make those days of mart/roll_marks."""
    conditions, changes = lake.read(CORE_COIL_CONDITIONS, days), lake.read(RAW_ROLL_CHANGES, days)
    turns = roll_turns(conditions, changes, lake.read(CORE_COIL_PARTS, days))
    defects, coils = lake.read(CORE_COIL_DEFECTS, days), lake.read(CORE_COILS, days)
    lake.write(MART_ROLL_MARKS, days, roll_marks(defects, coils, turns))
