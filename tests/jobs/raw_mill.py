"""A mill of coils: files delivered by hand, and what the raw table and the ledger say of them."""

import os
from datetime import UTC, date, datetime

from jobs.lake.lake import Lake
from jobs.lake.queries import open_lake
from jobs.raw import ingest
from jobs.run import Run

HEADER = "coil_id,line,coiled_at,mass_t\n"
DAY = date(2026, 11, 20)


class Mill:
    """A landing folder and the lake that it feeds."""

    def __init__(self, spark, settings):
        self.spark, self.settings = spark, settings
        self.written = 0

    def deliver(self, name, *rows, written_h=None, header=HEADER):
        """Write a file of coils; each is written an hour after the one before, or at that hour."""
        path = self.settings.landing / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(header + "".join(f"{row}\n" for row in rows))
        self.written = self.written + 1 if written_h is None else written_h
        at = datetime(2026, 11, 21, tzinfo=UTC).timestamp() + self.written * 3600
        os.utime(path, (at, at))

    def ingest(self, *args):
        return ingest(Lake(self.spark, self.settings, Run.start()), *args)

    def ask(self, query):
        return open_lake(self.settings.lake).sql(query).fetchall()

    @property
    def coils(self):
        return self.ask("select coil_id, mass_t from raw.coils order by coil_id")

    @property
    def versions(self):
        held = "superseded_at is null as holds"
        return self.ask(
            f'select coil_id, mass_t, {held} from raw."coils$history" order by coil_id, mass_t, holds'
        )

    def ledger(self, name):
        counts = "rows_read, rows_kept, rows_quarantined, rows_duplicate, rows_superseding"
        query = (
            f"select status, {counts} from core.ingest_ledger where source_file = '{name}' order by ingest_no"
        )
        return self.ask(query)


def coil(no, mass_t=20.0, at="2026-11-20T08:30:00Z"):
    return f"C{no},HSM,{at},{mass_t}"
