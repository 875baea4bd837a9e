"""Coils of whole lines with their slabs, heats, rolls and stoppages -> core/coil_conditions."""

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from datetime import date
from typing import NamedTuple

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from pipelines.cast_places import cast_places
from pipelines.roll_ages import NO_ROLL, Numbers, RollAges, roll_ages, seconds_of
from pipelines.strip_segments import Array, numbers
from schemas.core.coil_conditions import CORE_COIL_CONDITIONS, HEAT_FIELDS

Look = Callable[[str, Collection[str]], pa.Table]
"""A field and the values asked for -> the rows of a table that have one of them."""

Columns = Mapping[str, pa.Array | pa.ChunkedArray]


class Beside(NamedTuple):
    """What is looked up beside core/coils, of the days that the contract declares."""

    raw_coils: Look
    slabs: Look
    heats: Look
    roll_changes: Look
    stoppages: Look


def coil_conditions(
    lines: Iterable[tuple[str, pa.Table]], days: Collection[date], beside: Beside
) -> Iterator[pa.RecordBatch]:
    """The conditions of the coils of those days; ``lines``: line -> its coils in the order of time.

    The days before are needed for what goes on from coil to coil: rolls, stoppages, steps.
    """
    of_days = pa.array(sorted(days), pa.date32())
    for line, coils in lines:
        wanted = np.flatnonzero(pc.is_in(coils["production_day"], value_set=of_days).to_numpy())
        if len(wanted):
            columns = _of_line(line, coils, wanted, beside)
            rows = pa.table({name: columns[name] for name in CORE_COIL_CONDITIONS.field_names})
            yield from rows.combine_chunks().to_batches()


def _of_line(line: str, coils: pa.Table, wanted: Numbers, beside: Beside) -> Columns:
    started_at = pc.coalesce(coils["rolling_started_at"], coils["coiled_at"])
    coils = coils.append_column("started_at", started_at)
    raw = matched(coils["coil_id"], beside.raw_coils("line", [line]), "coil_id")
    told = raw["rolls"].combine_chunks()
    ages = roll_ages(coils, told, beside.roll_changes("line", [line]))
    sequence = _steps(coils) | _stoppages(coils, beside.stoppages("line", [line]))
    own = {name: values[wanted] for name, values in sequence.items()}
    of_days = coils.take(pa.array(wanted))
    asked = raw.select(["target_finishing_temp_c", "target_coiling_temp_c"]).take(pa.array(wanted))
    heats = matched(of_days["heat_id"], beside.heats("heat_id", _known(of_days["heat_id"])), "heat_id")
    return {
        **_named(of_days),
        **_named(asked),
        **_named(heats.select([field.name for field in HEAT_FIELDS])),
        **{name: pa.array(values, from_pandas=True) for name, values in own.items()},
        **_slabs(of_days, beside.slabs),
        **_rolls(ages, wanted),
    }


def matched(keys: pa.ChunkedArray, rows: pa.Table, by: str) -> pa.Table:
    """For each key the row that has it, all missing where none has."""
    return rows.take(pc.index_in(keys, value_set=rows[by].combine_chunks()))


def _known(names: pa.ChunkedArray) -> list[str]:
    return pc.unique(names).drop_null().to_pylist()


def _named(rows: pa.Table) -> Columns:
    return {name: rows[name] for name in rows.column_names}


def _steps(coils: pa.Table) -> dict[str, Array]:
    """What a coil differs in from the one before it on the line."""
    started_s, left_s = seconds_of(coils["started_at"]), seconds_of(coils["coiled_at"])
    has_start = ~np.isnan(seconds_of(coils["rolling_started_at"]))
    gap_min = (started_s - _before(left_s)) / 60
    family = coils["grade_family"].combine_chunks().dictionary_encode()
    number = numbers(family.indices).astype(np.float64)
    changed = np.where(np.isnan(number) | np.isnan(_before(number)), np.nan, number != _before(number))
    return {
        "gap_min": np.where(has_start, gap_min, np.nan),
        **{
            f"{name}_step_mm": numbers(coils[f"target_{name}_mm"])
            - _before(numbers(coils[f"target_{name}_mm"]))
            for name in ("thickness", "width")
        },
        "is_family_change": changed,
    }


def _before(values: Array) -> Array:
    return np.append(np.nan, values[:-1])


def _stoppages(coils: pa.Table, stoppages: pa.Table) -> dict[str, Array]:
    """How long ago the last stoppage ended, how long it was, and which coil after it this one is."""
    from_s, to_s = seconds_of(stoppages["from_at"]), seconds_of(stoppages["to_at"])
    # A log has stoppages without an end, and with one before the start.
    ended = np.flatnonzero(to_s >= from_s)
    ended = ended[np.argsort(to_s[ended], kind="stable")]
    started_s = seconds_of(coils["started_at"])
    last = np.searchsorted(to_s[ended], started_s, side="right") - 1
    nothing = np.full(len(started_s), np.nan)
    if not len(ended):
        return {
            name: nothing for name in ("since_stoppage_min", "last_stoppage_min", "coil_after_stoppage_no")
        }
    has = last >= 0
    at = ended[np.maximum(last, 0)]
    order = np.argsort(started_s, kind="stable")
    place = np.empty(len(order))
    place[order] = np.arange(len(order)) - np.searchsorted(last[order], last[order])
    # The first coils of the window may have others before them, after the same stoppage.
    is_whole = has & (to_s[at] > started_s.min())
    return {
        "since_stoppage_min": np.where(has, (started_s - to_s[at]) / 60, np.nan),
        "last_stoppage_min": np.where(has, (to_s[at] - from_s[at]) / 60, np.nan),
        "coil_after_stoppage_no": np.where(is_whole, place + 1, np.nan),
    }


def _slabs(coils: pa.Table, look: Look) -> Columns:
    """Dimensions, casting and furnace of the slabs of coils."""
    slabs = matched(coils["slab_id"], look("slab_id", _known(coils["slab_id"])), "slab_id")
    cast = cast_places(slabs, look("strand", _known(slabs["strand"])))
    cast_s, in_s, out_s = (seconds_of(slabs[name]) for name in ("cast_at", "charged_at", "discharged_at"))
    spans = {
        "slab_wait_h": (in_s - cast_s) / 3600,
        "furnace_stay_min": (out_s - in_s) / 60,
        "discharge_to_mill_s": seconds_of(coils["rolling_started_at"]) - out_s,
        "width_reduction_mm": numbers(slabs["width_mm"]) - numbers(coils["target_width_mm"]),
    }
    return {
        **{name: slabs[name] for name in ("cast_at", "cast_from_m", "charge_temp_c")},
        **{f"slab_{name}": slabs[name] for name in ("thickness_mm", "width_mm", "length_m")},
        **{name: pa.array(values, from_pandas=True) for name, values in spans.items()},
        **cast,
    }


def _rolls(ages: RollAges, wanted: Numbers) -> Columns:
    """The known rolls of each coil, as lists of one length."""
    roll_no = ages.roll_no[wanted]
    row, place = np.nonzero(roll_no != NO_ROLL)
    offsets = pa.array(np.searchsorted(row, np.arange(len(wanted) + 1)), pa.int32())

    def listed(values: pa.Array) -> pa.Array:
        return pa.ListArray.from_arrays(offsets, values)

    return {
        "roll_places": listed(pa.array(ages.places, pa.string()).take(pa.array(place))),
        "roll_ids": listed(pa.array(ages.rolls, pa.string()).take(pa.array(roll_no[row, place]))),
        **{
            name: listed(pa.array(values[wanted][row, place], pa.float64(), from_pandas=True))
            for name, values in (("roll_coils_n", ages.coils_n), ("roll_km", ages.km), ("roll_t", ages.t))
        },
    }
