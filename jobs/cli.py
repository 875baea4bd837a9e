"""The command line: coilmart COMMAND. Commands import what they need, so that the quick ones stay quick."""

import os
import sys
from datetime import datetime
from typing import Annotated, Any

import typer
from typer.exceptions import TyperException

from jobs.cli_arguments import DayOption, OptionalDay, made_table, settings_of_a_lake, span
from jobs.cli_look import look
from jobs.cli_quarantine import quarantine
from jobs.cli_strip import strip_commands
from jobs.cli_train import train
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
app.add_typer(strip_commands)
app.add_typer(quarantine, name="quarantine")
app.add_typer(train, name="train")


def main() -> None:
    """Run a command; what coilmart has to say is one sentence, anything else is a defect with its trace.

    Ends with 0, with 1 where something failed, with 2 where the command was wrongly used.
    """
    try:
        sys.exit(app(standalone_mode=False))
    except TyperException as error:
        # Without arguments it is the help.
        speaker = "coilmart: " if len(sys.argv) > 1 else ""
        told = error.format_message().removeprefix("Invalid value: ").replace("Value error, ", "")
        print(speaker + told, file=sys.stderr)
        sys.exit(error.exit_code)
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


def _end(lake: Any, go_on: bool = False) -> None:
    """Say which sources were left alone and which blocking promises broke; end with 1 where any was or did.

    ``go_on``: for a source alone the command does not fail.
    """
    from jobs.night import broken_promises

    left_alone, broken = lake.run.problems, broken_promises(lake)
    for sentence in [*lake.run.notes, *left_alone, *broken]:
        print(sentence, file=sys.stderr)
    if broken or (left_alone and not go_on):
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
    """Make many days at once; without days, every day that a line worked or was meant to."""
    from jobs.night import backfill as run_backfill
    from jobs.night import opened_lake

    if (first is None) != (last is None):
        raise typer.BadParameter("--from and --to promise a span together, but one is missing; add it.")
    days = span(first, last) if first else None
    with opened_lake(Settings.from_environment()) as lake:
        run_backfill(lake, days, Progress())
    _end(lake)


@app.command()
def make(
    table: Annotated[str, typer.Argument(help="raw, or a table such as mart/coil_yields.")],
    day: OptionalDay = None,
    to: OptionalDay = None,
    stale: Annotated[
        bool,
        typer.Option("--stale", help="Also the days of the table that became stale since they were made."),
    ] = False,
    go_on: Annotated[
        bool, typer.Option("--go-on", help="raw: end with 0 where a source was left alone; it is told.")
    ] = False,
) -> None:
    """Make one table of one day or of several; or raw: ingest all that is new in landing, of whatever day."""
    from jobs.night import bring_in, make_one, opened_lake
    from jobs.stale import stale_days

    asked = None if table == "raw" else made_table(table)
    if asked and day is None and not stale:
        raise typer.BadParameter(
            f"make promises a day of {table}, but none was given; add --day YYYY-MM-DD, or --stale."
        )
    days, progress = span(day, to) if day else [], Progress()
    with opened_lake(Settings.from_environment()) as lake:
        if asked:
            also = stale_days(lake.settings.lake)[asked.path] if stale else set()
            make_one(lake, asked, {*days, *also}, progress)
        else:
            if days:
                progress.say("raw takes all that is new in landing, of whatever day.")
            bring_in(lake, progress)
    _end(lake, go_on)


@app.command()
def landing(
    days: Annotated[int, typer.Option(min=1, help="Production days.")] = 3,
    coils: Annotated[int, typer.Option(min=1, help="Slabs charged a day.")] = 60,
    hz: Annotated[float, typer.Option(help="Finishing readings a second; 0 leaves them out.")] = 1.0,
    seed: Annotated[int | None, typer.Option(help="The same seed gives the same bytes.")] = None,
    clean: Annotated[bool, typer.Option(help="Without the dirt that plants have.")] = False,
    faults: Annotated[float, typer.Option(help="Share of the strips with a fault of the process.")] = 0.1,
    casting_hz: Annotated[float, typer.Option(help="Casting readings a second.")] = 0.1,
    history_days: Annotated[int, typer.Option(min=0, help="Days before the first one.")] = 0,
    history_hz: Annotated[float, typer.Option(help="Finishing readings a second on those.")] = 0.1,
    causes: Annotated[int, typer.Option(min=0, help="Planted causes of surface defects.")] = 2,
    cause_strength: Annotated[float, typer.Option(help="Times as many defects where one acts.")] = 3.0,
    first_day: OptionalDay = None,
) -> None:
    """Write landing files of the reference mill; its truth is kept apart."""
    from jobs.write_landing import write_landing
    from pipelines.reference_mill.mill import CLEAN, Dirt, Mill, MillSettingError

    settings = Settings.from_environment()
    try:
        mill = Mill(
            first_day=first_day.date() if first_day else Mill.first_day,
            days=days,
            coils_a_day=coils,
            readings_hz=hz or Mill.readings_hz,
            finishing_readings=hz != 0,
            seed=Mill.seed if seed is None else seed,
            dirt=CLEAN if clean else Dirt(),
            faults=faults,
            casting_hz=casting_hz,
            history_days=history_days,
            history_hz=history_hz,
            causes=causes,
            cause_strength=cause_strength,
            time_zone=settings.time_zone,
            day_starts_at_h=settings.day_starts_at_h,
        )
    except MillSettingError as error:
        raise typer.BadParameter(error.args[0]) from error
    with Progress().step("landing") as step:
        written = write_landing(settings.landing, settings.truth, mill)
        step.note = written.summary(len(mill.all_days))


@app.command()
def housekeeping(
    keep_days: Annotated[int, typer.Option(min=1, help="So long past versions of the tables stay.")] = 7,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Only say what would go.")] = False,
) -> None:
    """Delete files in the lake that nothing refers to: of past versions, of runs that died."""
    from jobs.housekeeping import keep_house

    keep_house(settings_of_a_lake(), keep_days, dry_run, Progress())


@app.command()
def demo() -> None:
    """A reference mill of some weeks, every table, the report: the whole product in one command."""
    from jobs.demo import demo as run_demo

    _end(run_demo(Settings.from_environment(), Progress()))


if __name__ == "__main__":
    main()
