"""Housekeeping: what nothing in the lake refers to any longer goes, after so many days."""

from jobs.lake import delta
from jobs.lake.locks import is_held, waiting_for
from jobs.lake.sweeping import Leftover, leftover, sweep
from jobs.ledger import read_ledger
from jobs.progress import Progress
from jobs.raw import undo_killed
from jobs.settings import Settings
from jobs.wording import counted
from schemas.lineage import TABLES


def keep_house(settings: Settings, keep_days: int, is_rehearsal: bool, progress: Progress) -> None:
    """Say what goes and, but for a rehearsal, delete it; a table that a run makes now is left for next time.

    Versions of a table younger than ``keep_days`` stay whole. An ingest waits until it is done, or it for
    the ingest.
    """
    lake = settings.lake
    there = [table for table in TABLES.values() if delta.exists(lake, table)]
    with waiting_for(settings.home, "raw"), waiting_for(settings.home, "books"):
        if not is_rehearsal:
            # Else what an ingest that died has replaced could go before it is put back.
            undo_killed(lake, read_ledger(lake))
        busy = {table.path for table in there if table.made_from and is_held(settings.home, table.path)}
        found = [leftover(lake, table, keep_days) for table in there if table.path not in busy]
        progress.say(_summary([one for one in found if one.files], keep_days, is_rehearsal))
        for one in found:
            if one.files:
                progress.say(
                    f"{one.table.path:<28}{counted(one.files, 'file'):>12}{one.size_bytes / 1e6:>12,.1f} MB"
                )
            if not is_rehearsal:
                sweep(lake, one.table, keep_days)
    for path in sorted(busy):
        progress.say(f"{path} is being made: left for the next time.")


def _summary(found: list[Leftover], keep_days: int, is_rehearsal: bool) -> str:
    what = f"{counted(sum(one.files for one in found), 'file')} of {counted(len(found), 'table')}"
    size_mb = sum(one.size_bytes for one in found) / 1e6
    return (
        f"{what}, {size_mb:,.1f} MB, {'would go' if is_rehearsal else 'go'}: nothing of the last "
        f"{counted(keep_days, 'day')} refers to them."
    )
