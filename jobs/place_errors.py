"""How sure the places of each signal are on each coil, as core/station_clocks states for its station."""

from jobs.lake.kernels import rows_of
from jobs.lake.lake import Lake
from jobs.rolled_coils import rolled_coils
from jobs.run import Days
from pipelines.mart.process_faults import PlaceErrors
from schemas.core.station_clocks import CORE_STATION_CLOCKS

SIGMAS = ("head_sigma_m", "middle_sigma_m", "tail_sigma_m")


def place_errors(lake: Lake, days: Days) -> PlaceErrors:
    """Coil -> signal -> errors at head, middle and tail, of the coils of those days where they are known."""
    told: dict[str, dict[str, tuple[float, float, float]]] = {}
    for row in rows_of(lake, CORE_STATION_CLOCKS, days).to_pylist():
        head_m, middle_m, tail_m = (row[name] for name in SIGMAS)
        if None not in (head_m, middle_m, tail_m):
            told.setdefault(row["coil_id"], {})[row["station"]] = head_m, middle_m, tail_m
    return {
        coil_id: {s.signal: told[coil_id][s.station] for s in coil.sensors if s.station in told[coil_id]}
        for coil_id, coil in rolled_coils(lake, days).items()
        if coil_id in told
    }
