"""A reference mill's days in a lake without files: its tables published as rows of raw tables, then made.

What dirt does to readings of sensors is there, frozen and missing stretches and a wrong clock; what it does
to files is not.
"""

from datetime import date, timedelta

import pyarrow as pa

from jobs.core import coil_parts, coil_segments, coils, length_maps, station_clocks
from jobs.lake import delta
from jobs.lake.lake import Lake
from pipelines.reference_mill.before_rolling import heat_table, order_table
from pipelines.reference_mill.casting_readings import casting_table
from pipelines.reference_mill.finishing_readings import finishing_tables
from pipelines.reference_mill.furnace_readings import furnace_table
from pipelines.reference_mill.melt_shop import CAST_DAYS_BEFORE
from pipelines.reference_mill.mill import Mill
from pipelines.reference_mill.order_book import LEAD_DAYS
from pipelines.reference_mill.pieces import coil_table, roughing_table, slab_table
from pipelines.reference_mill.scrap import scrap_table
from pipelines.reference_mill.sensor_table import sensor_table
from schemas.contract import Table
from schemas.core.coil_parts import CORE_COIL_PARTS
from schemas.core.coil_segments import CORE_COIL_SEGMENTS
from schemas.core.coils import CORE_COILS
from schemas.core.length_maps import CORE_LENGTH_MAPS
from schemas.core.station_clocks import CORE_STATION_CLOCKS
from schemas.raw.casting_readings import RAW_CASTING_READINGS
from schemas.raw.coils import RAW_COILS
from schemas.raw.finishing_readings import RAW_FINISHING_READINGS
from schemas.raw.furnace_readings import RAW_FURNACE_READINGS
from schemas.raw.heats import RAW_HEATS
from schemas.raw.orders import RAW_ORDERS
from schemas.raw.roughing_passes import RAW_ROUGHING_PASSES
from schemas.raw.scrap import RAW_SCRAP
from schemas.raw.sensors import RAW_SENSORS
from schemas.raw.slabs import RAW_SLABS

OF_A_DAY = (
    (RAW_COILS, coil_table),
    (RAW_SLABS, slab_table),
    (RAW_SCRAP, scrap_table),
    (RAW_HEATS, heat_table),
    (RAW_ORDERS, order_table),
    (RAW_FURNACE_READINGS, furnace_table),
    (RAW_ROUGHING_PASSES, roughing_table),
    (RAW_CASTING_READINGS, casting_table),
)
MADE = (
    (CORE_COILS, coils),
    (CORE_LENGTH_MAPS, length_maps),
    (CORE_COIL_SEGMENTS, coil_segments),
    (CORE_COIL_PARTS, coil_parts),
    (CORE_STATION_CLOCKS, station_clocks),
)


def make_segments(lake: Lake, mill: Mill) -> None:
    """core/coil_segments and coil_parts of all days of the mill, and what they are made from."""
    _before(lake, mill)
    for day in mill.all_days:
        for contract, table in OF_A_DAY:
            _deliver(lake, contract, table(mill, day), day)
        for _, table in finishing_tables(mill, day):
            _deliver(lake, RAW_FINISHING_READINGS, table, day)
    for contract, job in MADE:
        job.main(lake.for_table(contract), mill.all_days)


def _before(lake: Lake, mill: Mill) -> None:
    _deliver(lake, RAW_SENSORS, sensor_table(mill), mill.first_day)
    for days in range(1, LEAD_DAYS + 1):
        day = mill.first_day - timedelta(days=days)
        _deliver(lake, RAW_ORDERS, order_table(mill, day), day)
        if days <= CAST_DAYS_BEFORE:
            _deliver(lake, RAW_HEATS, heat_table(mill, day), day)
            _deliver(lake, RAW_CASTING_READINGS, casting_table(mill, day), day)


def _deliver(lake: Lake, contract: Table, table: pa.Table, day: date) -> None:
    """Publish a table of the mill as rows of one day."""
    columns = {name: table[name] for name in table.column_names}
    columns["production_day"] = pa.array([day] * len(table), pa.date32())
    schema = delta.arrow_schema(contract)
    rows = [columns.get(f.name, pa.nulls(len(table), f.type)) for f in schema]
    batches = pa.table([row.cast(f.type) for row, f in zip(rows, schema, strict=True)], schema).to_batches()
    uri = lake.settings.lake
    delta.publish(uri, contract, delta.stage_batches(uri, contract, lake.run.run_id, batches), set(), {})
