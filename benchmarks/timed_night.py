"""coilmart as it is, with a clock on its checks: ``python -m benchmarks.timed_night nightly --day D``.

Each audit of staged rows says its table and how long the run waited for it; the first may wait for the import
of Great Expectations.
"""

import time
from collections.abc import Callable
from functools import wraps

from jobs import checks, cli


def timed(audit: Callable) -> Callable:
    @wraps(audit)
    def audit_with_a_clock(rows, table, rows_by_day):
        started = time.perf_counter()
        findings = audit(rows, table, rows_by_day)
        print(f"checked {table.path} {time.perf_counter() - started:.3f} s", flush=True)
        return findings

    return audit_with_a_clock


if __name__ == "__main__":
    # Before jobs.lake imports it by its name.
    checks.audit = timed(checks.audit)
    cli.main()
