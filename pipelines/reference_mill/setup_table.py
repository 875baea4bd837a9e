"""What the set-up of the finishing mill asked of each coil's signals, or predicted, as an Arrow table.

The model reckons with usual hardness, rolls and gauges; what differs from coil to coil it cannot know, and
the head shows it. The mill counts a head as hit where it is off by no more than stated below.
"""

from datetime import date

import numpy as np
import pyarrow as pa
from numpy.typing import ArrayLike, NDArray

from pipelines.reference_mill.arrow_tables import delivered_table, moments
from pipelines.reference_mill.line import STANDS
from pipelines.reference_mill.mill import Mill
from pipelines.reference_mill.rolling_day import rolling_day
from schemas.raw.setups import RAW_SETUPS

Array = NDArray[np.float64]

BEFORE_HEAD_S = 15.0
"""When the last set-up is made."""

FORCE_SHARE = 0.1
GAP_MM, GAP_SHARE = 0.05, 0.02
"""The gap may differ by the one, and that share of the thickness behind the stand."""

TEMP_K = 20.0


def setup_table(mill: Mill, day: date) -> pa.Table:
    """Force and gap of every stand, and temperatures, of the coils of a day."""
    rolled = rolling_day(mill, day)
    setup, coils = rolled.setup, rolled.coils
    told: dict[str, tuple[Array, ArrayLike]] = {}
    for no in range(1, STANDS + 1):
        force_kn, exit_mm = setup.rolling.force_kn[coils, no - 1], setup.exit_mm[coils, no - 1]
        told[f"f{no}_force_kn"] = force_kn, FORCE_SHARE * force_kn
        told[f"f{no}_gap_mm"] = setup.gap_mm[coils, no - 1], GAP_MM + GAP_SHARE * exit_mm
    told["entry_temp_c"] = setup.entry_temp_c[coils], TEMP_K
    told["finishing_temp_c"] = setup.finishing_temp_c[coils], TEMP_K
    told["coiling_temp_c"] = rolled.target_coiling_temp_c[coils], TEMP_K
    signals, set_at = list(told), moments(mill, day, rolled.schedule.f1_in_s[coils] - BEFORE_HEAD_S)
    values, within = (
        np.column_stack([np.broadcast_to(of[no], len(coils)) for of in told.values()]) for no in (0, 1)
    )
    return delivered_table(
        RAW_SETUPS,
        {
            "coil_id": np.repeat([rolled.coil_id(no) for no in coils], len(signals)),
            "signal": signals * len(coils),
            "set_at": np.repeat(set_at, len(signals)),
            "setup_of_signal": values.ravel(),
            "hit_within_of_signal": within.ravel(),
        },
    )
