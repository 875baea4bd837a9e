"""Signals that a plant has beside the contract's: entries of [table.columns] that say what they mean."""

import re
from collections.abc import Iterable
from dataclasses import dataclass, field

from pipelines.raw.toml_section import Section, SourceMapError
from schemas.contract import UNITS, Field, Table

OF_A_SIGNAL = ("meaning", "minimum", "maximum")
"""With these an entry of [table.columns] declares its field."""


def with_signals(table: Table, columns: Section) -> Table:
    """The table with the signals that [table.columns] declares; a SourceMapError where one cannot be."""
    entries = {name: entry for name, entry in columns.found.items() if isinstance(entry, dict)}
    declared = [name for name, entry in entries.items() if entry.keys() & set(OF_A_SIGNAL)]
    return table.with_fields(_signal(table, name, columns) for name in declared)


def _signal(table: Table, name: str, columns: Section) -> Field:
    entry = Section(f"{name} in {columns.where}", columns.section(name).found)
    if not table.readings:
        raise entry.error("a field of the contract", f"{table.path} has no signals", "take out its meaning")
    if name in table.field_names:
        raise entry.error("a signal of the plant's own", f"{table.path} has it", "take out its meaning")
    meaning = entry.text("meaning")
    if not meaning:
        raise entry.error("a meaning", "it has only limits", 'add meaning = "..."')
    minimum, maximum = entry.number("minimum"), entry.number("maximum")
    if minimum is not None and maximum is not None and minimum >= maximum:
        found = f"{minimum:g} and {maximum:g} were found"
        raise entry.error("a minimum below the maximum", found, "mend them")
    signal = Field(name, "double", meaning, None, False, minimum, maximum, of_the_plant=True)
    if not re.fullmatch(r"[a-z][a-z0-9]*(_[a-z0-9]+)+", name) or signal.unit is None:
        promised = "small letters and digits with a unit as the last word"
        raise entry.error(promised, f"{name!r} was found", f"end it in one of {', '.join(UNITS)}")
    return signal


@dataclass
class PlantSignals:
    """The signals of a plant beside those of the contracts: table path -> name -> source and signal."""

    of_table: dict[str, dict[str, tuple[str, Field]]] = field(default_factory=dict)

    def add(self, source: str, tables: Iterable[Table]) -> None:
        """Those that a source declares; a SourceMapError where one is declared already as something else."""
        declared = [(table, f) for table in tables for f in table.fields if f.of_the_plant]
        for table, signal in declared:
            first, as_first = self.of_table.get(table.path, {}).get(signal.name, (source, signal))
            if as_first != signal:
                raise SourceMapError(
                    f"A signal of {table.path} promises to mean one thing, but {signal.name} is "
                    f"{_told(as_first)} in {first} and {_told(signal)} in {source}; write the same in both."
                )
            self.of_table.setdefault(table.path, {})[signal.name] = first, as_first

    def of(self, path: str) -> dict[str, Field]:
        """Name -> signal of that table."""
        return {name: signal for name, (_, signal) in self.of_table.get(path, {}).items()}


def _told(signal: Field) -> str:
    return f"{signal.meaning!r} ({signal.minimum} to {signal.maximum})"
