"""A control chart as a drawing: points in the order of rolling, centre and limits, violated points marked."""

from collections.abc import Sequence
from html import escape

import plotly.graph_objects as go

from jobs.report.blocks import Row
from jobs.report.pictures import BLUE, GREY, INK, LINES, ORANGE, dressed

CHART_PX, HEAD_PX, FOOT_PX = 260, 12, 44


def control_chart(points: Sequence[Row]) -> go.Figure:
    """Points of one chart: value, centre, lower and upper limit; orange where a rule is violated."""
    order = list(range(1, len(points) + 1))
    figure = go.Figure()
    for name, dash, colour in (("lower", "dash", INK), ("center", "solid", GREY), ("upper", "dash", INK)):
        y = [_rounded(point[f"{name}_of_characteristic"]) for point in points]
        figure.add_scatter(
            x=order,
            y=y,
            mode="lines",
            line={"color": colour, "dash": dash, "width": 1, "shape": "hvh"},
            hoverinfo="skip",
        )
    figure.add_scatter(
        x=order,
        y=[_rounded(point["value_of_characteristic"]) for point in points],
        text=[_said(point) for point in points],
        hovertemplate="%{text}<extra></extra>",
        mode="lines+markers",
        line={"color": BLUE, "width": 1},
        marker={
            "color": [ORANGE if point["violations"] else BLUE for point in points],
            "size": _sizes(points),
        },
    )
    title = {"text": "coils in the order of rolling", "font_size": 12, "standoff": 8}
    figure.update_yaxes(gridcolor=LINES, fixedrange=True, automargin=True, nticks=5, zeroline=False)
    dressed(figure, CHART_PX, HEAD_PX, FOOT_PX).update_xaxes(title=title)
    return figure


def _sizes(points: Sequence[Row]) -> list[int]:
    return [9 if point["violations"] else 5 for point in points]


def _said(point: Row) -> str:
    rules = f"<br>{escape(', '.join(point['violations']))}" if point["violations"] else ""
    return f"{escape(point['point_id'])}: {_rounded(point['value_of_characteristic'])}{rules}"


def _rounded(value: float | None) -> float | None:
    return None if value is None else float(f"{value:.5g}")
