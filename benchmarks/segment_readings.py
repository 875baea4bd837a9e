"""Readings to cut into metres: as the ingest leaves them in the lake, but of a size that is given.

Sensors have a resolution, so values repeat; files end in the middle of coils; some signals lack values.
"""

import shutil
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import numpy as np
import pyarrow as pa

from benchmarks.reference_landing import BUILD
from jobs.lake import delta
from schemas.contract import Input
from schemas.core.coil_segments import CORE_COIL_SEGMENTS, COUNTER, SIGNALS, UPSTREAM_SIGNALS
from schemas.core.coils import CORE_COILS
from schemas.raw.finishing_readings import RAW_FINISHING_READINGS

DAY = date(2026, 11, 20)
BEGIN = datetime(2026, 11, 20, 6, tzinfo=UTC)
READINGS_A_METRE = 50
METRES = (800, 1200)
SIGNALS_N = 20
CHOSEN = SIGNALS[:SIGNALS_N]
NAMES = tuple(signal.name for signal in CHOSEN)

# What is upstream of the mill is asked of no peer.
_left_out = {"upstream_sigma_m", *(field.name for field in (*SIGNALS[SIGNALS_N:], *UPSTREAM_SIGNALS))}
READINGS = replace(
    RAW_FINISHING_READINGS, fields=tuple(f for f in RAW_FINISHING_READINGS.fields if f.name not in _left_out)
)
SEGMENTS = replace(
    CORE_COIL_SEGMENTS,
    fields=tuple(f for f in CORE_COIL_SEGMENTS.fields if f.name not in _left_out),
    made_from=(Input(CORE_COILS), Input(READINGS, days_back=1)),
)


@dataclass(frozen=True)
class Size:
    """How many coils, and how many readings a file of the lake has."""

    coils: int
    rows_a_file: int


BIG = Size(coils=400, rows_a_file=500_000)
SMALL = Size(coils=8, rows_a_file=70_000)


def readings_home(size: Size) -> Path:
    """A home whose lake has the readings and their coils, written where it is not there."""
    home = BUILD / f"segments_{size.coils}x{size.rows_a_file}x{SIGNALS_N}"
    if not (home / "written").exists():
        shutil.rmtree(home, ignore_errors=True)
        lake = str(home / "lake")
        for no, batches in enumerate(_files(size)):
            staged = delta.stage_batches(lake, READINGS, f"run{no}", batches)
            delta.publish(lake, READINGS, staged, set(), {})
        example = {field.name: field.example for field in CORE_COILS.fields}
        coils = [example | {"coil_id": _coil_id(no), "length_m": _length_m(no)} for no in range(size.coils)]
        rows = pa.Table.from_pylist(coils, delta.arrow_schema(CORE_COILS)).to_batches()
        delta.publish(lake, CORE_COILS, delta.stage_batches(lake, CORE_COILS, "run", rows), set(), {})
        (home / "written").touch()
    return home


def _files(size: Size) -> Iterator[list[pa.RecordBatch]]:
    """Coil after coil, cut where a file is full."""
    waiting: list[pa.Table] = []
    for no in range(size.coils):
        waiting.append(_coil(no))
        while sum(map(len, waiting)) >= size.rows_a_file:
            rows = pa.concat_tables(waiting)
            yield rows.slice(0, size.rows_a_file).combine_chunks().to_batches(131_072)
            waiting = [rows.slice(size.rows_a_file)]
    if sum(map(len, waiting)):
        yield pa.concat_tables(waiting).combine_chunks().to_batches(131_072)


def _coil_id(no: int) -> str:
    return f"C26112{no:05d}"


def _length_m(no: int) -> float:
    return float(np.random.default_rng(no).integers(*METRES))


def _coil(no: int) -> pa.Table:
    """The readings of one coil; every fifth signal lacks a stretch of the strip."""
    chance = np.random.default_rng([no, 1])
    rows = int(_length_m(no)) * READINGS_A_METRE
    first_us = int((BEGIN + timedelta(seconds=120 * no)).timestamp() * 1e6)
    columns = {
        "coil_id": pa.repeat(_coil_id(no), rows),
        "sampled_at": pa.array(first_us + 2_000 * np.arange(rows), pa.timestamp("us", tz="UTC")),
        # At the middle of its share of a metre: never on an edge, where a rounding decides.
        COUNTER: pa.array((np.arange(rows) + 0.5) / READINGS_A_METRE),
        "production_day": pa.repeat(pa.scalar(DAY, pa.date32()), rows),
    }
    for place, signal in enumerate(CHOSEN):
        steps = np.rint(chance.normal(0, 100, rows) + 200 * np.sin(np.arange(rows) / (700 + 100 * place)))
        missing = np.zeros(rows, bool)
        if place % 5 == 0:
            missing[rows // 3 : rows // 3 + 500] = True
        columns[signal.name] = pa.array(signal.example["mean"] * (1 + steps / 10_000), mask=missing)
    schema = delta.arrow_schema(READINGS)
    nothing = {field.name: pa.nulls(rows, field.type) for field in schema if field.name not in columns}
    return pa.table(columns | nothing).select(schema.names).cast(schema)
