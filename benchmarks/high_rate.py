"""A night of 600 coils at 100 samples a second and 61 signals, from landing to segments.

    python -m benchmarks.high_rate                 embedded, and Apache Spark with one worker and with two
    python -m benchmarks.high_rate --hz 10

The last line is a JSON object: seconds of the whole night, of the ingest and of the segments, and the peak of
memory, by engine; ``one_worker_over_two``: the segments on Apache Spark.
"""

import argparse
import json
import sys
from pathlib import Path
from tempfile import TemporaryDirectory

sys.path.insert(0, str(Path(__file__).parent.parent))

from benchmarks.nights import Measured, coilmart
from benchmarks.reference_landing import BUILD, ReferenceLanding, reference_landing
from jobs.session import EMBEDDED
from pipelines.reference_mill.mill import Mill

ENGINES = {"embedded": EMBEDDED, "one_worker": "local[1]", "two_workers": "local[2]"}
STEPS = ("raw", "core/coil_segments")


def main() -> None:
    asked = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    asked.add_argument("--hz", type=float, default=100.0)
    landing = reference_landing(Mill(days=1, coils_a_day=600, readings_hz=asked.parse_args().hz))
    print(f"Landing: {landing.rows:,} rows, {landing.size_bytes / 1e6:.0f} MB, in {landing.written_s:.1f} s")
    print(f"{'':<14}{'night s':>9}{'raw s':>9}{'segments s':>12}{'peak GiB':>10}")
    figures: dict[str, float] = {}
    for name, engine in ENGINES.items():
        night = a_night(landing, engine)
        raw_s, segments_s = (seconds_of(night, step) for step in STEPS)
        print(
            f"{name:<14}{night.seconds:>9.1f}{raw_s:>9.1f}{segments_s:>12.1f}{night.peak_gib:>10.2f}",
            flush=True,
        )
        figures |= {f"night_s_{name}": night.seconds, f"raw_s_{name}": raw_s}
        figures |= {f"segments_s_{name}": segments_s, f"peak_gib_{name}": night.peak_gib}
    figures["one_worker_over_two"] = figures["segments_s_one_worker"] / figures["segments_s_two_workers"]
    print(json.dumps({name: round(value, 2) for name, value in figures.items()}))


def a_night(landing: ReferenceLanding, engine: str) -> Measured:
    """The night into an empty lake."""
    with TemporaryDirectory(dir=BUILD) as home:
        day = str(landing.mill.first_day)
        return coilmart(engine, Path(home), landing.folder, "nightly", "--day", day)


def seconds_of(night: Measured, step: str) -> float:
    """How long the step took."""
    return next(found.seconds for found in night.steps if found.name == step)


if __name__ == "__main__":
    main()
