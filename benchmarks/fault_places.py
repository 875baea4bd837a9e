"""Where segments place the faults that were planted in reference mills, beside the truth.

    python -m benchmarks.fault_places             20 mills of other seeds than the places were chosen on
    python -m benchmarks.fault_places --seeds 2

A fault is looked for in the segments of its coil by its signal alone: the stretch that differs most from the
rest of it. The error beside it is the one that core/station_clocks (of the caster's signals:
core/coil_segments) states, with that of the looking. Skid marks and eccentric rolls reach over whole
coils: they have a period, and no place.

The last line is a JSON object.
"""

import argparse
import json
import os
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

import duckdb
import numpy as np
import pyarrow.parquet as pq

sys.path.insert(0, str(Path(__file__).parent.parent))

from benchmarks.nights import coilmart
from benchmarks.reference_landing import BUILD
from jobs.lake.queries import open_lake
from jobs.session import EMBEDDED
from jobs.write_landing import write_landing
from pipelines.reference_mill.mill import Mill

FIRST_SEED = 1000
KINDS = ("cold slab end", "cooling bank loss", "mould level burst", "stuck pyrometer", "thickness hunting")
"""Kinds of faults that have a place."""

END_M = 60.0
"""Head and tail differ from the body in every strip: what other strips show there too is no fault."""

WITHIN = (1, 2, 3)


@dataclass(frozen=True)
class Found:
    """A planted fault, how far its middle (of a cold end: its edge) was found off, and the error stated."""

    kind: str
    off_m: float
    sigma_m: float

    @property
    def sigmas(self) -> float:
        """The distance in stated errors."""
        return abs(self.off_m) / self.sigma_m


def main() -> None:
    asked = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    asked.add_argument("--seeds", type=int, default=20)
    found = [fault for no in range(asked.parse_args().seeds) for fault in faults_of(FIRST_SEED + no)]
    print(
        f"{'fault':<22}{'n':>5}{'median m':>10}{'sigma m':>9}"
        + "".join(f"{f'in {k} sigma':>12}" for k in WITHIN)
    )
    for kind in [*KINDS, "all"]:
        its = [fault for fault in found if kind in (fault.kind, "all")]
        off_m, sigma_m = (np.median([abs(getattr(f, name)) for f in its]) for name in ("off_m", "sigma_m"))
        shares = "".join(f"{100 * share_within(its, k):>10.1f} %" for k in WITHIN)
        print(f"{kind:<22}{len(its):>5}{off_m:>10.2f}{sigma_m:>9.2f}{shares}")
    print(
        json.dumps(
            {f"within_{k}_sigma": round(share_within(found, k), 3) for k in WITHIN} | {"faults": len(found)}
        )
    )


def share_within(faults: list[Found], sigmas: float) -> float:
    """The share of the faults that lie within so many stated errors of the truth."""
    return float(np.mean([fault.sigmas <= sigmas for fault in faults]))


def faults_of(seed: int) -> Iterator[Found]:
    """The faults of one mill's day."""
    mill = Mill(seed=seed, days=1, coils_a_day=40, readings_hz=5.0, casting_hz=1.0, faults=0.6)
    with TemporaryDirectory(dir=BUILD) as folder:
        home = Path(folder)
        write_landing(home / "landing", home / "truth", mill)
        coilmart(EMBEDDED, home, home / "landing", "nightly", "--day", str(mill.first_day))
        [truth] = (home / "truth" / "process_faults").iterdir()
        lake = open_lake(str(home / "lake"), "core.coil_segments core.station_clocks raw.sensors")
        for fault in pq.read_table(truth).to_pylist():
            if fault["kind"] in KINDS:
                yield look_for(lake, fault)


def look_for(lake: duckdb.DuckDBPyConnection, fault: dict) -> Found:
    """Where the fault is seen."""
    signal = fault["signals"][0]
    asked = f"""select coil_id = $coil as is_it, from_m, to_m, length_m,
        {"upstream_sigma_m" if fault["step"] == "casting" else "clocks.sigma_m"} as sigma_m,
        {signal}.mean - median({signal}.mean) over (partition by coil_id) as mean,
        ({signal}.flag is not distinct from 'frozen')::double as is_frozen
        from core.coil_segments left join core.station_clocks clocks using (coil_id)
        where station = coalesce((select min(station) from raw.sensors where signal = '{signal}'), 'F7')
        order by coil_id, from_m"""
    rows = lake.execute(asked, {"coil": fault["coil_id"]}).fetchnumpy()
    its = {name: np.ma.filled(values[rows["is_it"].astype(bool)], np.nan) for name, values in rows.items()}
    seen = its["is_frozen"] if fault["kind"] == "stuck pyrometer" else its["mean"] - usual(rows, its)
    if fault["kind"] == "cold slab end":
        # It ends where the strip does: only its other end can be seen.
        found_m = its["from_m"][sharpest_step(seen)]
        true_m = fault["to_m"] if fault["from_m"] < END_M else fault["from_m"]
        near = np.abs(its["from_m"] - found_m) < END_M
    else:
        first, end = stretch(seen**2 if fault["period_m"] else seen)
        found_m = (its["from_m"][first] + its["to_m"][end - 1]) / 2
        true_m = (fault["from_m"] + fault["to_m"]) / 2
        near = slice(first, end)
    half_segment_m = (its["to_m"][0] - its["from_m"][0]) / np.sqrt(12)
    sigma_m = np.hypot(np.nanmean(its["sigma_m"][near]), half_segment_m)
    # What swings crosses its level at both ends: each is seen up to half a swing late or early.
    swing_m = (fault["period_m"] or 0.0) / 2 / np.sqrt(12) / np.sqrt(2)
    sigma_m = np.hypot(sigma_m, swing_m)
    return Found(fault["kind"], float(found_m - true_m), float(sigma_m))


def usual(everywhere: dict[str, np.ndarray], its: dict[str, np.ndarray]) -> np.ndarray:
    """What strips of the day show at that distance from head and tail, beside their level."""
    everywhere = {name: np.ma.filled(values, np.nan) for name, values in everywhere.items()}
    offset = np.zeros(len(its["from_m"]))
    for distance_m in ("from_m", "to_tail_m"):
        near = _distance(everywhere, distance_m)
        for no, at in enumerate(_distance(its, distance_m)):
            if at < END_M:
                offset[no] = np.nanmedian(everywhere["mean"][np.abs(near - at) < 2.0])
    return offset


def _distance(rows: dict[str, np.ndarray], name: str) -> np.ndarray:
    return rows["from_m"] if name == "from_m" else rows["length_m"] - rows["to_m"]


def sharpest_step(values: np.ndarray, on_each_side: int = 20) -> int:
    """Where the medians of so many values before and behind differ most.

    >>> sharpest_step(np.array([0.0, 0.1, 0.0, 5.0, 5.1, 5.0]), 2)
    3
    """
    windows = np.lib.stride_tricks.sliding_window_view(values, on_each_side)
    medians = np.nanmedian(windows, axis=1)
    return int(np.nanargmax(np.abs(medians[on_each_side:] - medians[:-on_each_side]))) + on_each_side


def stretch(values: np.ndarray) -> tuple[int, int]:
    """The stretch [first, end) that differs most from the rest, by the sum of squares between the two.

    >>> stretch(np.array([0.1, -0.1, 3.0, np.nan, 2.8, 0.0, 0.2]))
    (2, 5)
    """
    measured = np.isfinite(values)
    sums = np.concatenate([[0.0], np.cumsum(np.where(measured, values - np.nanmean(values), 0.0))])
    n = np.concatenate([[0], np.cumsum(measured)])
    inside = n[None, :] - n[:, None]
    # A fault is the smaller part.
    share = np.where((inside > 0) & (2 * inside < n[-1]), inside * (1 - inside / n[-1]), np.inf)
    first, end = np.unravel_index(np.argmax((sums[None, :] - sums[:, None]) ** 2 / share), share.shape)
    return int(first), int(end)


if __name__ == "__main__":
    os.environ.setdefault("RUST_LOG", "error")
    main()
