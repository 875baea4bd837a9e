"""What a file's name says of its rows: columns that a pattern names, such as {coil} in "{coil}_F1.csv"."""

import re
from collections.abc import Mapping

import pyarrow as pa

from pipelines.raw.blocks import Block, UnreadableError

PARTS = re.compile(r"\{([^{}]*)\}|(\*\*/)|(\*)|(\?)|(\[[^]]+\])")
"""A named part, and what a glob pattern knows."""


def names_in(pattern: str) -> list[str]:
    """The columns that the pattern names.

    >>> names_in("{day}/{coil}_F?.csv")
    ['day', 'coil']
    """
    return [part[1] for part in PARTS.finditer(pattern) if part[1] is not None]


def glob_of(pattern: str) -> str:
    """The pattern for a search of files: what is named may be anything within one part of the path.

    >>> glob_of("{day}/{coil}_F?.csv")
    '*/*_F?.csv'
    """
    return PARTS.sub(lambda part: part[0] if part[1] is None else "*", pattern)


def told_by(pattern: str, path: str) -> dict[str, str] | None:
    """Column -> value, as the path says; None where a named part is empty.

    >>> told_by("**/{coil}_F?.csv", "2026/C_17_F1.csv")
    {'coil': 'C_17'}
    >>> told_by("{coil}_F1.csv", "_F1.csv")
    """
    names = names_in(pattern)
    if not names:
        return {}
    found = re.fullmatch(_expression(pattern), path)
    return dict(zip(names, found.groups(), strict=True)) if found else None


def _expression(pattern: str) -> str:
    expression, end = "", 0
    for part in PARTS.finditer(pattern):
        named, folders, many, one, listed = part.groups()
        of_part = {named: "([^/]+)", folders: "(?:.*/)?", many: "[^/]*", one: "[^/]"}
        written = listed.replace("[!", "[^", 1) if listed else of_part[next(filter(None, part.groups()))]
        expression += re.escape(pattern[end : part.start()]) + written
        end = part.end()
    return expression + re.escape(pattern[end:])


def with_told(block: Block, told: Mapping[str, str]) -> Block:
    """The block with these columns; an UnreadableError where the file has one of that name itself."""
    if twice := sorted(told.keys() & set(block.cells.column_names)):
        raise UnreadableError(
            f"A column promises to come from the file or from its name, but {twice[0]!r} comes from both; "
            "call it otherwise in files of the source.toml."
        )
    cells = block.cells
    for name, value in told.items():
        cells = cells.append_column(name, pa.repeat(pa.scalar(value), len(cells)))
    return Block(cells, block.row_numbers, block.rejected, block.original)
