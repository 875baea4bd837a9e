"""The drawings of the report: waterfall, bars, heat map; in the colours of Okabe and Ito, for all eyes."""

from collections.abc import Sequence
from html import escape
from itertools import accumulate, pairwise
from math import floor, log10
from typing import Any

import plotly.graph_objects as go

from jobs.report.wording import number, shortened

BLUE, ORANGE, GREEN, GREY = "#0072B2", "#D55E00", "#009E73", "#6B7280"
PURPLE = "#CC79A7"
INK, LINES, PAPER = "#1F2937", "#E5E7EB", "#FFFFFF"
SHADES = [[0, "#FFFFFF"], [1, "#F2A36B"]]
"""Light enough for dark figures on every one."""
ROW_PX, LETTER_PX = 34, 7
NAME_LETTERS = 22
PHONE_PX = 335
"""What a phone's screen leaves for a picture's names, bars and texts."""


def waterfall(names: Sequence[str], changes: Sequence[float], texts: Sequence[str], unit: str) -> go.Figure:
    """From the first value down by each change to what is left, which is the last.

    Losses are a few per cent: where four fifths are left the axis begins above zero, and says so.
    """
    start, left = changes[0], changes[-1]
    begins = _round_below(left, abs(start - left) or start / 100) if left > 0.8 * start else 0.0
    figure = go.Figure(
        go.Waterfall(
            orientation="h",
            measure=["absolute", *["relative"] * (len(names) - 2), "total"],
            x=_places(changes),
            y=list(range(len(names))),
            hoverinfo="none",
            increasing_marker_color=GREEN,
            decreasing_marker_color=ORANGE,
            totals_marker_color=BLUE,
            connector_line={"color": GREY, "width": 1},
        )
    )
    reached = accumulate(changes[:-1])
    ends = [start, *(max(pair) for pair in pairwise(reached)), left]
    title = f"{unit}; axis begins at {begins:,.6g}" if begins else unit
    return _with_texts(figure, names, ends, texts, title, begins, max(ends))


def _round_below(value: float, scale: float) -> float:
    """A round number some way below the value, as far as its scale asks."""
    step = 10.0 ** floor(log10(scale))
    return max(floor((value - 0.4 * scale) / step) * step, 0.0)


def bars(
    names: Sequence[str],
    values: Sequence[float],
    texts: Sequence[str],
    unit: str,
    colour: str = ORANGE,
    most: float | None = None,
) -> go.Figure:
    """A bar a row, the first on top, each with its text at its end; the longest that can be is ``most``."""
    figure = go.Figure(
        go.Bar(
            orientation="h",
            x=_places(values),
            y=list(range(len(names))),
            hoverinfo="none",
            marker_color=colour,
        )
    )
    ends = [max(value, 0.0) for value in values]
    return _with_texts(figure, names, ends, texts, unit, min([*values, 0.0]), most or max(ends) or 1.0)


def heat_map(
    rows: Sequence[str],
    columns: Sequence[str],
    values: Sequence[Sequence[float | None]],
    digits: int,
) -> go.Figure:
    """A cell per row and column with its number; the darker, the greater."""
    figure = go.Figure(
        go.Heatmap(
            z=[_places(row) for row in values],
            text=[["" if value is None else number(value, digits) for value in row] for row in values],
            texttemplate="%{text}",
            textfont={"color": INK, "size": 11},
            hoverinfo="none",
            colorscale=SHADES,
            zmin=0,
            zmax=max((value for row in values for value in row if value is not None), default=1.0),
            showscale=False,
            xgap=2,
            ygap=2,
        )
    )
    labels = [shortened(name, 14) for name in columns]
    longest = max(map(len, labels), default=0)
    upright = longest > 3
    figure.update_xaxes(side="top", tickangle=-90 if upright else 0, showgrid=False, **_ticks(labels))
    return in_rows(figure, rows, head_px=24 + (LETTER_PX * longest if upright else 0), foot_px=8)


def _with_texts(
    figure: go.Figure,
    names: Sequence[str],
    ends: Sequence[float],
    texts: Sequence[str],
    title: str,
    begins: float,
    reach: float,
) -> go.Figure:
    """Texts to the right of where the bars end, with room for the longest on a phone."""
    figure.add_scatter(
        x=_places(ends),
        y=list(range(len(names))),
        text=[f" {escape(text)}" for text in texts],
        mode="text",
        textposition="middle right",
        cliponaxis=False,
        hoverinfo="none",
    )
    plot_px = PHONE_PX - LETTER_PX * min(max(map(len, names)), NAME_LETTERS)
    room_px = min(LETTER_PX * max(map(len, texts)) + 10, 0.7 * plot_px)
    width = (reach - begins) * plot_px / (plot_px - room_px)
    figure.update_xaxes(
        range=_places([begins, begins + width]), title={"text": title, "font_size": 12, "standoff": 8}
    )
    return in_rows(figure, names, head_px=8, foot_px=48)


def _places(values: Sequence[float | None]) -> list[float | None]:
    # Sums of many threads differ in their last digits; the same lake gives the same page.
    return [None if value is None else round(value, 6) for value in values]


def _ticks(labels: Sequence[str]) -> dict[str, Any]:
    # Places are numbers and names their labels: two rows of one name stay two. Plotly reads a few HTML tags
    # in texts; what a plant typed is to be shown, not read.
    return {"tickvals": list(range(len(labels))), "ticktext": [escape(label) for label in labels]}


def in_rows(
    figure: go.Figure, names: Sequence[str], head_px: int, foot_px: int, row_px: int = ROW_PX
) -> go.Figure:
    """The figure with a row per name, the first on top."""
    figure.update_yaxes(
        autorange="reversed",
        fixedrange=True,
        automargin=True,
        ticks="",
        showgrid=False,
        zeroline=False,
        **_ticks([shortened(name, NAME_LETTERS) for name in names]),
    )
    return dressed(figure, head_px + row_px * len(names) + foot_px, head_px, foot_px)


def dressed(figure: go.Figure, height_px: int, head_px: int, foot_px: int) -> go.Figure:
    """The figure in the dress of all: nothing to drag, as wide as its frame."""
    figure.update_layout(
        template="none",
        height=height_px,
        margin={"l": 8, "r": 8, "t": head_px, "b": foot_px},
        font={"family": "system-ui, sans-serif", "size": 13, "color": INK},
        paper_bgcolor=PAPER,
        plot_bgcolor=PAPER,
        showlegend=False,
        dragmode=False,
    )
    figure.update_xaxes(
        gridcolor=LINES, fixedrange=True, automargin=True, nticks=5, tickformat=",", zeroline=False
    )
    return figure
