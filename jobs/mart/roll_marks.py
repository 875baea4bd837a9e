"""core/coil_defects, core/coil_parts and the rolls in use -> mart/roll_marks."""

from pyspark.sql import functions as F

from jobs.lake.lake import Lake
from jobs.run import Days
from pipelines.mart.roll_marks import roll_marks
from pipelines.roll_turns import roll_turns
from schemas.core.coil_defects import CORE_COIL_DEFECTS
from schemas.core.coil_parts import CORE_COIL_PARTS
from schemas.core.coils import CORE_COILS
from schemas.mart.roll_marks import MART_ROLL_MARKS
from schemas.raw.coils import RAW_COILS
from schemas.raw.roll_changes import RAW_ROLL_CHANGES


def main(lake: Lake, days: Days) -> None:
    """Make those days of mart/roll_marks."""
    coils, parts = lake.read(CORE_COILS, days), lake.read(CORE_COIL_PARTS, days)
    turns = roll_turns(coils, lake.read(RAW_COILS, days), lake.read(RAW_ROLL_CHANGES, days), parts)
    asked = coils.where(F.col("production_day").isin(*days))
    lake.write(MART_ROLL_MARKS, days, roll_marks(lake.read(CORE_COIL_DEFECTS, days), asked, turns))
