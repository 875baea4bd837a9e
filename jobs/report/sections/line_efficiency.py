"""How well the lines ran."""

from collections.abc import Iterator
from datetime import date

import duckdb

from jobs.report.blocks import Block, Column, Grid, Note, Picture, Row
from jobs.report.pictures import BLUE, bars
from jobs.report.reading import read

ORDER = 40
TITLE = "Line efficiency"
QUESTION = "Was the planned time used, at the standard rate, for good product, and with how much energy?"

QUERY = """
select * from mart.line_efficiency
where production_day = $day and (shift = 'all' or planned_busy_min > 0 or pieces > 0)
order by max(output_mass_t) over (partition by line) desc nulls last, line, shift <> 'all', shift
"""
FACTORS = {
    "Availability": "availability_pct",
    "Effectiveness": "effectiveness_pct",
    "Quality": "quality_ratio_pct",
    "OEE": "oee_pct",
}
ENERGY = ("electricity_kwh_t", "gas_m3_t", "water_m3_t")
COLUMNS = (
    Column("line", "Line"),
    Column("shift", "Shift"),
    Column("pieces", "Pieces out"),
    Column("output_mass_t", "Output", "t", 0),
    Column("planned_busy_min", "Planned", "min", 0),
    Column("stopped_min", "Production stopped", "min", 0),
    Column("rate_t_h", "Rate", "t/h", 0),
    Column("availability_pct", "Availability", "%", 1),
    Column("effectiveness_pct", "Effectiveness", "%", 1),
    Column("quality_ratio_pct", "Quality", "%", 1),
    Column("oee_pct", "OEE", "%", 1),
    Column("first_pass_yield_pct", "First-pass yield", "%", 1),
)
ENERGY_COLUMNS = (
    Column("line", "Line"),
    Column("shift", "Shift"),
    Column("electricity_kwh_t", "Electricity", "kWh/t", 1),
    Column("gas_m3_t", "Gas", "m³/t", 1),
    Column("water_m3_t", "Water", "m³/t", 1),
)


def content(connection: duckdb.DuckDBPyConnection, day: date) -> Iterator[Block]:
    """OEE with its three factors per line, then every figure by shift."""
    rows = read(connection, QUERY, day)
    if not rows:
        yield Note(f"No line had a planned shift or an output on {day}.")
        return
    lines = [row for row in rows if row["shift"] == "all"]
    yield from (_picture(row) for row in lines if any(row[key] is not None for key in FACTORS.values()))
    for row in lines:
        if row["not_computable"]:
            yield Note(f"{row['line']}, not computable: {row['not_computable']}", "bad")
    yield Grid("By line and shift", COLUMNS, rows)
    metered = [row for row in rows if any(row[key] is not None for key in ENERGY)]
    if metered:
        yield Grid("Energy and water per tonne of output", ENERGY_COLUMNS, metered)


def _picture(row: Row) -> Picture:
    factors = {name: row[key] for name, key in FACTORS.items() if row[key] is not None}
    rate = f"; standard rates from {row['rate_source']}" if row["rate_source"] else ""
    texts = [f"{value:.1f} %" for value in factors.values()]
    return Picture(
        f"{row['line']}: OEE and its factors (ISO 22400-2){rate}",
        bars(list(factors), list(factors.values()), texts, "%", BLUE, most=100),
        "; ".join(f"{name} {text}" for name, text in zip(factors, texts, strict=True)),
    )
