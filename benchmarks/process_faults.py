"""What mart/process_faults finds of the faults that were planted in reference mills, beside the truth.

    python -m benchmarks.process_faults                 20 mills of other seeds than the models were chosen on
    python -m benchmarks.process_faults --seeds 5 --first 1    the seeds that they were chosen on

Each mill trains on ten days of 40 coils in which every tenth strip has a fault of its own, and is judged on
the three days after: once with a fault in 6 of 10 strips, for what is found, and once, the same strips,
without any, for false alarms. Two readings a second, which is one in 5 m of thin strip.

Found: a row of the same step that overlaps the fault, and names one of its signals. Ends: of what has a
place, whether an end lies within two stated errors of the truth. The last line is a JSON object.
"""

import argparse
import json
import os
import sys
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np
import pyarrow as pa
from scipy.stats import beta

sys.path.insert(0, str(Path(__file__).parent.parent))

from benchmarks.mill_lake import make_segments
from benchmarks.reference_landing import BUILD
from jobs.lake import delta
from jobs.lake.lake import Lake
from jobs.mart import process_faults
from jobs.models.normal import train_normal
from jobs.progress import Progress
from jobs.run import Run
from jobs.session import spark_session
from jobs.settings import Settings
from pipelines.reference_mill.mill import Mill
from pipelines.reference_mill.truth import process_fault_truth
from schemas.core.coils import CORE_COILS
from schemas.mart.process_faults import MART_PROCESS_FAULTS

FIRST_SEED, SEEDS = 1000, 20
READINGS_HZ = 2.0
TRAINING_DAYS, JUDGED_DAYS, COILS_A_DAY = 10, 3, 40
SHARE_TRAINED, SHARE_JUDGED = 0.1, 0.6
LEVELS = ("weak", "middle", "strong")
NEAR_SIGMAS = 3.0


@dataclass(frozen=True)
class Judged:
    """A planted fault, and the rows that found it."""

    truth: dict
    rows: list[dict]
    length_m: float


@dataclass(frozen=True)
class Clean:
    """A strip without a fault of the process, and what was said of it."""

    rows: list[dict]


def main() -> None:
    asked = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    asked.add_argument("--seeds", type=int, default=SEEDS)
    asked.add_argument("--first", type=int, default=FIRST_SEED)
    asked.add_argument("--hz", type=float, default=READINGS_HZ)
    given = asked.parse_args()
    print(json.dumps(measured(range(given.first, given.first + given.seeds), given.hz)))


def measured(seeds: Iterable[int], hz: float = READINGS_HZ) -> dict[str, float]:
    """The figures of the mills of these seeds; what was found of what is printed."""
    judged, clean, mills_n = [], [], 0
    BUILD.mkdir(parents=True, exist_ok=True)
    with TemporaryDirectory(dir=BUILD) as folder:
        settings = Settings.from_environment({"COILMART_HOME": folder})
        with spark_session(settings) as spark:
            for seed in seeds:
                home = Path(folder) / str(seed)
                its_own = Settings.from_environment({"COILMART_HOME": str(home)})
                found = list(_mill(Lake(spark, its_own, Run.start()), seed, hz))
                judged += [fault for fault in found if isinstance(fault, Judged)]
                clean += [strip for strip in found if isinstance(strip, Clean)]
                mills_n += 1
                print(f"seed {seed}: {len(judged)} faults, {len(clean)} clean strips so far", flush=True)
    _print_kinds(judged)
    _print_detectors(judged, clean)
    return _figures(judged, clean, mills_n)


def _mill(lake: Lake, seed: int, hz: float) -> Iterator[Judged | Clean]:
    """Train on a mill's first days, judge the days after with and without faults."""
    trained = Mill(
        seed=seed,
        days=TRAINING_DAYS,
        coils_a_day=COILS_A_DAY,
        readings_hz=hz,
        faults=SHARE_TRAINED,
    )
    make_segments(lake, trained)
    train_normal(lake, trained.all_days[-1], Progress())
    models = lake.settings.models
    first_day = trained.all_days[-1] + timedelta(days=1)
    for share in (SHARE_JUDGED, 0.0):
        home = lake.settings.home / f"judged_{share}"
        its_own = Settings.from_environment({"COILMART_HOME": str(home), "COILMART_MODELS": str(models)})
        mill = Mill(
            seed=seed,
            first_day=first_day,
            days=JUDGED_DAYS,
            coils_a_day=COILS_A_DAY,
            readings_hz=hz,
            faults=share,
        )
        yield from _judged(Lake(lake.spark, its_own, Run.start()), mill)


def _judged(lake: Lake, mill: Mill) -> Iterator[Judged | Clean]:
    make_segments(lake, mill)
    process_faults.main(lake.for_table(MART_PROCESS_FAULTS), mill.all_days)
    uri, days = lake.settings.lake, set(mill.all_days)
    by_coil: dict[str, list[dict]] = {}
    for row in delta.rows_of(uri, MART_PROCESS_FAULTS, days).to_pylist():
        by_coil.setdefault(row["coil_id"], []).append(row)
    truths = pa.concat_tables([process_fault_truth(mill, day) for day in mill.all_days]).to_pylist()
    for coil in delta.rows_of(uri, CORE_COILS, days).to_pylist():
        rows = by_coil.get(coil["coil_id"], [])
        its = [truth for truth in truths if truth["coil_id"] == coil["coil_id"]]
        if not mill.faults:
            yield Clean([row for row in rows if not row["is_sensor"]])
        for truth in its:
            yield Judged(truth, [row for row in rows if _finds(row, truth)], coil["length_m"] or 0.0)


def _finds(row: dict, truth: dict) -> bool:
    """True where the row is of the fault's step, overlaps it, and names one of its signals."""
    of_step = (row["step"] == "casting") == (truth["step"] == "casting")
    margin_m = NEAR_SIGMAS * (row["sigma_m"] or 0.0)
    overlaps = row["from_m"] < truth["to_m"] + margin_m and truth["from_m"] - margin_m < row["to_m"]
    return of_step and overlaps and bool(set(row["signals"]) & set(truth["signals"]))


def _print_kinds(judged: list[Judged]) -> None:
    names = ("n", "found %", "from %", "to %", *LEVELS, "first right %", "ends in 2 sigma %")
    print(f"\n{'planted':<20}" + "".join(f"{name:>{len(name) + 3}}" for name in names))
    for kind in sorted({fault.truth["kind"] for fault in judged}):
        its = [fault for fault in judged if fault.truth["kind"] == kind]
        found = [fault for fault in its if fault.rows]
        first = [_best(fault)["signals"][0] in fault.truth["signals"] for fault in found]
        ends = [is_near for fault in found for is_near in _ends(fault)]
        shares = (
            len(found) / len(its),
            *interval(len(found), len(its)),
            *_by_strength(its),
            _mean(first),
            _mean(ends),
        )
        cells = [str(len(its)), *("" if share is None else f"{100 * share:.1f}" for share in shares)]
        row = "".join(f"{cell:>{len(name) + 3}}" for name, cell in zip(names, cells, strict=True))
        print(f"{kind:<20}{row}")


def _mean(yes: list[bool]) -> float | None:
    return float(np.mean(yes)) if yes else None


def _by_strength(its: list[Judged]) -> list[float | None]:
    """The share found of the weakest, the middle and the strongest third."""
    if its[0].truth["strength"] is None:
        return [None] * len(LEVELS)
    ordered = sorted(its, key=lambda fault: abs(fault.truth["strength_sigmas"]))
    thirds = np.array_split(np.array([bool(fault.rows) for fault in ordered]), len(LEVELS))
    return [float(third.mean()) if len(third) else None for third in thirds]


def _best(fault: Judged) -> dict:
    """The row that says most: of a sensor, else the strongest."""
    return max(fault.rows, key=lambda row: (row["is_sensor"], row["strength_ratio"] or 0.0))


def _ends(fault: Judged) -> Iterator[bool]:
    """Of the best row with a place: is each end of the fault that lies within the strip where it says."""
    is_sensor = fault.truth["kind"] == "stuck pyrometer"
    # A burst may look like a jumping sensor too: its row tells where readings jump.
    own = [row for row in fault.rows if row["is_sensor"] == is_sensor] or fault.rows
    placed = [row for row in own if row["from_m"] > 0 or row["to_m"] < fault.length_m]
    if not placed or fault.truth["to_m"] - fault.truth["from_m"] > 0.9 * fault.length_m:
        return
    # A sensor's flags are of readings, a level's edges of cells, a swing's of windows.
    exact = ("sensor", "level", "swing")
    row = min(placed, key=lambda row: min(no for no, name in enumerate(exact) if name in row["detector"]))
    if row["sigma_m"] is None:
        return
    for end in ("from_m", "to_m"):
        if 20 < fault.truth[end] < fault.length_m - 20:
            yield abs(row[end] - fault.truth[end]) <= 2 * row["sigma_m"]


def _print_detectors(judged: list[Judged], clean: list[Clean]) -> None:
    """What each detector finds, what no other does, and how often it is wrong."""
    print(f"\n{'step and detector':<36}{'finds':>7}{'alone':>7}   false alarms in 100 clean strips")
    names = [row for fault in judged for row in fault.rows] + [row for strip in clean for row in strip.rows]
    for name in sorted({_detector(row) for row in names}):
        finds = [fault for fault in judged if any(_detector(row) == name for row in fault.rows)]
        alone = [fault for fault in finds if all(_detector(row) == name for row in fault.rows)]
        false = sum(_detector(row) == name for strip in clean for row in strip.rows)
        print(f"{name:<36}{len(finds):>7}{len(alone):>7}{100 * false / len(clean):>12.2f}")


def _detector(row: dict) -> str:
    return f"{row['step']}: {row['detector']}"


def _figures(judged: list[Judged], clean: list[Clean], seeds: int) -> dict[str, float]:
    ends = [is_near for fault in judged if fault.rows for is_near in _ends(fault)]
    rows_n = sum(len(strip.rows) for strip in clean)
    return {
        "fault_detection_rate": round(float(np.mean([bool(fault.rows) for fault in judged])), 3),
        "fault_false_alarm_rate": round(rows_n / len(clean), 4),
        "clean_strips_with_alarm": round(float(np.mean([bool(strip.rows) for strip in clean])), 4),
        "position_within_2_sigma": round(float(np.mean(ends)), 3),
        "faults": len(judged),
        "clean_strips": len(clean),
        "mills": seeds,
    }


def interval(found: int, of: int) -> tuple[float, float]:
    """The 95 % interval of Clopper and Pearson of a share.

    >>> tuple(round(float(end), 3) for end in interval(10, 10))
    (0.692, 1.0)
    """
    low = beta.ppf(0.025, found, of - found + 1) if found else 0.0
    high = beta.ppf(0.975, found + 1, of - found) if found < of else 1.0
    return float(low), float(high)


if __name__ == "__main__":
    os.environ.setdefault("RUST_LOG", "error")
    main()
