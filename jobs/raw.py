"""Ingest: what is new in landing becomes rows of the raw tables, counted; one ingest for all sources."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date, datetime

from jobs.intake import take_in
from jobs.lake.lake import Lake
from jobs.lake.rewriting import undo_unfinished
from jobs.landing import LandingFile, content_hashes, look
from jobs.ledger import Delivery, Ledger, Row, read_ledger
from jobs.wording import counted
from pipelines.raw.source_map import TableMap
from schemas.core.cell_faults import CORE_CELL_FAULTS
from schemas.core.quarantine import CORE_QUARANTINE
from schemas.lineage import raw_tables

PART_BYTES = 2 << 30
"""So much of landing is taken in at once: memory, and the work that a crash costs, stay bounded."""


@dataclass
class Ingested:
    """What an ingest did; ``ingest_no`` and ``known_to_at`` say up to which delivery the lake knows.

    ``deliveries``: the rows that it wrote to core/ingest_ledger. ``changed``: the days of which raw tables
    changed. ``growing``: files left for the next run. ``problems``: what was left alone, one sentence each.
    """

    ingest_no: int
    known_to_at: datetime | None
    deliveries: list[Row] = field(default_factory=list)
    changed: dict[str, set[date]] = field(default_factory=dict)
    growing: list[str] = field(default_factory=list)
    problems: list[str] = field(default_factory=list)

    @classmethod
    def so_far(cls, lake: str) -> "Ingested":
        """What the lake knows, without a look into landing."""
        ledger = read_ledger(lake)
        return cls(ledger.last_ingest_no, ledger.known_to_at)

    @property
    def summary(self) -> str:
        """One line for the log."""
        if not self.deliveries:
            return "nothing new" + self._left
        count = {
            name: sum(row[f"rows_{name}"] for row in self.deliveries)
            for name in ("kept", "quarantined", "duplicate")
        }
        files = len({row["source_file"] for row in self.deliveries})
        rows = ", ".join(f"{number:,} {name}" for name, number in count.items())
        return f"{counted(files, 'file')}, rows: {rows}{self._left}"

    @property
    def _left(self) -> str:
        bad = sum(row["status"] == "unreadable" for row in self.deliveries)
        alone = len(self.problems)
        left = {
            f"{bad:,} unreadable": bad,
            f"{len(self.growing):,} growing": len(self.growing),
            f"{counted(alone, 'source')} left alone": alone,
        }
        return "".join(f"; {told}" for told, number in left.items() if number)


def ingest(lake: Lake, is_replayed: Callable[[Row], bool] = lambda row: False) -> Ingested:
    """Take in what is new in landing, and again what the ledger has of deliveries that are to be replayed.

    Runs one at a time; the caller holds the lock. A run that was killed is undone by the next.
    """
    root = lake.settings.lake
    ledger = read_ledger(root)
    undo_killed(root, ledger)
    landing = look(lake.settings)
    ingested = Ingested(
        ledger.last_ingest_no, ledger.known_to_at, growing=landing.growing, problems=landing.problems
    )
    chosen, problems = _chosen(landing.files, ledger, is_replayed)
    ingested.problems += problems
    for part in _parts(chosen):
        took = take_in(lake, part, landing.files, read_ledger(root))
        ingested.deliveries += took.rows
        ingested.growing += took.growing
        for path, days in took.changed.items():
            ingested.changed.setdefault(path, set()).update(days)
    now = Ingested.so_far(root)
    ingested.ingest_no, ingested.known_to_at = now.ingest_no, now.known_to_at
    return ingested


def undo_killed(lake: str, ledger: Ledger) -> None:
    """Take back what an ingest published that died before it wrote the ledger; the caller holds the lock."""
    for table in (*raw_tables(), CORE_CELL_FAULTS, CORE_QUARANTINE):
        undo_unfinished(lake, table, ledger.last_ingest_no)


def _chosen(
    files: Iterable[LandingFile], ledger: Ledger, is_replayed: Callable[[Row], bool]
) -> tuple[list[Delivery], list[str]]:
    """Files with a content that the ledger lacks, in the order of their writing; what cannot be opened."""
    wanted: list[tuple[LandingFile, TableMap, Row | None]] = []
    for file in files:
        for table_map in file.feeds:
            before = ledger.latest((file.source_file, table_map.table.path))
            if before is None or is_replayed(before) or not _looks_the_same(file, before):
                wanted.append((file, table_map, before))
    hashes, problems = content_hashes({file.source_file: file for file, _, _ in wanted}.values())
    chosen = [
        Delivery(file, table_map, hashes[file.source_file])
        for file, table_map, before in wanted
        if file.source_file in hashes
        and (before is None or is_replayed(before) or before["content_hash"] != hashes[file.source_file])
    ]
    return sorted(chosen, key=lambda d: (d.file.modified_at, d.file.source_file)), problems


def _looks_the_same(file: LandingFile, before: Row) -> bool:
    return file.size_bytes == before["size_bytes"] and file.modified_at == before["modified_at"]


def _parts(deliveries: list[Delivery]) -> Iterator[list[Delivery]]:
    part: list[Delivery] = []
    for delivery in deliveries:
        if part and sum(other.file.size_bytes for other in part) + delivery.file.size_bytes > PART_BYTES:
            yield part
            part = []
        part.append(delivery)
    if part:
        yield part
