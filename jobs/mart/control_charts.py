"""mart/coil_characteristics -> mart/control_charts."""

from jobs.lake.lake import Lake
from jobs.run import Days
from pipelines.mart.control_charts import control_charts
from schemas.mart.coil_characteristics import MART_COIL_CHARACTERISTICS
from schemas.mart.control_charts import MART_CONTROL_CHARTS


def main(lake: Lake, days: Days) -> None:
    """Make those days of mart/control_charts."""
    lake.write(MART_CONTROL_CHARTS, days, control_charts(lake.read(MART_COIL_CHARACTERISTICS, days), days))
