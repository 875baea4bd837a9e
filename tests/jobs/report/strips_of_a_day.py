"""Four coils with limits: two out of range, one with a frozen sensor, one as it should be."""

from schemas.core.coil_segments import CORE_COIL_SEGMENTS
from schemas.core.coils import CORE_COILS
from schemas.core.strip_limits import CORE_STRIP_LIMITS
from schemas.mart.strip_deviations import MART_STRIP_DEVIATIONS

COILS = ("C1", "C2", "C3", "C4")


def publish_strips(publish, lake, day, **coil):
    """Coils of 800 m, of which half was measured. All that C3 has out of range a frozen sensor showed."""
    of_day = {"production_day": day}
    publish(lake, CORE_COILS, *(of_day | coil | {"coil_id": c, "length_m": 800.0} for c in COILS))
    publish(lake, CORE_STRIP_LIMITS, *(of_day | {"coil_id": c} for c in COILS))
    publish(lake, CORE_COIL_SEGMENTS, *(of_day | {"coil_id": c} for c in COILS))
    wide = {"from_m": 0.0, "to_m": 120.0, "measured_m": 60.0, "mean_beyond_of_signal": 0.0}
    far = {"from_m": 100.0, "to_m": 180.0, "measured_m": 40.0, "mean_beyond_of_signal": 20.0, "side": "below"}
    frozen = {"measured_m": 200.0, "flagged_m": 200.0}
    found = zip(COILS, (wide, far, frozen), strict=False)
    rows = (of_day | told | {"coil_id": c, "judged_m": 400.0} for c, told in found)
    publish(lake, MART_STRIP_DEVIATIONS, *rows)
