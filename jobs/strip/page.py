"""The page of a strip: what is out of range, the same metre upstream, every signal."""

from collections.abc import Iterator, Sequence
from pathlib import Path

from jobs.report.blocks import Block, Column, Grid, Headline, Headlines, Note, Picture, Row, Section
from jobs.report.rendering import page, write_page
from jobs.report.wording import listed, number
from jobs.settings import Settings
from jobs.strip.pictures import along, along_together, kinds, named, strip_map
from jobs.strip.pieces import stretches_in_pieces
from jobs.strip.reading import Signal, Strip, read_strip
from jobs.strip.surface import surface
from pipelines.tracing import Place, Trace
from schemas.core.coil_segments import UPSTREAM_SIGNALS

PAGE = "strip.html"
KEY = "White to tinted: near the strip's own middle to its edges. Orange: above a limit. Blue: below one. "
KEY += "Purple: the sensor was frozen or jumping. Grey: not measured."
LINES_KEY = "Line: mean. Grey band: least to greatest. Dashed: limits. Above: metres of slab and strand."
DEVIATION_COLUMNS = (
    Column("signal", "Signal"),
    Column("side", "Side"),
    Column("from_m", "From", "m", 0),
    Column("to_m", "To", "m", 0),
    Column("limit_of_signal", "Limit", "of signal", 2),
    Column("worst_of_signal", "Worst", "of signal", 2),
    Column("measured_m", "Measured", "m", 0),
    Column("flagged_m", "Of those faulty", "m", 0),
    Column("source", "By"),
)
PLACE_COLUMNS = (
    Column("at_m", "Hot coil", "m", 1),
    Column("piece", "Upstream"),
    Column("there_m", "There", "m", 2),
    Column("sigma_m", "Error", "m", 3),
    Column("asked_sigma_m", "On the coil", "m", 2),
)

PIECE_COLUMNS = (
    Column("piece", "Piece"),
    Column("operation", "Made by"),
    Column("from_m", "From", "m", 1),
    Column("to_m", "To", "m", 1),
    Column("there_from_m", "There from", "m", 1),
    Column("there_to_m", "There to", "m", 1),
    Column("sigma_m", "Error", "m", 2),
)
CONSTANT_COLUMNS = (
    Column("name", "Signal"),
    Column("mean", "Mean", digits=2),
    Column("least", "Least", digits=2),
    Column("most", "Greatest", digits=2),
    Column("unit", "Unit"),
)


def write_strip(settings: Settings, coil_id: str, file: Path | None = None) -> Path:
    """Write the page of a coil, ``reports/strips/C1.html`` unless a file is named.

    The same lake gives the same bytes. A StripError where the coil cannot be drawn.
    """
    strip = read_strip(settings, coil_id)
    file = file or settings.reports / "strips" / f"{_file_name(coil_id)}.html"
    write_page(file, page(PAGE, coil_id=coil_id, time_zone=settings.time_zone, sections=sections(strip)))
    return file


def _file_name(coil_id: str) -> str:
    """A plant may put into a number what no file may bear."""
    return "".join(letter if letter.isalnum() or letter in "-_." else "_" for letter in coil_id)


def sections(strip: Strip) -> list[Section]:
    """The questions of the page, each with its blocks."""
    limited = {limit["signal"] for limit in strip.limits}
    before = {signal.name for signal in UPSTREAM_SIGNALS} - limited
    own = {signal.name for signal in strip.signals} - limited - before
    asked = (
        ("range", "Out of range", "Which metres lie beyond a limit?", _range(strip)),
        (
            "surface",
            "Defects and faults",
            "What was seen on the surface, and where was the process not normal?",
            surface(strip),
        ),
        (
            "upstream",
            "The same metre upstream",
            "Of which metre of which slab was it made?",
            _upstream(strip),
        ),
        ("pieces", "What became of it", "Into which piece did which metres go?", _pieces(strip)),
        ("limited", "Signals with limits", "How does each run between them?", _drawn(strip, limited)),
        ("rolled", "Signals of the mill", "What did the mill measure?", _drawn(strip, own)),
        ("before", "Signals upstream", "What was measured of the same steel before?", _drawn(strip, before)),
    )
    return [Section(name, title, question, tuple(blocks)) for name, title, question, blocks in asked]


def _range(strip: Strip) -> Iterator[Block]:
    yield _known(strip.coil)
    for row in strip.limits:
        if row["not_computable"]:
            yield Note(f"No limit for {row['signal']}: {row['not_computable']}.", "bad")
    measured = {signal.name for signal in strip.signals if signal.is_measured}
    not_measured = sorted({row["signal"] for row in strip.limits} - measured)
    if not_measured:
        yield Note(f"Limited, but not measured on this coil: {listed(not_measured)}.", "bad")
    if strip.deviations:
        yield Grid("Metres out of range, by the mean of each segment", DEVIATION_COLUMNS, strip.deviations)
    elif strip.limits:
        yield Note("No measured metre lies beyond a limit.", "good")
    else:
        yield Note("No limits are set for this coil: raw/grade_limits and raw/tolerances would set them.")
    if not measured:
        yield Note("Nothing was measured on this coil.", "bad")
        return
    yield Note(KEY)
    caption = f"Strip map: a column stands for {strip.to_m[0] - strip.from_m[0]:g} m"
    yield Picture(caption, strip_map(strip), _map_said(strip), is_wide=True)


def _known(coil: Row) -> Headlines:
    of_order = [f"order {number(coil['order_id'])}", number(coil["customer"])]
    of_slab = [f"slab {number(coil['slab_id'])}", f"heat {number(coil['heat_id'])}"]
    asked = {name: _asked(coil[f"target_{name}_mm"]) for name in ("thickness", "width")}
    told = (
        Headline("Grade", number(coil["grade"]), since=[number(coil["grade_family"]), *of_order]),
        Headline("Thickness", number(coil["thickness_mm"], 2), "mm", [asked["thickness"]]),
        Headline("Width", number(coil["width_mm"]), "mm", [asked["width"]]),
        Headline("Length", number(coil["length_m"], 1), "m"),
        Headline("Mass", number(coil["mass_t"], 2), "t", of_slab),
    )
    return Headlines(f"Coiled {number(coil['coiled_at'])}, production day {coil['production_day']}", told)


def _asked(value_mm: float | None) -> str:
    return "nothing asked for" if value_mm is None else f"asked {value_mm:,.6g}"


def _map_said(strip: Strip) -> str:
    found = "; ".join(
        f"{row['signal']} {row['side']} from {row['from_m']:.0f} to {row['to_m']:.0f} m"
        for row in strip.deviations
    )
    return f"Map of signals along the strip. Out of range: {found or 'nothing'}."


def _upstream(strip: Strip) -> Iterator[Block]:
    if strip.untraced:
        yield Note(strip.untraced, "bad")
        return
    last = len(strip.traces) - 1
    shown = [strip.traces[last * part // 4] for part in range(5)]
    rows = [_place(trace, place) for trace in shown for place in trace.upstream]
    if rows:
        yield Grid("Places, each with its standard error", PLACE_COLUMNS, rows)
    for told in dict.fromkeys(trace.upstream_ends for trace in shown if trace.upstream_ends):
        yield Note(f"The way up ends: {told}.", "bad")
    for doubt in dict.fromkeys(place.doubt for trace in shown for place in trace.upstream if place.doubt):
        yield Note(f"Ambiguous: {doubt}.", "bad")
    yield Note(f"One metre in words: coilmart trace {strip.coil['coil_id']} --at {strip.at_m[last // 2]:.0f}")


def _pieces(strip: Strip) -> Iterator[Block]:
    rows = list(stretches_in_pieces(strip.traces))
    if rows:
        yield Grid("Metres of the hot coil, each with its standard error", PIECE_COLUMNS, rows)
    for told in dict.fromkeys(trace.downstream_ends for trace in strip.traces if trace.downstream_ends):
        # Beside what is in a piece, the rest was cut off.
        if not rows or "place known" not in told:
            yield Note(f"{told[0].upper()}{told[1:]}.")


def _place(trace: Trace, place: Place) -> Row:
    own = {"piece": named(place), "there_m": place.at_m}
    return {"at_m": trace.at_m, **own, "sigma_m": place.sigma_m, "asked_sigma_m": place.asked_sigma_m}


def _same(signal: Signal) -> Row:
    means = {"mean": signal.mean[0], "least": signal.least[0], "most": signal.most[0]}
    return {"name": signal.name, "unit": signal.unit} | means


def _numbers(names: Sequence[str]) -> str:
    return listed(names) if len(names) < 3 else f"{names[0]} to {names[-1]}"


def _drawn(strip: Strip, names: set[str]) -> Iterator[Block]:
    wanted = [signal for signal in strip.signals if signal.name in names]
    measured = [signal for signal in wanted if signal.is_measured]
    drawn = [signal for signal in measured if not signal.is_constant]
    if drawn:
        yield Note(LINES_KEY)
    for kind, found in kinds(drawn).items():
        first = next(iter(found.values()))
        if len(found) == 1:
            figure = along(strip, first)
            caption = first.name
        else:
            figure, caption = along_together(strip, found), f"{kind}, # = {_numbers(list(found))}"
        yield Picture(f"{caption}, {first.unit}", figure, f"{caption} along the strip, {first.unit}")
    constant = [_same(signal) for signal in measured if signal.is_constant]
    if constant:
        yield Grid("The same for the whole coil", CONSTANT_COLUMNS, constant)
    missing = [signal.name for signal in wanted if not signal.is_measured]
    if missing:
        yield Note(f"Not measured on this coil: {listed(missing)}.")
    if not wanted:
        yield Note("There is no such signal.")
