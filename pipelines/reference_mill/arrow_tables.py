"""Arrow tables in a contract's own field names, types and order, rounded as instruments show them."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from pipelines.reference_mill.mill import Mill
from schemas.contract import Field, Table
from schemas.fields import SYSTEM
from schemas.raw_table import delivered

ARROW_TYPES = {
    "string": pa.string(),
    "double": pa.float64(),
    "bigint": pa.int64(),
    "boolean": pa.bool_(),
    "timestamp": pa.timestamp("us", tz="UTC"),
    "map<string,string>": pa.map_(pa.string(), pa.string()),
}

DECIMALS = {
    "kn": 0,
    "knm": 1,
    "mm": 3,
    "m": 2,
    "s": 3,
    "t": 3,
    "c": 1,
    "um": 1,
    "iu": 1,
    "deg": 1,
    "bar": 1,
    "h": 0,
    "pct": 4,
    "kwh": 1,
    "m3": 1,
    "mpa": 0,
    "money_t": 2,
    "m_min": 3,
    "mw_m2": 3,
    "cooling_m3_h": 1,
    "of_signal": 1,
    "setup_of_signal": 3,
    "hit_within_of_signal": 3,
}
"""Digits behind the point that an instrument shows, by the end of the field's name; the longest that fits."""


def decimals(name: str) -> int:
    """Digits behind the point of a field.

    >>> decimals("f1_force_kn"), decimals("thickness_mm"), decimals("casting_speed_m_min")
    (0, 3, 3)
    """
    words = name.split("_")
    ends = ("_".join(words[first:]) for first in range(len(words)))
    return next(DECIMALS[end] for end in ends if end in DECIMALS)


def delivered_schema(contract: Table) -> pa.Schema:
    """What the plant delivers of a raw table, as an Arrow schema."""
    return pa.schema([(field.name, ARROW_TYPES[field.type]) for field in _delivered(contract)])


def _delivered(contract: Table) -> tuple[Field, ...]:
    """One system takes all samples of this mill: no file names it."""
    return tuple(field for field in delivered(contract) if field != SYSTEM)


def delivered_table(contract: Table, columns: Mapping[str, Any]) -> pa.Table:
    """The columns as the contract has them; a NaN is a missing value.

    Raises KeyError where a delivered field has no column.
    """
    return pa.table(
        [_column(field.type, field.name, columns[field.name]) for field in _delivered(contract)],
        schema=delivered_schema(contract),
    )


def _column(kind: str, name: str, values: Any) -> pa.Array:
    if kind == "double":
        rounded = np.round(np.asarray(values, dtype=np.float64), decimals(name)) + 0.0
        return pa.array(rounded, mask=np.isnan(rounded))
    if kind == "map<string,string>":
        return pa.array([list(places.items()) for places in values], ARROW_TYPES[kind])
    if kind == "string" and isinstance(values, np.ndarray):
        values = values.tolist()
    return pa.array(values, ARROW_TYPES[kind])


def moments(mill: Mill, day: date, seconds: Sequence[float] | NDArray[np.float64]) -> NDArray[np.int64]:
    """Seconds from the start of a production day as microseconds since 1970, to the millisecond."""
    start_us = int(mill.day_start(day).timestamp()) * 1_000_000
    return start_us + np.round(np.asarray(seconds, dtype=np.float64) * 1000).astype(np.int64) * 1000


def empty(contract: Table) -> pa.Table:
    """The table without rows."""
    return delivered_schema(contract).empty_table()
