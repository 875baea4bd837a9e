"""Of a coil: its surface defects, what was not inspected, and where the process was not normal."""

from collections.abc import Iterator, Sequence
from html import escape

import plotly.graph_objects as go

from jobs.report.blocks import Block, Column, Grid, Note, Picture, Row
from jobs.report.pictures import INK, LINES, ORANGE, PURPLE, dressed, in_rows
from jobs.report.wording import number
from jobs.strip.pictures import FOOT_PX, MARK_ROW_PX, RIGHT_PX, SEVERAL, in_metres
from jobs.strip.reading import Strip
from jobs.wording import counted
from schemas.raw.surface_defects import SIDES

SURFACE_PX, LEGEND_PX = 300, 40
KEY = "A point is a defect. The middle line is the drive-side edge: above it the top side, below it the "
KEY += "bottom side, each out to the operator's edge. Grey: nobody looked, so nothing there means nothing."
UNJUDGED = "No process fault was found, if a model judged the coil: coilmart tables mart/model_cards."
FAULT_COLUMNS = (
    Column("step", "Step"),
    Column("detector", "Found by"),
    Column("from_m", "From", "m", 0),
    Column("to_m", "To", "m", 0),
    Column("strength_ratio", "By its limit", "times", 1),
    Column("sentence", "What happened"),
)
MARK_COLUMNS = (
    Column("side", "Side"),
    Column("from_edge_mm", "From the drive side", "mm", 0),
    Column("defects_n", "Defects"),
    Column("period_m", "Period", "m", 3),
    Column("sigma_m", "Error", "m", 3),
    Column("suspects", "Rolls that explain it"),
    Column("rolled_t", "The roll had rolled", "t", 0),
    Column("doubt", "Doubt"),
)


def surface(strip: Strip) -> Iterator[Block]:
    """Defects across and along the strip, those that repeat, and the process faults as intervals."""
    placed = [row for row in strip.defects if row["from_m"] is not None and row["side"] is not None]
    if not strip.inspections:
        yield Note("Nobody told that this coil was inspected: no defect means nothing.", "bad")
    elif not strip.defects:
        yield Note("No defect was detected on the inspected metres.", "good")
    if placed or strip.inspections:
        yield Note(KEY)
        yield Picture("Surface", _drawn(strip, placed), _said(strip), is_wide=True)
    for row in strip.defects:
        if row["doubt"]:
            yield Note(f"Defect {row['defect_id']}: {row['doubt']}.", "bad")
    if strip.roll_marks:
        yield Grid("Defects that repeat", MARK_COLUMNS, strip.roll_marks)
    if strip.faults:
        rows = sorted(strip.faults, key=lambda row: (row["is_sensor"], row["from_m"]))
        yield Picture("Process faults; purple: of a sensor", _intervals(strip, rows), _faults_said(rows))
        yield Grid("Process faults and faulty sensors", FAULT_COLUMNS, rows)
    else:
        yield Note(UNJUDGED)


def uninspected(inspections: Sequence[Row], side: str, length_m: float) -> list[tuple[float, float]]:
    """The intervals of a side that no system looked at.

    >>> looked = [{"from_m": 10.0, "to_m": 40.0}, {"from_m": 30.0, "to_m": 50.0}]
    >>> uninspected([{"side": "top", **row} for row in looked], "top", 60.0)
    [(0.0, 10.0), (50.0, 60.0)]
    """
    gaps, reached_m = [], 0.0
    for row in sorted((row for row in inspections if row["side"] == side), key=lambda row: row["from_m"]):
        if row["from_m"] > reached_m:
            gaps.append((reached_m, row["from_m"]))
        reached_m = max(reached_m, row["to_m"])
    return [*gaps, (reached_m, length_m)] if reached_m < length_m else gaps


def _drawn(strip: Strip, placed: Sequence[Row]) -> go.Figure:
    figure = go.Figure()
    width_mm = strip.coil["width_mm"] or max((row["to_edge_mm"] or 0.0 for row in placed), default=0.0) or 1.0
    for side, sign in zip(SIDES, (1, -1), strict=True):
        for from_m, to_m in uninspected(strip.inspections, side, strip.length_m):
            ends = {"x0": from_m, "x1": to_m, "y0": 0, "y1": sign * width_mm}
            figure.add_shape(type="rect", layer="below", fillcolor=LINES, line_width=0, **ends)
    classes = sorted({row["defect_class"] or "no class" for row in placed})
    for no, name in enumerate(classes):
        of_class = [row for row in placed if (row["defect_class"] or "no class") == name]
        figure.add_scatter(
            x=[round((row["from_m"] + (row["to_m"] or row["from_m"])) / 2, 2) for row in of_class],
            y=[_across(row) for row in of_class],
            text=[
                escape(f"{name}, {number(row['confidence_pct'])} % sure, {row['side']}") for row in of_class
            ],
            hovertemplate="%{text}<br>metre %{x:.1f}<extra></extra>",
            name=escape(f"{name} ({len(of_class)})"),
            mode="markers",
            marker={"color": SEVERAL[no % len(SEVERAL)], "size": 6},
        )
    figure.add_hline(y=0, line={"color": INK, "width": 1})
    ticks = {"tickvals": [-width_mm / 2, width_mm / 2], "ticktext": ["bottom", "top"]}
    frame = {"fixedrange": True, "showgrid": False, "zeroline": False, "automargin": True}
    figure.update_yaxes(range=[-width_mm, width_mm], **frame, **ticks)
    legend = {"orientation": "h", "y": -0.28, "yanchor": "top", "font_size": 11}
    in_metres(dressed(figure, SURFACE_PX + LEGEND_PX, 8, FOOT_PX), strip.length_m)
    margins = {"margin_b": FOOT_PX + LEGEND_PX, "margin_r": RIGHT_PX}
    return figure.update_layout(showlegend=True, legend=legend, **margins)


def _across(row: Row) -> float | None:
    """Millimetres from the drive-side edge, downward on the bottom side."""
    edges = [row[name] for name in ("from_edge_mm", "to_edge_mm") if row[name] is not None]
    middle_mm = sum(edges) / len(edges) if edges else None
    return middle_mm if middle_mm is None or row["side"] == SIDES[0] else -middle_mm


def _said(strip: Strip) -> str:
    counts: dict[str, int] = {}
    for row in strip.defects:
        name = f"{row['defect_class'] or 'no class'} {row['side'] or ''}".strip()
        counts[name] = counts.get(name, 0) + 1
    found = "; ".join(f"{name}: {counts[name]}" for name in sorted(counts))
    return f"Map of {counted(len(strip.defects), 'surface defect')}. {found}"


def _intervals(strip: Strip, rows: Sequence[Row]) -> go.Figure:
    """A row per step and detector, in it the intervals."""
    names = list(dict.fromkeys(f"{row['step']} {row['detector']}" for row in rows))
    whole = {"x": [strip.length_m] * len(names), "y": list(range(len(names)))}
    figure = go.Figure(go.Bar(orientation="h", marker_color=LINES, hoverinfo="skip", **whole))
    figure.add_bar(
        orientation="h",
        base=[row["from_m"] for row in rows],
        x=[row["to_m"] - row["from_m"] for row in rows],
        y=[names.index(f"{row['step']} {row['detector']}") for row in rows],
        marker_color=[PURPLE if row["is_sensor"] else ORANGE for row in rows],
        text=[escape(row["sentence"]) for row in rows],
        textposition="none",
        hovertemplate="%{text}<extra></extra>",
    )
    figure.update_layout(barmode="overlay", bargap=0.3)
    in_metres(figure, strip.length_m)
    return in_rows(figure, names, 8, FOOT_PX, MARK_ROW_PX).update_layout(margin_r=RIGHT_PX)


def _faults_said(rows: Sequence[Row]) -> str:
    return "; ".join(f"{r['step']} {r['detector']} from {r['from_m']:.0f} to {r['to_m']:.0f} m" for r in rows)
