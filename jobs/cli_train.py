"""The commands that train models."""

import typer

from jobs.cli_arguments import DayOption

train = typer.Typer(help="Train models on past days; nights judge by the newest of the days before.")


@train.callback()
def models() -> None:
    """Of each kind a command of its own."""


@train.command()
def normal(until: DayOption) -> None:
    """Models of the normal behaviour of every step, on the days up to that one."""
    from jobs.models.normal import train_normal
    from jobs.night import opened_lake
    from jobs.progress import Progress
    from jobs.settings import Settings

    with opened_lake(Settings.from_environment()) as lake:
        train_normal(lake, until.date(), Progress())
