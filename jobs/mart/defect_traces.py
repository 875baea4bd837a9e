"""core/coil_defects, core/length_maps and mart/process_faults -> mart/defect_traces."""

from jobs.lake.lake import Lake
from jobs.run import Days
from pipelines.mart.defect_traces import defect_traces
from schemas.core.coil_defects import CORE_COIL_DEFECTS
from schemas.core.length_maps import CORE_LENGTH_MAPS
from schemas.mart.defect_traces import MART_DEFECT_TRACES
from schemas.mart.process_faults import MART_PROCESS_FAULTS


def main(lake: Lake, days: Days) -> None:
    """Make those days of mart/defect_traces."""
    defects, maps = lake.read(CORE_COIL_DEFECTS, days), lake.read(CORE_LENGTH_MAPS, days)
    lake.write(MART_DEFECT_TRACES, days, defect_traces(defects, maps, lake.read(MART_PROCESS_FAULTS, days)))
