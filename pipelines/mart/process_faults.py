"""core/coil_segments and models of normal behaviour -> mart/process_faults."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date
from typing import Any, NamedTuple

import numpy as np
import pyarrow as pa

from pipelines.coil_levels import CoilFaults
from pipelines.coil_strips import Rolled, Together, health, signals_of_steps, strips, together
from pipelines.sensor_stretches import sensor_stretches
from pipelines.strip_faults import Fault, StepModel, step_faults
from pipelines.strip_parts import parts
from pipelines.strip_segments import numbers
from schemas.contract import Table
from schemas.core.coil_parts import PARTS

SEGMENTS_AT_ONCE = 20_000
"""Coils wait for each other until they have so many: a view and a model have a cost of their own."""

Models = Mapping[date, Sequence[StepModel]]
"""Production day -> the models that judge it."""

PlaceErrors = Mapping[str, Mapping[str, tuple[float, float, float]]]
"""Coil -> signal -> standard deviation of the error of its places at head, middle and tail."""


class Known(NamedTuple):
    """What is known beside segments: the coils, the models of their days, what is off on whole coils."""

    rolled: Mapping[str, Rolled]
    models: Models
    of_coils: CoilFaults
    place_errors: PlaceErrors


def process_faults(
    coils: Iterable[tuple[str, pa.Table]], known: Known, segments: Table, schema: pa.Schema
) -> Iterator[pa.RecordBatch]:
    """The faults of coils, as batches of ``schema``; ``coils``: coil -> all its segments.

    Faults of sensors need no model; on a day without one they are all that is found.
    """
    at_hand: list[tuple[str, pa.Table]] = []
    for coil_id, rows in coils:
        if len(rows):
            at_hand.append((coil_id, rows))
        if sum(len(rows) for _, rows in at_hand) >= SEGMENTS_AT_ONCE:
            yield from _batches(at_hand, known, segments, schema)
            at_hand = []
    if at_hand:
        yield from _batches(at_hand, known, segments, schema)


def _batches(
    at_hand: Sequence[tuple[str, pa.Table]], known: Known, segments: Table, schema: pa.Schema
) -> Iterator[pa.RecordBatch]:
    """Day by day, since each is judged by its own models."""
    day_of = {coil_id: known.rolled[coil_id].production_day for coil_id, _ in at_hand}
    for day in sorted(set(day_of.values())):
        of_day = together([(coil_id, rows) for coil_id, rows in at_hand if day_of[coil_id] == day])
        found = [
            *_of_sensors(of_day, segments),
            *_of_models(of_day, known.rolled, known.models.get(day, ()), segments),
            *_of_coils(of_day, known.of_coils),
        ]
        rows = [_row(of_day, known, step, model_id, fault) for step, model_id, fault in found]
        yield pa.RecordBatch.from_pylist([row | {"production_day": day} for row in rows], schema)


def _of_sensors(coils: Together, segments: Table) -> Iterator[tuple[str, None, Fault]]:
    from_m, to_m = numbers(coils.rows["from_m"]), numbers(coils.rows["to_m"])
    for step, signals in signals_of_steps(segments).items():
        told = health(coils, signals) if signals else None
        for no, (first, end) in enumerate(zip(coils.starts, coils.starts[1:], strict=False)):
            if told is not None:
                own = told.of(first, end)
                for fault in sensor_stretches(no, own, from_m[first:end], to_m[first:end], signals):
                    yield step, None, fault


def _of_models(
    coils: Together, rolled: Mapping[str, Rolled], models: Sequence[StepModel], segments: Table
) -> Iterator[tuple[str, str, Fault]]:
    there = set(segments.field_names)
    for model in models:
        signals = tuple(name for name in model.signals if name in there)
        if signals:
            for fault in step_faults(model, signals, strips(coils, signals, rolled)):
                yield model.step, model.model_id, fault


def _of_coils(coils: Together, of_coils: CoilFaults) -> Iterator[tuple[str, str, Fault]]:
    for no, coil_id in enumerate(coils.coil_ids):
        length_m = float(coils.rows["to_m"][int(coils.starts[no + 1]) - 1].as_py())
        for step, model_id, fault in of_coils.get(coil_id, ()):
            yield step, model_id, fault._replace(strip_no=no, to_m=length_m)


def _row(coils: Together, known: Known, step: str, model_id: str | None, fault: Fault) -> dict[str, Any]:
    first, end = coils.starts[fault.strip_no], coils.starts[fault.strip_no + 1]
    rows = coils.rows.slice(first, end - first)
    coil_id = coils.coil_ids[fault.strip_no]
    error_m = _place_error_m(rows, step, known.place_errors.get(coil_id, {}), fault)
    return {
        "coil_id": coil_id,
        "step": step,
        "detector": fault.detector,
        "from_m": fault.from_m,
        "to_m": fault.to_m,
        "sigma_m": None if error_m is None else float(np.hypot(error_m, fault.resolution_m)),
        "is_sensor": model_id is None,
        "part": _part(rows, known.rolled[coil_id].speed_signal, fault),
        "mode": fault.mode,
        "strength_ratio": fault.strength if model_id else None,
        "signals": list(fault.signals),
        "residual_sigmas": list(fault.sigmas),
        "sentence": fault.sentence,
        "model_id": model_id,
    }


def _place_error_m(
    rows: pa.Table, step: str, errors: Mapping[str, tuple[float, float, float]], fault: Fault
) -> float | None:
    """That of the first signal's station where it is told, else that of the segments."""
    if fault.signals[0] in errors:
        middle = (fault.from_m + fault.to_m) / 2 / rows["to_m"][len(rows) - 1].as_py()
        return float(np.interp(middle, [0.0, 0.5, 1.0], errors[fault.signals[0]]))
    error_m = numbers(rows["upstream_sigma_m" if step == "casting" else "sigma_m"])
    told = error_m[np.isfinite(error_m)]
    return float(np.median(told)) if len(told) else None


def _part(rows: pa.Table, speed_signal: str | None, fault: Fault) -> str:
    """The part in which most of it lies."""
    from_m, to_m = numbers(rows["from_m"]), numbers(rows["to_m"])
    speed = None
    if speed_signal in rows.column_names:
        speed = numbers(rows[speed_signal].combine_chunks().field("mean"))
    shared_m = np.maximum(np.minimum(to_m, fault.to_m) - np.maximum(from_m, fault.from_m), 0.0)
    of_parts = np.bincount(parts(from_m, to_m, speed), shared_m, len(PARTS))
    return PARTS[int(of_parts.argmax())]
