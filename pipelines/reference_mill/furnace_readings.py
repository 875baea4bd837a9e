"""Every slab in the furnace, minute by minute, as an Arrow table: zone and core temperatures."""

from datetime import date, timedelta

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from pipelines.reference_mill.arrow_tables import delivered_table, moments
from pipelines.reference_mill.mill import Mill
from pipelines.reference_mill.reheating import furnaces
from pipelines.reference_mill.rolling_day import RollingDay, rolling_day
from schemas.raw.furnace_readings import RAW_FURNACE_READINGS

Array = NDArray[np.float64]

ZONES = np.array(["recuperative", "preheating", "heating", "soaking"])
ZONE_ENDS = np.array([0.22, 0.48, 0.75, 1.0])
"""Share of the stay after which a slab leaves a zone."""

TOP_C = np.array([930.0, 1130.0, 1255.0, 1240.0])
BOTTOM_C = np.array([910.0, 1110.0, 1240.0, 1225.0])
USUAL_DISCHARGE_C = 1200.0


def furnace_table(mill: Mill, day: date) -> pa.Table:
    """The minutes of a day, of the slabs discharged on it and of those still in the furnace when it ends."""
    tables = [
        _minutes(rolling_day(mill, discharged_on), day) for discharged_on in (day, day + timedelta(days=1))
    ]
    return pa.concat_tables(tables).combine_chunks()


def _minutes(rolled: RollingDay, day: date) -> pa.Table:
    """The minutes of a day of the slabs that a rolling day discharged, slab by slab."""
    mill = rolled.mill
    later_s = (mill.day_start(rolled.day) - mill.day_start(day)).total_seconds()
    charged_s, discharged_s = rolled.charged_s + later_s, rolled.discharged_s + later_s
    first = np.maximum(np.ceil(charged_s / 60), 0).astype(np.int64)
    last = np.minimum(np.floor(discharged_s / 60), mill.day_length_s(day) / 60 - 1).astype(np.int64)
    minutes = np.maximum(last - first + 1, 0)
    slab_no = np.repeat(np.arange(len(first)), minutes)
    minute = np.arange(len(slab_no)) - np.repeat(np.cumsum(minutes) - minutes, minutes) + first[slab_no]
    share = (60 * minute - charged_s[slab_no]) / (discharged_s - charged_s)[slab_no]
    zone = np.searchsorted(ZONE_ENDS, share, side="right").clip(max=len(ZONES) - 1)
    chance = mill.chance(day, "furnace readings", rolled.day.toordinal())
    wanted_k = (rolled.heated.discharge_temp_c[slab_no] - USUAL_DISCHARGE_C) * np.clip(share, 0.2, 1)
    return delivered_table(
        RAW_FURNACE_READINGS,
        {
            "slab_id": rolled.heats.slab_id[slab_no],
            "sampled_at": moments(mill, day, 60.0 * minute),
            "furnace": np.array(furnaces(mill, len(first)))[slab_no],
            "zone": ZONES[zone],
            "top_zone_temp_c": TOP_C[zone] + wanted_k + chance.normal(0, 4, len(share)),
            "bottom_zone_temp_c": BOTTOM_C[zone] + wanted_k + chance.normal(0, 4, len(share)),
            "core_temp_c": _core_temp_c(rolled, slab_no, share),
        },
    )


def _core_temp_c(rolled: RollingDay, slab_no: NDArray[np.int64], share: Array) -> Array:
    """The core follows slowly at first, fastest in the heating zone, and evens out in the soaking zone."""
    risen = share**2 * (3 - 2 * share)
    charged_c, discharged_c = rolled.charge_temp_c[slab_no], rolled.heated.discharge_temp_c[slab_no]
    return charged_c + (discharged_c - charged_c) * risen
