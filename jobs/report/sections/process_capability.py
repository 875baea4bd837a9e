"""Capability: how well the process keeps to its limits."""

from collections.abc import Iterator, Sequence
from datetime import date

import duckdb

from jobs.report.blocks import Block, Column, Grid, Note, Picture, Row
from jobs.report.pictures import BLUE, bars
from jobs.report.reading import read
from jobs.report.wording import number
from jobs.wording import counted

ORDER = 59
TITLE = "Capability"
QUESTION = "How well does the process keep to its limits, and how sure is that?"

ENOUGH_RATIO = 1.33
MOST_SHOWN, MOST_DRAWN = 20, 10
HOW = (
    "Cpk where the process was stable over the 28 days, Ppk where it was not (ISO 22514-2, of the "
    "distribution that fits best), with its 95 % interval. Below 1 coils lie out of range; "
    f"{ENOUGH_RATIO} is usually asked for."
)
NO_LIMITS = "No process with limits was seen: raw/grade_limits and raw/tolerances would set them."
QUERY = """
select * from mart.process_capability where production_day = $day
order by critical_ratio nulls last, line, characteristic, mode
"""
COLUMNS = (
    Column("characteristic", "Characteristic"),
    Column("mode", "Rolled alike"),
    Column("index", "Index"),
    Column("critical_ratio", "Value", "ratio", 2),
    Column("critical_low_ratio", "At least", "ratio", 2),
    Column("critical_high_ratio", "At most", "ratio", 2),
    Column("potential_ratio", "If it were centred", "ratio", 2),
    Column("coils_n", "Coils"),
    Column("beyond_pct", "Out of range", "%", 1),
    Column("distribution", "Distribution"),
    Column("stability", "Stability"),
    Column("doubt", "Doubt"),
)


def content(connection: duckdb.DuckDBPyConnection, day: date) -> Iterator[Block]:
    """The least capable first; what could not be judged, with the reason."""
    rows = read(connection, QUERY, day)
    judged = [_told(row) for row in rows if row["critical_ratio"] is not None]
    poor = [row for row in judged if row["critical_ratio"] < ENOUGH_RATIO]
    if judged:
        yield Note(HOW)
        yield _picture(judged[:MOST_DRAWN])
        of = f"{len(poor):,} of {counted(len(judged), 'process', 'processes')} below {ENOUGH_RATIO}"
        rest = f", the {MOST_SHOWN} least capable" if len(judged) > MOST_SHOWN else ""
        yield Grid(of + rest, COLUMNS, judged[:MOST_SHOWN])
    reasons = [row["not_computable"] for row in rows if row["not_computable"]]
    for reason in sorted(set(reasons)):
        yield Note(f"{counted(reasons.count(reason), 'process', 'processes')} not judged: {reason}.")
    if not rows:
        yield Note(NO_LIMITS)


def _told(row: Row) -> Row:
    return row | {"index": (row["indices"] or "").split(", ")[-1]}


def _picture(rows: Sequence[Row]) -> Picture:
    names = [f"{row['characteristic']}; {row['mode']}" for row in rows]
    values = [max(row["critical_ratio"], 0.0) for row in rows]
    texts = [
        f"{row['index']} {number(row['critical_ratio'], 2)} "
        f"({number(row['critical_low_ratio'], 2)} to {number(row['critical_high_ratio'], 2)})"
        for row in rows
    ]
    says = "; ".join(f"{name}: {text}" for name, text in zip(names, texts, strict=True))
    return Picture("The least capable processes", bars(names, values, texts, "ratio", BLUE), says)
