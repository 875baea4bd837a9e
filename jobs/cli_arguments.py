"""What commands are asked with: days and tables. What cannot be is wrong usage, and ends with 2."""

from datetime import date, datetime, timedelta
from typing import Annotated

import typer

from jobs.settings import Settings
from schemas.contract import Table

DayOption = Annotated[datetime, typer.Option(formats=["%Y-%m-%d"], help="Production day, YYYY-MM-DD.")]
OptionalDay = Annotated[
    datetime | None, typer.Option(formats=["%Y-%m-%d"], help="Production day, YYYY-MM-DD.")
]


def settings_of_a_lake() -> Settings:
    """The settings, where their lake has tables to look at."""
    from jobs.lake.queries import require_tables

    settings = Settings.from_environment()
    require_tables(settings.lake)
    return settings


def known_table(name: str) -> Table:
    """The table of that name, such as mart/coil_yields."""
    from jobs.tables import UnknownTable, table_named

    try:
        return table_named(name)
    except UnknownTable as error:
        raise typer.BadParameter(error.args[0]) from error


def made_table(name: str) -> Table:
    """The table of that name, which a job makes."""
    table = known_table(name)
    if table.layer == "raw":
        raise typer.BadParameter(
            f"make promises a table that a job makes, but raw tables are made together, {name} with them; "
            "run `coilmart make raw`."
        )
    if not table.made_from:
        raise typer.BadParameter(
            f"make promises a table that a job makes, but {name} is written by every run as it goes; "
            "there is nothing to do."
        )
    return table


def raw_table(name: str | None) -> str | None:
    """The path of the raw table of that name; nothing where none was asked for."""
    if name is None:
        return None
    table = known_table(name)
    if table.layer != "raw":
        raise typer.BadParameter(f"--table promises a raw table, but {table.path} is none; write raw/coils.")
    return table.path


def span(first: datetime, last: datetime | None) -> list[date]:
    """Every day from the first to the last, or the first alone."""
    days = ((last or first).date() - first.date()).days
    if days < 0:
        raise typer.BadParameter(
            f"--to promises a day after the first, but it is {last:%Y-%m-%d} and that {first:%Y-%m-%d}; "
            "turn them round."
        )
    return [first.date() + timedelta(days=n) for n in range(days + 1)]
