"""The drawings of a strip: along x are the metres of the hot coil, above them those of its slab."""

import re
from collections.abc import Mapping, Sequence
from html import escape
from itertools import groupby

import plotly.graph_objects as go

from jobs.report.blocks import Row
from jobs.report.pictures import BLUE, GREEN, GREY, INK, LINES, ORANGE, PURPLE, dressed, in_rows
from jobs.strip.reading import Signal, Strip
from pipelines.tracing import Place, Trace

SIDES = {"below": BLUE, "above": ORANGE}
TINTS = [[0.25, "#D6E6F2"], [0.5, "#FFFFFF"], [0.75, "#FBE6DA"]]
SHADES = [[0, BLUE], [0.25, BLUE], *TINTS, [0.75, ORANGE], [1, ORANGE]]
"""Out of range on one side, tints of the signal's own spread, out of range on the other."""
OUT = {"below": -2.0, "above": 2.0}

SEVERAL = (BLUE, ORANGE, GREEN, PURPLE, "#56B4E9", "#E69F00", INK, "#F0E442")
"""Okabe and Ito's, for signals of one kind in one picture."""
MAP_ROW_PX, ALONG_PX, HEAD_PX, FOOT_PX = 15, 250, 48, 44
MARK_ROW_PX = 22
RIGHT_PX = 20
"""Room for the last number, which may stand at the tail."""


def strip_map(strip: Strip) -> go.Figure:
    """Metres by signals: out of range, shown by a faulty sensor, grey where nothing was measured."""
    limited = {limit["signal"] for limit in strip.limits}
    measured = [signal for signal in strip.signals if signal.is_measured and not signal.is_constant]
    signals = sorted(measured, key=lambda signal: signal.name not in limited)
    figure = go.Figure(
        go.Heatmap(
            x=strip.at_m,
            z=[_shades(strip, signal) for signal in signals],
            text=[[_said(signal, no) for no in range(len(strip.at_m))] for signal in signals],
            hovertemplate="%{text}<br>metre %{x:.0f}<extra></extra>",
            colorscale=SHADES,
            zmin=-2,
            zmax=2,
            showscale=False,
        )
    )
    flagged = [[1 if flag else None for flag in signal.flag] for signal in signals]
    figure.add_heatmap(
        x=strip.at_m, z=flagged, colorscale=[[0, PURPLE], [1, PURPLE]], showscale=False, hoverinfo="skip"
    )
    in_rows(figure, [signal.name for signal in signals], HEAD_PX, FOOT_PX, MAP_ROW_PX)
    figure.update_yaxes(tickfont_size=10)
    return _with_metres(figure, strip).update_layout(plot_bgcolor=LINES)


def along(strip: Strip, signal: Signal) -> go.Figure:
    """The signal's mean with the band from least to greatest, its limits, and what lies beyond them."""
    x, y = _band(strip, signal)
    shade = {"fill": "toself", "fillcolor": LINES, "line_width": 0, "mode": "lines"}
    figure = go.Figure(go.Scatter(x=x, y=_rounded(y), hoverinfo="skip", **shade))
    _add_mean(figure, strip, signal, GREY)
    figure.data[-1].update(
        customdata=_upstream_said(strip), hovertemplate=f"{figure.data[-1].hovertemplate}%{{customdata}}"
    )
    _mark(figure, strip, signal)
    for limit in (limit for limit in strip.limits if limit["signal"] == signal.name):
        ends = [limit["free_ends_m"], strip.length_m - limit["free_ends_m"]]
        for value in (limit["least_of_signal"], limit["most_of_signal"]):
            if value is not None:
                dashed = {"color": INK, "dash": "dash", "width": 1}
                figure.add_scatter(x=ends, y=[value] * 2, mode="lines", line=dashed, hoverinfo="skip")
    return _upright(figure, strip)


def along_together(strip: Strip, signals: Mapping[str, Signal]) -> go.Figure:
    """Signals of one kind, each under its short name."""
    figure = go.Figure()
    for (name, signal), colour in zip(signals.items(), SEVERAL, strict=False):
        _add_mean(figure, strip, signal, colour, name)
    _upright(figure, strip)
    legend = {"orientation": "h", "y": -0.32, "yanchor": "top", "font_size": 11}
    return figure.update_layout(showlegend=True, legend=legend, height=ALONG_PX + 40, margin_b=FOOT_PX + 40)


def kinds(signals: Sequence[Signal]) -> dict[str, dict[str, Signal]]:
    """Signals whose names differ by a number alone, together: kind -> short name -> signal.

    >>> f1, f2, width = (Signal(name, [], [], [], []) for name in ("f1_gap_mm", "f2_gap_mm", "width_mm"))
    >>> {kind: list(found) for kind, found in kinds([f1, width, f2]).items()}
    {'f#_gap_mm': ['1', '2'], 'width_mm': ['width_mm']}
    """
    found: dict[str, dict[str, Signal]] = {}
    for signal in signals:
        numbers = re.findall(r"\d+", signal.name.removesuffix(_unit_word(signal.name)))
        kind = re.sub(r"\d+", "#", signal.name, count=len(numbers)) if numbers else signal.name
        found.setdefault(kind, {})[" ".join(numbers) or signal.name] = signal
    return found


def _unit_word(name: str) -> str:
    """What is a unit and not a number of a stand: m3_h, mw_m2."""
    unit = re.search(r"_[a-z]*\d?(_[a-z]*\d?)?$", name)
    return unit.group() if unit else ""


def marks(names: Sequence[str], intervals: Sequence[Sequence[Row]], length_m: float) -> go.Figure:
    """A small map: a row per name, in it the intervals out of range; faulty sensors' apart."""
    figure = go.Figure(
        go.Bar(
            orientation="h",
            x=[length_m] * len(names),
            y=list(range(len(names))),
            marker_color=LINES,
            hoverinfo="skip",
        )
    )
    found = [(no, row) for no, rows in enumerate(intervals) for row in rows]
    figure.add_bar(
        orientation="h",
        base=[row["from_m"] for _, row in found],
        x=[row["to_m"] - row["from_m"] for _, row in found],
        y=[no for no, _ in found],
        marker_color=[PURPLE if row["flagged_m"] else SIDES[row["side"]] for _, row in found],
        text=[f"{row['from_m']:.0f} to {row['to_m']:.0f} m" for _, row in found],
        textposition="none",
        hovertemplate="%{text}<extra></extra>",
    )
    figure.update_layout(barmode="overlay", bargap=0.3)
    in_metres(figure, length_m)
    return in_rows(figure, names, 8, FOOT_PX, MARK_ROW_PX).update_layout(margin_r=RIGHT_PX)


def in_metres(figure: go.Figure, length_m: float) -> go.Figure:
    """The figure with the metres of the coil along x."""
    title = {"text": "m from the head", "font_size": 12, "standoff": 8}
    return figure.update_xaxes(range=[0, length_m], title=title)


def _shades(strip: Strip, signal: Signal) -> list[float | None]:
    """From -1 to 1 by the signal's own spread along this strip; beyond that out of range."""
    known = sorted(value for value in signal.mean if value is not None)
    middle = known[len(known) // 2]
    edge = len(known) // 20
    spread = max(known[-1 - edge] - middle, middle - known[edge]) or 1.0
    shades = [None if v is None else max(-0.99, min(0.99, (v - middle) / spread)) for v in signal.mean]
    for row in strip.deviations:
        if row["signal"] == signal.name:
            for no in _columns_of(strip, row):
                shades[no] = None if shades[no] is None else OUT[row["side"]]
    return _rounded(shades)


def _add_mean(figure: go.Figure, strip: Strip, signal: Signal, colour: str, name: str = "") -> None:
    figure.add_scatter(
        x=strip.at_m,
        y=_rounded(signal.mean),
        name=escape(name),
        hovertemplate=f"{escape(signal.name)} %{{y:.5g}} {signal.unit}<br>metre %{{x:.0f}}<extra></extra>",
        mode="lines+markers",
        marker_size=2,
        line={"color": colour, "width": 1.5},
    )


def _band(strip: Strip, signal: Signal) -> tuple[list[float | None], list[float | None]]:
    """Around each run of measured columns, along the greatest values and back along the least."""
    x: list[float | None] = []
    y: list[float | None] = []
    for is_measured, run in groupby(range(len(strip.at_m)), key=lambda no: signal.mean[no] is not None):
        if is_measured:
            there = list(run)
            x += [strip.at_m[no] for no in (*there, *reversed(there))] + [None]
            y += [*(signal.most[no] for no in there), *(signal.least[no] for no in reversed(there)), None]
    return x, y


def _mark(figure: go.Figure, strip: Strip, signal: Signal) -> None:
    """What lies beyond a limit, and what a faulty sensor showed, over the line of the mean."""
    own = [row for row in strip.deviations if row["signal"] == signal.name]
    marked = [
        (colour, {no for row in own if row["side"] == side for no in _columns_of(strip, row)})
        for side, colour in SIDES.items()
    ]
    marked.append((PURPLE, {no for no, flag in enumerate(signal.flag) if flag}))
    for colour, columns in marked:
        if columns:
            y = [value if no in columns else None for no, value in enumerate(_rounded(signal.mean))]
            line = {"color": colour, "width": 3}
            dots = {"mode": "lines+markers", "marker_size": 4}
            figure.add_scatter(x=strip.at_m, y=y, line=line, hoverinfo="skip", **dots)


def _columns_of(strip: Strip, interval: Row) -> list[int]:
    ends = enumerate(zip(strip.from_m, strip.to_m, strict=True))
    return [no for no, (from_m, to_m) in ends if from_m < interval["to_m"] and to_m > interval["from_m"]]


def _said(signal: Signal, no: int) -> str:
    value = signal.mean[no]
    if value is None:
        return ""
    flag = f", {signal.flag[no]}" if signal.flag[no] else ""
    return escape(f"{signal.name} {value:.5g} {signal.unit}{flag}")


def _upstream_said(strip: Strip) -> list[str]:
    if not strip.traces:
        return [""] * len(strip.at_m)
    return ["".join(f"<br>{escape(named(p))} {p.at_m:.2f} m" for p in t.upstream) for t in strip.traces]


def named(place: Place) -> str:
    """A piece with its kind, once: slab S1, strand 2."""
    return place.piece_id if place.piece_id.startswith(place.kind) else f"{place.kind} {place.piece_id}"


def _upright(figure: go.Figure, strip: Strip) -> go.Figure:
    figure.update_yaxes(gridcolor=LINES, fixedrange=True, automargin=True, nticks=5, zeroline=False)
    return _with_metres(dressed(figure, ALONG_PX, HEAD_PX, FOOT_PX), strip)


def _with_metres(figure: go.Figure, strip: Strip) -> go.Figure:
    """Metres of the coil below; above them, where maps tell, those of the slab and of the strand."""
    whole = [0, strip.length_m]
    title = {"text": "m of the hot coil, from its head", "font_size": 12, "standoff": 8}
    figure.update_xaxes(range=whole, title=title).update_layout(margin_r=RIGHT_PX)
    told = [no for no, trace in enumerate(strip.traces) if trace.upstream]
    if not told:
        return figure
    shown = [told[len(told) * part // 8] for part in (1, 3, 5, 7)]
    texts = [_lines(strip.traces[no], with_kind=no == shown[0]) for no in shown]
    figure.add_scatter(x=whole, y=[None, None], xaxis="x2", hoverinfo="skip", showlegend=False)
    above = {"overlaying": "x", "side": "top", "range": whole, "fixedrange": True, "showgrid": False}
    ticks = {"tickvals": [strip.at_m[no] for no in shown], "ticktext": texts, "zeroline": False}
    return figure.update_layout(xaxis2={**above, **ticks, "tickfont": {"size": 11, "color": GREY}})


def _lines(trace: Trace, with_kind: bool) -> str:
    """Places one above the other, the nearest last."""
    kinds_of = [f"{place.kind} " if with_kind else "" for place in trace.upstream]
    lines = [f"{kind}{place.at_m:.1f}" for kind, place in zip(kinds_of, trace.upstream, strict=True)]
    return "<br>".join(reversed(lines))


def _rounded(values: Sequence[float | None]) -> list[float | None]:
    """To what a picture can show: the file stays small."""
    return [None if value is None else float(f"{value:.5g}") for value in values]
