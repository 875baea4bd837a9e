"""Losses by cause, and who and what lost most."""

from collections import Counter
from collections.abc import Iterator, Sequence
from datetime import date

import duckdb

from jobs.report.blocks import Block, Column, Grid, Note, Picture, Row
from jobs.report.pictures import bars, heat_map
from jobs.report.reading import read
from jobs.report.wording import number, tonnes
from schemas.mart.yield_losses import CAUSES, MISSING

ORDER = 30
TITLE = "Losses by cause"
QUESTION = "Which cause took most, and in which shift, grade and order?"

LEAST_T = 0.005
QUERY = f"""
select * from mart.yield_losses where production_day = $day and abs(lost_mass_t) >= {LEAST_T}
order by sum(lost_mass_t) over (partition by line) desc, line, breakdown, breakdown_value, rank
"""
BY_ORDER = """
select line, breakdown_value as order_id, sum(lost_mass_t) as lost_mass_t,
    sum(share_of_charged_pct) as share_of_charged_pct, arg_max(cause, (lost_mass_t, cause)) as greatest
from mart.yield_losses where production_day = $day and breakdown = 'order'
group by all having sum(lost_mass_t) >= 0.0005 order by lost_mass_t desc, order_id limit 10
"""
MOST_COMPARED = 8
CAUSE_COLUMNS = (
    Column("line", "Line"),
    Column("rank", "Rank"),
    Column("cause", "Cause"),
    Column("pieces", "Pieces"),
    Column("lost_mass_t", "Lost", "t", 2),
    Column("share_of_losses_pct", "Of all losses", "%", 1),
    Column("cumulated_share_pct", "Cumulated", "%", 1),
    Column("share_of_charged_pct", "Of charged", "%", 3),
    Column("is_estimated", "Estimated"),
)
ORDER_COLUMNS = (
    Column("line", "Line"),
    Column("order_id", "Order"),
    Column("lost_mass_t", "Lost", "t", 2),
    Column("share_of_charged_pct", "Of charged", "%", 2),
    Column("greatest", "Greatest cause"),
)


def content(connection: duckdb.DuckDBPyConnection, day: date) -> Iterator[Block]:
    """The Pareto of each line, its losses by shift and grade, all causes, and the orders that lost most."""
    rows = read(connection, QUERY, day)
    if not rows:
        yield Note(f"No loss is known for {day}.")
        return
    for line in dict.fromkeys(row["line"] for row in rows):
        of_line = [row for row in rows if row["line"] == line]
        yield _pareto(line, [row for row in of_line if row["breakdown"] == "all"])
        for breakdown in ("shift", "grade"):
            compared = [row for row in of_line if row["breakdown"] == breakdown]
            known = [row for row in compared if row["breakdown_value"] != MISSING]
            if len({row["breakdown_value"] for row in known}) > 1:
                unknown_t = sum(row["lost_mass_t"] for row in compared if row not in known)
                yield _by(line, breakdown, known, unknown_t)
    yield Grid("All causes", CAUSE_COLUMNS, [row for row in rows if row["breakdown"] == "all"])
    by_order = read(connection, BY_ORDER, day)
    if by_order:
        yield Grid("The orders that lost most", ORDER_COLUMNS, by_order)


def _pareto(line: str, causes: Sequence[Row]) -> Picture:
    texts = [tonnes(row["lost_mass_t"]) + _share(row["share_of_losses_pct"]) for row in causes]
    names = [row["cause"] + (" (estimated)" if row["is_estimated"] else "") for row in causes]
    return Picture(
        f"{line}: lost mass by cause, and its share of all losses",
        bars(names, [row["lost_mass_t"] for row in causes], texts, "t"),
        "; ".join(f"{name} {text}" for name, text in zip(names, texts, strict=True)),
    )


def _share(share_pct: float | None) -> str:
    return "" if share_pct is None else f" · {number(share_pct)} %"


def _by(line: str, breakdown: str, rows: Sequence[Row], unknown_t: float) -> Picture:
    """Per cent of the charged mass, so that crews of unequal days compare; tonnes where it is not known.

    A cobble that nobody ascribed to a shift is all loss: beside it no difference of the others would show.
    """
    is_share = all(row["share_of_charged_pct"] is not None for row in rows)
    key, unit, digits = ("share_of_charged_pct", "% of charged", 2) if is_share else ("lost_mass_t", "t", 1)
    found = {(row["breakdown_value"], row["cause"]): row[key] for row in rows}
    every, values = _most_lossy(rows)
    left_out = f", the {len(values)} of {every} that lost most" if every > len(values) else ""
    left_out += f", without {tonnes(unknown_t)} of no known {breakdown}" if abs(unknown_t) >= LEAST_T else ""
    causes = [cause for cause in CAUSES if any((value, cause) in found for value in values)]
    cells = [[found.get((value, cause)) for value in values] for cause in causes]
    return Picture(
        f"{line}: losses by {breakdown}, {unit}{left_out}",
        heat_map(causes, values, cells, digits),
        f"Losses of {line} by {breakdown} and cause in {unit}.",
    )


def _most_lossy(rows: Sequence[Row]) -> tuple[int, list[str]]:
    """How many values there are, and those with the greatest losses, in the order of the alphabet."""
    lost: Counter[str] = Counter()
    for row in rows:
        lost[row["breakdown_value"]] += row["lost_mass_t"]
    return len(lost), sorted(value for value, _ in lost.most_common(MOST_COMPARED))
