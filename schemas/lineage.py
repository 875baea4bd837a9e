"""All tables, and what follows from what each is made from: order, windows, what a late day touches."""

import importlib
import pkgutil
from collections.abc import Iterable, Mapping
from datetime import date, timedelta
from graphlib import TopologicalSorter

import schemas.core
import schemas.mart
import schemas.raw
from schemas.contract import Input, Table

LAYERS = (schemas.raw, schemas.core, schemas.mart)


def _contracts() -> Iterable[Table]:
    for layer in LAYERS:
        for module in pkgutil.iter_modules(layer.__path__):
            contract = importlib.import_module(f"{layer.__name__}.{module.name}")
            yield getattr(contract, f"{layer.__name__.removeprefix('schemas.')}_{module.name}".upper())


TABLES: Mapping[str, Table] = {table.path: table for table in _contracts()}
"""Path -> contract, layer by layer, in alphabetical order."""


def raw_tables() -> tuple[Table, ...]:
    """The tables that are ingested from landing."""
    return tuple(table for table in TABLES.values() if table.layer == "raw")


def made_tables() -> tuple[Table, ...]:
    """The tables that a night makes, each after those that it is made from."""
    graph = {path: sorted(i.table.path for i in table.made_from) for path, table in TABLES.items()}
    order = TopologicalSorter(graph).static_order()
    return tuple(TABLES[path] for path in order if TABLES[path].made_from)


def days_read(declared: Input, days: Iterable[date]) -> tuple[date, date]:
    """First and last day of the input that those days need."""
    wanted = sorted(days)
    return (
        wanted[0] - timedelta(days=min(declared.days_back, (wanted[0] - date.min).days)),
        wanted[-1] + timedelta(days=declared.days_ahead),
    )


def reaches(declared: Input, day: date, changed: date) -> bool:
    """True where that day of a table reads the changed day of its input."""
    distance = (day - changed).days
    return -declared.days_ahead <= distance <= declared.days_back


def makes_stale(declared: Input, day: date, changed: date) -> bool:
    """True where a change of that day of its input makes that day of a table again."""
    return -declared.days_ahead <= (day - changed).days <= declared.stale_back


def days_to_remake(changed: Mapping[str, Iterable[date]], made_days: Iterable[date]) -> dict[str, set[date]]:
    """Table path -> those of the made days that a change of these (table, days) touches.

    >>> from datetime import date
    >>> late = {"raw/coils": [date(2026, 11, 13)]}
    >>> nights = [date(2026, 11, 12), date(2026, 11, 13), date(2026, 11, 20)]
    >>> days_to_remake(late, nights)["core/coils"]
    {datetime.date(2026, 11, 13)}
    """
    touched: dict[str, set[date]] = {path: set(days) for path, days in changed.items()}
    nights = set(made_days)
    for table in made_tables():
        stale = {
            day
            for declared in table.made_from
            for changed_day in touched.get(declared.table.path, ())
            for day in nights
            if makes_stale(declared, day, changed_day)
        }
        if stale:
            touched[table.path] = touched.get(table.path, set()) | stale
    return {table.path: touched[table.path] for table in made_tables() if table.path in touched}
