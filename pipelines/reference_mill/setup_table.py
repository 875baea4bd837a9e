"""What the set-up of the finishing mill asked of each coil's signals, or predicted, as an Arrow table.

The model reckons with usual hardness, rolls and gauges; what differs from coil to coil it cannot know, and
the head shows it. The mill counts a head as hit where it is off by no more than the shares and sizes below.
"""

from datetime import date

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from pipelines.reference_mill.arrow_tables import delivered_table, moments
from pipelines.reference_mill.line import STANDS
from pipelines.reference_mill.mill import Mill
from pipelines.reference_mill.rolling_day import rolling_day
from schemas.raw.setups import RAW_SETUPS

Array = NDArray[np.float64]

BEFORE_HEAD_S = 15.0
"""When the last set-up is made."""

HIT_SHARE = 0.1
HIT_WITHIN = {"gap_mm": 0.2, "entry_temp_c": 20.0, "finishing_temp_c": 20.0, "coiling_temp_c": 25.0}
"""Of a force in shares of it, else in the signal's unit."""


def setup_table(mill: Mill, day: date) -> pa.Table:
    """Force and gap of every stand, and temperatures, of the coils of a day."""
    rolled = rolling_day(mill, day)
    setup, coils = rolled.setup, rolled.coils
    stands = range(1, STANDS + 1)
    told = {
        **{f"f{no}_force_kn": setup.rolling.force_kn[coils, no - 1] for no in stands},
        **{f"f{no}_gap_mm": setup.gap_mm[coils, no - 1] for no in stands},
        "entry_temp_c": setup.entry_temp_c[coils],
        "finishing_temp_c": setup.finishing_temp_c[coils],
        "coiling_temp_c": rolled.target_coiling_temp_c[coils],
    }
    signals, values = list(told), np.column_stack(list(told.values()))
    within = np.column_stack([_within(signal, value) for signal, value in told.items()])
    return delivered_table(
        RAW_SETUPS,
        {
            "coil_id": np.repeat([rolled.coil_id(no) for no in coils], len(signals)),
            "signal": signals * len(coils),
            "set_at": np.repeat(
                moments(mill, day, rolled.schedule.f1_in_s[coils] - BEFORE_HEAD_S), len(signals)
            ),
            "setup_of_signal": values.ravel(),
            "hit_within_of_signal": within.ravel(),
        },
    )


def _within(signal: str, values: Array) -> Array:
    kind = "gap_mm" if signal.endswith("gap_mm") else signal
    return HIT_SHARE * values if signal.endswith("force_kn") else np.full(len(values), HIT_WITHIN[kind])
