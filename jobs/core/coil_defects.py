"""core/coils, core/length_maps, raw surface defects and inspections -> core/coil_defects."""

from pyspark.sql import functions as F

from jobs.lake.lake import Lake
from jobs.run import Days
from pipelines.core.coil_defects import coil_defects
from schemas.core.coil_defects import CORE_COIL_DEFECTS


def main(lake: Lake, days: Days) -> None:
    """Make those days of core/coil_defects; a piece may be of a coil of some days before."""
    defects = coil_defects(
        *(lake.read(declared.table, days) for declared in CORE_COIL_DEFECTS.made_from),
        time_zone=lake.settings.time_zone,
        day_starts_at_h=lake.settings.day_starts_at_h,
    )
    lake.write(CORE_COIL_DEFECTS, days, defects.where(F.col("production_day").isin(*days)))
