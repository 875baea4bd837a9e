"""A day of 600 coils tracked from fault to cause: scored by its models, its defects traced; time and memory.

    python -m benchmarks.tracking                 the embedded engine
    python -m benchmarks.tracking --engine 'local[2]'

Five days of history, a reading in ten seconds, train the models; the day itself has ten readings a second.
The last line is a JSON object: seconds of each table of the night, of the whole night, and the training.
"""

import argparse
import json
import sys
from datetime import timedelta
from pathlib import Path
from tempfile import TemporaryDirectory

sys.path.insert(0, str(Path(__file__).parent.parent))

from benchmarks.nights import coilmart
from benchmarks.reference_landing import BUILD, reference_landing
from jobs.session import EMBEDDED
from pipelines.reference_mill.mill import Mill

MILL = Mill(days=1, coils_a_day=600, readings_hz=10.0, history_days=5, history_hz=0.1, roll_marks=0.5)
TRACKED = (
    *("core/coil_segments", "core/coil_parts", "core/coil_conditions", "core/coil_defects"),
    *("mart/process_faults", "mart/defect_traces", "mart/roll_marks", "mart/root_causes"),
    *("mart/coil_characteristics", "mart/control_charts", "mart/process_capability"),
)
"""What comes of a strip's readings and its inspection."""


def main() -> None:
    asked = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    asked.add_argument("--engine", default=EMBEDDED)
    engine = asked.parse_args().engine
    landing = reference_landing(MILL)
    first, before = (MILL.first_day - timedelta(days=days) for days in (MILL.history_days, 1))
    with TemporaryDirectory(dir=BUILD) as folder:
        home = Path(folder)
        coilmart(engine, home, landing.folder, "backfill", "--from", str(first), "--to", str(before))
        trained = coilmart(engine, home, landing.folder, "train", "normal", "--until", str(before))
        night = coilmart(engine, home, landing.folder, "nightly", "--day", str(MILL.first_day))
    took = {step.name: step for step in night.steps}
    for name in TRACKED:
        print(f"{name:<28}{took[name].seconds:>8.1f} s{took[name].peak_gib:>8.2f} GiB")
    figures = {f"{name.partition('/')[2]}_s": took[name].seconds for name in TRACKED}
    whole = {"night_s": night.seconds, "training_s": trained.seconds, "peak_gib": night.peak_gib}
    print(json.dumps({name: round(value, 2) for name, value in (figures | whole).items()}))


if __name__ == "__main__":
    main()
