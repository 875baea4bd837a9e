"""What stopped the lines."""

from collections.abc import Iterator, Sequence
from datetime import date

import duckdb

from jobs.report.blocks import Block, Column, Grid, Note, Picture, Row
from jobs.report.pictures import bars
from jobs.report.reading import read

ORDER = 50
TITLE = "Stoppages"
QUESTION = "What stopped the lines, how often, and for how long?"

QUERY = """
select *,
    stopped_min / nullif(stoppages, 0) as mttr_min,
    case when not is_planned then actual_production_min / 60 / nullif(stoppages, 0) end as mtbf_h
from mart.stoppage_causes where production_day = $day
order by sum(stopped_min) over (partition by line) desc, line, is_planned, rank
"""
RELIABILITY = """
select line, shift, stoppages, stopped_min, actual_production_min, mtbf_h, mttr_min
from mart.line_efficiency
where production_day = $day and (shift = 'all' or planned_busy_min > 0 or stoppages > 0)
order by max(stopped_min) over (partition by line) desc, line, shift <> 'all', shift
"""
MOST_SHOWN = 12
TWO_KINDS_OF_MINUTES = (
    "Equipment stopped: all minutes of the log, planned or not, where causes overlap for each of them. "
    "Production stopped: what of the unplanned ones fell into time planned for production, counted once."
)
CAUSE_COLUMNS = (
    Column("line", "Line"),
    Column("category", "Class"),
    Column("equipment", "Equipment"),
    Column("reason", "Reason"),
    Column("is_planned", "Planned"),
    Column("stoppages", "Stoppages"),
    Column("stopped_min", "Equipment stopped", "min", 1),
    Column("share_of_stopped_pct", "Of equipment-stopped time", "%", 1),
    Column("mttr_min", "MTTR", "min", 1),
    Column("mtbf_h", "MTBF", "h", 1),
)
LINE_COLUMNS = (
    Column("line", "Line"),
    Column("shift", "Shift"),
    Column("stoppages", "Unplanned stoppages"),
    Column("stopped_min", "Production stopped", "min", 1),
    Column("actual_production_min", "Production time", "min", 0),
    Column("mtbf_h", "MTBF", "h", 2),
    Column("mttr_min", "MTTR", "min", 1),
)


def content(connection: duckdb.DuckDBPyConnection, day: date) -> Iterator[Block]:
    """The Pareto of unplanned stopped time per line, every cause, and MTBF and MTTR by shift."""
    causes, reliability = read(connection, QUERY, day), read(connection, RELIABILITY, day)
    if not causes and not reliability:
        yield Note(f"No stoppage and no production time is known for {day}.")
        return
    yield Note(TWO_KINDS_OF_MINUTES)
    unplanned = [row for row in causes if not row["is_planned"]]
    for line in dict.fromkeys(row["line"] for row in unplanned):
        yield _pareto(line, [row for row in unplanned if row["line"] == line])
    for row in reliability:
        if row["shift"] == "all" and row["stoppages"] == 0:
            yield Note(f"{row['line']}: no unplanned stoppage.", "good")
    if causes:
        yield Grid("Every cause", CAUSE_COLUMNS, causes)
    if reliability:
        yield Grid(
            "Reliability: production time per unplanned stoppage, and its mean length",
            LINE_COLUMNS,
            reliability,
        )


def _pareto(line: str, causes: Sequence[Row]) -> Picture:
    shown = causes[:MOST_SHOWN]
    names = [f"{row['reason']}, {row['equipment']}" for row in shown]
    texts = [f"{row['stopped_min']:,.0f} min · {row['stoppages']}×" for row in shown]
    left_out = f", the {MOST_SHOWN} longest of {len(causes)}" if len(causes) > len(shown) else ""
    return Picture(
        f"{line}: minutes of equipment stopped unplanned, by reason{left_out}",
        bars(names, [row["stopped_min"] for row in shown], texts, "min"),
        "; ".join(f"{name} {text}" for name, text in zip(names, texts, strict=True)),
    )
