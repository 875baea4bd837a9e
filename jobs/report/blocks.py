"""What a section is made of: headlines, pictures, tables, sentences. The page escapes values."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, ClassVar

import plotly.graph_objects as go

from jobs.report.wording import number

Row = dict[str, Any]
LONG = 40
"""A text of more characters may wrap."""


@dataclass(frozen=True)
class Headline:
    """One figure in large type; ``since`` says how it was before, or why there is none."""

    name: str
    value: str
    unit: str = ""
    since: Sequence[str] = ()


@dataclass(frozen=True)
class Headlines:
    """Figures side by side under one caption."""

    caption: str
    figures: Sequence[Headline]
    kind: ClassVar[str] = "headlines"


@dataclass(frozen=True)
class Picture:
    """A drawing, if need be as wide as the page; ``says`` is what a reader who cannot see it must know."""

    caption: str
    figure: go.Figure
    says: str
    is_wide: bool = False
    kind: ClassVar[str] = "picture"


@dataclass(frozen=True)
class Column:
    """A column of a table: the row's key, the heading, the unit, and how many digits a number has."""

    key: str
    heading: str
    unit: str = ""
    digits: int = 0

    def shows(self, row: Row) -> str:
        """The row's value as people read it."""
        return number(row[self.key], self.digits)

    def fit(self, rows: Sequence[Row]) -> str:
        """How the column is set: numbers to the right, sentences wrapped, anything else as it is."""
        if self.unit or all(type(row[self.key]) in {int, float} for row in rows):
            return "number"
        return "long" if any(len(self.shows(row)) > LONG for row in rows) else "short"


@dataclass(frozen=True)
class Grid:
    """A table of rows."""

    caption: str
    columns: Sequence[Column]
    rows: Sequence[Row]
    kind: ClassVar[str] = "grid"


@dataclass(frozen=True)
class Note:
    """A sentence; ``tone`` is plain, good or bad."""

    text: str
    tone: str = "plain"
    kind: ClassVar[str] = "note"


Block = Headlines | Picture | Grid | Note


@dataclass(frozen=True)
class Section:
    """One question and what answers it."""

    name: str
    title: str
    question: str
    blocks: Sequence[Block]
