"""What the plant delivers on a day: which table in which file, when it arrives, and in what state."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import date, timedelta

import pyarrow as pa

from pipelines.reference_mill.before_rolling import heat_table, order_table, quality_code_table
from pipelines.reference_mill.casting_readings import casting_table
from pipelines.reference_mill.dirt import Planted, Row, dirty_readings, dirty_rows
from pipelines.reference_mill.energy import energy_table
from pipelines.reference_mill.finishing_readings import finishing_tables
from pipelines.reference_mill.furnace_readings import furnace_table
from pipelines.reference_mill.inspection_tables import defect_table, inspection_table
from pipelines.reference_mill.limit_tables import grade_limit_table, tolerance_table
from pipelines.reference_mill.line_events import (
    ideal_rate_table,
    roll_change_table,
    shift_table,
    stoppage_table,
)
from pipelines.reference_mill.melt_shop import CAST_DAYS_BEFORE
from pipelines.reference_mill.mill import Mill
from pipelines.reference_mill.order_book import LEAD_DAYS
from pipelines.reference_mill.pieces import coil_table, cut_table, roughing_table, slab_table, weld_table
from pipelines.reference_mill.price_table import price_table
from pipelines.reference_mill.scrap import scrap_table
from pipelines.reference_mill.sensor_table import sensor_table
from pipelines.reference_mill.setup_table import setup_table
from schemas.contract import Table
from schemas.raw.casting_readings import RAW_CASTING_READINGS
from schemas.raw.coils import RAW_COILS
from schemas.raw.cuts import RAW_CUTS
from schemas.raw.energy_readings import RAW_ENERGY_READINGS
from schemas.raw.finishing_readings import RAW_FINISHING_READINGS
from schemas.raw.furnace_readings import RAW_FURNACE_READINGS
from schemas.raw.grade_limits import RAW_GRADE_LIMITS
from schemas.raw.heats import RAW_HEATS
from schemas.raw.ideal_rates import RAW_IDEAL_RATES
from schemas.raw.inspections import RAW_INSPECTIONS
from schemas.raw.orders import RAW_ORDERS
from schemas.raw.prices import RAW_PRICES
from schemas.raw.quality_codes import RAW_QUALITY_CODES
from schemas.raw.roll_changes import RAW_ROLL_CHANGES
from schemas.raw.roughing_passes import RAW_ROUGHING_PASSES
from schemas.raw.scrap import RAW_SCRAP
from schemas.raw.sensors import RAW_SENSORS
from schemas.raw.setups import RAW_SETUPS
from schemas.raw.shift_calendar import RAW_SHIFT_CALENDAR
from schemas.raw.slabs import RAW_SLABS
from schemas.raw.stoppages import RAW_STOPPAGES
from schemas.raw.surface_defects import RAW_SURFACE_DEFECTS
from schemas.raw.tolerances import RAW_TOLERANCES
from schemas.raw.welds import RAW_WELDS

LATEST_DAYS = 3


@dataclass(frozen=True)
class Delivery:
    """A file before it is written: rows for a text format, an Arrow table for Parquet."""

    contract: Table
    stem: str
    production_day: date
    delivered_on: date
    content: list[Row] | pa.Table
    planted: Planted
    copy_of: str | None = None
    """The stem of the file that this one repeats under another name."""

    @property
    def row_count(self) -> int:
        """Rows in the file, duplicates and all."""
        return len(self.content)


@dataclass(frozen=True)
class _Source:
    """A system that delivers one table a day. ``is_dirty``: a person or an old export has a hand in it."""

    contract: Table
    table: Callable[[Mill, date], pa.Table]
    is_dirty: bool = True
    can_be_late: bool = False


SOURCES = (
    _Source(RAW_ORDERS, order_table, is_dirty=False),
    _Source(RAW_HEATS, heat_table, is_dirty=False),
    _Source(RAW_CASTING_READINGS, casting_table),
    _Source(RAW_SHIFT_CALENDAR, shift_table, is_dirty=False),
    _Source(RAW_ROLL_CHANGES, roll_change_table, is_dirty=False),
    _Source(RAW_SLABS, slab_table),
    _Source(RAW_FURNACE_READINGS, furnace_table),
    _Source(RAW_ROUGHING_PASSES, roughing_table),
    _Source(RAW_SETUPS, setup_table, is_dirty=False),
    _Source(RAW_COILS, coil_table),
    _Source(RAW_SURFACE_DEFECTS, defect_table),
    _Source(RAW_INSPECTIONS, inspection_table),
    _Source(RAW_CUTS, cut_table, can_be_late=True),
    _Source(RAW_WELDS, weld_table),
    _Source(RAW_SCRAP, scrap_table, can_be_late=True),
    _Source(RAW_STOPPAGES, stoppage_table, can_be_late=True),
    _Source(RAW_ENERGY_READINGS, energy_table, can_be_late=True),
)


def deliveries(mill: Mill, day: date) -> Iterator[Delivery]:
    """Every file that arrives on a day: its own, late ones, and on the first day what is older."""
    if day == mill.opened_on:
        yield from _opening(mill)
    for days in range(LATEST_DAYS, -1, -1):
        made_on = day - timedelta(days=days)
        if made_on < mill.opened_on:
            continue
        for source in SOURCES:
            if _late_days(mill, made_on, source) == days:
                yield from _with_copy(mill, replace(_delivery(mill, made_on, source), delivered_on=day))
    if mill.finishing_readings:
        yield from _finishing(mill, day)


def _late_days(mill: Mill, day: date, source: _Source) -> int:
    chance = mill.chance(day, f"late {source.contract.name}")
    is_late = source.can_be_late and chance.random() < mill.dirt.late_file
    return int(chance.integers(1, LATEST_DAYS + 1)) if is_late else 0


def _delivery(mill: Mill, day: date, source: _Source) -> Delivery:
    return _filed(
        mill, source.contract, f"{source.contract.name}_{day}", day, source.table(mill, day), source.is_dirty
    )


def _filed(mill: Mill, contract: Table, stem: str, day: date, table: pa.Table, is_dirty: bool) -> Delivery:
    """The table as a file's content: Arrow for readings of sensors, rows for the rest, with their dirt."""
    content: list[Row] | pa.Table = table if is_parquet(contract) else rows_of(table)
    planted = Planted()
    if is_dirty:
        chance = mill.chance(day, f"dirt {stem}")
        if isinstance(content, pa.Table):
            content, planted = dirty_readings(contract, content, mill.dirt, chance)
        else:
            content, planted = dirty_rows(contract, content, mill.dirt, chance)
    return Delivery(contract, stem, day, day, content, planted)


def is_parquet(contract: Table) -> bool:
    """True where sensors deliver by the second or the minute; all else comes as text."""
    return contract in (RAW_CASTING_READINGS, RAW_FURNACE_READINGS, RAW_FINISHING_READINGS)


def rows_of(table: pa.Table) -> list[Row]:
    """The rows of an Arrow table as plain values; a map becomes a dict."""
    rows: list[Row] = table.to_pylist(maps_as_pydicts="strict")
    return rows


def _with_copy(mill: Mill, delivery: Delivery) -> Iterator[Delivery]:
    yield delivery
    if mill.chance(delivery.production_day, f"copy {delivery.stem}").random() < mill.dirt.duplicate_file:
        yield replace(delivery, stem=f"{delivery.stem}_again", copy_of=delivery.stem)


def _finishing(mill: Mill, day: date) -> Iterator[Delivery]:
    for period, table in finishing_tables(mill, day):
        stem = f"{RAW_FINISHING_READINGS.name}_{day}_{period}"
        yield from _with_copy(mill, _filed(mill, RAW_FINISHING_READINGS, stem, day, table, is_dirty=True))


def _opening(mill: Mill) -> Iterator[Delivery]:
    """What the first days refer to: master data, heats already tapped and cast, orders already booked."""
    first = mill.opened_on
    before = [first - timedelta(days=days) for days in range(max(LEAD_DAYS, CAST_DAYS_BEFORE), 0, -1)]
    cast = before[-CAST_DAYS_BEFORE:]
    tables = (
        (RAW_QUALITY_CODES, quality_code_table(mill)),
        (RAW_IDEAL_RATES, ideal_rate_table(mill)),
        (RAW_SENSORS, sensor_table(mill)),
        (RAW_GRADE_LIMITS, grade_limit_table(mill)),
        (RAW_TOLERANCES, tolerance_table(mill)),
        (RAW_PRICES, price_table(mill)),
        (RAW_HEATS, pa.concat_tables([heat_table(mill, day) for day in cast])),
        (RAW_CASTING_READINGS, pa.concat_tables([casting_table(mill, day) for day in cast])),
        (RAW_ORDERS, pa.concat_tables([order_table(mill, day) for day in before[-LEAD_DAYS:]])),
    )
    for contract, table in tables:
        yield _filed(mill, contract, f"{contract.name}_before_{first}", first, table, is_dirty=False)
