"""Where segments place the faults that were planted in reference mills, beside the truth.

    python -m benchmarks.fault_places             20 mills of other seeds than any constant was chosen on
    python -m benchmarks.fault_places --seeds 2

A fault is looked for in the segments of its coil by its signal alone: the stretch that departs most from the
signal's own level. Skid marks and eccentric rolls reach over whole coils: they have a period, and no place.
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

FIRST_SEED = 900
SEEN_IN = {
    "cold slab end": "entry_temp_c",
    "cooling bank loss": "coiling_temp_c",
    "mould level burst": "mould_level_mm",
    "stuck pyrometer": "finishing_temp_c",
    "thickness hunting": "thickness_mm",
}
"""Kind of fault -> the signal that it acts on."""

END_M = 60.0
"""Head and tail differ from the body in every strip: what other strips show there too is no fault."""

DEPARTS_SIGMAS = 2.0
WITHIN = (1, 2, 3)


@dataclass(frozen=True)
class Found:
    """A planted fault, the distance of its middle as found from the true one, and the stated error of it."""

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
    for kind in [*SEEN_IN, "all"]:
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
        lake = open_lake(str(home / "lake"), "core.coil_segments")
        for fault in pq.read_table(truth).to_pylist():
            if fault["kind"] in SEEN_IN and (found := look_for(lake, fault)):
                yield found


def look_for(lake: duckdb.DuckDBPyConnection, fault: dict) -> Found | None:
    """Where the fault is seen; nothing where its coil has no such signal."""
    signal = SEEN_IN[fault["kind"]]
    asked = f"""select coil_id = $coil as is_it, from_m, to_m, length_m,
        {"upstream_sigma_m" if fault["step"] == "casting" else "sigma_m"} as sigma_m,
        {signal}.mean - median({signal}.mean) over (partition by coil_id) as mean,
        {signal}.flag is not distinct from 'frozen' as is_frozen
        from core.coil_segments order by coil_id, from_m"""
    rows = lake.execute(asked, {"coil": fault["coil_id"]}).fetchnumpy()
    its = {name: np.ma.filled(values[rows["is_it"].astype(bool)], np.nan) for name, values in rows.items()}
    departs = its["is_frozen"] * 2.0 if fault["kind"] == "stuck pyrometer" else departure(rows, its)
    if fault["period_m"]:
        # What swings comes back to its level twice a period.
        window = np.ones(max(1, round(fault["period_m"])))
        departs = np.sqrt(np.convolve(departs**2, window / len(window), "same"))
    first, end = stretch(departs - 1.0)
    if first == end:
        return None
    middle_m = (its["from_m"][first] + its["to_m"][end - 1]) / 2
    half_segment_m = (its["to_m"][first] - its["from_m"][first]) / np.sqrt(12)
    sigma_m = np.hypot(np.nanmean(its["sigma_m"][first:end]), half_segment_m)
    return Found(fault["kind"], float(middle_m - (fault["from_m"] + fault["to_m"]) / 2), float(sigma_m))


def departure(rows: dict[str, np.ndarray], its: dict[str, np.ndarray]) -> np.ndarray:
    """How far each segment departs from its coil's level, in steps of what is taken for a fault."""
    everywhere = {name: np.ma.filled(values, np.nan) for name, values in rows.items()}
    level = its["mean"] - usual(everywhere, its)
    spread = 1.4826 * np.nanmedian(np.abs(level - np.nanmedian(level)))
    return np.nan_to_num(np.abs(level) / (DEPARTS_SIGMAS * spread))


def usual(everywhere: dict[str, np.ndarray], its: dict[str, np.ndarray]) -> np.ndarray:
    """What strips of the day show at that distance from head and tail, beside their level."""
    offset = np.zeros(len(its["from_m"]))
    for distance_m in ("from_m", "to_tail_m"):
        near = _distance(everywhere, distance_m)
        for no, at in enumerate(_distance(its, distance_m)):
            if at < END_M:
                offset[no] = np.nanmedian(everywhere["mean"][np.abs(near - at) < 2.0])
    return offset


def _distance(rows: dict[str, np.ndarray], name: str) -> np.ndarray:
    return rows["from_m"] if name == "from_m" else rows["length_m"] - rows["to_m"]


def stretch(gain: np.ndarray) -> tuple[int, int]:
    """The stretch [first, end) with the greatest sum (Kadane).

    >>> stretch(np.array([-1.0, 2.0, -0.5, 3.0, -4.0, 1.0]))
    (1, 4)
    """
    sums = np.concatenate([[0.0], np.cumsum(gain)])
    lowest = np.minimum.accumulate(sums)
    end = int(np.argmax(sums - lowest))
    return int(np.argmin(sums[: end + 1])), end


if __name__ == "__main__":
    os.environ.setdefault("RUST_LOG", "error")
    main()
