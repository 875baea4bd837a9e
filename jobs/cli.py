"""The command line: coilmart COMMAND. Commands import what they need, so that the quick ones stay quick."""

import os
import sys
from datetime import date, datetime, timedelta
from typing import Annotated, Any

import typer

from jobs.cli_look import DayOption, look
from jobs.cli_quarantine import quarantine
from jobs.progress import Progress
from jobs.settings import Settings

app = typer.Typer(
    help="Open analytics of a hot-strip mill: from landing files to curated marts.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)
# Without a name of its own its commands stand beside those of this module.
app.add_typer(look)
app.add_typer(quarantine, name="quarantine")
OptionalDay = Annotated[
    datetime | None, typer.Option(formats=["%Y-%m-%d"], help="Production day, YYYY-MM-DD.")
]


def main() -> None:
    """Run a command; what coilmart has to say is one sentence, anything else is a defect with its trace."""
    try:
        app()
    except OSError as error:
        told = f"{error.strerror}: {error.filename}" if error.filename else str(error)
        print(
            f"coilmart: A file or folder cannot be used ({told}); mend that and run this again.",
            file=sys.stderr,
        )
        sys.exit(1)
    except Exception as error:
        if type(error).__module__.split(".")[0] not in {"schemas", "pipelines", "jobs"}:
            raise
        print(f"coilmart: {error.args[0] if error.args else error}", file=sys.stderr)
        sys.exit(1)


@app.callback()
def settings_of_the_call(
    home: Annotated[str | None, typer.Option(help="Folder of landing, lake, models, reports.")] = None,
    landing: Annotated[str | None, typer.Option(help="Folder of the landing files.")] = None,
    lake: Annotated[str | None, typer.Option(help="Folder or URI of the Delta tables.")] = None,
    spark: Annotated[str | None, typer.Option(help="embedded, local[*], spark://..., sc://...")] = None,
) -> None:
    """Flags go before COILMART_* variables, which go before the defaults."""
    for name, value in {"HOME": home, "LANDING": landing, "LAKE": lake, "SPARK": spark}.items():
        if value is not None:
            os.environ[f"COILMART_{name}"] = value


def _end(lake: Any) -> None:
    """End with 1 where a blocking promise broke or a source was left alone, and say which."""
    from jobs.night import broken_promises

    if wrong := [*lake.run.problems, *broken_promises(lake)]:
        print("\n".join(wrong), file=sys.stderr)
        raise typer.Exit(1)


@app.command()
def nightly(day: DayOption) -> None:
    """Make every table of a day, in order, in one Spark session; make stale days again."""
    from jobs.night import nightly as run_night
    from jobs.night import opened_lake

    with opened_lake(Settings.from_environment()) as lake:
        run_night(lake, day.date(), Progress())
    _end(lake)


@app.command()
def backfill(
    first: Annotated[datetime | None, typer.Option("--from", formats=["%Y-%m-%d"], help="First day.")] = None,
    last: Annotated[datetime | None, typer.Option("--to", formats=["%Y-%m-%d"], help="Last day.")] = None,
) -> None:
    """Make many days at once; without days, every day on which a line delivered coils or pieces."""
    from jobs.night import backfill as run_backfill
    from jobs.night import opened_lake

    if (first is None) != (last is None):
        raise typer.BadParameter("--from and --to promise a span together, but one is missing; add it.")
    days = _days(first.date(), last.date()) if first and last else None
    with opened_lake(Settings.from_environment()) as lake:
        run_backfill(lake, days, Progress())
    _end(lake)


def _days(first: date, last: date) -> list[date]:
    if last < first:
        raise typer.BadParameter(f"--to is {last}, before --from, {first}.")
    return [first + timedelta(days=n) for n in range((last - first).days + 1)]


@app.command()
def make(
    table: Annotated[str, typer.Argument(help="raw, or a table such as mart/coil_yields.")],
    day: OptionalDay = None,
    to: OptionalDay = None,
) -> None:
    """Ingest what is in landing (raw), or make one table of one day or of several."""
    from jobs.night import bring_in, make_one, opened_lake
    from jobs.tables import table_named

    asked = None if table == "raw" else table_named(table)
    if asked and not asked.made_from:
        raise typer.BadParameter(
            f"{table} is written by every run; `coilmart make raw` fills the raw tables."
        )
    if asked and day is None:
        raise typer.BadParameter(f"Which day of {table}? Add --day YYYY-MM-DD.")
    with opened_lake(Settings.from_environment()) as lake:
        if asked and day:
            make_one(lake, asked, _days(day.date(), (to or day).date()), Progress())
        else:
            bring_in(lake, Progress())
    _end(lake)


@app.command()
def landing(
    days: Annotated[int, typer.Option(min=1, help="Production days.")] = 3,
    coils: Annotated[int, typer.Option(min=1, help="Slabs charged a day.")] = 60,
    hz: Annotated[float, typer.Option(help="Finishing readings a second; 0 leaves them out.")] = 1.0,
    seed: Annotated[int | None, typer.Option(help="The same seed gives the same bytes.")] = None,
    clean: Annotated[bool, typer.Option(help="Without the dirt that plants have.")] = False,
    first_day: OptionalDay = None,
) -> None:
    """Write landing files of the reference mill; its truth is kept apart."""
    from jobs.write_landing import write_landing
    from pipelines.reference_mill.mill import CLEAN, Dirt, Mill

    settings = Settings.from_environment()
    mill = Mill(
        first_day=first_day.date() if first_day else Mill.first_day,
        days=days,
        coils_a_day=coils,
        readings_hz=hz or Mill.readings_hz,
        finishing_readings=hz > 0,
        seed=Mill.seed if seed is None else seed,
        dirt=CLEAN if clean else Dirt(),
        time_zone=settings.time_zone,
        day_starts_at_h=settings.day_starts_at_h,
    )
    with Progress().step("landing") as step:
        written = write_landing(settings.landing, settings.truth, mill)
        step.note = f"{days} days, {written.files:,} files, {written.rows:,} rows"


@app.command()
def demo() -> None:
    """A reference mill of a few days, every table, the report: the whole product in one command."""
    from jobs.demo import demo as run_demo

    _end(run_demo(Settings.from_environment(), Progress()))


if __name__ == "__main__":
    main()
