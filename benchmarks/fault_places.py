"""How far from its true metres the segments put what was planted in reference mills.

    python -m benchmarks.fault_places            20 mills of other seeds than the places were chosen on
    python -m benchmarks.fault_places --seeds 2 --first-seed 700

Every mill has a twin without faults: the same strips, noise, clocks and dirt. Where the segments of both
differ is the fault, and nothing else: places are judged, and no way of looking for faults. Begin, middle and
end of each fault are compared with the truth, in every signal in which it is as strong as the noise. What
swings over a whole strip has the places of its crests instead: over the first quarter, over all, and over
the last. Errors are those that core/station_clocks (of the caster's signals: core/coil_segments) states,
with what the readings leave open: an end lies anywhere between two of them.

The last line is a JSON object.
"""

import argparse
import json
import os
import sys
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from tempfile import TemporaryDirectory

import duckdb
import numpy as np
import pyarrow.parquet as pq
from numpy.typing import NDArray

sys.path.insert(0, str(Path(__file__).parent.parent))

from benchmarks.nights import coilmart
from benchmarks.reference_landing import BUILD
from jobs.lake.queries import open_lake
from jobs.session import EMBEDDED
from jobs.write_landing import write_landing
from pipelines.reference_mill.mill import Mill
from pipelines.reference_mill.process_fault import ProcessFault
from pipelines.reference_mill.process_faults import process_faults
from pipelines.reference_mill.rolling_day import rolling_day

Array = NDArray[np.float64]

FIRST_SEED = 2000
WITHIN = (1, 2, 3)
ENDS = {"begin": (0.0, 0.25), "middle": (0.0, 1.0), "end": (0.75, 1.0)}
"""Of what swings over a whole strip: the shares of it."""

TABLES = "core.coil_segments core.station_clocks raw.sensors"


@dataclass(frozen=True)
class Place:
    """Begin, middle or end of a fault as one signal shows it: how far it is off, and the error stated."""

    kind: str
    station: str
    end: str
    off_m: float
    sigma_m: float


@dataclass(frozen=True)
class Seen:
    """What a fault changes in a signal of its coil, segment by segment, NaN where nothing was measured."""

    at_m: Array
    segment_m: float
    change: Array
    noise: float
    """Standard deviation of the signal from one segment to the next, without the fault."""

    sigma_m: Array


def main() -> None:
    asked = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    asked.add_argument("--seeds", type=int, default=20)
    asked.add_argument("--first-seed", type=int, default=FIRST_SEED)
    told = asked.parse_args()
    BUILD.mkdir(parents=True, exist_ok=True)
    found: list[Place] = []
    for seed in range(told.first_seed, told.first_seed + told.seeds):
        found += places_of(seed)
        print(f"seed {seed}: {len(found)} places", file=sys.stderr)
    print(
        f"{'within 1, 2, 3 sigma, %':<24}{'n':>6}{'median m':>10}{'sigma m':>9}"
        + "".join(f"{e:>18}" for e in ENDS)
    )
    for name in (*sorted({p.kind for p in found}), *sorted({p.station for p in found}), "all"):
        its = [place for place in found if name in (place.kind, place.station, "all")]
        off_m, sigma_m = (np.median([abs(getattr(p, field)) for p in its]) for field in ("off_m", "sigma_m"))
        print(
            f"{name:<24}{len(its):>6}{off_m:>10.2f}{sigma_m:>9.2f}"
            + "".join(f"{shares(its, end):>18}" for end in ENDS)
        )
    print(
        json.dumps({f"within_{k}_sigma": round(within(found, k), 3) for k in WITHIN} | {"places": len(found)})
    )


def shares(places: list[Place], end: str) -> str:
    """The shares of one end, in percent."""
    its = [place for place in places if place.end == end]
    return " ".join(f"{100 * within(its, k):5.1f}" for k in WITHIN) if its else ""


def within(places: list[Place], sigmas: float) -> float:
    """The share of places that lie within so many stated errors of the truth."""
    return float(np.mean([abs(place.off_m) <= sigmas * place.sigma_m for place in places]))


def places_of(seed: int) -> Iterator[Place]:
    """Where the segments of one mill's day put its faults."""
    mill = Mill(seed=seed, days=1, coils_a_day=40, readings_hz=5.0, casting_hz=1.0, faults=0.6)
    with TemporaryDirectory(dir=BUILD) as folder:
        lake, twin = (
            _night(Path(folder) / name, m) for name, m in (("mill", mill), ("twin", replace(mill, faults=0)))
        )
        [spoiled] = (Path(folder) / "mill" / "truth" / "sensor_faults").iterdir()
        # What a broken sensor shows is no place of a fault of the process.
        broken = {(row["coil_id"], row["signal"]) for row in pq.read_table(spoiled).to_pylist()}
        station_of = dict(lake.execute("select signal, station from raw.sensors").fetchall())
        rolled = rolling_day(mill, mill.first_day)
        for fault in process_faults(rolled):
            coil_id, length_m = rolled.coil_id(fault.slab_no), float(rolled.length_m[fault.slab_no])
            for signal in fault.signals:
                station = station_of.get(signal, "caster")
                seen = _seen(lake, twin, coil_id, signal, station)
                if seen is not None and (coil_id, signal) not in broken:
                    yield from _placed(fault, length_m, station, seen)


def _night(home: Path, mill: Mill) -> duckdb.DuckDBPyConnection:
    """The lake that a mill's files become."""
    write_landing(home / "landing", home / "truth", mill)
    night = ("nightly", "--day", str(mill.first_day))
    coilmart(EMBEDDED, home, home / "landing", *night, module="benchmarks.unchecked")
    return open_lake(str(home / "lake"), TABLES)


def _seen(
    lake: duckdb.DuckDBPyConnection, twin: duckdb.DuckDBPyConnection, coil_id: str, signal: str, station: str
) -> Seen | None:
    """The change in a signal of a coil; None where the coil's own row went astray."""
    asked = f"""select from_m, to_m, upstream_sigma_m, {signal}.mean as mean
        from core.coil_segments where coil_id = $coil_id order by from_m"""
    rows, sound = (
        {
            name: np.ma.filled(column, np.nan)
            for name, column in its.execute(asked, {"coil_id": coil_id}).fetchnumpy().items()
        }
        for its in (lake, twin)
    )
    if not len(rows["from_m"]):
        return None
    at_m, steps = (rows["from_m"] + rows["to_m"]) / 2, np.diff(sound["mean"][np.isfinite(sound["mean"])])
    sigma_m = rows["upstream_sigma_m"]
    if station != "caster":
        asked = """select head_sigma_m, middle_sigma_m, tail_sigma_m from core.station_clocks
            where coil_id = $coil_id and station = $station"""
        errors = lake.execute(asked, {"coil_id": coil_id, "station": station}).fetchone()
        sigma_m = np.interp(at_m, np.array([0.0, 0.5, 1.0]) * rows["to_m"][-1], np.array(errors, float))
    noise = 1.4826 * float(np.median(np.abs(steps))) / 2**0.5
    return Seen(at_m, float(rows["to_m"][0]), rows["mean"] - sound["mean"], noise, sigma_m)


def _placed(fault: ProcessFault, length_m: float, station: str, seen: Seen) -> Iterator[Place]:
    is_changed = np.nan_to_num(seen.change) != 0
    if not is_changed.any():
        return
    # What is stuck shows nothing but noise.
    is_in_noise = fault.strength is not None and np.sqrt(np.mean(seen.change[is_changed] ** 2)) < seen.noise
    if is_in_noise:
        return
    swings = fault.period_m is not None and (fault.from_m, fault.to_m) == (0.0, length_m)
    its = crests(fault, length_m, seen) if swings else ends(fault, length_m, seen)
    for end, (off_m, sigma_m) in its.items():
        yield Place(fault.kind, station, end, off_m, sigma_m)


def ends(fault: ProcessFault, length_m: float, seen: Seen) -> dict[str, tuple[float, float]]:
    """Begin, end and their middle: how far off, and the error; an end of the strip is none of the fault's."""
    measured = np.isfinite(seen.change)
    at_m, changed = seen.at_m[measured], seen.change[measured] != 0
    first, last = int(changed.argmax()), len(changed) - 1 - int(changed[::-1].argmax())
    # What is stuck shows at first what it would have shown.
    first -= fault.kind == "stuck pyrometer"
    told = {}
    for end, before, true_m in (("begin", first - 1, fault.from_m), ("end", last, fault.to_m)):
        if not (0 < true_m < length_m and 0 <= before < len(at_m) - 1):
            continue
        from_m, to_m = at_m[before], at_m[before + 1]
        # Both readings lie anywhere in their segments, and the end anywhere between them.
        open_m = np.sqrt((to_m - from_m) ** 2 / 12 + seen.segment_m**2 / 24)
        sigma_m = np.interp((from_m + to_m) / 2, seen.at_m, seen.sigma_m)
        told[end] = float((from_m + to_m) / 2 - true_m), float(sigma_m), float(open_m)
    places = {
        end: (off_m, float(np.hypot(sigma_m, open_m))) for end, (off_m, sigma_m, open_m) in told.items()
    }
    if len(told) == 2:
        off_m, sigma_m, open_m = np.array(list(told.values())).T
        # The place is off alike at both ends, what the readings leave open is not.
        places["middle"] = float(off_m.mean()), float(np.hypot(sigma_m.mean(), np.hypot(*open_m) / 2))
    return places


def crests(fault: ProcessFault, length_m: float, seen: Seen) -> dict[str, tuple[float, float]]:
    """How far the crests lie off on a part of the strip, by least squares, and the error with the fit's."""
    told, swing = {}, fault.disturbances[0]
    per_m = 2 * np.pi / fault.period_m
    for end, (from_share, to_share) in ENDS.items():
        part = (
            np.isfinite(seen.change)
            & (seen.at_m >= from_share * length_m)
            & (seen.at_m < to_share * length_m)
        )
        turns = per_m * seen.at_m[part] + swing.phase
        waves = np.column_stack([np.cos(turns), np.sin(turns), np.ones(part.sum())])
        (cosine, sine, _), (left,), *_ = np.linalg.lstsq(waves, seen.change[part], rcond=None)
        fit_m = np.sqrt(left / part.sum() / (part.sum() / 2) / (cosine**2 + sine**2)) / per_m
        # A hotter bar takes less force: a crest may be a trough.
        told[end] = float(np.arctan(sine / cosine) / per_m), float(np.hypot(seen.sigma_m[part].mean(), fit_m))
    return told


if __name__ == "__main__":
    os.environ.setdefault("RUST_LOG", "error")
    main()
