"""Landing files of the reference mill, day by day, and apart from them the truth."""

import os
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from jobs.wording import counted
from pipelines.reference_mill.deliveries import deliveries
from pipelines.reference_mill.exports import file_bytes, file_name, parquet_bytes
from pipelines.reference_mill.mill import Mill, MillSettingError
from pipelines.reference_mill.truth import day_truths, file_row, file_truth


@dataclass(frozen=True)
class Written:
    """What a day, or all of them, put into landing."""

    files: int = 0
    rows: int = 0
    size_bytes: int = 0

    def __add__(self, other: "Written") -> "Written":
        """Both together."""
        return Written(self.files + other.files, self.rows + other.rows, self.size_bytes + other.size_bytes)

    def summary(self, days: int) -> str:
        """One line for the log."""
        return f"{counted(days, 'day')}, {counted(self.files, 'file')}, {counted(self.rows, 'row')}"


def write_landing(
    landing: Path, truth: Path, mill: Mill, progress: Callable[[date, Written], None] | None = None
) -> Written:
    """Write every day of the mill; a file that is there already with the same content is left untouched.

    ``progress`` is called after each day. Memory does not grow with the days.
    Raises MillSettingError where the truth would lie inside the landing folder.
    """
    if truth.absolute().is_relative_to(landing.absolute()):
        raise MillSettingError(
            f"The truth is promised to stay apart from what pipelines read, but {truth} lies in {landing}; "
            "choose a folder beside it."
        )
    total = Written()
    for day in mill.all_days:
        written = write_day(landing, truth, mill, day)
        total += written
        if progress:
            progress(day, written)
    return total


def write_day(landing: Path, truth: Path, mill: Mill, day: date) -> Written:
    """Write what arrives on one day, and what is true of it."""
    written, files = Written(), []
    for delivery in deliveries(mill, day):
        content = file_bytes(mill, delivery)
        _write(landing / delivery.contract.name / file_name(delivery), content)
        files.append(file_row(delivery))
        written += Written(1, delivery.row_count, len(content))
    for name, table in {**day_truths(mill, day), "files": file_truth(files)}.items():
        _write(truth / name / f"{name}_{day}.parquet", parquet_bytes(table))
    return written


def _write(path: Path, content: bytes) -> None:
    """Write a file whole or not at all."""
    if path.exists() and path.read_bytes() == content:
        return
    path.parent.mkdir(parents=True, exist_ok=True)
    part = path.with_name(f".{path.name}.part")
    part.write_bytes(content)
    os.replace(part, path)
