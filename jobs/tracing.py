"""core/length_maps -> the trace of a metre, without Spark."""

from jobs.lake.queries import open_lake
from pipelines.tracing import ROUTE, Trace, trace


def trace_of(lake: str, piece_id: str, at_m: float) -> Trace:
    """The places of a metre of a piece; a TraceError where the lake cannot tell."""
    route = open_lake(lake, "core.length_maps").sql(ROUTE, params={"piece": piece_id})
    return trace(route.to_arrow_table().to_pylist(), piece_id, at_m)
