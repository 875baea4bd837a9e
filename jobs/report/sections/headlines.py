"""The day in a few figures, beside the days before."""

from collections.abc import Iterator, Sequence
from datetime import date
from statistics import mean

import duckdb

from jobs.report.blocks import Block, Headline, Headlines, Note, Row
from jobs.report.reading import read
from jobs.report.wording import number

ORDER = 10
TITLE = "The day in figures"
QUESTION = "How much was worked, and how much of it became prime?"

DAYS_COMPARED = 7
FIGURES = (
    ("pieces", "Pieces worked", "", 0),
    ("charged_t", "Charged", "t", 0),
    ("prime_yield_pct", "Prime yield", "%", 2),
    ("metallic_yield_pct", "Metallic yield", "%", 2),
    ("unaccounted_pct", "Unaccounted", "% of charged", 2),
    ("prime_share_pct", "Prime share", "% of output", 2),
    ("oee_pct", "OEE", "%", 1),
)
QUERY = """
with worked as (
    select
        line,
        production_day,
        count(*) as pieces,
        sum(charged_mass_t) as charged_t,
        sum(prime_mass_t) filter (charged_mass_t is not null) as prime_t,
        sum(coalesce(secondary_mass_t, 0) + coalesce(ungraded_mass_t, 0))
            filter (charged_mass_t is not null) as other_t,
        100 * prime_t / nullif(charged_t, 0) as prime_yield_pct,
        100 * (prime_t + other_t) / nullif(charged_t, 0) as metallic_yield_pct,
        100 * sum(unaccounted_mass_t) / nullif(charged_t, 0) as unaccounted_pct,
        100 * sum(prime_mass_t) / nullif(sum(coalesce(prime_mass_t, 0) + coalesce(secondary_mass_t, 0)
            + coalesce(ungraded_mass_t, 0) + coalesce(scrapped_mass_t, 0)), 0) as prime_share_pct,
        mode(not_computable) as no_yield
    from mart.yield_ledger where production_day <= $day group by line, production_day
),
ran as (
    select line, production_day, oee_pct, not_computable as no_oee
    from mart.line_efficiency where shift = 'all' and production_day <= $day
)
select *, row_number() over (partition by line order by production_day desc) as newest
from worked full join ran using (line, production_day)
qualify newest <= 1 + {days_compared}
order by max(charged_t) over (partition by line) desc nulls last, line, production_day desc
"""


def content(connection: duckdb.DuckDBPyConnection, day: date) -> Iterator[Block]:
    """One group of figures per line that worked on the day."""
    rows = read(connection, QUERY.format(days_compared=DAYS_COMPARED), day)
    lines = dict.fromkeys(row["line"] for row in rows if row["production_day"] == day)
    for line in lines:
        today, *before = [row for row in rows if row["line"] == line]
        figures = [_headline(today, before, *figure) for figure in FIGURES if _belongs(today, figure[0])]
        yield Headlines(f"Line {line}", figures)
    if not lines:
        yield Note(
            f"No line worked a piece or had a planned shift on {day}, as far as the lake knows.", "bad"
        )


def _belongs(today: Row, key: str) -> bool:
    """Without a mass in the prime share of the output stands beside one yield that says why it is missing."""
    if today["charged_t"] is None:
        return key not in {"charged_t", "metallic_yield_pct", "unaccounted_pct"}
    return key != "prime_share_pct"


def _headline(today: Row, before: Sequence[Row], key: str, name: str, unit: str, digits: int) -> Headline:
    value = today[key]
    if value is None:
        reason = today["no_oee"] if key == "oee_pct" else today["no_yield"]
        return Headline(name, "–", "", [f"not computable: {reason or 'nothing was delivered for it'}"])
    known = [row for row in before if row[key] is not None]
    return Headline(name, number(value, digits), unit, list(_since(value, known, key, digits)))


def _since(value: float, known: Sequence[Row], key: str, digits: int) -> Iterator[str]:
    if not known:
        yield "no earlier day known"
        return
    change = round(value - known[0][key], digits)
    last = f"{known[0]['production_day']:%d %b}"
    sign = "▲" if change > 0 else "▼"
    yield f"{sign} {number(abs(float(change)), digits)} since {last}" if change else f"as on {last}"
    if len(known) > 1:
        average = mean(row[key] for row in known)
        yield f"mean of {len(known)} days {number(float(average), digits)}"
