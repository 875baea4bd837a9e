"""One run at a time for each day of a table; a lock ends with its process, so a killed run leaves none."""

import fcntl
from collections.abc import Collection, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from datetime import date
from pathlib import Path
from typing import IO


class BusyError(RuntimeError):
    """Another run holds what this one was asked to make."""


@contextmanager
def days_locked(home: Path, days_of_tables: Mapping[str, Collection[date]]) -> Iterator[None]:
    """Hold these days of these tables, or raise a BusyError that names one that another run holds."""
    with ExitStack() as stack:
        for table_path, days in sorted(days_of_tables.items()):
            lock = stack.enter_context(_lock_file(home, table_path).open("a"))
            for day in sorted(days):
                _take(lock, day, table_path)
        yield


@contextmanager
def waiting_for(home: Path, name: str) -> Iterator[None]:
    """Hold what runs do one after the other, waiting for the run that does it now."""
    with _lock_file(home, name).open("a") as lock:
        fcntl.lockf(lock, fcntl.LOCK_EX)
        yield


def is_held(home: Path, table_path: str) -> bool:
    """True while a run holds a day of the table."""
    with _lock_file(home, table_path).open("a") as lock:
        try:
            # To its end, so every day; closing the file frees it again.
            fcntl.lockf(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            return True
    return False


def _take(lock: IO[str], day: date, table_path: str) -> None:
    try:
        # A day is one byte of the file: the operating system frees it when the process ends, however it ends.
        fcntl.lockf(lock, fcntl.LOCK_EX | fcntl.LOCK_NB, 1, day.toordinal())
    except OSError as error:
        raise BusyError(
            f"A day of a table is made by one run at a time, but another run holds {table_path} of {day}; "
            "wait for it, or stop it, and run this again."
        ) from error


def _lock_file(home: Path, name: str) -> Path:
    folder = home / "locks"
    folder.mkdir(parents=True, exist_ok=True)
    return folder / f"{name.replace('/', '.')}.lock"
