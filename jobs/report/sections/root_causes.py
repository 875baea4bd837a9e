"""New and growing causes of surface defects, each with its evidence and what it costs."""

from collections.abc import Iterator, Sequence
from datetime import date

import duckdb

from jobs.report.blocks import Block, Column, Grid, Note, Picture, Row
from jobs.report.pictures import bars
from jobs.report.reading import read
from jobs.report.wording import number
from schemas.mart.root_causes import WINDOW_DAYS

ORDER = 53
TITLE = "New and growing causes"
QUESTION = "Where do the surface defects of the last weeks come from, since when, and what do they cost?"

MOST_DRAWN = 8
HOW = (
    "Cost: the metres that these defects cover, cut out, at the price of prime less that of scrap, over the "
    "weeks that were looked at. Counted is what came more often than elsewhere, not all of the class."
)
# The worth of a metre is that of the coils of the window, of the families in which the cause acts.
CAUSES = f"""
with price as (
    select quality, grade_family, currency, arg_max(price_money_t, valid_from_at) as price_money_t
    from raw.prices where valid_from_at::date <= $day and (valid_to_at is null or valid_to_at::date > $day)
    group by all
),
rolled as (
    select grade_family, sum(mass_t) as mass_t, sum(length_m) as length_m from core.coils
    where production_day between $day - {WINDOW_DAYS - 1} and $day and mass_t > 0 and length_m > 0
    group by grade_family
),
worth as (
    select rolled.grade_family, length_m, scrap.currency,
        mass_t * (coalesce(own.price_money_t, usual.price_money_t) - scrap.price_money_t) as money
    from rolled join price as scrap on scrap.quality = 'scrap' and scrap.grade_family = 'any'
    left join price as own on own.quality = 'prime' and own.grade_family = rolled.grade_family
        and own.currency = scrap.currency
    left join price as usual on usual.quality = 'prime' and usual.grade_family = 'any'
        and usual.currency = scrap.currency
)
select cause.*, cost.currency, cost.money_m * cause.lost_m as cost_money
from mart.root_causes as cause left join lateral (
    select any_value(currency) as currency, sum(money) / sum(length_m) as money_m from worth
    where len(coalesce(cause.grade_families, [])) = 0 or list_contains(cause.grade_families, grade_family)
    having count(distinct currency) = 1
) as cost on true
where production_day = $day
order by coalesce(is_new or is_growing, false) desc, cost_money desc nulls last, lost_m desc nulls last,
    defect_class, rank
"""
COLUMNS = (
    Column("defect_class", "Class"),
    Column("rank", "Rank"),
    Column("sentence", "Found"),
    Column("state", "State"),
    Column("since", "Since"),
    Column("rate_ratio", "Times as frequent", "times", 1),
    Column("least_rate_ratio", "At least", "times", 1),
    Column("exposed_coils", "Coils"),
    Column("exposed_defects", "Defects"),
    Column("excess_defects", "Too many"),
    Column("agreeing", "Quarters that agree"),
    Column("false_discovery_pct", "False discovery", "%", 2),
    Column("lost_m", "Lost", "m", 0),
    Column("cost", "Cost"),
    Column("also", "Cannot be told from"),
)


def content(connection: duckdb.DuckDBPyConnection, day: date) -> Iterator[Block]:
    """The causes, new and growing ones first; classes without a cause say why."""
    rows = read(connection, CAUSES, day)
    causes = [_told(row) for row in rows if row["rank"]]
    if not rows:
        yield Note(f"No surface defects were known on {day}, so no cause could be looked for.", "bad")
        return
    if causes:
        yield Note(HOW)
        yield _picture(causes[:MOST_DRAWN])
        yield Grid("Causes of surface defects, new and growing ones first", COLUMNS, causes)
        if any(row["cost_money"] is None for row in causes):
            yield Note(
                "A cost is missing where raw/prices has no price of prime and scrap in one currency.", "bad"
            )
    else:
        yield Note("No cause stands out in any class of defects.", "good")
    for row in rows:
        if row["remark"]:
            yield Note(f"{row['defect_class']}: {row['remark']}")


def _told(row: Row) -> Row:
    states = [name for name, is_it in (("new", row["is_new"]), ("growing", row["is_growing"])) if is_it]
    if row["is_one_block"]:
        states.append("seen in one quarter only")
    # A steady one has no days between which it began, nor has a row that was made before they were told.
    began = [day for day in (row["earliest_day"], row["latest_day"]) if day] or [row["first_day"]]
    cost = None if row["cost_money"] is None else f"{number(row['cost_money'])} {row['currency']}"
    chance = row["false_discovery_ratio"]
    return row | {
        "state": ", ".join(states) or "steady",
        "since": " to ".join(str(day) for day in dict.fromkeys(began)),
        "agreeing": f"{number(row['agreeing_blocks'])} of {number(row['blocks'])}",
        "false_discovery_pct": None if chance is None else 100 * chance,
        "cost": cost,
        "also": row["members"] or None,
    }


def _picture(causes: Sequence[Row]) -> Picture:
    names = [f"{row['defect_class']}: {row['condition']}" for row in causes]
    metres = [row["lost_m"] or 0.0 for row in causes]
    texts = [
        f"{number(m)} m" + (f", {row['cost']}" if row["cost"] else "")
        for m, row in zip(metres, causes, strict=True)
    ]
    says = "; ".join(f"{name}: {text}" for name, text in zip(names, texts, strict=True))
    return Picture("Metres lost by cause", bars(names, metres, texts, "m"), says)
