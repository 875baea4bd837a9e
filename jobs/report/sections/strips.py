"""The strips that most need a look."""

from collections.abc import Iterator, Sequence
from datetime import date
from itertools import groupby

import duckdb

from jobs.report.blocks import Block, Column, Grid, Note, Picture, Row
from jobs.report.reading import read
from jobs.report.wording import listed
from jobs.strip.pictures import marks
from jobs.wording import counted

ORDER = 55
TITLE = "Strips that most need a look"
QUESTION = "Which coils were out of range over most of their length, and where?"

MOST_SHOWN = 6
WEIGHT = (
    "Weight: per cent of a strip's measured length that lay out of range, added up over limits. "
    "A metre half a band beyond its limit counts twice, what a frozen or jumping sensor showed not at all."
)
COILS = """
with weighed as (
    select *, (measured_m - flagged_m) / judged_m * 100 as out_pct,
        1 + coalesce(2 * mean_beyond_of_signal / nullif(most_of_signal - least_of_signal, 0), 0) as times
    from mart.strip_deviations join core.strip_limits using (coil_id, production_day, signal, source)
    where production_day = $day
)
select coil_id, shift, grade, customer, max(length_m) as length_m, sum(out_pct * times) as weight,
    list_sort(list_distinct(list(signal || ' ' || side))) as out_of_range,
    'coilmart strip ' || coil_id as command
from weighed join core.coils using (coil_id, production_day)
group by all having weight > 0 order by weight desc, coil_id
"""
INTERVALS = """
select coil_id, signal, side, from_m, to_m, flagged_m from mart.strip_deviations where production_day = $day
order by coil_id, signal, from_m
"""
LIMITS = "select coil_id, signal, not_computable from core.strip_limits where production_day = $day"
SIGNALS = "select column_name from (describe core.coil_segments) where column_type like 'STRUCT%'"
COLUMNS = (
    Column("coil_id", "Coil"),
    Column("weight", "Weight", "%", 1),
    Column("out_of_range", "Out of range"),
    Column("grade", "Grade"),
    Column("shift", "Shift"),
    Column("customer", "Customer"),
    Column("command", "See it"),
)


def content(connection: duckdb.DuckDBPyConnection, day: date) -> Iterator[Block]:
    """Small maps of the coils with most weight out of range, and how to see each whole."""
    limits, coils = read(connection, LIMITS, day), read(connection, COILS, day)
    limited, judged = {limit["coil_id"] for limit in limits}, _judged(connection, day, limits)
    if not limits:
        yield Note(f"No coil of {day} has limits: raw/grade_limits and raw/tolerances would set them.")
    if judged < limited:
        of = f"{len(judged):,} of {counted(len(limited), 'coil')} with limits could be judged"
        yield Note(f"{of}; on the others no signal with a limit was measured.", "bad")
    if judged and not coils:
        yield Note(f"No metre of {counted(len(judged), 'judged coil')} lay out of range.", "good")
    if not coils:
        return
    yield Note(WEIGHT)
    shown = coils[:MOST_SHOWN]
    intervals = {
        coil_id: list(rows)
        for coil_id, rows in groupby(read(connection, INTERVALS, day), key=lambda row: row["coil_id"])
    }
    yield from (_picture(coil, intervals[coil["coil_id"]]) for coil in shown if coil["length_m"])
    rest = f", the {len(shown)} with most weight" if len(coils) > len(shown) else ""
    of = f"{len(coils):,} of {counted(len(judged), 'judged coil')} were out of range somewhere"
    yield Grid(of + rest, COLUMNS, shown)


def _judged(connection: duckdb.DuckDBPyConnection, day: date, limits: Sequence[Row]) -> set[str]:
    """The coils of which at least one signal with a limit was measured."""
    known = {(limit["coil_id"], limit["signal"]) for limit in limits if not limit["not_computable"]}
    has = {row["column_name"] for row in read(connection, SIGNALS, day)}
    signals = sorted({signal for _, signal in known} & has)
    names = ['"' + signal.replace('"', '""') + '"' for signal in signals]
    told = "".join(f", bool_or({name}.n > 0) as {name}" for name in names)
    measured = f"select coil_id{told} from core.coil_segments where production_day = $day group by coil_id"
    return {
        row["coil_id"]
        for row in read(connection, measured, day)
        if any(row[signal] and (row["coil_id"], signal) in known for signal in signals)
    }


def _picture(coil: Row, intervals: Sequence[Row]) -> Picture:
    signals = list(dict.fromkeys(row["signal"] for row in intervals))
    by_signal = [[row for row in intervals if row["signal"] == signal] for signal in signals]
    return Picture(
        f"{coil['coil_id']}, {coil['grade'] or 'no grade'}: metres above (orange) and below (blue)",
        marks(signals, by_signal, coil["length_m"]),
        f"{coil['coil_id']} out of range: {listed(coil['out_of_range'])}.",
    )
