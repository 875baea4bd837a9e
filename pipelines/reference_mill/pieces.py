"""What the plant's systems say of slabs, roughing passes, coils and cut pieces, as Arrow tables."""

from datetime import date
from typing import Any

import numpy as np
import pyarrow as pa

from pipelines.reference_mill.arrow_tables import delivered_table, moments
from pipelines.reference_mill.conditions import coiler
from pipelines.reference_mill.finishing_line import finishing_day
from pipelines.reference_mill.grades import GRADES
from pipelines.reference_mill.mill import Mill
from pipelines.reference_mill.reheating import furnaces
from pipelines.reference_mill.rolling_day import RollingDay, rolling_day
from pipelines.reference_mill.rolls import rolls_in_use
from pipelines.reference_mill.work_times import crew_at
from schemas.raw.coils import RAW_COILS
from schemas.raw.cuts import RAW_CUTS
from schemas.raw.roughing_passes import RAW_ROUGHING_PASSES
from schemas.raw.slabs import RAW_SLABS


def slab_table(mill: Mill, day: date) -> pa.Table:
    """The slabs discharged on a day, in rolling sequence."""
    rolled = rolling_day(mill, day)
    program, melt = rolled.slabs, rolled.heats
    return delivered_table(
        RAW_SLABS,
        {
            "slab_id": melt.slab_id,
            "heat_id": [melt.heat_id[no] for no in melt.heat_no],
            "order_id": [rolled.orders.order_id[no] for no in program.order_no],
            "grade": [GRADES[no].name for no in program.grade_no],
            "strand": melt.strand.astype(str),
            "cast_at": moments(mill, day, melt.cast_s),
            "cast_from_m": melt.cast_from_m,
            "cast_to_m": melt.cast_from_m + program.length_m,
            "thickness_mm": np.round(program.thickness_mm),
            "width_mm": np.round(program.width_mm),
            "length_m": program.length_m,
            "mass_t": rolled.weighed.slab_t,
            "furnace": furnaces(mill, len(program.mass_t)),
            "charged_at": moments(mill, day, rolled.charged_s),
            "charge_temp_c": np.round(rolled.charge_temp_c),
            "discharged_at": moments(mill, day, rolled.discharged_s),
        },
    )


def roughing_table(mill: Mill, day: date) -> pa.Table:
    """The roughing passes of a day."""
    rolled = rolling_day(mill, day)
    passes, chance = rolled.heated.passes, mill.chance(day, "roughing readings")
    slab_no, pass_no = np.nonzero(~np.isnan(passes.force_kn))
    taken = slab_no, pass_no
    count = len(slab_no)
    return delivered_table(
        RAW_ROUGHING_PASSES,
        {
            "slab_id": rolled.heats.slab_id[slab_no],
            "pass_no": pass_no + 1,
            "rolled_at": moments(mill, day, rolled.discharged_s[slab_no] + passes.ended_s[taken]),
            "force_kn": passes.force_kn[taken] * chance.normal(1, 0.025, count),
            "speed_m_s": passes.speed_m_s[taken] * chance.normal(1, 0.004, count),
            "exit_thickness_mm": np.round(passes.exit_mm[taken] * chance.normal(1, 0.003, count), 1),
            "exit_width_mm": np.round(passes.exit_width_mm[taken] + chance.normal(0, 1.5, count), 1),
            "exit_temp_c": passes.surface_temp_c[taken] + chance.normal(0, 6, count),
        },
    )


def coil_table(mill: Mill, day: date) -> pa.Table:
    """The coils of a day; cobbled slabs have none."""
    rolled = rolling_day(mill, day)
    coils = rolled.coils
    length_m = rolled.length_m[coils] * mill.chance(day, "length counter").normal(1, 0.0006, len(coils))
    measured = {
        "shift": [crew_at(mill, day, time_s) for time_s in rolled.coiled_s[coils]],
        "rolling_started_at": moments(mill, day, rolled.schedule.f1_in_s[coils]),
        "coiled_at": moments(mill, day, rolled.coiled_s[coils]),
        "coiler": [coiler(no) for no in coils],
        "thickness_mm": rolled.true_thickness_mm[coils],
        "width_mm": np.round(rolled.true_width_mm[coils], 1),
        "length_m": np.round(length_m, 1),
        "mass_t": rolled.weighed.coil_t[coils],
        "head_crop_mass_t": rolled.weighed.reckoned_head_crop_t[coils],
        "tail_crop_mass_t": rolled.weighed.reckoned_tail_crop_t[coils],
        "quality_code": rolled.quality_code[coils],
    }
    return delivered_table(RAW_COILS, _coil_plan(rolled) | measured)


def _coil_plan(rolled: RollingDay) -> dict[str, Any]:
    """What was known of the coils before they were rolled."""
    coils, program = rolled.coils, rolled.slabs
    grades = [GRADES[no] for no in program.grade_no[coils]]
    campaign = [rolled.campaigns[no] for no in program.campaign_no[coils]]
    rolls = {no: rolls_in_use(rolled.day, no) for no in rolled.campaigns}
    return {
        "coil_id": [rolled.coil_id(no) for no in coils],
        "slab_id": rolled.heats.slab_id[coils],
        "order_id": [rolled.orders.order_id[no] for no in program.order_no[coils]],
        "grade": [grade.name for grade in grades],
        "line": ["HSM"] * len(coils),
        "target_thickness_mm": program.target_thickness_mm[coils],
        "target_width_mm": program.target_width_mm[coils],
        "target_finishing_temp_c": [grade.finishing_temp_c for grade in grades],
        "target_coiling_temp_c": [grade.coiling_temp_c for grade in grades],
        "campaign": [f"K{no:05d}" for no in campaign],
        "sequence_no": program.sequence_no[coils],
        "rolls": [rolls[no] for no in campaign],
    }


def cut_table(mill: Mill, day: date) -> pa.Table:
    """The pieces that the finishing line made on a day."""
    chance = mill.chance(day, "exit scale")
    cuts = [(job, piece) for job in finishing_day(mill, day).jobs for piece in job.pieces]
    thickness_mm = [job.rolled.true_thickness_mm[job.slab_no] / (1 + job.elongation) for job, _ in cuts]
    length_m = [(piece.to_m - piece.from_m) * (1 + job.elongation) for job, piece in cuts]
    return delivered_table(
        RAW_CUTS,
        {
            "line": ["FIN1"] * len(cuts),
            "piece_id": [piece.piece_id for _, piece in cuts],
            "finished_at": moments(mill, day, [piece.finished_s for _, piece in cuts]),
            "parent_id": [job.rolled.coil_id(job.slab_no) for job, _ in cuts],
            "operation": [job.operation for job, _ in cuts],
            "parent_from_m": [piece.from_m for _, piece in cuts],
            "parent_to_m": [piece.to_m for _, piece in cuts],
            "is_turned": [job.is_turned for job, _ in cuts],
            "order_id": [
                job.rolled.orders.order_id[job.rolled.slabs.order_no[job.slab_no]] for job, _ in cuts
            ],
            "grade": [GRADES[job.rolled.slabs.grade_no[job.slab_no]].name for job, _ in cuts],
            "shift": [crew_at(mill, day, piece.finished_s) for _, piece in cuts],
            "thickness_mm": thickness_mm,
            "width_mm": np.round([piece.width_mm for _, piece in cuts], 1),
            "length_m": np.round(length_m, 1),
            "mass_t": [piece.mass_t + chance.normal(0, 0.006) for _, piece in cuts],
            "quality_code": [piece.quality_code for _, piece in cuts],
        },
    )
