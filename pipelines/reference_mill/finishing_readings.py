"""The finishing readings of a day, hour by hour, as Arrow tables, sorted by coil and time."""

from collections.abc import Iterator
from datetime import date
from typing import NamedTuple

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from pipelines.reference_mill.arrow_tables import delivered_schema, moments
from pipelines.reference_mill.mill import Mill
from pipelines.reference_mill.process_faults import process_faults
from pipelines.reference_mill.rolling_day import RollingDay, rolling_day
from pipelines.reference_mill.sensor_faults import SensorFault, clock_skew_s, sensor_faults, spoil
from pipelines.reference_mill.strip_readings import strip_readings
from schemas.raw.finishing_readings import RAW_FINISHING_READINGS

Array = NDArray[np.float64]

SAMPLES_A_FILE, SAMPLES_OF_A_DAY = 250_000, 2_000
"""In one file at most, and on a day that is one file."""

USUAL_COIL_S = 140.0


class _Piece(NamedTuple):
    """Neighbouring samples of one coil."""

    coil_id: str
    sampled_us: NDArray[np.int64]
    readings: Array


def minutes_a_file(mill: Mill, hz: float) -> int:
    """An hour to a file; less where an hour has too many samples, a day where it has few.

    >>> [minutes_a_file(Mill(coils_a_day=600), hz) for hz in (0.01, 10, 100)]
    [1440, 60, 30]
    """
    an_hour = mill.coils_a_day / 24 * USUAL_COIL_S * hz
    if an_hour * 24 <= SAMPLES_OF_A_DAY:
        return 1440
    return next((minutes for minutes in (60, 30, 15, 10, 5) if an_hour * minutes / 60 <= SAMPLES_A_FILE), 2)


def finishing_tables(mill: Mill, day: date) -> Iterator[tuple[str, pa.Table]]:
    """Each file's period, named by the hours since the day's start, and its readings, one at a time."""
    period_us = minutes_a_file(mill, mill.hz_on(day)) * 60_000_000
    start_us = int(moments(mill, day, [0])[0])
    pieces: dict[int, list[_Piece]] = {}
    for coil in _coils(rolling_day(mill, day)):
        periods = (coil.sampled_us - start_us) // period_us
        for period in np.unique(periods):
            inside = periods == period
            part = _Piece(coil.coil_id, coil.sampled_us[inside], coil.readings[inside])
            pieces.setdefault(int(period), []).append(part)
        for period in sorted(done for done in pieces if done < periods[0]):
            yield _period_name(period, period_us), _table(pieces.pop(period))
    for period in sorted(pieces):
        yield _period_name(period, period_us), _table(pieces[period])


def _coils(rolled: RollingDay) -> Iterator[_Piece]:
    """Every coil's samples, on the ticks of the mill's own clock."""
    mill = rolled.mill
    skew_us = round(clock_skew_s(mill, rolled.day) * 1e6)
    began_us = moments(mill, rolled.day, rolled.cone_from_s)
    tick_us = 1e6 / mill.hz_on(rolled.day)
    planted = process_faults(rolled)
    faults: dict[int, list[SensorFault]] = {}
    for fault in sensor_faults(rolled):
        faults.setdefault(fault.coil, []).append(fault)
    for coil in rolled.coils.tolist():
        ended_us = began_us[coil] + rolled.cone.at_s[coil, -1] * 1e6
        ticks = np.arange(np.ceil(began_us[coil] / tick_us), np.floor(ended_us / tick_us) + 1)
        true_us = np.round(ticks * tick_us).astype(np.int64)
        since_s = (true_us - began_us[coil]) / 1e6
        of_coil = [fault for fault in planted if fault.slab_no == coil]
        readings = strip_readings(rolled, coil, since_s, of_coil)
        for fault in faults.get(coil, ()):
            spoil(readings, since_s, fault)
        yield _Piece(rolled.coil_id(coil), true_us + skew_us, readings)


def _period_name(period: int, period_us: int) -> str:
    hours, minutes = divmod(period * period_us // 60_000_000, 60)
    return f"h{hours:02d}" + (f"m{minutes:02d}" if period_us < 3_600_000_000 else "")


def _table(pieces: list[_Piece]) -> pa.Table:
    readings = np.concatenate([piece.readings for piece in pieces])
    of_coil = np.repeat(np.arange(len(pieces), dtype=np.int32), [len(piece.sampled_us) for piece in pieces])
    coil_id = pa.DictionaryArray.from_arrays(of_coil, [piece.coil_id for piece in pieces]).cast(pa.string())
    sampled_at = np.concatenate([piece.sampled_us for piece in pieces])
    signals = (np.ascontiguousarray(column) for column in readings.T)
    columns = [coil_id, pa.array(sampled_at, pa.timestamp("us", tz="UTC"))]
    columns += [pa.array(column, mask=np.isnan(column)) for column in signals]
    return pa.table(columns, schema=delivered_schema(RAW_FINISHING_READINGS))
