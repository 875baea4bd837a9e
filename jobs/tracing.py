"""core/length_maps -> the trace of a metre, and what lies there on the hot coil, without Spark."""

from typing import Any

import duckdb

from jobs.lake.queries import open_lake
from pipelines.tracing import ROUTE, Trace, trace

Row = dict[str, Any]
AT_THE_PLACE = """
coil_id = $coil and from_m - $at <= 2 * sqrt($sigma * $sigma + coalesce(sigma_m * sigma_m, 0))
    and $at - to_m <= 2 * sqrt($sigma * $sigma + coalesce(sigma_m * sigma_m, 0))
"""
"""True where the interval lies at the metre, both widened by two standard deviations of their distance."""

THERE = f"""
select 'process fault' as kind, step || ' ' || detector as name, from_m, to_m, sentence as told
from mart.process_faults where {AT_THE_PLACE}
union all
select 'defect', coalesce(defect_class, 'defect of no class') || coalesce(', ' || side, ''), from_m, to_m,
    coalesce(round(confidence_pct)::int || ' % sure', 'not said how sure') || coalesce('; ' || doubt, '')
from core.coil_defects where {AT_THE_PLACE}
order by kind desc, from_m, name
"""


def trace_of(lake: str, piece_id: str, at_m: float) -> Trace:
    """The places of a metre of a piece; a TraceError where the lake cannot tell."""
    route = open_lake(lake, "core.length_maps").sql(ROUTE, params={"piece": piece_id})
    return trace(route.to_arrow_table().to_pylist(), piece_id, at_m)


def found_there(lake: str, traced: Trace) -> list[Row]:
    """Process faults and surface defects at the metre's place on the hot coil: kind, name, interval, text.

    Empty where the metre has no place on a hot coil.
    """
    connection = open_lake(lake, THERE)
    return [row for place in _on_hot_coil(traced) for row in _rows(connection, *place)]


def _on_hot_coil(traced: Trace) -> list[tuple[str, float, float]]:
    """Coil, metre and its error; each once."""
    itself = [(traced.piece_id, traced.at_m, 0.0)] if traced.kind == "hot coil" else []
    ways = (*traced.upstream, *traced.downstream)
    return [*itself, *((p.piece_id, p.at_m, p.sigma_m) for p in ways if p.kind == "hot coil")]


def _rows(connection: duckdb.DuckDBPyConnection, coil_id: str, at_m: float, sigma_m: float) -> list[Row]:
    found = connection.sql(THERE, params={"coil": coil_id, "at": at_m, "sigma": sigma_m})
    return found.to_arrow_table().to_pylist()
