"""What is true of a day and no file of the plant says: masses without scales, and what was planted."""

from collections.abc import Iterable
from dataclasses import asdict
from datetime import date
from typing import Any

import numpy as np
import pyarrow as pa

from pipelines.reference_mill.defect_truth import cause_truth, roll_mark_truth, surface_defect_truth
from pipelines.reference_mill.deliveries import Delivery
from pipelines.reference_mill.exports import file_name
from pipelines.reference_mill.finished_pieces import FinishedPiece, Part, finished_pieces
from pipelines.reference_mill.finishing_line import finishing_day
from pipelines.reference_mill.mill import Mill
from pipelines.reference_mill.process_faults import process_faults
from pipelines.reference_mill.rolling_day import rolling_day
from pipelines.reference_mill.sensor_faults import clock_skew_s, sensor_fault_table
from pipelines.reference_mill.slab_places import slab_places_m

DAY = pa.date32()
NUMBERS = ("from_m", "to_m", "strength", "period_m")


def slab_truth(mill: Mill, day: date) -> pa.Table:
    """One row per slab: true masses in t, which add up to the slab's, and how the strip turned out."""
    rolled = rolling_day(mill, day)
    is_cobble, behaves = rolled.schedule.is_cobble, rolled.behaves
    coil_ids = [None if is_cobble[no] else rolled.coil_id(no) for no in range(len(is_cobble))]
    columns: dict[str, Any] = {
        "production_day": pa.array([day] * len(coil_ids), DAY),
        "slab_id": rolled.heats.slab_id.tolist(),
        "coil_id": pa.array(coil_ids, pa.string()),
        **{name.replace("_t", "_mass_t"): values for name, values in vars(rolled.masses).items()},
        "stay_min": rolled.heated.stay_min,
        "discharge_temp_c": rolled.heated.discharge_temp_c,
        "length_m": rolled.length_m,
        "thickness_mm": rolled.true_thickness_mm,
        "width_mm": rolled.true_width_mm,
        "hardness": behaves.hardness,
        "finishing_error_k": behaves.finishing_error_k,
        "coiling_error_k": behaves.coiling_error_k,
        "quality_code": rolled.quality_code.tolist(),
    }
    return pa.table(columns)


def finishing_line_truth(mill: Mill, day: date) -> pa.Table:
    """One row per part of a piece and scrap of the finishing line: true mass in t; a coil's make it up.

    Of a part: its piece and its metres there, which are all of it but where pieces were welded; its metres on
    the hot coil, its own length in m, whether its head is the coil's tail, and whether its top side is the
    coil's bottom side.
    """
    made = {part.piece: (piece, part) for piece in finished_pieces(mill, day) for part in piece.parts}
    rows: list[dict[str, Any]] = []
    for job in finishing_day(mill, day).jobs:
        done = made[job.pieces[0]][0].operation if job.pieces else job.operation
        of_job = {"coil_id": job.rolled.coil_id(job.slab_no), "operation": done}
        rows += [of_job | _part_truth(*made[piece]) for piece in job.pieces]
        rows += [of_job | {"kind": kind, "mass_t": mass_t} for kind, mass_t in job.scrap_t]
    words, flags = ("coil_id", "operation", "piece_id", "kind"), ("is_reversed", "is_side_flipped")
    numbers = ("mass_t", "from_m", "to_m", "length_m", "piece_from_m", "piece_to_m")
    kinds = dict.fromkeys(words, pa.string()) | dict.fromkeys(numbers, pa.float64())
    schema = pa.schema([*kinds.items(), *((flag, pa.bool_()) for flag in flags)])
    table = pa.Table.from_pylist(rows, schema)
    return table.add_column(0, "production_day", pa.array([day] * len(rows), DAY))


def _part_truth(piece: FinishedPiece, part: Part) -> dict[str, Any]:
    return {
        "piece_id": piece.piece_id,
        "kind": "piece",
        "mass_t": part.piece.mass_t,
        "from_m": part.piece.from_m,
        "to_m": part.piece.to_m,
        "length_m": part.to_m - part.from_m,
        "piece_from_m": part.from_m,
        "piece_to_m": part.to_m,
        "is_reversed": True,
        "is_side_flipped": part.job.is_turned,
    }


def process_fault_truth(mill: Mill, day: date) -> pa.Table:
    """One row per fault: where on strand, slab and hot coil, in which signals, how strong."""
    rolled = rolling_day(mill, day)
    faults = process_faults(rolled)
    heats, slab_no = rolled.heats, [fault.slab_no for fault in faults]
    ends = [slab_places_m(rolled, fault.slab_no, np.array([fault.from_m, fault.to_m])) for fault in faults]
    slab_m = np.array(ends).reshape(-1, 2)
    cast_m = slab_m + heats.cast_from_m[slab_no, None]
    told = ("fault_id", "kind", "cause", "step", "equipment")
    shares = [None if fault.strength is None else fault.strength / fault.sigma for fault in faults]
    columns: dict[str, Any] = {
        "production_day": pa.array([day] * len(faults), DAY),
        **{name: pa.array([getattr(fault, name) for fault in faults], pa.string()) for name in told},
        "slab_id": pa.array(heats.slab_id[slab_no].tolist(), pa.string()),
        "coil_id": pa.array([rolled.coil_id(no) for no in slab_no], pa.string()),
        "strand": pa.array(heats.strand[slab_no].astype(str).tolist(), pa.string()),
        **{f"strand_{end}_m": cast_m[:, no] for no, end in enumerate(("from", "to"))},
        **{f"slab_{end}_m": slab_m[:, no] for no, end in enumerate(("from", "to"))},
        **{name: pa.array([getattr(fault, name) for fault in faults], pa.float64()) for name in NUMBERS},
        "strength_sigmas": pa.array(shares, pa.float64()),
        "signals": pa.array([list(fault.signals) for fault in faults], pa.list_(pa.string())),
    }
    return pa.table(columns)


def clock_truth(mill: Mill, day: date) -> pa.Table:
    """One row per system: by how many seconds its clock was ahead."""
    return pa.table(
        {
            "production_day": pa.array([day], DAY),
            "table_path": pa.array(["raw/finishing_readings"]),
            "ahead_s": pa.array([clock_skew_s(mill, day)], pa.float64()),
        }
    )


def file_truth(files: Iterable[dict[str, Any]]) -> pa.Table:
    """One row per file that arrived on a day: see ``file_row``."""
    schema = pa.schema(
        [
            ("table_path", pa.string()),
            ("source_file", pa.string()),
            ("production_day", DAY),
            ("delivered_on", DAY),
            ("copy_of", pa.string()),
            ("rows", pa.int64()),
            ("duplicate_rows", pa.int64()),
            ("keyless_rows", pa.int64()),
            ("bad_text_cells", pa.int64()),
            ("sentinel_cells", pa.int64()),
            ("not_a_number_cells", pa.int64()),
        ]
    )
    return pa.Table.from_pylist(list(files), schema=schema)


def file_row(delivery: Delivery) -> dict[str, Any]:
    """A file, its rows, and what was planted in it."""
    return {
        "table_path": delivery.contract.path,
        "source_file": f"{delivery.contract.name}/{file_name(delivery)}",
        "production_day": delivery.production_day,
        "delivered_on": delivery.delivered_on,
        "copy_of": delivery.copy_of,
        "rows": delivery.row_count,
        **asdict(delivery.planted),
    }


def day_truths(mill: Mill, day: date) -> dict[str, pa.Table]:
    """Name -> what is true of a production day, the files apart."""
    return {
        "slabs": slab_truth(mill, day),
        "finishing_line": finishing_line_truth(mill, day),
        "sensor_faults": sensor_fault_table(rolling_day(mill, day)),
        "process_faults": process_fault_truth(mill, day),
        "clocks": clock_truth(mill, day),
        "surface_defects": surface_defect_truth(mill, day),
        "causes": cause_truth(mill, day),
        "roll_marks": roll_mark_truth(mill, day),
    }
