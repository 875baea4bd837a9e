"""Roll marks: defects that repeat, and the roll to be changed."""

from collections.abc import Iterator
from datetime import date

import duckdb

from jobs.report.blocks import Block, Column, Grid, Note
from jobs.report.reading import read

ORDER = 57
TITLE = "Roll marks"
QUESTION = "Which roll marks the strip, since when?"

# One mark is on many coils: what is told is of the first, and how many bear it.
MARKS = """
select side, round(min(from_edge_mm)) as from_edge_mm, coalesce(stand || ' ' || position || ' ' || roll_id,
    'not known') as roll, count(*) as coils_n, sum(defects_n) as defects_n, min(coil_id) as first_coil,
    max(coil_id) as last_coil, min(rolled_t) as rolled_t, max(probability_pct) as probability_pct,
    arg_max(period_m, defects_n) as period_m, arg_max(sigma_m, defects_n) as sigma_m, min(doubt) as doubt
from mart.roll_marks where production_day = $day
group by side, stand, position, roll_id, suspects order by defects_n desc, side, from_edge_mm
"""
INSPECTED = "select count(*) as n from core.coil_inspections where production_day = $day"
COLUMNS = (
    Column("roll", "Roll"),
    Column("side", "Side"),
    Column("from_edge_mm", "From the drive side", "mm", 0),
    Column("coils_n", "Coils"),
    Column("defects_n", "Defects"),
    Column("first_coil", "First"),
    Column("last_coil", "Last"),
    Column("rolled_t", "Rolled at first sight", "t", 0),
    Column("period_m", "Period", "m", 3),
    Column("sigma_m", "Error", "m", 3),
    Column("probability_pct", "Probable", "%", 0),
    Column("doubt", "Doubt"),
)


def content(connection: duckdb.DuckDBPyConnection, day: date) -> Iterator[Block]:
    """A row per mark, with the roll that explains it on all its coils."""
    marks = read(connection, MARKS, day)
    if marks:
        yield Grid("Defects that repeat along the strip", COLUMNS, marks)
    elif read(connection, INSPECTED, day)[0]["n"]:
        yield Note("No defects repeat along a strip.", "good")
    else:
        yield Note("Nobody told of an inspection on this day: raw/inspections would.", "bad")
