"""Files of a table that nothing refers to any longer: of versions that are past, of runs that died."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from deltalake import DeltaTable
from pyarrow import fs

from jobs.lake import delta
from schemas.contract import Table


@dataclass(frozen=True)
class Leftover:
    """How much of a table's folder nothing refers to."""

    table: Table
    files: int
    size_bytes: int


def leftover(lake: str, table: Table, keep_days: int) -> Leftover:
    """What a sweep would delete.

    Files older than ``keep_days`` that no version within them has; what a run stages now is younger.
    """
    paths = _vacuum(lake, table, keep_days, is_rehearsal=True)
    filesystem, root = delta.filesystem_of(delta.table_uri(lake, table))
    infos = filesystem.get_file_info([f"{root}/{path}" for path in paths])
    return Leftover(table, len(paths), sum(info.size or 0 for info in infos))


def sweep(lake: str, table: Table, keep_days: int) -> None:
    """Delete what nothing refers to, and folders as old without a file in them."""
    _vacuum(lake, table, keep_days, is_rehearsal=False)
    filesystem, root = delta.filesystem_of(delta.table_uri(lake, table))
    found = filesystem.get_file_info(fs.FileSelector(root, recursive=True))
    files = [info.path for info in found if info.type is fs.FileType.File]
    oldest = datetime.now(UTC) - timedelta(days=keep_days)
    # The deepest first, while it is still there.
    for info in sorted(found, key=lambda info: -len(info.path)):
        is_old = info.type is fs.FileType.Directory and info.mtime is not None and info.mtime < oldest
        if is_old and not any(path.startswith(f"{info.path}/") for path in files):
            filesystem.delete_dir(info.path)


def _vacuum(lake: str, table: Table, keep_days: int, is_rehearsal: bool) -> list[str]:
    # Full: what a run staged and never published was never in the log.
    return DeltaTable(delta.table_uri(lake, table)).vacuum(
        retention_hours=24 * keep_days, dry_run=is_rehearsal, enforce_retention_duration=False, full=True
    )
