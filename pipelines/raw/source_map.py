"""How the files of a source become rows of raw tables: what a source.toml says, once found to be right."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from schemas.contract import Table
from schemas.raw_table import delivered

NULL_WORDS = ("null", "none", "\\N", "n/a", "#n/a")
"""What stands for an empty cell, in any case, where the source does not say; an empty cell always does."""

NO_QUOTE = "\x1f"
"""Stands for quote = "": a control character that no text has."""

KINDS = ("csv", "json lines", "parquet")
EPOCHS = ("epoch s", "epoch ms", "epoch us")
AMBIGUOUS_HOURS = ("quarantine", "earlier", "later")


@dataclass(frozen=True)
class FieldMap:
    """Where the value of one field comes from: columns as delivered, or a constant.

    ``template`` joins several columns. ``scale`` and ``offset`` turn a number in the delivered ``unit`` into
    the field's. ``values`` maps words of the plant to words of the contract, ``otherwise`` is for all others.
    ``formats`` are of strptime. ``after``: the column is a duration, counted from that field of the contract.
    """

    columns: tuple[str, ...] = ()
    template: str | None = None
    constant: str | None = None
    unit: str | None = None
    scale: float = 1.0
    offset: float = 0.0
    values: Mapping[str, str] | None = None
    otherwise: str | None = None
    formats: tuple[str, ...] = ()
    after: str | None = None
    null_words: tuple[str, ...] = ()


@dataclass(frozen=True)
class FileFormat:
    """How a file is written; None where the file itself shows it."""

    kind: str | None = None
    separator: str | None = None
    quote: str = '"'
    decimal: str | None = None
    thousands: str | None = None
    encoding: str | None = None
    header: bool = True
    names: tuple[str, ...] = ()
    skip_lines: int = 0
    skip_after_header: int = 0


@dataclass(frozen=True)
class RowsFromColumns:
    """Wide columns become long rows: ``name`` and ``value`` are the columns that each row gets instead."""

    columns: tuple[str, ...]
    name: str
    value: str


@dataclass(frozen=True)
class TableMap:
    """How files of a source feed one raw table.

    ``files``: a pattern, in which {name} is a column that the file's name tells. ``told``: these columns, of
    one file.
    ``time_zone`` is that of times without an offset; None: a time must carry its offset. ``attributes``:
    whether columns that no field takes are kept, or which of them.
    """

    table: Table
    files: str
    fields: Mapping[str, FieldMap]
    format: FileFormat = FileFormat()
    null_words: tuple[str, ...] | None = None
    time_zone: str | None = None
    ambiguous_hour: str = "quarantine"
    attributes: bool | tuple[str, ...] = True
    rows_from_columns: RowsFromColumns | None = None
    told: Mapping[str, str] = field(default_factory=dict)

    @property
    def columns_read(self) -> tuple[str, ...]:
        """The columns that fields take, in the contract's order, each once."""
        return tuple(dict.fromkeys(name for taken in self.fields.values() for name in taken.columns))


@dataclass(frozen=True)
class SourceMap:
    """One folder of landing: where its files are and the tables that they feed."""

    folder: str
    tables: tuple[TableMap, ...]


def in_the_contracts_names(table: Table) -> SourceMap:
    """The map of a folder that is named like a raw table and has no source.toml."""
    fields = {field.name: FieldMap(columns=(field.name,)) for field in delivered(table)}
    return SourceMap(".", (TableMap(table, "**/*", fields),))
