"""core/coils, core/length_maps and raw inspections -> core/coil_inspections."""

from pyspark.sql import functions as F

from jobs.lake.lake import Lake
from jobs.run import Days
from pipelines.core.coil_inspections import coil_inspections
from schemas.core.coil_inspections import CORE_COIL_INSPECTIONS


def main(lake: Lake, days: Days) -> None:
    """Make those days of core/coil_inspections; a piece may be of a coil of some days before."""
    inspected = coil_inspections(
        *(lake.read(declared.table, days) for declared in CORE_COIL_INSPECTIONS.made_from),
        time_zone=lake.settings.time_zone,
        day_starts_at_h=lake.settings.day_starts_at_h,
    )
    lake.write(CORE_COIL_INSPECTIONS, days, inspected.where(F.col("production_day").isin(*days)))
