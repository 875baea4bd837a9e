"""Every coil on the charts of its characteristics: limits from the days before, rules over both."""

from collections.abc import Collection
from datetime import date

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray
from pyspark.sql import DataFrame

from pipelines.coil_charts import Rules, Scored, charts, score_shares, score_values
from pipelines.memory_charts import DECISION
from pipelines.run_rules import western_electric
from schemas.mart.control_charts import BASELINE_DAYS, MART_CONTROL_CHARTS

CHART = ("line", "characteristic", "mode")
LEAST_BASELINE_N = 50
"""Coils of a baseline: limits of fewer are too wide or too narrow by more than a tenth."""

LEAST_BASELINE_DAYS = 5
"""Days of a baseline: what differs from day to day belongs to it."""

OF_A_POINT = (
    *("center_of_characteristic", "lower_of_characteristic", "upper_of_characteristic", "deviation_sigmas"),
    *("ewma_sigmas", "ewma_limit_sigmas", "cusum_above_sigmas", "cusum_below_sigmas"),
)


def control_charts(
    characteristics: DataFrame, days: Collection[date], rules: Rules = western_electric
) -> DataFrame:
    """One row per point of those days: a coil and characteristic, or a day whose share of hits is charted.

    ``characteristics``: of the days and of those before them. ``rules``: of ``pipelines.run_rules``.
    """
    told = characteristics.where("value_of_characteristic is not null")

    # Not partial(): pyspark looks for the annotations of a function.
    def kernel(told: pa.Table) -> pa.Table:
        return charts_of(told, sorted(days), rules)

    return told.groupBy(*CHART).applyInArrow(kernel, MART_CONTROL_CHARTS.ddl)


def charts_of(told: pa.Table, days: Collection[date], rules: Rules = western_electric) -> pa.Table:
    """The charts of one characteristic in one mode."""
    in_order = told.sort_by([("coiled_at", "ascending"), ("coil_id", "ascending")])
    points = _shares(in_order) if in_order["kind"][0].as_py() == "hit" else _coils(in_order)
    day_no = points["production_day"].cast(pa.int32()).to_numpy()
    made = [_of_day(points, day_no, (day - date(1970, 1, 1)).days, rules) for day in days]
    return pa.concat_tables(made)


def _coils(told: pa.Table) -> pa.Table:
    once = pa.array(np.ones(len(told), np.int64))
    return _described(told, told["coil_id"], told["value_of_characteristic"], once)


def _shares(told: pa.Table) -> pa.Table:
    """A point per day: the share of its coils that hit, charted when the last one was coiled."""
    day_no = told["production_day"].cast(pa.int32()).to_numpy()
    _, last, coils_n = np.unique(day_no[::-1], return_index=True, return_counts=True)
    last = len(told) - 1 - last
    ends = np.cumsum(told["value_of_characteristic"].to_numpy())[last]
    of_day = told.take(pa.array(last))
    share = pa.array(np.diff(ends, prepend=0.0) / coils_n)
    return _described(of_day, of_day["production_day"].cast(pa.string()), share, pa.array(coils_n))


def _described(told: pa.Table, point_id: pa.Array, value: pa.Array, coils_n: pa.Array) -> pa.Table:
    same = ("production_day", *CHART, "signal", "part", "unit", "kind")
    return (
        told.select(same)
        .append_column("charted_at", told["coiled_at"])
        .append_column("point_id", point_id)
        .append_column("value_of_characteristic", value)
        .append_column("coils_n", coils_n)
    )


def _of_day(points: pa.Table, day_no: NDArray[np.int32], day: int, rules: Rules) -> pa.Table:
    """The points of the day, charted behind those of its baseline."""
    is_there = (day_no >= day - BASELINE_DAYS) & (day_no <= day)
    at_hand = points.filter(pa.array(is_there))
    is_new = day_no[is_there] == day
    new = at_hand.filter(pa.array(is_new))
    coils_n = at_hand["coils_n"].to_numpy()
    baseline_n, days_n = int(coils_n[~is_new].sum()), len(np.unique(day_no[is_there][~is_new]))
    reason = _why_not(at_hand, is_new, baseline_n, days_n)
    columns = {name: new[name] for name in new.column_names} | {
        "chart": _repeated("rate" if _is_rate(points) else "individuals", len(new)),
        **{name: pa.nulls(len(new), pa.float64()) for name in OF_A_POINT},
        "cusum_limit_sigmas": pa.nulls(len(new), pa.float64()),
        "autocorrelation_ratio": pa.nulls(len(new), pa.float64()),
        "violations": pa.array([[]] * len(new), pa.list_(pa.string())),
        "baseline_n": _repeated(baseline_n, len(new)),
        "baseline_days_n": _repeated(days_n, len(new)),
        "not_computable": pa.array([reason] * len(new), pa.string()),
    }
    if reason is None and len(new):
        columns |= _charted(at_hand, is_new, rules)
    return pa.table({name: columns[name] for name in MART_CONTROL_CHARTS.field_names})


def _is_rate(points: pa.Table) -> bool:
    return bool(points["kind"][0].as_py() == "hit")


def _repeated(value: str | int, times: int) -> pa.Array:
    return pa.repeat(pa.scalar(value), times)


def _why_not(at_hand: pa.Table, is_new: NDArray[np.bool_], baseline_n: int, days_n: int) -> str | None:
    if baseline_n < LEAST_BASELINE_N or days_n < LEAST_BASELINE_DAYS:
        return (
            f"{baseline_n} coils of {days_n} days in the baseline, of at least {LEAST_BASELINE_N} "
            f"of {LEAST_BASELINE_DAYS}"
        )
    baseline = at_hand["value_of_characteristic"].to_numpy()[~is_new]
    if not _is_rate(at_hand) and np.median(np.abs(np.diff(baseline))) == 0:
        return "most values of the baseline are the same"
    return None


def _charted(at_hand: pa.Table, is_new: NDArray[np.bool_], rules: Rules) -> dict[str, pa.Array]:
    scored = _scored(at_hand, ~is_new)
    found = charts(scored.deviation, rules)
    of_a_point = (scored.center, scored.lower, scored.upper, scored.deviation, *found[:4])
    correlation = None if np.isnan(scored.correlation) else scored.correlation
    new_n = int(is_new.sum())
    return {
        "chart": _repeated(scored.kind, new_n),
        **{name: pa.array(of[is_new]) for name, of in zip(OF_A_POINT, of_a_point, strict=True)},
        "cusum_limit_sigmas": pa.array(np.full(new_n, DECISION)),
        "autocorrelation_ratio": pa.array([correlation] * new_n, pa.float64()),
        "violations": pa.array(
            [found.violations[no] for no in np.flatnonzero(is_new)], pa.list_(pa.string())
        ),
    }


def _scored(at_hand: pa.Table, is_baseline: NDArray[np.bool_]) -> Scored:
    values = at_hand["value_of_characteristic"].to_numpy()
    if not _is_rate(at_hand):
        return score_values(values, is_baseline)
    coils_n = at_hand["coils_n"].to_numpy()
    return score_shares(np.rint(values * coils_n).astype(np.int64), coils_n, is_baseline)
