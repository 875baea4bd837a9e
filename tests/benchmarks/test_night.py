"""The benchmark runs on a small mill, and the peer's rows are ours; what it measures is no test."""

import json
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parent.parent.parent


def test_the_peer_makes_the_same_rows_of_a_small_mill():
    command = [sys.executable, "-m", "benchmarks.night", "--quick", "--rounds", "1", "--engine", "embedded"]
    ran = subprocess.run(command, cwd=ROOT, capture_output=True, text=True)
    assert ran.returncode == 0, ran.stderr
    figures = json.loads(ran.stdout.splitlines()[-1])
    assert set(figures) == {"ratio_peer", "ratio_read", "checks_share", "peak_gib"}
