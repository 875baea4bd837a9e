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
DAYS_BACK = 30
"""How far back a day with production is looked for."""
FIGURES = (
    ("pieces", "Pieces taken in", "", 0),
    ("charged_t", "Charged", "t", 0),
    ("prime_yield_pct", "Prime yield", "%", 2),
    ("metallic_yield_pct", "Metallic yield", "%", 2),
    ("unaccounted_pct", "Unaccounted", "% of charged", 2),
    ("prime_share_pct", "Prime share", "% of output", 2),
    ("oee_pct", "OEE", "%", 1),
)
SCRAP = " + ".join(f"coalesce({name}_mass_t, 0)" for name in ("crop", "cobble", "trim", "sample", "scrapped"))


def _share(name: str, part: str, whole: str) -> str:
    """A ratio of sums over the pieces of which it can be told, never a mean of ratios."""
    told = f"filter ({name} is not null)"
    return f"100 * sum({part}) {told} / nullif(sum({whole}) {told}, 0) as {name}"


QUERY = f"""
with worked as (
    select
        line,
        production_day,
        count(*) as pieces,
        sum(charged_mass_t) as charged_t,
        {_share("prime_yield_pct", "prime_mass_t", "charged_mass_t")},
        {_share("metallic_yield_pct", "output_mass_t", "charged_mass_t")},
        {_share("unaccounted_pct", "unaccounted_mass_t", "charged_mass_t")},
        {_share("prime_share_pct", "prime_mass_t", "output_mass_t + scrap_mass_t")},
        mode(not_computable order by not_computable) as no_yield
    from mart.coil_yields join (
        select line, piece_id, worked_at, unaccounted_mass_t, unaccounted_pct, {SCRAP} as scrap_mass_t
        from mart.yield_ledger where production_day between $day - {DAYS_BACK} and $day
    ) using (line, piece_id, worked_at)
    where production_day between $day - {DAYS_BACK} and $day
    group by line, production_day
),
ran as (
    select line, production_day, oee_pct, not_computable as no_oee
    from mart.line_efficiency where shift = 'all' and production_day between $day - {DAYS_BACK} and $day
)
select *, row_number() over (partition by line order by production_day desc) as newest
from worked full join ran using (line, production_day)
qualify newest <= 1 + {DAYS_COMPARED}
order by max(charged_t) over (partition by line) desc nulls last, line, production_day desc
"""


def content(connection: duckdb.DuckDBPyConnection, day: date) -> Iterator[Block]:
    """One group of figures per line that worked on the day."""
    rows = read(connection, QUERY, day)
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
