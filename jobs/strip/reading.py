"""A hot coil from the lake: its signals column by column, its limits, its deviations, its places upstream."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from math import ceil

import duckdb

from jobs.lake.queries import open_lake
from jobs.report.blocks import Row
from jobs.settings import Settings
from pipelines.tracing import ROUTE, Trace, TraceError, trace
from schemas.contract import MOMENTS, Field

OF_THE_COIL = {
    "limits": "core.strip_limits",
    "deviations": "mart.strip_deviations",
    "defects": "core.coil_defects",
    "inspections": "core.coil_inspections",
    "faults": "mart.process_faults",
    "roll_marks": "mart.roll_marks",
}
"""Field of Strip -> the table whose rows it holds."""

TABLES = " ".join(("core.coils", "core.coil_segments", "core.length_maps", *OF_THE_COIL.values()))
MOST_COLUMNS = 1_000
"""A picture has no more pixels to tell metres apart."""

OF_COIL = "coil_id = $coil and production_day = $day"


class StripError(ValueError):
    """A coil that cannot be drawn."""


@dataclass(frozen=True)
class Signal:
    """A signal's mean, least, greatest and flag in every column of the strip; missing where not measured."""

    name: str
    mean: Sequence[float | None]
    least: Sequence[float | None]
    most: Sequence[float | None]
    flag: Sequence[str | None]

    @property
    def unit(self) -> str:
        """The unit as people read it."""
        return Field(self.name, MOMENTS, "", None).unit or ""

    @property
    def is_measured(self) -> bool:
        """True where at least one metre was measured."""
        return any(value is not None for value in self.mean)

    @property
    def is_constant(self) -> bool:
        """True where one value holds for the whole coil, as of a furnace's zone, and no flag is set."""
        return len(set(self.mean)) == 1 and self.is_measured and not any(self.flag)


@dataclass(frozen=True)
class Strip:
    """A hot coil cut into columns, each of one segment or of several beside each other.

    ``traces``: where the middle of each column came from; empty, with ``untraced`` the reason, where no map
    tells.
    """

    coil: Row
    from_m: Sequence[float]
    to_m: Sequence[float]
    signals: Sequence[Signal]
    limits: Sequence[Row]
    deviations: Sequence[Row]
    defects: Sequence[Row]
    inspections: Sequence[Row]
    faults: Sequence[Row]
    roll_marks: Sequence[Row]
    traces: Sequence[Trace]
    untraced: str | None

    @property
    def at_m(self) -> list[float]:
        """The middles of the columns."""
        return [(first + last) / 2 for first, last in zip(self.from_m, self.to_m, strict=True)]

    @property
    def length_m(self) -> float:
        """The tail's place."""
        return self.to_m[-1]


def read_strip(settings: Settings, coil_id: str) -> Strip:
    """The coil; a StripError where the lake does not have it, or not yet its segments."""
    connection = open_lake(settings.lake, TABLES, settings.time_zone)
    coils = _rows(connection, "select * from core.coils where coil_id = $coil", coil=coil_id)
    if not coils:
        raise _no_hot_coil(connection, coil_id)
    day = coils[0]["production_day"]
    columns, names = _columns(connection, coil_id, day)
    if not columns:
        raise StripError(
            f"A strip promises segments in core/coil_segments, but {coil_id} has none; run "
            f"`coilmart make core/coil_segments --day {day}`, unless nobody told its length."
        )
    signals = [_signal(name, [row[name] for row in columns]) for name in names]
    from_m, to_m = [row["from_m"] for row in columns], [row["to_m"] for row in columns]
    traces, untraced = _traces(
        connection, coil_id, [sum(ends) / 2 for ends in zip(from_m, to_m, strict=True)]
    )
    of_coil = {
        name: _rows(connection, f"select * from {table} where {OF_COIL} order by all", coil=coil_id, day=day)
        for name, table in OF_THE_COIL.items()
    }
    return Strip(coils[0], from_m, to_m, signals, **of_coil, traces=traces, untraced=untraced)


def _no_hot_coil(connection: duckdb.DuckDBPyConnection, number: str) -> StripError:
    """A piece is told with what it was made of, the parts of a welded one from its head."""
    of_piece = "from core.length_maps where child_id = $piece and child_kind = 'piece' order by child_from_m"
    parts = [
        f"{part['parent_id']} ({part['parent_from_m']:.1f} to {part['parent_to_m']:.1f} m)"
        if part["parent_from_m"] is not None
        else f"{part['parent_id']} ({part['doubt']})"
        for part in _rows(connection, f"select * {of_piece}", piece=number)
    ]
    found = (
        f"a piece of {', '.join(parts)}; ask for what it was made of" if parts else "none; check the number"
    )
    or_make = "" if parts else ", or make the day of the coil"
    return StripError(f"A strip promises to be a hot coil of core/coils, but {number!r} is {found}{or_make}.")


def _columns(connection: duckdb.DuckDBPyConnection, coil_id: str, day: date) -> tuple[list[Row], list[str]]:
    """The strip's columns, and the signals that they have."""
    described = connection.execute("describe core.coil_segments").fetchall()
    names = [name for name, type_name, *_ in described if type_name.startswith("STRUCT")]
    of_coil = f"from core.coil_segments where {OF_COIL}"
    counts = f"select count(*) as all_n, count(*) filter (readings_n > 0) as measured_n {of_coil}"
    (count,) = _rows(connection, counts, coil=coil_id, day=day)
    wide = segments_a_column(count["all_n"], count["measured_n"])
    moments = ", ".join(_moments(name.replace('"', '""')) for name in names)
    query = f"""select min(from_m) as from_m, max(to_m) as to_m, {moments} {of_coil}
        group by segment_no // {wide} order by min(from_m)"""
    return _rows(connection, query, coil=coil_id, day=day), names


def segments_a_column(all_n: int, measured_n: int) -> int:
    """So many that a picture can show the columns, and that hardly one of them was passed by every reading.

    >>> segments_a_column(800, 800), segments_a_column(1500, 1490), segments_a_column(800, 100)
    (1, 2, 10)
    """
    rarely = ceil(1.25 * all_n / measured_n) if measured_n and measured_n < 0.9 * all_n else 1
    return max(rarely, ceil(all_n / MOST_COLUMNS))


def _moments(name: str) -> str:
    signal = f'"{name}"'
    return f"""{{
        'mean': sum({signal}.mean * {signal}.n) / nullif(sum({signal}.n), 0),
        'least': min({signal}.min), 'most': max({signal}.max),
        'flag': min({signal}.flag) filter ({signal}.mean is not null)
    }} as {signal}"""


def _signal(name: str, moments: Sequence[Row]) -> Signal:
    return Signal(name, *([column[part] for column in moments] for part in ("mean", "least", "most", "flag")))


def _traces(
    connection: duckdb.DuckDBPyConnection, coil_id: str, at_m: Sequence[float]
) -> tuple[list[Trace], str | None]:
    rows = _rows(connection, ROUTE, piece=coil_id)
    try:
        return [trace(rows, coil_id, place_m) for place_m in at_m], None
    except TraceError as error:
        return [], str(error)


def _rows(connection: duckdb.DuckDBPyConnection, query: str, **parameters: object) -> list[Row]:
    answer = connection.execute(query, parameters)
    names = [column[0] for column in answer.description]
    return [dict(zip(names, row, strict=True)) for row in answer.fetchall()]
