"""What is true of a day's surface: every defect with its cause, the causes, the rolls with a mark."""

from datetime import date
from typing import Any

import numpy as np
import pyarrow as pa

from pipelines.reference_mill.cause_plan import causes
from pipelines.reference_mill.causes import Cause, acts
from pipelines.reference_mill.conditions import COUNTED_FROM
from pipelines.reference_mill.defect_classes import CLASS_NAMES
from pipelines.reference_mill.inspection import detections
from pipelines.reference_mill.inspection_failures import SIDES
from pipelines.reference_mill.inspection_tables import detection_numbers
from pipelines.reference_mill.mill import Mill
from pipelines.reference_mill.roll_marks import RollMark, marked, roll_marks
from pipelines.reference_mill.rolling_day import rolling_day
from pipelines.reference_mill.slab_places import slab_places_m
from pipelines.reference_mill.surface_defects import surface_defects

DAY = pa.date32()
TEXT, NUMBER, WHOLE = pa.string(), pa.float64(), pa.int64()


def surface_defect_truth(mill: Mill, day: date) -> pa.Table:
    """One row per true defect: metres of the hot coil, cause or mark, and a detection that shows it."""
    rolled, defects, found = rolling_day(mill, day), surface_defects(mill, day), detections(mill, day)
    detection_no = np.zeros(len(defects), dtype=np.int64)
    of_defects = found.defect_no >= 0
    # Of two boxes the last one written counts: any of them shows the defect.
    detection_no[found.defect_no[of_defects]] = detection_numbers(found.slab_no)[of_defects]
    cause_ids = [*(cause.cause_id for cause in causes(mill)), None]
    mark_ids = [*(mark.mark_id for mark in roll_marks(rolled)), None]
    slab_m = np.empty(len(defects))
    for no in np.unique(defects.slab_no).tolist():
        here = defects.slab_no == no
        slab_m[here] = slab_places_m(rolled, no, (defects.from_m[here] + defects.to_m[here]) / 2)
    columns: dict[str, Any] = {
        "production_day": pa.array([day] * len(defects), DAY),
        "coil_id": pa.array([rolled.coil_id(no) for no in defects.slab_no.tolist()], TEXT),
        "defect_class": pa.array([CLASS_NAMES[no] for no in defects.class_no.tolist()], TEXT),
        "side": pa.array(np.where(defects.is_top, *SIDES).tolist(), TEXT),
        **{name: getattr(defects, name) for name in ("from_m", "to_m", "from_edge_mm", "to_edge_mm")},
        "slab_m": slab_m,
        "strand_m": slab_m + rolled.heats.cast_from_m[defects.slab_no],
        "severity_level": defects.severity,
        "cause_id": pa.array([cause_ids[no] for no in defects.cause_no.tolist()], TEXT),
        "mark_id": pa.array([mark_ids[no] for no in defects.mark_no.tolist()], TEXT),
        "detection_no": pa.array(detection_no, WHOLE, mask=detection_no == 0),
    }
    return pa.table(columns)


def cause_truth(mill: Mill, day: date) -> pa.Table:
    """One row per planted cause and day: what it is, and how much it did that day."""
    rolled, defects, found = rolling_day(mill, day), surface_defects(mill, day), detections(mill, day)
    seen = np.unique(found.defect_no[found.defect_no >= 0])
    rows = []
    for no, cause in enumerate(causes(mill)):
        did = {
            "production_day": day,
            "coils_n": int((acts(cause, rolled) & ~rolled.schedule.is_cobble).sum()),
            "defects_n": int((defects.cause_no == no).sum()),
            "detected_n": int((defects.cause_no[seen] == no).sum()),
        }
        rows.append(_told(cause) | did)
    words = ("cause_id", "defect_class", "kind", "equipment_kind", "equipment", "fault_kind", "side")
    lists = {"signals": TEXT, "is_above": pa.bool_(), "thresholds": NUMBER, "counted_from": TEXT}
    kinds = {"production_day": DAY} | dict.fromkeys(words, TEXT)
    kinds |= {name: pa.list_(kind) for name, kind in lists.items()} | {"grade_families": pa.list_(TEXT)}
    kinds |= dict.fromkeys(("strength_ratio", "mean_dose"), NUMBER) | {"active_from": DAY}
    kinds |= dict.fromkeys(("coils_n", "defects_n", "detected_n"), WHOLE)
    return pa.Table.from_pylist(rows, pa.schema(list(kinds.items())))


def _told(cause: Cause) -> dict[str, Any]:
    kind, which = cause.equipment or (None, None)
    return {
        "cause_id": cause.cause_id,
        "defect_class": cause.defect_class,
        "kind": cause.kind,
        "signals": [condition.signal for condition in cause.conditions],
        "is_above": [condition.is_above for condition in cause.conditions],
        "thresholds": [condition.threshold for condition in cause.conditions],
        "counted_from": [COUNTED_FROM.get(condition.signal) for condition in cause.conditions],
        "equipment_kind": kind,
        "equipment": which,
        "grade_families": list(cause.grade_families),
        "fault_kind": cause.fault,
        "side": cause.side,
        "strength_ratio": cause.strength,
        "mean_dose": cause.mean_dose,
        "active_from": cause.active_from,
    }


def roll_mark_truth(mill: Mill, day: date) -> pa.Table:
    """One row per roll with a mark and coil that it marks: period, first mark, and how far from the edge."""
    rolled = rolling_day(mill, day)
    tables = [_of_mark(mill, day, mark) for mark in roll_marks(rolled)]
    words = ("mark_id", "coil_id", "stand", "position", "roll_id", "side")
    numbers = ("diameter_mm", "period_m", "first_m", "from_edge_mm", "seen_share")
    schema = pa.schema(
        [
            ("production_day", DAY),
            *((name, TEXT) for name in words),
            *((name, NUMBER) for name in numbers),
            ("marks_n", WHOLE),
        ]
    )
    return pa.concat_tables(
        [schema.empty_table(), *(table.select(schema.names).cast(schema) for table in tables)]
    )


def _of_mark(mill: Mill, day: date, mark: RollMark) -> pa.Table:
    rolled = rolling_day(mill, day)
    marks = marked(rolled, mark)
    count = len(marks.coils)
    told = {
        "production_day": day,
        "mark_id": mark.mark_id,
        "stand": f"F{mark.stand}",
        "position": mark.position,
        "roll_id": mark.roll.roll_id,
        "side": mark.side,
        "diameter_mm": mark.roll.diameter_mm,
        "seen_share": mark.seen_share,
    }
    return pa.table(
        {
            **{name: [value] * count for name, value in told.items()},
            "coil_id": pa.array([rolled.coil_id(no) for no in marks.coils.tolist()], TEXT),
            "period_m": marks.period_m,
            "first_m": marks.first_m,
            "from_edge_mm": marks.from_edge_mm,
            "marks_n": np.bincount(marks.slab_no, minlength=len(rolled.length_m))[marks.coils],
        }
    )
