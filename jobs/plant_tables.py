"""Raw tables as this plant has them: the contracts, what its sources declare, and what the lake remembers."""

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

from jobs.lake.delta import as_in_lake
from pipelines.raw.signal_toml import PlantSignals
from pipelines.raw.source_map import SourceMap
from pipelines.raw.toml_section import SourceMapError
from schemas.contract import Table
from schemas.lineage import TABLES


def of_the_plant(lake: str, maps: Mapping[Path, SourceMap]) -> tuple[dict[Path, SourceMap], list[str]]:
    """The maps, all with the same signals of a table; a sentence for each source that contradicts another.

    What a source says now of a signal holds over what the lake has of it.
    """
    signals, agreeing, problems = PlantSignals(), {}, []
    for folder, found in maps.items():
        try:
            signals.add(folder.name, [table_map.table for table_map in found.tables])
            agreeing[folder] = found
        except SourceMapError as error:
            problems.append(error.args[0])
    paths = {table_map.table.path for found in agreeing.values() for table_map in found.tables}
    tables = {path: _table(lake, TABLES[path], signals) for path in paths}
    return {folder: _with_tables(found, tables) for folder, found in agreeing.items()}, problems


def _table(lake: str, contract: Table, signals: PlantSignals) -> Table:
    if not contract.readings:
        return contract
    remembered = {field.name: field for field in as_in_lake(lake, contract).fields if field.of_the_plant}
    return contract.with_fields((remembered | signals.of(contract.path)).values())


def _with_tables(found: SourceMap, tables: Mapping[str, Table]) -> SourceMap:
    return replace(found, tables=tuple(replace(one, table=tables[one.table.path]) for one in found.tables))
