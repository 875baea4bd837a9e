"""Control charts of the day with the violated rule marked."""

from collections.abc import Iterator
from datetime import date

import duckdb

from jobs.report.blocks import Block, Column, Grid, Note, Picture
from jobs.report.charts import control_chart
from jobs.report.reading import read
from jobs.wording import counted

ORDER = 58
TITLE = "Control charts"
QUESTION = "Which characteristics left what they were in the weeks before, by which rule?"

MOST_DRAWN, MOST_SHOWN = 4, 15
HOW = (
    "Limits are those of the 28 days before; orange points complete the pattern of a rule. "
    "Of many charts some are out by chance: those furthest out stand first."
)
CHARTS = """
select line, characteristic, mode, any_value(unit) as unit, any_value(chart) as chart, count(*) as points,
    count_if(len(violations) > 0) as out_n, max(abs(deviation_sigmas)) as furthest_sigmas,
    max(abs(ewma_sigmas) / ewma_limit_sigmas) as drift_ratio, any_value(baseline_n) as baseline_n,
    any_value(baseline_days_n) as baseline_days_n,
    list_sort(list_distinct(flatten(list(violations)))) as rules
from mart.control_charts where production_day = $day and not_computable is null
group by line, characteristic, mode
order by out_n = 0, greatest(furthest_sigmas / 3, coalesce(drift_ratio, 0)) desc, line, characteristic, mode
"""
WITHOUT = """
select not_computable, count(distinct (line, characteristic, mode)) as charts
from mart.control_charts where production_day = $day and not_computable is not null
group by all order by charts desc, not_computable
"""
POINTS = """
select line, characteristic, mode, point_id, violations, value_of_characteristic, center_of_characteristic,
    lower_of_characteristic, upper_of_characteristic
from mart.control_charts where production_day = $day and not_computable is null order by charted_at, point_id
"""
COLUMNS = (
    Column("characteristic", "Characteristic"),
    Column("mode", "Rolled alike"),
    Column("points", "Coils"),
    Column("out_n", "Out"),
    Column("furthest_sigmas", "Furthest", "sigma", 1),
    Column("drift_ratio", "Drift by its limit", "times", 1),
    Column("rules", "Rules"),
    Column("baseline_n", "Coils before"),
    Column("baseline_days_n", "Days before"),
)


def content(connection: duckdb.DuckDBPyConnection, day: date) -> Iterator[Block]:
    """The charts furthest out, drawn; then a row for each that is out."""
    charts = read(connection, CHARTS, day)
    out = [chart for chart in charts if chart["out_n"]]
    if charts and not out:
        yield Note(f"All {counted(len(charts), 'chart')} of the day are in control.", "good")
    if out:
        yield Note(HOW)
        points = read(connection, POINTS, day)
        for chart in [chart for chart in out if chart["points"] > 1][:MOST_DRAWN]:
            of_chart = [
                p for p in points if all(p[k] == chart[k] for k in ("line", "characteristic", "mode"))
            ]
            caption = f"{chart['characteristic']}; {chart['mode']}" + (
                f", {chart['unit']}" if chart["unit"] else ""
            )
            said = "; ".join(
                f"{p['point_id']}: {', '.join(p['violations'])}" for p in of_chart if p["violations"]
            )
            yield Picture(caption, control_chart(of_chart), f"{caption}. Out: {said}.")
        rest = f", the {MOST_SHOWN} furthest out" if len(out) > MOST_SHOWN else ""
        yield Grid(f"{len(out):,} of {counted(len(charts), 'chart')} out{rest}", COLUMNS, out[:MOST_SHOWN])
    without = read(connection, WITHOUT, day)
    for row in without:
        yield Note(f"{counted(row['charts'], 'chart')} without limits: {row['not_computable']}.")
    if not charts and not without:
        yield Note(f"No characteristic of {day} is charted: limits or set-up values would make it one.")
