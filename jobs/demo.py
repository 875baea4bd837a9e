"""The whole product in one command: a reference mill of some weeks, every table, the report."""

import os
import sys
from dataclasses import replace
from pathlib import Path
from shutil import which

from jobs.lake.lake import Lake
from jobs.lake.queries import open_lake
from jobs.models.normal import train_normal
from jobs.models.storage import newest_before
from jobs.night import catch_up, opened_lake
from jobs.progress import Progress
from jobs.report import write_report
from jobs.settings import Settings
from jobs.wording import counted
from jobs.write_landing import write_landing
from pipelines.reference_mill.mill import Mill
from schemas.lineage import made_tables

MILL = Mill(
    # Three weeks to learn from; at a reading every ten seconds they cost less than a minute.
    history_days=21,
    history_hz=0.1,
    # One that always was, one of a setting, and one that is new: what a plant looks for.
    causes=("sliver: equipment", "rolled-in scale: threshold", "stain: delayed"),
    roll_marks=0.2,
)

OF_THEIR_DAYS = [t for t in made_tables() if not any(declared.as_of for declared in t.made_from)]
"""Not what looks back over weeks: of days that nobody will ask for it would cost minutes."""

ARRIVED = """
select count(*), sum(rows_read), sum(rows_kept), sum(rows_quarantined), sum(rows_duplicate), sum(cells_faulty)
from core.ingest_ledger where status <> 'replaced'
"""
WORST_STRIP = """
select coil_id from mart.strip_deviations group by coil_id order by sum(measured_m) desc, coil_id limit 1
"""
ASK = (
    "select line, cause, sum(lost_mass_t) as lost_t from mart.yield_losses "
    "where breakdown = 'all' group by all order by lost_t desc"
)


def demo(settings: Settings, progress: Progress) -> Lake:
    """Write landing files where there are none, make what is missing, write the report, say where to look.

    A second call finds everything made and changes nothing.
    """
    mill = replace(MILL, time_zone=settings.time_zone, day_starts_at_h=settings.day_starts_at_h)
    if not settings.landing.exists():
        with progress.step("landing") as step:
            written = write_landing(settings.landing, settings.truth, mill)
            step.note = written.summary(len(mill.all_days))
    days = list(mill.all_days)
    with opened_lake(settings) as lake:
        # The last day is judged by what the days before it taught.
        catch_up(lake, days[:-1], progress, OF_THEIR_DAYS)
        if not newest_before(settings.models, days[-1]):
            train_normal(lake, days[-2], progress)
        catch_up(lake, days[-1:], progress)
    with progress.step("report") as step:
        report = write_report(settings, days[-1])
        step.note = report.name
    _say_where_to_look(settings, lake, report, progress)
    return lake


def _say_where_to_look(settings: Settings, lake: Lake, report: Path, progress: Progress) -> None:
    connection = open_lake(settings.lake, ARRIVED)
    files, read, kept, quarantined, duplicate, cells = connection.execute(ARRIVED).fetchall()[0]
    made = [written for written in lake.run.written if written.table.made_from]
    days = {day for written in made for day in written.published}
    done = f"{counted(len(made), 'table')} of {counted(len(days), 'day')}"
    coilmart = _command(settings)
    progress.say(
        f"\nArrived:  {counted(files, 'delivery', 'deliveries')}, {counted(read, 'row')} = {kept:,} kept + "
        f"{quarantined:,} quarantined + {duplicate:,} duplicate; {counted(cells, 'bad cell')} made empty\n"
        f"Made:     {done if made else 'all was made before'}\n"
        f"Report:   {_near(report)}\n"
        f'Ask:      {coilmart} sql "{ASK}"\n'
        f"Look up:  {coilmart} tables, {coilmart} quarantine{_a_strip(settings, coilmart)}"
    )


def _a_strip(settings: Settings, coilmart: str) -> str:
    """How to see the strip with most metres out of range, where there is one."""
    found = open_lake(settings.lake, WORST_STRIP).execute(WORST_STRIP).fetchone()
    return f", {coilmart} strip {found[0]}" if found else ""


def _command(settings: Settings) -> str:
    """How to call coilmart on this mill from here, to be pasted."""
    program = "coilmart" if which("coilmart") else str(_near(Path(sys.argv[0])))
    is_default = settings == Settings.from_environment({**os.environ, "COILMART_HOME": "mill"})
    return program if is_default else f"{program} --home {_near(settings.home)}"


def _near(path: Path) -> Path:
    here = Path.cwd()
    return path.relative_to(here) if path.is_relative_to(here) else path
