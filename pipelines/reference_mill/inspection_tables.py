"""What the surface inspection delivers of a day, as Arrow tables: detections, and the metres it looked at."""

from datetime import date
from typing import NamedTuple

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from pipelines.reference_mill.arrow_tables import delivered_table, moments
from pipelines.reference_mill.defect_classes import CLASS_NAMES
from pipelines.reference_mill.inspection import counter, detections
from pipelines.reference_mill.inspection_failures import CAMERA_BEHIND_F7_M, SIDES, Stretch, stretches
from pipelines.reference_mill.mill import Mill
from pipelines.reference_mill.rolling_day import RollingDay, rolling_day
from pipelines.reference_mill.speed import SpeedCone, time_at_s
from schemas.raw.inspections import RAW_INSPECTIONS
from schemas.raw.surface_defects import RAW_SURFACE_DEFECTS

Array = NDArray[np.float64]
Numbers = NDArray[np.int64]

SYSTEM = "SIS HSM"


class Interval(NamedTuple):
    """Metres of a side of a coil that passed the cameras in one state; true metres."""

    slab_no: int
    side: str
    from_m: float
    to_m: float
    state: str


def defect_table(mill: Mill, day: date) -> pa.Table:
    """The detections of a day, numbered along each coil."""
    rolled, found = rolling_day(mill, day), detections(mill, day)
    count = len(found.slab_no)
    names = (*CLASS_NAMES, None)
    return delivered_table(
        RAW_SURFACE_DEFECTS,
        {
            "line": ["HSM"] * count,
            "inspection_system": [SYSTEM] * count,
            "material_id": [rolled.coil_id(no) for no in found.slab_no.tolist()],
            "detection_no": detection_numbers(found.slab_no),
            "detected_at": moments(mill, day, _passed_s(rolled, found.slab_no, found.at_m)),
            "side": [SIDES[0] if is_top else SIDES[1] for is_top in found.is_top.tolist()],
            "defect_class": [names[no] for no in found.class_no.tolist()],
            "from_m": found.from_m,
            "to_m": found.to_m,
            "from_edge_mm": np.round(found.from_edge_mm),
            "to_edge_mm": np.round(found.to_edge_mm),
            "confidence_pct": found.confidence_pct,
            "severity_level": found.severity,
        },
    )


def inspection_table(mill: Mill, day: date) -> pa.Table:
    """The states of the cameras along the coils of a day, by the inspection's own counter."""
    rolled = rolling_day(mill, day)
    told, counted = intervals(rolled), counter(rolled)
    slab_no = np.array([interval.slab_no for interval in told], dtype=np.int64)
    from_m, to_m = (np.array([getattr(interval, end) for interval in told]) for end in ("from_m", "to_m"))
    return delivered_table(
        RAW_INSPECTIONS,
        {
            "line": ["HSM"] * len(told),
            "inspection_system": [SYSTEM] * len(told),
            "material_id": [rolled.coil_id(no) for no in slab_no.tolist()],
            "side": [interval.side for interval in told],
            "inspected_at": moments(mill, day, _passed_s(rolled, slab_no, rolled.length_m[slab_no])),
            "from_m": np.where(from_m > 0, counted.shows_m(slab_no, from_m), 0.0),
            "to_m": counted.shows_m(slab_no, to_m),
            "state": [interval.state for interval in told],
        },
    )


def intervals(rolled: RollingDay) -> list[Interval]:
    """Side by side from head to tail; nothing of a side that was silent for the whole of a coil."""
    struck: dict[int, list[Stretch]] = {}
    for stretch in stretches(rolled):
        struck.setdefault(stretch.slab_no, []).append(stretch)
    found = []
    for no in rolled.coils.tolist():
        for side in SIDES:
            found += _of_side(no, side, float(rolled.length_m[no]), struck.get(no, []))
    return found


def _of_side(slab_no: int, side: str, length_m: float, struck: list[Stretch]) -> list[Interval]:
    hits = sorted((one for one in struck if side in one.failure.sides), key=lambda one: one.from_m)
    if any(one.failure.is_silent and one.to_m - one.from_m > length_m - 1 for one in hits):
        return []
    found, at_m = [], 0.0
    for one in hits:
        found.append(Interval(slab_no, side, at_m, one.from_m, "working"))
        found.append(Interval(slab_no, side, one.from_m, one.to_m, one.failure.state))
        at_m = one.to_m
    found.append(Interval(slab_no, side, at_m, length_m, "working"))
    # To the centimetre that the counter shows, so that no interval is told without a length.
    return [interval for interval in found if interval.to_m - interval.from_m > 0.02]


def detection_numbers(slab_no: Numbers) -> Numbers:
    """Of each detection on its coil, from 1, where they come coil by coil."""
    starts = np.searchsorted(slab_no, slab_no)
    return np.arange(len(slab_no)) - starts + 1


def _passed_s(rolled: RollingDay, slab_no: Numbers, at_m: Array) -> Array:
    """When a metre of a coil passed the cameras."""
    cone = rolled.cone
    of_each = SpeedCone(cone.at_s[slab_no], cone.at_m[slab_no], cone.speed_m_s[slab_no])
    return rolled.cone_from_s[slab_no] + time_at_s(of_each, at_m + CAMERA_BEHIND_F7_M)
