"""The commands that train models."""

from datetime import UTC, datetime, timedelta

import typer

from jobs.cli_arguments import OptionalDay

train = typer.Typer(help="Train models on past days; nights judge by the newest of the days before.")


@train.callback()
def models() -> None:
    """Of each kind a command of its own."""


@train.command()
def normal(until: OptionalDay = None) -> None:
    """Models of the normal behaviour of every step, on the days up to that one or the last that has ended."""
    from jobs.models.normal import train_normal
    from jobs.night import opened_lake
    from jobs.progress import Progress
    from jobs.settings import Settings

    settings = Settings.from_environment()
    last_day = until.date() if until else settings.production_day(datetime.now(UTC)) - timedelta(days=1)
    with opened_lake(settings) as lake:
        train_normal(lake, last_day, Progress())
