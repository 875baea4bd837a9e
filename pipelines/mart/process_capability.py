"""How well each characteristic keeps to its limits: indices of the days up to each day, by mode."""

from collections.abc import Collection
from datetime import date, timedelta
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray
from pyspark.sql import DataFrame

from pipelines.autocorrelation import lag_one
from pipelines.capability import (
    IN_CONTROL_SHARE,
    SPREAD_SHARES,
    capability,
    most_pattern_share,
    pattern_share,
    within_indices,
)
from pipelines.spread_fits import FITS_BADLY, Fit, anderson_darling, best_fit
from schemas.mart.process_capability import MART_PROCESS_CAPABILITY, WINDOW_DAYS

Array = NDArray[np.float64]

PROCESS = ("line", "characteristic", "mode")
LEAST_N = 50
"""Coils of a window: of fewer, an index is uncertain by a fifth of itself."""

LEAST_DAYS = 10
"""Days of a window over which a process can be called stable."""


def process_capability(characteristics: DataFrame, days: Collection[date]) -> DataFrame:
    """One row per day, line, characteristic with limits, and mode with a coil in the days up to that one."""
    limited = "least_of_characteristic is not null or most_of_characteristic is not null"
    told = characteristics.where("value_of_characteristic is not null").where(limited)

    # Not partial(): pyspark looks for the annotations of a function.
    def kernel(told: pa.Table) -> pa.Table:
        return capability_of(told, sorted(days))

    return told.groupBy(*PROCESS).applyInArrow(kernel, MART_PROCESS_CAPABILITY.ddl)


def capability_of(told: pa.Table, days: Collection[date]) -> pa.Table:
    """The rows of one characteristic in one mode."""
    in_order = told.sort_by([("coiled_at", "ascending"), ("coil_id", "ascending")])
    rows = [row for day in days if (row := _of_window(in_order, day))]
    columns = {name: [row.get(name) for row in rows] for name in MART_PROCESS_CAPABILITY.field_names}
    return pa.table(columns, schema=_schema())


def _schema() -> pa.Schema:
    types = {
        "string": pa.string(),
        "double": pa.float64(),
        "bigint": pa.int64(),
        "boolean": pa.bool_(),
        "date": pa.date32(),
    }
    return pa.schema([(field.name, types[field.type]) for field in MART_PROCESS_CAPABILITY.fields])


def _of_window(told: pa.Table, day: date) -> dict[str, Any] | None:
    coiled = told["production_day"]
    is_in = pc.and_(
        pc.greater(coiled, pa.scalar(day - timedelta(days=WINDOW_DAYS))),
        pc.less_equal(coiled, pa.scalar(day)),
    )
    window = told.filter(is_in)
    if not len(window):
        return None
    last = window.slice(len(window) - 1).to_pylist()[0]
    values, least, most, limits_n = brought_together(
        *(_numbers(window, f"{name}_of_characteristic") for name in ("value", "least", "most"))
    )
    row = {name: last[name] for name in (*PROCESS, "signal", "part", "unit")} | {
        "production_day": day,
        "coils_n": len(values),
        "days_n": pc.count_distinct(window["production_day"]).as_py(),
        "least_of_characteristic": _told(least),
        "most_of_characteristic": _told(most),
        "limits_n": limits_n,
        "beyond_pct": 100 * float(((values < least) | (values > most)).mean()),
    }
    return row | _judged(values, least, most, row["days_n"])


def _numbers(window: pa.Table, name: str) -> Array:
    return np.asarray(window[name].to_numpy(), dtype=np.float64)


def _told(value: float) -> float | None:
    """NaN and infinite numbers are none to publish."""
    return float(value) if np.isfinite(value) else None


def brought_together(values: Array, least: Array, most: Array) -> tuple[Array, float, float, int]:
    """Values as they would be with the most frequent limits, these, and how many pairs there are.

    Between two limits a value keeps its place in shares of the band; at one, its distance.

    >>> least, most = np.array([0.0, 0, 0]), np.array([4.0, 4, 8])
    >>> values, *limits = brought_together(np.array([1.0, 1.0, 2.0]), least, most)
    >>> values.tolist(), [float(end) for end in limits]
    ([1.0, 1.0, 1.0], [0.0, 4.0, 2.0])
    """
    pairs, first, times = np.unique(
        np.column_stack([least, most]), axis=0, return_inverse=True, return_counts=True
    )
    low, high = pairs[np.argmax(times)]
    if len(pairs) == 1:
        return values, low, high, 1
    same_sides = (np.isnan(pairs) == np.isnan(pairs[np.argmax(times)])).all(axis=1)[first.ravel()]
    values, least, most = values[same_sides], least[same_sides], most[same_sides]
    if np.isnan(low) or np.isnan(high):
        moved = values - most + high if np.isnan(low) else values - least + low
    else:
        moved = low + (values - least) / (most - least) * (high - low)
    return moved, low, high, len(pairs)


def _judged(values: Array, least: float, most: float, days_n: int) -> dict[str, Any]:
    """Indices with all that they rest on, or why there are none."""
    if len(values) < LEAST_N:
        reason = f"{len(values)} coils, of at least {LEAST_N}"
        return {"stability": "not judged", "not_computable": reason}
    if np.ptp(values) == 0 or least == most:
        return {"stability": "not judged", "not_computable": "values or limits do not differ"}
    return _figures(values, least, most, days_n)


def _figures(values: Array, least: float, most: float, days_n: int) -> dict[str, Any]:
    found, correlation = best_fit(values), lag_one(values)
    made = capability(found, values, least, most, correlation)
    is_stable, why = stability(found, values, days_n)
    within = within_indices(values, least, most)
    badly = anderson_darling(found, values)
    potential, critical = made.potential, made.critical
    numbers = dict(zip(("low", "middle", "high"), found.quantiles(SPREAD_SHARES), strict=True))
    return {f"{name}_of_characteristic": _told(value) for name, value in numbers.items()} | {
        "distribution": found.family.name,
        "anderson_darling_ratio": badly,
        "is_stable": is_stable,
        "stability": why,
        "indices": "Cp, Cpk" if is_stable else "Pp, Ppk",
        "potential_ratio": _told(potential.value),
        "potential_low_ratio": _told(potential.low),
        "potential_high_ratio": _told(potential.high),
        "lower_ratio": _told(made.lower),
        "upper_ratio": _told(made.upper),
        "critical_ratio": _told(critical.value),
        "critical_low_ratio": _told(critical.low),
        "critical_high_ratio": _told(critical.high),
        "within_potential_ratio": _told(within[0]),
        "within_critical_ratio": _told(within[1]),
        "autocorrelation_ratio": correlation,
        "doubt": _doubt(badly, critical.low),
    }


def stability(found: Fit, values: Array, days_n: int) -> tuple[bool | None, str]:
    """Whether the order of the values is that of chance, None where it is not known, and why."""
    if days_n < LEAST_DAYS:
        return None, f"{days_n} days are too few to call it stable, of at least {LEAST_DAYS}"
    share, most = pattern_share(found, values), most_pattern_share(len(values))
    told = (
        f"{100 * share:.1f} % of {len(values)} coils complete a pattern of Western Electric's "
        f"(in control {100 * IN_CONTROL_SHARE:.1f} %, by chance up to {100 * most:.1f} %)"
    )
    return share <= most, told


def _doubt(badly: float, low: float) -> str | None:
    doubts = []
    if badly > FITS_BADLY:
        doubts.append(f"no distribution fits well: Anderson-Darling {badly:.1f}, of at most {FITS_BADLY:.1f}")
    if not np.isfinite(low):
        doubts.append("the interval could not be told: a parameter of the distribution does not matter")
    return "; ".join(doubts) or None
