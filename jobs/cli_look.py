"""The commands that look: sql, tables, report, compare, sources, doctor."""

from pathlib import Path
from typing import Annotated, Literal

import typer

from jobs.cli_arguments import DayOption, known_table, settings_of_a_lake
from jobs.settings import Settings

look = typer.Typer()


@look.command()
def sql(
    query: Annotated[str, typer.Argument(help='Such as "select * from mart.coil_yields limit 5".')],
    form: Annotated[Literal["table", "csv", "json", "parquet"], typer.Option("--format")] = "table",
    output: Annotated[Path | None, typer.Option(help="File for the answer; else it is printed.")] = None,
    limit: Annotated[int | None, typer.Option(min=0, help="Rows at most.")] = None,
) -> None:
    """Query the tables by layer and name, without Spark."""
    from jobs.sql import run_query

    run_query(settings_of_a_lake().lake, query, form, output, limit)


@look.command()
def tables(
    table: Annotated[str | None, typer.Argument(help="A table such as mart/coil_yields.")] = None,
    odcs: Annotated[Path | None, typer.Option(help="Folder for Open Data Contract Standard YAML.")] = None,
    docs: Annotated[Path | None, typer.Option(help="File for the page of all tables.")] = None,
) -> None:
    """What there is: row, key, fields, units, freshness; or export the contracts."""
    from jobs.lake.delta import as_in_lake
    from jobs.tables import describe_table, list_tables

    if odcs:
        from jobs.odcs import write_odcs

        print(f"{len(write_odcs(odcs))} contracts are in {odcs}.")
    elif docs:
        from jobs.tables_page import write_page

        write_page(docs)
        print(f"The page of all tables is {docs}.")
    elif table:
        print(describe_table(as_in_lake(Settings.from_environment().lake, known_table(table))))
    else:
        print(list_tables(Settings.from_environment().lake))


@look.command()
def report(day: DayOption) -> None:
    """Write the nightly report of a day, one HTML file."""
    from jobs.report import write_report

    print(write_report(settings_of_a_lake(), day.date()))


@look.command()
def compare(
    one: Annotated[str, typer.Argument(help="A lake.")],
    other: Annotated[str, typer.Argument(help="Another.")],
) -> None:
    """Say where two lakes differ, such as a night made by two engines; end with 1 if they do."""
    from jobs.lake.comparison import differences
    from jobs.lake.queries import require_tables

    for lake in (one, other):
        require_tables(lake)
    if found := differences(one, other):
        print("\n".join(found))
        raise typer.Exit(1)
    print("All rows of all tables agree.")


@look.command()
def sources() -> None:
    """Which sources in landing an ingest leaves alone, and why; end with 1 if one is."""
    from jobs.landing import sources_left_alone

    if left_alone := sources_left_alone(Settings.from_environment()):
        print("\n".join(left_alone))
        raise typer.Exit(1)
    print("Every source in landing can be used.")


@look.command()
def doctor() -> None:
    """What is missing on this machine, and how to get it."""
    from jobs.doctor import findings

    found = findings(Settings.from_environment())
    print("\n".join(map(str, found)))
    if any(finding.is_required and finding.is_missing for finding in found):
        raise typer.Exit(1)
