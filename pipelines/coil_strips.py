"""core/coil_segments of coils as matrices: means of the signals of a step, and the health of its sensors."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import NamedTuple

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from pipelines.strip_segments import numbers
from pipelines.strip_views import Strip
from pipelines.upstream_segments import CASTING, HEATED, ROUGHED
from schemas.contract import MOMENTS, Table

Array = NDArray[np.float64]

FINISHING = "finishing"
STEPS: Mapping[str, tuple[str, ...]] = {"casting": CASTING, "reheating": HEATED, "roughing": ROUGHED}
"""Step -> its signals; all others are those of the finishing mill, with the run-out table and the coiler."""

FAULTY = ("frozen", "jumping")


class Rolled(NamedTuple):
    """What is known of a coil beside its segments."""

    production_day: date
    modes: tuple[str, ...]
    speed_signal: str | None = None


class Health(NamedTuple):
    """Of each signal in each segment: is its sensor frozen or jumping; were all its readings missing.

    NaN where no reading was taken.
    """

    frozen: Array
    jumping: Array
    missing: Array

    def of(self, first: int, end: int) -> "Health":
        """That of some segments."""
        return Health(*(part[first:end] for part in self))


class Together(NamedTuple):
    """Segments of several coils, one after the other; coil k has the rows [starts[k], starts[k + 1])."""

    coil_ids: Sequence[str]
    starts: NDArray[np.int64]
    rows: pa.Table


def signals_of_steps(segments: Table) -> dict[str, tuple[str, ...]]:
    """Step -> the signals that a table of segments has of it, a plant's own among those of the mill."""
    names = [field.name for field in segments.fields if field.type == MOMENTS]
    upstream = {name: step for step, signals in STEPS.items() for name in signals}
    steps: dict[str, list[str]] = {step: [] for step in (*STEPS, FINISHING)}
    for name in names:
        steps[upstream.get(name, FINISHING)].append(name)
    return {step: tuple(signals) for step, signals in steps.items()}


def together(coils: Sequence[tuple[str, pa.Table]]) -> Together:
    """The segments of coils in one table, each coil's in the order of the strip."""
    in_order = [rows.sort_by("from_m") if _is_mixed(rows) else rows for _, rows in coils]
    starts = np.concatenate([[0], np.cumsum([len(rows) for rows in in_order])])
    return Together([coil_id for coil_id, _ in coils], starts, pa.concat_tables(in_order).combine_chunks())


def _is_mixed(rows: pa.Table) -> bool:
    return bool((np.diff(numbers(rows["from_m"])) < 0).any())


def strips(coils: Together, signals: Sequence[str], rolled: Mapping[str, Rolled]) -> list[Strip]:
    """The coils with these signals, without the values of frozen and jumping sensors."""
    values = np.column_stack([_means(_struct(coils, name)) for name in signals])
    from_m, to_m = numbers(coils.rows["from_m"]), numbers(coils.rows["to_m"])
    found = []
    for coil_id, first, end in zip(coils.coil_ids, coils.starts, coils.starts[1:], strict=False):
        coil = rolled[coil_id]
        column = signals.index(coil.speed_signal) if coil.speed_signal in signals else None
        day = coil.production_day.toordinal()
        found.append(Strip(from_m[first:end], to_m[first:end], values[first:end], column, coil.modes, day))
    return found


def _struct(coils: Together, name: str) -> pa.StructArray:
    return coils.rows[name].chunk(0)


def _means(signal: pa.StructArray) -> Array:
    mean = numbers(signal.field("mean")).copy()
    mean[_is_flagged(signal, FAULTY) | _is_null(signal)] = np.nan
    return mean


def _is_null(signal: pa.StructArray) -> NDArray[np.bool_]:
    return np.asarray(signal.is_null().to_numpy(zero_copy_only=False))


def _is_flagged(signal: pa.StructArray, flags: Sequence[str]) -> NDArray[np.bool_]:
    flagged = pc.is_in(signal.field("flag"), pa.array(flags))
    return np.asarray(pc.fill_null(flagged, False).to_numpy(zero_copy_only=False))


def health(coils: Together, signals: Sequence[str]) -> Health:
    """The health of the sensors of these signals in all segments."""
    structs = [_struct(coils, name) for name in signals]
    # A segment that no reading was taken in tells nothing of the sensor.
    was_read = [s.field("valid_pct").is_valid().to_numpy(zero_copy_only=False) for s in structs]
    return Health(
        *(
            np.column_stack(
                [
                    np.where(read, _is_flagged(signal, [flag]), np.nan)
                    for signal, read in zip(structs, was_read, strict=True)
                ]
            )
            for flag in Health._fields
        )
    )
