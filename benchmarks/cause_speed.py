"""mart/root_causes of one night over 90 days of 600 coils, in a lake of made-up summaries: time and memory.

    python -m benchmarks.root_causes --speed
    python -m benchmarks.cause_speed HOME [ENGINE]    the night alone, in a lake that is there

Of the coils every signal of core/coil_parts is there, 28 rolls, seven classes of defects with two causes.
"""

import json
import sys
import time
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np
import pyarrow as pa

sys.path.insert(0, str(Path(__file__).parent.parent))

from benchmarks.process import run_module
from benchmarks.reference_landing import BUILD
from jobs.lake import delta
from jobs.lake.lake import Lake
from jobs.lake.queries import open_lake
from jobs.mart import root_causes
from jobs.run import Run
from jobs.session import EMBEDDED, spark_session
from jobs.settings import Settings
from schemas.contract import MOMENTS, Table
from schemas.core.coil_conditions import CORE_COIL_CONDITIONS
from schemas.core.coil_defects import CORE_COIL_DEFECTS
from schemas.core.coil_inspections import CORE_COIL_INSPECTIONS
from schemas.core.coil_parts import CORE_COIL_PARTS, PARTS, WHOLE
from schemas.mart.root_causes import MART_ROOT_CAUSES

LAST, DAYS, COILS = date(2026, 11, 20), 90, 600
CLASSES = ("sliver", "longitudinal crack", "edge crack", "rolled-in scale", "scratch", "stain", "lap")
ROLLS = [
    f"F{stand} {side} {kind}"
    for stand in range(1, 8)
    for side in ("top", "bottom")
    for kind in ("work", "backup")
]
FAMILIES = ("low carbon", "structural", "HSLA", "DP", "ultra-low carbon")


def speed(engine: str = EMBEDDED) -> dict:
    """Seconds and GiB of the night, in a process of its own."""
    BUILD.mkdir(parents=True, exist_ok=True)
    with TemporaryDirectory(dir=BUILD) as home:
        _write_lake(f"{home}/lake")
        ran = run_module("benchmarks.cause_speed", home, engine)
    told = json.loads(ran.lines[-1][1])
    return told | {
        "peak_gib": round(ran.peak_gib(), 2),
        "process_s": round(ran.seconds, 1),
        "cpu_s": round(ran.cpu_s, 1),
    }


def night(home: str, engine: str) -> dict:
    """Make one day of mart/root_causes over all days of the lake."""
    settings = replace(
        Settings.from_environment({"COILMART_HOME": home, "COILMART_SPARK": engine}), settle_s=0
    )
    over = tuple(replace(declared, days_back=DAYS - 1) for declared in MART_ROOT_CAUSES.made_from)
    with spark_session(settings) as spark:
        lake = Lake(spark, settings, Run.start()).for_table(replace(MART_ROOT_CAUSES, made_from=over))
        began = time.perf_counter()
        root_causes.main(lake, (LAST,))
        seconds = time.perf_counter() - began
    found = open_lake(settings.lake).sql(
        "select max(tests), count(*) filter (where rank > 0) from mart.root_causes"
    )
    [(tests, causes)] = found.fetchall()
    return {
        "coils": DAYS * COILS,
        "days": DAYS,
        "tests": tests,
        "causes": causes,
        "root_causes_s": round(seconds, 1),
    }


def _write_lake(lake: str) -> None:
    chance = np.random.default_rng(7)
    for no in range(DAYS):
        day = LAST - timedelta(days=DAYS - 1 - no)
        ids = [f"C{day:%y%m%d}{coil:04d}" for coil in range(COILS)]
        speed_m_min, coiler = chance.normal(1.3, 0.1, COILS), chance.integers(1, 3, COILS)
        _publish(lake, CORE_COIL_PARTS, day, _parts(ids, speed_m_min, chance))
        _publish(lake, CORE_COIL_CONDITIONS, day, _conditions(ids, day, no, coiler, chance))
        sides = {
            "coil_id": ids * 2,
            "side": ["top"] * COILS + ["bottom"] * COILS,
            "inspection_system": ["SIS"] * 2 * COILS,
        }
        places = {"from_m": [0.0] * 2 * COILS, "to_m": [700.0] * 2 * COILS, "state": ["working"] * 2 * COILS}
        _publish(lake, CORE_COIL_INSPECTIONS, day, sides | places)
        _publish(lake, CORE_COIL_DEFECTS, day, _defects(ids, speed_m_min, coiler, chance))


def _publish(lake: str, table: Table, day: date, columns: dict) -> None:
    schema = delta.arrow_schema(table)
    count = len(columns["coil_id"])
    columns = columns | {"production_day": [day] * count}
    made = [
        pa.array(columns[f.name], f.type) if f.name in columns else pa.nulls(count, f.type) for f in schema
    ]
    staged = delta.stage_batches(lake, table, "made", [pa.record_batch(made, schema=schema)])
    delta.publish(lake, table, staged, set(), {})


def _parts(ids: list[str], speed_m_min: np.ndarray, chance: np.random.Generator) -> dict:
    """The parts of each coil; signals differ from coil to coil, and a little within."""
    parts_n = len(PARTS) + 1
    columns = {
        "coil_id": [coil_id for coil_id in ids for _ in range(parts_n)],
        "part": [*PARTS, WHOLE] * len(ids),
        "from_m": [0.0] * parts_n * len(ids),
        "to_m": [700.0] * parts_n * len(ids),
    }
    for signal in (field.name for field in CORE_COIL_PARTS.fields if field.type == MOMENTS):
        of_coil = speed_m_min if signal == "casting_speed_m_min" else chance.normal(100, 10, len(ids))
        mean = np.repeat(of_coil, parts_n) * chance.normal(1, 0.002, parts_n * len(ids))
        spread = chance.gamma(4, 0.25, len(mean))
        told = {
            "n": np.full(len(mean), 60),
            "mean": mean,
            "sd": spread,
            "min": mean - 3 * spread,
            "max": mean + 3 * spread,
        }
        told |= {"valid_pct": np.full(len(mean), 100.0), "flag": pa.nulls(len(mean), pa.string())}
        columns[signal] = pa.StructArray.from_arrays([pa.array(part) for part in told.values()], list(told))
    return columns


def _conditions(ids: list[str], day: date, no: int, coiler: np.ndarray, chance: np.random.Generator) -> dict:
    count = len(ids)
    began = datetime(day.year, day.month, day.day, 6, tzinfo=UTC)
    campaign = no * 8 + np.arange(count) // 80
    rolled = np.tile(np.arange(count)[:, None] % 80 * 0.7, (1, len(ROLLS)))
    numbers = {
        field.name: chance.normal(field.example, 0.1 * abs(field.example) + 0.01, count)
        for field in CORE_COIL_CONDITIONS.fields
        if field.type == "double"
    }
    return numbers | {
        "coil_id": ids,
        "line": ["HSM"] * count,
        "coiled_at": [began + timedelta(seconds=140 * place) for place in range(count)],
        "grade_family": [FAMILIES[which] for which in chance.integers(0, len(FAMILIES), count)],
        "grade": [f"G{which}" for which in chance.integers(0, 15, count)],
        "target_thickness_mm": chance.choice([1.8, 2.5, 3.5, 5.0, 8.0], count),
        "heat_id": [f"H{no}-{which}" for which in chance.permutation(count) // 8],
        "campaign": [f"K{which}" for which in campaign],
        "sequence_no": np.arange(count) % 80 + 1,
        "strand": [str(which) for which in chance.integers(1, 5, count)],
        "furnace": [f"RF{which}" for which in chance.integers(1, 5, count)],
        "coiler": [f"DC{which}" for which in coiler],
        "roll_places": [ROLLS] * count,
        "roll_ids": [[f"{place}-{which % 6}" for place in ROLLS] for which in campaign],
        "roll_km": rolled.tolist(),
    }


def _defects(
    ids: list[str], speed_m_min: np.ndarray, coiler: np.ndarray, chance: np.random.Generator
) -> dict:
    """By chance; slivers come more at high casting speed, scratches at the second coiler."""
    more = {"sliver": np.where(speed_m_min > 1.4, 3.0, 1.0), "scratch": np.where(coiler == 2, 2.0, 1.0)}
    found = [
        (name, coil)
        for name in CLASSES
        for coil, count in enumerate(
            chance.poisson(0.3 * more.get(name, 1.0) * chance.gamma(1.5, 1 / 1.5, len(ids)))
        )
        for _ in range(count)
    ]
    at_m = chance.uniform(0, 699, len(found))
    return {
        "defect_id": [f"{no}" for no in range(len(found))],
        "coil_id": [ids[coil] for _, coil in found],
        "side": ["top"] * len(found),
        "defect_class": [name for name, _ in found],
        "from_m": at_m,
        "to_m": at_m + 0.5,
        "confidence_pct": chance.uniform(40, 100, len(found)),
        "detections_n": [1] * len(found),
        "inspection_system": ["SIS"] * len(found),
    }


if __name__ == "__main__":
    print(json.dumps(night(*sys.argv[1:])))
