"""core events, coils and materials, mart/coil_yields, raw energy and ideal rates -> mart/line_efficiency."""

from jobs.lake.lake import Lake
from jobs.run import Days
from pipelines.mart.line_efficiency import line_efficiency
from schemas.core.coils import CORE_COILS
from schemas.core.line_events import CORE_LINE_EVENTS
from schemas.core.materials import CORE_MATERIALS
from schemas.mart.coil_yields import MART_COIL_YIELDS
from schemas.mart.line_efficiency import MART_LINE_EFFICIENCY
from schemas.raw.energy_readings import RAW_ENERGY_READINGS
from schemas.raw.ideal_rates import RAW_IDEAL_RATES


def main(lake: Lake, days: Days) -> None:
    """Make those days of mart/line_efficiency."""
    events, coils, materials = (lake.read(t, days) for t in (CORE_LINE_EVENTS, CORE_COILS, CORE_MATERIALS))
    yields, energy, rates = (
        lake.read(t, days) for t in (MART_COIL_YIELDS, RAW_ENERGY_READINGS, RAW_IDEAL_RATES)
    )
    lake.write(MART_LINE_EFFICIENCY, days, line_efficiency(events, coils, materials, yields, energy, rates))
