"""The commands of one piece: trace, strip."""

from pathlib import Path
from typing import Annotated

import typer

from jobs.cli_arguments import settings_of_a_lake

strip_commands = typer.Typer()


def _metre(text: str) -> float:
    try:
        return float(text)
    except ValueError:
        raise typer.BadParameter(
            f"it promises a metre with a decimal point, but {text!r} is none; write one such as 3.5."
        ) from None


@strip_commands.command()
def trace(
    coil: Annotated[str, typer.Argument(help="A coil, a slab or a finished piece.")],
    at: Annotated[
        float, typer.Option(parser=_metre, metavar="METRE", help="Metre, from the head of the piece.")
    ],
) -> None:
    """Where a metre came from, what became of it, and which faults and defects lie there."""
    from jobs.tracing import found_there, trace_of
    from pipelines.trace_text import trace_text

    lake = settings_of_a_lake().lake
    traced = trace_of(lake, coil, at)
    print(trace_text(traced, found_there(lake, traced)), end="")


@strip_commands.command()
def strip(
    coil: Annotated[str, typer.Argument(help="A hot coil.")],
    out: Annotated[
        Path | None, typer.Option(help="File for the picture; else one in reports/strips.")
    ] = None,
) -> None:
    """Draw a coil: every signal metre by metre, what is out of range, and the same metre upstream."""
    from jobs.strip import write_strip

    if out is not None and out.is_dir():
        raise typer.BadParameter(
            f"--out promises a file for the picture, but {out} is a folder; name a file in it, such as "
            f"{out / 'strip.html'}."
        )
    print(write_strip(settings_of_a_lake(), coil, out))
