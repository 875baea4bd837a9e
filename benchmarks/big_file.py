"""One CSV file of ten million readings through the ingest: time, memory, and the law of raw.

    python -m benchmarks.big_file            10 million rows, about 0.6 GB of text in build/benchmarks
    python -m benchmarks.big_file --rows N

Every thousandth row is dirty: a bad cell, a broken line or a row twice. The last line is a JSON object.
"""

import argparse
import json
import shutil
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent.parent))

from benchmarks.process import BenchmarkError, run_module
from benchmarks.reference_landing import BUILD
from jobs.lake.queries import open_lake

HOME = BUILD / "big_file"
FIRST_AT = datetime(2026, 11, 20, 6, tzinfo=UTC)
DIRTY_EVERY = 1_000
COUNTS = "select rows_read, rows_kept, rows_quarantined, rows_duplicate, cells_faulty from core.ingest_ledger"


def main() -> None:
    """Write the file, ingest it in a process of its own, check the counts."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--rows", type=int, default=10_000_000)
    rows = parser.parse_args().rows
    shutil.rmtree(HOME, ignore_errors=True)
    file = HOME / "landing" / "furnace_readings" / "furnace_readings.csv"
    write(file, rows)
    ran = run_module("jobs.cli", "--home", str(HOME), "--spark", "embedded", "make", "raw")
    check(rows, open_lake(str(HOME / "lake"), COUNTS).sql(COUNTS).fetchall())
    mb = file.stat().st_size / 1e6
    print(f"{rows:,} rows, {mb:.0f} MB of text: {ran.seconds:.1f} s, {ran.peak_gib():.2f} GiB at most")
    shutil.rmtree(HOME)
    print(json.dumps({"big_file_s": round(ran.seconds, 1), "big_file_peak_gib": round(ran.peak_gib(), 2)}))


def write(file: Path, rows: int) -> None:
    """A slab a minute, 170 readings each; of a thousand rows one bad cell, one broken line, one row twice."""
    file.parent.mkdir(parents=True)
    with file.open("w", encoding="utf-8") as out:
        out.write("slab_id;sampled_at;furnace;zone;top_zone_temp_c;bottom_zone_temp_c;core_temp_c\n")
        line = ""
        for no in range(rows):
            before, line = line, _line(no)
            cells = line.split(";")
            bad_cell, broken = ";".join([*cells[:4], "-999", *cells[5:]]), ";".join(cells[:5]) + "\n"
            dirt = {1: bad_cell, 2: broken, 4: before}
            out.write(dirt.get(no % DIRTY_EVERY, line) if no >= DIRTY_EVERY else line)


def _line(no: int) -> str:
    at = FIRST_AT + timedelta(milliseconds=5 * no)
    temps = ";".join(f"{base + no % 97 / 10:.1f}" for base in (1250, 1240, 1180))
    return f"S{no // 170:07d};{at:%Y-%m-%dT%H:%M:%S}.{at.microsecond // 1000:03d}Z;RF1;soaking;{temps}\n"


def check(rows: int, counts: list[tuple[int, ...]]) -> None:
    """A BenchmarkError where a row went elsewhere than it was written to go."""
    dirty = rows // DIRTY_EVERY - 1
    expected = (rows, rows - 2 * dirty, dirty, dirty, dirty)
    if counts != [expected]:
        raise BenchmarkError(
            f"The ledger promises read, kept, quarantined, duplicate and bad cells of {expected}, "
            f"but has {counts}; look at core.ingest_ledger in {HOME / 'lake'}."
        )


if __name__ == "__main__":
    main()
