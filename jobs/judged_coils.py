"""What models know of coils beside their segments: the mode, and which signal is the strip's speed."""

from jobs.lake.kernels import rows_of
from jobs.lake.lake import Lake
from jobs.rolled_coils import rolled_coils
from jobs.run import Days
from pipelines.coil_strips import Rolled
from pipelines.core.coil_parts import speed_signal
from pipelines.modes import coil_modes
from schemas.contract import Table
from schemas.core.coils import CORE_COILS


def judged_coils(lake: Lake, days: Days, segments: Table) -> dict[str, Rolled]:
    """The coils of the declared days."""
    of = rolled_coils(lake, days)
    known = ["coil_id", "grade_family", "target_thickness_mm", "thickness_mm"]
    found = {}
    for row in rows_of(lake, CORE_COILS, days).select(known).to_pylist():
        coil = of[row["coil_id"]]
        thickness_mm = row["target_thickness_mm"] or row["thickness_mm"]
        modes = coil_modes(row["grade_family"], thickness_mm)
        speed = speed_signal(coil.sensors, segments.field_names)
        found[row["coil_id"]] = Rolled(coil.production_day, modes, speed)
    return found
