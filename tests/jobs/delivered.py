"""A delivery of one file, read into a lake of its own, and what became of its rows."""

from datetime import UTC, date, datetime

from jobs.delivery import connect, read_delivery
from jobs.lake.rewriting import batches_of
from jobs.landing import content_hashes, look
from jobs.outcomes import Plan
from jobs.settings import Settings
from pipelines.raw.rows import Arrival
from schemas.core.quarantine import CORE_QUARANTINE

NOW = datetime(2026, 11, 21, 3, 0, tzinfo=UTC)
COILS = "coil_id;line;coiled_at;mass_t\n"
READINGS = "slab_id;sampled_at;top_zone_temp_c\n"


class Delivered:
    """One file in a landing folder of its own, read."""

    def __init__(self, folder, name, content, toml=None):
        path = folder / "landing" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content.encode() if isinstance(content, str) else content)
        if toml:
            (path.parent / "source.toml").write_text(toml)
        self.mill = Settings.from_environment({"COILMART_HOME": str(folder), "COILMART_SETTLE_S": "0"})
        landing = look(self.mill)
        assert not landing.problems
        (self.file,) = landing.files
        digest = content_hashes(landing.files)[0][self.file.source_file]
        arrival = Arrival("d1", self.file.source_file, NOW, date(2026, 11, 20), "UTC", 6)
        self.plan = Plan(self.file, self.file.feeds[0], digest, arrival, self.mill.lake, "run")
        self.outcome = read_delivery(self.plan, connect(1))

    def rows(self, table=None):
        table = table or self.plan.table
        files = self.outcome.files.get(table.path, [])
        return [row for f in files for b in batches_of(self.mill.lake, table, f) for row in b.to_pylist()]

    @property
    def quarantined(self):
        return sorted(
            (row["row_number"], row["line_no"], row["reason"]) for row in self.rows(CORE_QUARANTINE)
        )

    @property
    def counts(self):
        o = self.outcome
        return o.rows_read, o.rows_kept, o.rows_quarantined, o.rows_duplicate
