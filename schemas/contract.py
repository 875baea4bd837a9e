"""The words of a contract: a table, its fields, what it is made from and what it promises."""

import dataclasses
from collections.abc import Iterable
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Any

EVER = 36_500
"""A window of days that reaches back before any mill's first record."""

UNITS = {
    "c": "°C",
    "t": "t",
    "mm": "mm",
    "m": "m",
    "um": "µm",
    "iu": "I-unit",
    "kn": "kN",
    "knm": "kN·m",
    "mpa": "MPa",
    "bar": "bar",
    "pct": "%",
    "deg": "°",
    "s": "s",
    "min": "min",
    "h": "h",
    "m_s": "m/s",
    "m_min": "m/min",
    "m3_h": "m³/h",
    "t_h": "t/h",
    "m3": "m³",
    "m3_t": "m³/t",
    "kw": "kW",
    "kwh": "kWh",
    "kwh_t": "kWh/t",
    "mw_m2": "MW/m²",
    "a": "A",
    "v": "V",
    "hz": "Hz",
    "rpm": "rpm",
    "mm_s": "mm/s",
    "l_min": "l/min",
    "bytes": "B",
    "money": "in the plant's currency",
    "money_t": "per t, in the plant's currency",
    "sigmas": "standard deviations",
    "ratio": "1",
    "of_signal": "that of the signal",
    "of_characteristic": "that of the characteristic",
}
"""Suffix of a field's name -> the unit as a person reads it; the longest suffix that fits holds."""


MOMENT_TYPES = {
    "n": "bigint",
    "mean": "double",
    "sd": "double",
    "min": "double",
    "max": "double",
    "valid_pct": "double",
    "flag": "string",
}
MOMENTS = f"struct<{','.join(f'{name}:{type_name}' for name, type_name in MOMENT_TYPES.items())}>"
"""The type of a field that tells of a signal on a stretch of strip; its name ends in the signal's unit.

``n`` valid readings with their mean, sample standard deviation (n - 1), least and greatest value.
``valid_pct``: their share of the readings taken there. ``flag``: what is wrong with the signal there.
"""


class Severity(StrEnum):
    """What happens when a promise is broken."""

    BLOCK = "block"
    WARN = "warn"


@dataclass(frozen=True)
class Field:
    """One field. Its unit is the last word of its name: ``finishing_temp_c``.

    ``minimum`` and ``maximum`` are physical limits in a raw table (a value outside is not a
    measurement) and plausible limits elsewhere (a value outside is published and counted).
    ``of_the_run`` marks what differs between two runs over the same data, such as the time of
    ingestion: two runs are compared without it. ``of_the_plant``: a signal that no contract has; a
    plant declared it.
    """

    name: str
    type: str
    meaning: str
    # An example may be a map or a list, which have no hash.
    example: Any = dataclasses.field(hash=False)
    required: bool = True
    minimum: float | None = None
    maximum: float | None = None
    values: tuple[str, ...] = ()
    of_the_run: bool = False
    of_the_plant: bool = False

    @property
    def unit(self) -> str | None:
        """The unit that the name ends in, as a person reads it.

        >>> Field("finishing_temp_c", "double", "Pyrometer behind F7.", 880.0).unit
        '°C'
        >>> Field("speed_m_s", "double", "Strip speed.", 9.5).unit
        'm/s'
        >>> Field("coil_id", "string", "Identity.", "C1").unit
        """
        words = self.name.split("_")
        suffixes = ("_".join(words[-length:]) for length in (3, 2, 1) if length < len(words))
        numeric = self.type in {"double", "bigint", MOMENTS}
        return next((UNITS[suffix] for suffix in suffixes if numeric and suffix in UNITS), None)

    @property
    def shown_type(self) -> str:
        """The type as a page of all fields names it."""
        return "moments" if self.type == MOMENTS else self.type

    def optional(self, meaning: str | None = None) -> "Field":
        """The same field where it may be missing."""
        return replace(self, required=False, meaning=meaning or self.meaning)


@dataclass(frozen=True)
class Promise:
    """A condition that holds in every row, in SQL that DuckDB and Spark both read.

    A condition that is null is not broken: what is missing is the matter of ``required``.
    """

    name: str
    condition: str
    meaning: str
    severity: Severity = Severity.BLOCK


@dataclass(frozen=True)
class Input:
    """A table that another is made from: day D needs its days D - days_back to D + days_ahead.

    ``as_of``: the days before D are read as they are known when D is made; what changes in them later makes D
    not again. So long windows of the past are read: a late file would make a month of days again.
    """

    table: "Table"
    days_back: int = 0
    days_ahead: int = 0
    as_of: bool = False

    @property
    def stale_back(self) -> int:
        """How many days back a change makes day D again."""
        return 0 if self.as_of else self.days_back


@dataclass(frozen=True)
class Table:
    """One Delta table, partitioned by ``production_day``, the mill's own day of ``day_of``.

    ``readings``: a bad cell costs the cell and not the row. ``key_days``: by how many days a
    correction may move a row, so how far around a delivery its keys are looked for.
    ``kept_by_the_run``: written by the run itself as it goes, not made from other tables.
    """

    layer: str
    name: str
    row: str
    meaning: str
    key: tuple[str, ...]
    fields: tuple[Field, ...]
    day_of: str
    made_from: tuple[Input, ...] = ()
    promises: tuple[Promise, ...] = ()
    readings: bool = False
    key_days: int = 0
    kept_by_the_run: bool = False

    @property
    def path(self) -> str:
        """Its one path: in schemas, pipelines, jobs, tests, the lake and the schedule."""
        return f"{self.layer}/{self.name}"

    @property
    def ddl(self) -> str:
        """The fields as Spark writes them in DDL."""
        return ", ".join(f"{field.name} {field.type}" for field in self.fields)

    @property
    def field_names(self) -> tuple[str, ...]:
        """The fields' names, in the contract's order."""
        return tuple(field.name for field in self.fields)

    def with_fields(self, more: Iterable[Field]) -> "Table":
        """The table with these fields too: signals that a plant has beside the contract's."""
        return replace(self, fields=(*self.fields, *more))

    def field(self, name: str) -> Field:
        """The field of that name; a KeyError that names the table where there is none."""
        for field in self.fields:
            if field.name == name:
                return field
        raise KeyError(f"{self.path} has no field {name!r}; it has {list(self.field_names)}.")

    def input(self, table: "Table") -> Input:
        """The declared input for that table; a KeyError where it was not declared."""
        for declared in self.made_from:
            if declared.table.path == table.path:
                return declared
        raise KeyError(
            f"{self.path} declares to be made from {[i.table.path for i in self.made_from]}, "
            f"but {table.path} was asked for. Declare it in schemas/{self.path}.py."
        )
