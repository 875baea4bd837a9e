"""What the plant's systems say of slabs, roughing passes, coils and cut pieces, as Arrow tables."""

from datetime import date
from typing import Any

import numpy as np
import pyarrow as pa

from pipelines.reference_mill.arrow_tables import delivered_table, moments
from pipelines.reference_mill.conditions import coiler
from pipelines.reference_mill.finished_pieces import finished_pieces
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
from schemas.raw.welds import RAW_WELDS

WELD_TRACKING_M = 0.15
"""Standard deviation of the place at which FIN1 tells a weld."""


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
    """The pieces that the finishing line made on a day; of a welded one weld_table tells the parents."""
    pieces = finished_pieces(mill, day)
    first = [piece.parts[0] for piece in pieces]
    alone = [piece.parts[0] if len(piece.parts) == 1 else None for piece in pieces]
    made_of = [(part.job.rolled, part.job.slab_no) for part in first]
    shown_by_scale_t = mill.chance(day, "exit scale").normal(0, 0.006, sum(len(p.parts) for p in pieces))
    last_part = np.cumsum([len(piece.parts) for piece in pieces], dtype=np.int64) - 1
    true_t = [sum(part.piece.mass_t for part in piece.parts) for piece in pieces]
    return delivered_table(
        RAW_CUTS,
        {
            "line": ["FIN1"] * len(pieces),
            "piece_id": [piece.piece_id for piece in pieces],
            "finished_at": moments(mill, day, [piece.finished_s for piece in pieces]),
            "parent_id": [part and part.job.rolled.coil_id(part.job.slab_no) for part in alone],
            "operation": [piece.operation for piece in pieces],
            "parent_from_m": [part.piece.from_m if part else np.nan for part in alone],
            "parent_to_m": [part.piece.to_m if part else np.nan for part in alone],
            "is_turned": [part and part.job.is_turned for part in alone],
            "order_id": [rolled.orders.order_id[rolled.slabs.order_no[no]] for rolled, no in made_of],
            "grade": [GRADES[rolled.slabs.grade_no[no]].name for rolled, no in made_of],
            "shift": [crew_at(mill, day, piece.finished_s) for piece in pieces],
            "thickness_mm": [piece.mean([part.thickness_mm for part in piece.parts]) for piece in pieces],
            "width_mm": np.round(
                [piece.mean([p.piece.width_mm for p in piece.parts]) for piece in pieces], 1
            ),
            "length_m": np.round([piece.length_m for piece in pieces], 1),
            "mass_t": np.array(true_t) + shown_by_scale_t[last_part],
            "quality_code": [piece.quality_code for piece in pieces],
        },
    )


def weld_table(mill: Mill, day: date) -> pa.Table:
    """The parts of the pieces that the finishing line welded on a day; it tells a weld to the decimetre."""
    welded = [piece for piece in finished_pieces(mill, day) if len(piece.parts) > 1]
    parts = [(piece, no, part) for piece in welded for no, part in enumerate(piece.parts)]
    missed_m = mill.chance(day, "weld tracking").normal(0, WELD_TRACKING_M, len(parts))
    ends_m = [
        round(part.to_m + (missed if no < len(piece.parts) - 1 else 0.0), 1)
        for (piece, no, part), missed in zip(parts, missed_m.tolist(), strict=True)
    ]
    made_of = [(part.job.rolled, part.job.slab_no) for _, _, part in parts]
    return delivered_table(
        RAW_WELDS,
        {
            "line": ["FIN1"] * len(parts),
            "piece_id": [piece.piece_id for piece, _, _ in parts],
            "finished_at": moments(mill, day, [piece.finished_s for piece, _, _ in parts]),
            "part_no": [no + 1 for _, no, _ in parts],
            "piece_from_m": [ends_m[row - 1] if no else 0.0 for row, (_, no, _) in enumerate(parts)],
            "piece_to_m": ends_m,
            "parent_id": [rolled.coil_id(no) for rolled, no in made_of],
            "parent_from_m": [part.piece.from_m for _, _, part in parts],
            "parent_to_m": [part.piece.to_m for _, _, part in parts],
            "is_turned": [part.job.is_turned for _, _, part in parts],
            "thickness_mm": [part.thickness_mm for _, _, part in parts],
            "width_mm": np.round([part.piece.width_mm for _, _, part in parts], 1),
            # The line weighs whole pieces alone.
            "mass_t": [np.nan] * len(parts),
        },
    )
