"""Segments of coils as rows for models: levels along a strip, swings in windows of it, and whole coils.

Each shows another kind of trouble: "level" a stretch that differs from its own coil, "swing" a restless
stretch, "coil swing" and "slow swing" a restless coil.
"""

from collections.abc import Callable, Mapping, Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from pipelines.normal_models import Asked
from pipelines.strip_parts import parts
from pipelines.usual_ranges import Numbers, Rows
from schemas.core.coil_parts import PARTS

Array = NDArray[np.float64]

CELL_M = 5.0
"""Of a row of levels at least: short beside a fault."""

READINGS_A_CELL = 1.25
"""Where readings are far apart, cells are as much longer: most have one of each signal."""

LEAST_READINGS = 10
"""In a window, for its swings to be told."""

NOTHING = 1e-20
"""Of the square of a value: a power as small as that is rounding."""

SHARES = {"head": 3, "speed-up": 3, "body": 5, "tail": 5}
"""A part is judged in so many shares of its length: what is usual changes along it."""


class Strip(NamedTuple):
    """A coil's segments: signal by signal their means, NaN where missing or the sensor is faulty."""

    from_m: Array
    to_m: Array
    values: Array
    speed_column: int | None
    modes: tuple[str, ...]
    block: int


class Seen(NamedTuple):
    """Rows, the stretch of strip that each is of; piece -> the number of its strip, its band of periods."""

    rows: Rows
    from_m: Array
    to_m: Array
    strip_no: Numbers
    band: Sequence[str | None]


class _Piece(NamedTuple):
    values: Array
    part: Numbers
    from_m: Array
    to_m: Array
    band: str | None = None


def _level_cells(strip: Strip) -> list[_Piece]:
    """Means of cells, less the coil's own level: the median of its body."""
    first, from_m, to_m = _cells(strip)
    values = _means(strip.values, first)
    part = _parts(strip, values, from_m, to_m)
    return [_Piece(values - _level(values, part), _shares(part), from_m, to_m)]


def _parts(strip: Strip, values: Array, from_m: Array, to_m: Array) -> Numbers:
    speed = values[:, strip.speed_column] if strip.speed_column is not None else None
    return parts(from_m, to_m, speed).astype(np.int64)


def _cells(strip: Strip) -> tuple[Numbers, Array, Array]:
    """The first segment of each cell, its start and its end; a rest at the tail belongs to the last."""
    length_m, cell_m = float(strip.to_m[-1]), max(CELL_M, READINGS_A_CELL * _metres_a_reading(strip))
    cell = np.minimum(strip.from_m / cell_m, max(int(length_m / cell_m) - 1, 0)).astype(np.int64)
    first = np.flatnonzero(np.diff(cell, prepend=-1))
    from_m = strip.from_m[first]
    return first, from_m, np.append(from_m[1:], length_m)


def _metres_a_reading(strip: Strip) -> float:
    """How far apart readings lie, of the signal in the middle; 0 where there are none."""
    count = np.isfinite(strip.values).sum(axis=0)
    measured = count[count > 0]
    return float(strip.to_m[-1]) / float(np.median(measured)) if len(measured) else 0.0


def _means(values: Array, first: Numbers) -> Array:
    is_there = np.isfinite(values)
    count = np.add.reduceat(is_there.astype(np.int64), first, axis=0)
    total = np.add.reduceat(np.where(is_there, values, 0.0), first, axis=0)
    return np.where(count > 0, total / np.maximum(count, 1), np.nan)


def _level(values: Array, part: Numbers) -> Array:
    body = part == PARTS.index("body")
    return _median(values[body] if body.sum() > 3 else values)


def _median(values: Array) -> Array:
    """Of each column, of what is there; NaN where nothing is."""
    in_order = np.sort(values, axis=0)
    count = np.isfinite(values).sum(axis=0)
    columns = np.arange(values.shape[1])
    low, high = (in_order[np.maximum(place, 0), columns] for place in ((count - 1) // 2, count // 2))
    return np.where(count > 0, (low + np.where(count > 0, high, low)) / 2, np.nan)


def _shares(part: Numbers) -> Numbers:
    """Part and share of the part as one number.

    >>> _shares(np.array([0, 0, 0, 2, 2, 2, 2, 2])).tolist()
    [0, 1, 2, 20, 21, 22, 23, 24]
    """
    found = 10 * part
    for no, name in enumerate(PARTS):
        rows = np.flatnonzero(part == no)
        found[rows] += np.arange(len(rows)) * SHARES[name] // max(len(rows), 1)
    return found


class Swings(NamedTuple):
    """Windows of a strip and from one to the next; bands of periods, from one of these to the next."""

    window_m: float
    hop_m: float
    periods_m: tuple[float, ...]

    def of(self, strip: Strip) -> list[_Piece]:
        """Band by band, in each window the logarithm of the greatest power of each signal."""
        segment_m = float(strip.to_m[0] - strip.from_m[0])
        rows_n = min(max(int(round(self.window_m / segment_m)), 1), len(strip.from_m))
        hop = max(int(round(self.hop_m / segment_m)), 1)
        first = np.arange(0, len(strip.from_m) - rows_n + 1, hop)
        if first[-1] + rows_n < len(strip.from_m):
            first = np.append(first, len(strip.from_m) - rows_n)
        windows = (strip.values[at : at + rows_n] for at in first.tolist())
        powers = np.stack([_band_powers(values, segment_m, self.periods_m) for values in windows], axis=1)
        # Head and tail swing by themselves: their windows are judged with those of other heads and tails.
        end = np.ones(len(first), np.int64)
        end[0], end[-1] = 0, 2
        from_m, to_m = strip.from_m[first], strip.to_m[first + rows_n - 1]
        bands = zip(self.periods_m, self.periods_m[1:], strict=False)
        return [
            _Piece(power, 10 * no + end, from_m, to_m, f"{short:g} to {long:g} m")
            for no, (power, (long, short)) in enumerate(zip(powers, bands, strict=True))
        ]


def _band_powers(values: Array, segment_m: float, periods_m: tuple[float, ...]) -> Array:
    """Logarithm of the greatest power, band by signal.

    The periodogram of what is left of a line, under a Hann taper, so that a step at one end does not look
    like a swing; where a reading is missing it has no weight.
    """
    is_there = np.isfinite(values)
    taper = np.where(is_there, np.hanning(len(values) + 2)[1:-1, None], 0.0)
    left = _without_line(np.where(is_there, values, 0.0), taper)
    points = 2 ** int(np.ceil(np.log2(2 * len(values))))
    power = np.square(np.abs(np.fft.rfft(left * taper, points, axis=0)))
    power /= np.maximum(np.square(taper).sum(axis=0), 1e-12)
    power[:, is_there.sum(axis=0) < LEAST_READINGS] = np.nan
    edges = np.searchsorted(np.fft.rfftfreq(points, segment_m), 1 / np.array(periods_m))
    nothing = np.full(values.shape[1], np.nan)
    bands = [power[a:b].max(axis=0) if b > a else nothing for a, b in zip(edges, edges[1:], strict=False)]
    # A signal that stands has no power but that of rounding.
    least = NOTHING * np.square(np.where(is_there, values, 0.0)).max(axis=0)
    highest = np.stack(bands)
    return np.log(np.where(highest > least, highest, np.nan))


def _without_line(values: Array, weight: Array) -> Array:
    total = np.maximum(weight.sum(axis=0), 1e-12)
    place = np.linspace(-1.0, 1.0, len(values))[:, None]
    along = place - (weight * place).sum(axis=0) / total
    off = values - (weight * values).sum(axis=0) / total
    slope = (weight * off * along).sum(axis=0) / np.maximum((weight * along**2).sum(axis=0), 1e-12)
    return off - slope * along


FAST = Swings(window_m=100.0, hop_m=50.0, periods_m=(60.0, 24.0, 10.0, 4.5, 2.0))
SLOW = Swings(window_m=400.0, hop_m=100.0, periods_m=(250.0, 100.0, 40.0))


class View(NamedTuple):
    """How rows are made of a strip, and the ways in which they are judged, each with its name."""

    of: Callable[[Strip], list[_Piece]]
    judged: Mapping[str, Asked]


# T2 and SPE show a change of correlation, and little else that a signal does not: they alarm seldom.
LEVELS = {"T2": 0.001, "SPE": 0.001, "signal": 0.005}
TOGETHER = {"three signals": 0.005}

VIEWS = (
    # Speeds and tensions follow what is rolled: a coil like none before differs in them, and is not at fault.
    View(_level_cells, {"level": Asked(LEVELS, run_rows=6, is_for_strangers=False)}),
    View(
        FAST.of,
        {
            "swing": Asked(TOGETHER, run_rows=2, is_one_sided=True),
            "coil swing": Asked(TOGETHER, run_rows=0, is_one_sided=True),
        },
    ),
    View(SLOW.of, {"slow swing": Asked(TOGETHER, run_rows=0, is_one_sided=True)}),
)


def seen(view: View, signals: Sequence[str], strips: Sequence[Strip]) -> Seen:
    """The rows of strips, each of which has the signals in its columns."""
    of_strips = [view.of(strip) for strip in strips]
    strip_no = np.repeat(np.arange(len(strips)), [len(pieces) for pieces in of_strips])
    pieces = [piece for of_strip in of_strips for piece in of_strip]
    rows = Rows(
        tuple(signals),
        np.concatenate([piece.values for piece in pieces]),
        np.repeat(np.arange(len(pieces)), [len(piece.values) for piece in pieces]),
        np.concatenate([piece.part for piece in pieces]),
        [strips[no].modes for no in strip_no.tolist()],
        np.array([strips[no].block for no in strip_no.tolist()]),
    )
    from_m, to_m = (np.concatenate([getattr(piece, at) for piece in pieces]) for at in ("from_m", "to_m"))
    return Seen(rows, from_m, to_m, strip_no, [piece.band for piece in pieces])
