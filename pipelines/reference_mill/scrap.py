"""The scrap that is weighed on a day, as an Arrow table: crops and samples at once, cobbles hours later."""

from datetime import date, timedelta
from typing import NamedTuple

import numpy as np
import pyarrow as pa

from pipelines.reference_mill.arrow_tables import delivered_table, moments
from pipelines.reference_mill.finishing_line import finishing_day
from pipelines.reference_mill.mass_balance import SCRAP_SCALE_T
from pipelines.reference_mill.mill import Mill
from pipelines.reference_mill.rolling_day import RollingDay, rolling_day
from schemas.raw.scrap import RAW_SCRAP

CROP_BUCKET_S = {"head crop": 15.0, "tail crop": 40.0, "sample": 420.0}
"""From the head in F1, or the tail on the coiler for samples, to the scale."""

COBBLE_CLEARED_H = (2.0, 10.0)
"""A cobble is cut up and weighed so many hours later."""


class Weighing(NamedTuple):
    """A weighing, in seconds from the start of the production day."""

    weighed_s: float
    line: str
    material_id: str
    scrap_kind: str
    mass_t: float


def scrap_table(mill: Mill, day: date) -> pa.Table:
    """The weighings of both lines on a day. Crops and cobbles carry the slab's number, others the coil's."""
    weighings = _crops_and_samples(rolling_day(mill, day)) + _finishing_line(mill, day) + _cobbles(mill, day)
    weighings.sort()
    return delivered_table(
        RAW_SCRAP,
        {
            "weighing_id": [f"W{day:%y%m%d}{no + 1:05d}" for no in range(len(weighings))],
            "line": [weighing.line for weighing in weighings],
            "weighed_at": moments(mill, day, np.round([weighing.weighed_s for weighing in weighings])),
            "material_id": [weighing.material_id for weighing in weighings],
            "scrap_kind": [weighing.scrap_kind for weighing in weighings],
            "mass_t": [weighing.mass_t for weighing in weighings],
        },
    )


def _crops_and_samples(rolled: RollingDay) -> list[Weighing]:
    weighed, slab_id = rolled.weighed, rolled.heats.slab_id
    kinds = (
        ("head crop", weighed.head_crop_t, rolled.schedule.f1_in_s),
        ("tail crop", weighed.tail_crop_t, rolled.schedule.f1_in_s),
        ("sample", weighed.sample_t, rolled.coiled_s),
    )
    return [
        Weighing(
            float(since_s[no]) + CROP_BUCKET_S[kind],
            "HSM",
            rolled.coil_id(no) if kind == "sample" else str(slab_id[no]),
            kind,
            float(mass_t[no]),
        )
        for kind, mass_t, since_s in kinds
        for no in np.flatnonzero(mass_t > 0).tolist()
    ]


def _cobbles(mill: Mill, day: date) -> list[Weighing]:
    """Cobbles of this day and the day before that are weighed on this day."""
    weighings = []
    for rolled_on in (day - timedelta(days=1), day):
        if rolled_on < mill.opened_on:
            continue
        rolled = rolling_day(mill, rolled_on)
        start_s = (mill.day_start(rolled_on) - mill.day_start(day)).total_seconds()
        cleared_h = mill.chance(rolled_on, "cobbles").uniform(*COBBLE_CLEARED_H, len(rolled.length_m))
        weighed_s = start_s + rolled.schedule.f1_in_s + 3600 * cleared_h
        is_due = rolled.schedule.is_cobble & (weighed_s >= 0) & (weighed_s < mill.day_length_s(day))
        weighings += [
            Weighing(
                float(weighed_s[no]),
                "HSM",
                str(rolled.heats.slab_id[no]),
                "cobble",
                float(rolled.weighed.cobble_t[no]),
            )
            for no in np.flatnonzero(is_due)
        ]
    return weighings


def _finishing_line(mill: Mill, day: date) -> list[Weighing]:
    chance = mill.chance(day, "finishing line scale")
    return [
        Weighing(
            job.finished_s + 20 + 15 * no,
            "FIN1",
            job.rolled.coil_id(job.slab_no),
            kind,
            max(mass_t + SCRAP_SCALE_T * chance.standard_normal(), 0.001),
        )
        for job in finishing_day(mill, day).jobs
        for no, (kind, mass_t) in enumerate(job.scrap_t)
    ]
