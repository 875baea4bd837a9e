"""Reference mills with planted causes, as the core tables that mart/root_causes reads, made in memory.

Signals come from the readings of all mills, by the kernels that make core/coil_segments, core/coil_parts and
core/coil_conditions. Places of defects are those of the inspection's own counter, and the
maps of lengths are made without crops: both matter for metres, and coils are what is compared here.
"""

import hashlib
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from datetime import date, timedelta

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from benchmarks.cause_maps import length_maps_of
from benchmarks.process import ROOT
from benchmarks.reference_landing import BUILD
from jobs.lake.delta import arrow_schema
from pipelines.coil_origins import Upstream
from pipelines.core.coil_conditions import Beside, coil_conditions
from pipelines.core.coil_parts import coil_parts
from pipelines.core.coil_segments import Coil, coil_segments
from pipelines.reference_mill.before_rolling import heat_table
from pipelines.reference_mill.casting_readings import casting_table
from pipelines.reference_mill.defect_truth import cause_truth
from pipelines.reference_mill.finishing_readings import finishing_tables
from pipelines.reference_mill.furnace_readings import furnace_table
from pipelines.reference_mill.inspection_tables import defect_table, inspection_table
from pipelines.reference_mill.line_events import roll_change_table, stoppage_table
from pipelines.reference_mill.mill import Dirt, Mill
from pipelines.reference_mill.pieces import coil_table, roughing_table, slab_table
from pipelines.reference_mill.sensor_table import sensor_table
from pipelines.strip_sensors import sensors_at
from schemas.contract import Table
from schemas.core.coil_conditions import CORE_COIL_CONDITIONS, ROLL_DAYS
from schemas.core.coil_defects import CORE_COIL_DEFECTS
from schemas.core.coil_inspections import CORE_COIL_INSPECTIONS
from schemas.core.coil_parts import CORE_COIL_PARTS
from schemas.core.coil_segments import CORE_COIL_SEGMENTS
from schemas.core.coils import CORE_COILS
from schemas.mart.root_causes import WINDOW_DAYS

SEGMENT_M = 25.0
MILL = Mill(
    days=WINDOW_DAYS,
    coils_a_day=60,
    readings_hz=0.2,
    casting_hz=0.5,
    causes=3,
    dirt=replace(Dirt(), late_file=0.0),
)
MADE_BY = (
    "pipelines/reference_mill/*.py",
    "pipelines/core/coil_*.py",
    "pipelines/s*_*.py",
    "pipelines/upstream_segments.py",
    "pipelines/part_moments.py",
    "pipelines/roll_ages.py",
    "pipelines/cast_places.py",
    "schemas/raw/*.py",
    "benchmarks/cause_mills.py",
)
"""What the coils of a mill are made by."""


@dataclass(frozen=True)
class Coils:
    """What is known of the coils of a mill but their defects."""

    conditions: pa.Table
    parts: pa.Table


def kept_coils(mill: Mill) -> Coils:
    """Those of `coils_of`, kept in build/ as long as the code that makes them stands."""
    name = f"coils_{mill.seed}_{mill.days}x{mill.coils_a_day}"
    home = BUILD / "cause_mills" / f"{name}_{_digest(mill)}"
    files = [home.with_suffix(f".{part}.parquet") for part in ("conditions", "parts")]
    if not all(file.exists() for file in files):
        for outdated in home.parent.glob(f"{name}_*"):
            outdated.unlink()
        home.parent.mkdir(parents=True, exist_ok=True)
        made = coils_of(mill)
        for table, file in zip((made.conditions, made.parts), files, strict=True):
            pq.write_table(table, file, compression="zstd")
    return Coils(*(pq.read_table(file) for file in files))


def _digest(mill: Mill) -> str:
    """Of the code and the mill; defects, and so their causes, change nothing in the coils."""
    code = b"".join(file.read_bytes() for made_by in MADE_BY for file in sorted(ROOT.glob(made_by)))
    same = replace(mill, causes=0, cause_strength=1.0)
    return hashlib.blake2b(code + repr(same).encode(), digest_size=6).hexdigest()


def coils_of(mill: Mill) -> Coils:
    """The conditions and parts of all coils of a mill; rolls are known from a month before."""
    first = mill.all_days[0]
    before = [first - timedelta(days=no) for no in range(ROLL_DAYS, 0, -1)]
    every = {no: _day(mill, no) for no in (*before[-2:], *mill.all_days)}
    rolled = pa.concat_tables([coil_table_of(mill, no) for no in (*before, *mill.all_days)])
    slabs, heats = (_all(of, name) for of, name in ((every.values(), "slabs"), (every.values(), "heats")))
    coils = _core_coils(rolled, slabs, heats)
    beside = Beside(
        _look(rolled),
        _look(slabs),
        _look(heats),
        _look(pa.concat_tables([roll_change_table(mill, no) for no in (*before, *mill.all_days)])),
        _look(pa.concat_tables([stoppage_table(mill, no) for no in (*before[-7:], *mill.all_days)])),
    )
    lines = [("HSM", coils.sort_by("coiled_at"))]
    conditions = _table(CORE_COIL_CONDITIONS, coil_conditions(lines, mill.all_days, beside))
    parts = [_parts(mill, no, coils, slabs, every) for no in mill.all_days]
    return Coils(conditions, pa.concat_tables(parts))


@dataclass(frozen=True)
class _Day:
    slabs: pa.Table
    heats: pa.Table


def _day(mill: Mill, day: date) -> _Day:
    return _Day(slab_table(mill, day), heat_table(mill, day))


def coil_table_of(mill: Mill, day: date) -> pa.Table:
    """The coils of a day with the day."""
    rows = coil_table(mill, day)
    return rows.append_column("production_day", pa.array([day] * len(rows), pa.date32()))


def _all(days: Iterable[_Day], name: str) -> pa.Table:
    return pa.concat_tables([getattr(one, name) for one in days])


def _look(rows: pa.Table) -> Callable:
    def look(by, values, since=None, until=None):
        found = rows.filter(pc.is_in(rows[by], value_set=pa.array(sorted(values), pa.string())))
        if since is None:
            return found
        return found.filter(
            pc.and_(pc.greater_equal(found["sampled_at"], since), pc.less_equal(found["sampled_at"], until))
        )

    return look


def _core_coils(rolled: pa.Table, slabs: pa.Table, heats: pa.Table) -> pa.Table:
    """core/coils as far as it is needed."""
    slab = slabs.take(pc.index_in(rolled["slab_id"], value_set=slabs["slab_id"].combine_chunks()))
    heat = heats.take(pc.index_in(slab["heat_id"], value_set=heats["heat_id"].combine_chunks()))
    columns = {name: rolled[name] for name in rolled.column_names if name in CORE_COILS.field_names}
    columns |= {name: slab[name] for name in ("heat_id", "strand", "furnace")} | {
        "slab_mass_t": slab["mass_t"]
    }
    columns |= {"grade_family": heat["grade_family"]}
    schema = arrow_schema(CORE_COILS)
    none = {field.name: pa.nulls(len(rolled), field.type) for field in schema if field.name not in columns}
    return pa.table({field.name: (columns | none)[field.name] for field in schema}).cast(schema)


def _parts(mill: Mill, day: date, coils: pa.Table, slabs: pa.Table, every: dict[date, _Day]) -> pa.Table:
    own = coils.filter(pc.equal(coils["production_day"], pa.scalar(day, pa.date32())))
    sensors = sensor_table(mill).to_pylist()
    known = {}
    for row in own.select(["coil_id", "line", "coiled_at", "length_m"]).to_pylist():
        held = sensors_at(sensors, row["line"], row["coiled_at"])
        known[row["coil_id"]] = Coil(day, row["length_m"], held)
    strips = _strips(mill, day)
    casting = pa.concat_tables([casting_table(mill, day - timedelta(days=no)) for no in (2, 1, 0)])
    upstream = Upstream(
        _look(length_maps_of(own, slabs)),
        _look(casting),
        _look(furnace_table(mill, day)),
        _look(roughing_table(mill, day)),
    )
    segments = _table(CORE_COIL_SEGMENTS, coil_segments(strips, known, SEGMENT_M, upstream))
    order = [(coil_id, segments.filter(pc.equal(segments["coil_id"], coil_id))) for coil_id in known]
    return _table(CORE_COIL_PARTS, coil_parts(order, known))


def _strips(mill: Mill, day: date) -> list[tuple[str, pa.Table]]:
    readings = pa.concat_tables([table for _, table in finishing_tables(mill, day)]).sort_by(
        [("coil_id", "ascending"), ("sampled_at", "ascending")]
    )
    readings = readings.append_column("system", pa.nulls(len(readings), pa.string()))
    return [
        (coil_id, readings.filter(pc.equal(readings["coil_id"], coil_id)).drop_columns(["coil_id"]))
        for coil_id in pc.unique(readings["coil_id"]).to_pylist()
    ]


def defects_of(mill: Mill) -> tuple[pa.Table, pa.Table]:
    """core/coil_defects and core/coil_inspections of all coils."""
    defects = pa.concat_tables(
        [_placed(CORE_COIL_DEFECTS, defect_table(mill, day), day) for day in mill.all_days]
    )
    looked_at = pa.concat_tables(
        [_placed(CORE_COIL_INSPECTIONS, inspection_table(mill, day), day) for day in mill.all_days]
    )
    return defects, looked_at.filter(pc.not_equal(looked_at["state"], "off"))


def _placed(table: Table, rows: pa.Table, day: date) -> pa.Table:
    columns = {name: rows[name] for name in rows.column_names} | {"coil_id": rows["material_id"]}
    columns["production_day"] = pa.array([day] * len(rows), pa.date32())
    schema = arrow_schema(table)
    return pa.table([columns.get(f.name, pa.nulls(len(rows), f.type)) for f in schema], schema.names).cast(
        schema
    )


def planted(mill: Mill) -> list[dict]:
    """The causes of a mill, each with the defects that came of it and were detected."""
    found = {}
    for day in mill.all_days:
        for row in cause_truth(mill, day).to_pylist():
            one = found.setdefault(row["cause_id"], row | {"defects_n": 0, "detected_n": 0, "coils_n": 0})
            for name in ("defects_n", "detected_n", "coils_n"):
                one[name] += row[name]
    return list(found.values())


def _table(table: Table, batches: Iterable[pa.RecordBatch]) -> pa.Table:
    schema = arrow_schema(table)
    return pa.Table.from_batches([batch.cast(schema) for batch in batches], schema)
