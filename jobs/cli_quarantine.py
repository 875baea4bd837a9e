"""coilmart quarantine: the rows that could not be kept, and reading them again."""

import sys
from typing import Annotated

import typer

from jobs.cli_arguments import raw_table, settings_of_a_lake
from jobs.progress import Progress
from jobs.settings import Settings

quarantine = typer.Typer(invoke_without_command=True, help="Rows that could not be kept, and why.")
TableOption = Annotated[str | None, typer.Option(help="A raw table such as raw/coils.")]
FileOption = Annotated[str | None, typer.Option(help="A file in landing, or a pattern such as 'coils/*'.")]


@quarantine.callback()
def listed(
    call: typer.Context,
    table: TableOption = None,
    file: FileOption = None,
    rows: Annotated[bool, typer.Option("--rows", help="Row by row, with line and text.")] = False,
    limit: Annotated[int, typer.Option(min=1, help="Rows at most, with --rows.")] = 100,
) -> None:
    """What is quarantined and why, by file, table and column; --rows shows the rows."""
    if call.invoked_subcommand:
        return
    import duckdb

    from jobs.answers import as_table
    from jobs.quarantine import quarantine_summary, quarantined_rows

    table = raw_table(table)
    lake = settings_of_a_lake().lake
    found = quarantined_rows(lake, table, file, limit) if rows else quarantine_summary(lake, table, file)
    sys.stdout.writelines(as_table(duckdb.from_arrow(found), None, sys.stdout.isatty()))


@quarantine.command()
def replay(table: TableOption = None, file: FileOption = None) -> None:
    """Read deliveries with quarantined rows again, after a map or a contract was mended."""
    from jobs.night import bring_in, opened_lake
    from jobs.quarantine import replay as read_again

    table = raw_table(table)
    with opened_lake(Settings.from_environment()) as lake:
        bring_in(lake, Progress(), lambda lake: read_again(lake, table, file))
    print("The next nightly or backfill makes the days again that this has changed.")
    if lake.run.problems:
        print("\n".join(lake.run.problems), file=sys.stderr)
        raise typer.Exit(1)
