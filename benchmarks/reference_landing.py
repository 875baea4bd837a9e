"""Landing files of the reference mill, written once and kept in build/ as long as the mill's code stands."""

import hashlib
import json
import shutil
import time
from dataclasses import asdict, dataclass
from pathlib import Path

from benchmarks.process import ROOT
from jobs.write_landing import write_landing
from pipelines.reference_mill.mill import Mill

BUILD = ROOT / "build" / "benchmarks"
MADE_BY = ("pipelines/reference_mill", "schemas/raw", "jobs/write_landing.py")


@dataclass(frozen=True)
class ReferenceLanding:
    """A landing folder; ``written_s``: how long its writing took when it was written."""

    folder: Path
    mill: Mill
    files: int
    rows: int
    size_bytes: int
    written_s: float


def reference_landing(mill: Mill) -> ReferenceLanding:
    """The mill's landing folder, written where it is not there or the mill's code has changed."""
    name = f"landing_{mill.days}x{mill.coils_a_day}_{mill.readings_hz:g}hz"
    home = BUILD / f"{name}_{_digest(mill)}"
    told = home / "told.json"
    if not told.exists():
        for outdated in BUILD.glob(f"{name}_*"):
            shutil.rmtree(outdated)
        started = time.perf_counter()
        written = write_landing(home / "landing", home / "truth", mill)
        told.write_text(json.dumps({**asdict(written), "written_s": time.perf_counter() - started}))
    return ReferenceLanding(home / "landing", mill, **json.loads(told.read_text()))


def _digest(mill: Mill) -> str:
    files = [file for made_by in MADE_BY for file in (ROOT / made_by, *(ROOT / made_by).rglob("*.py"))]
    code = b"".join(file.read_bytes() for file in sorted(files) if file.is_file())
    return hashlib.blake2b(code + repr(mill).encode(), digest_size=6).hexdigest()
