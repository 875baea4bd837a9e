"""The contracts as the Open Data Contract Standard writes them (v3.2, https://bitol.io)."""

from datetime import date, datetime
from importlib.metadata import version
from pathlib import Path
from typing import Any

from open_data_contract_standard.model import (
    CustomProperty,
    DataQuality,
    Description,
    EnumValue,
    OpenDataContractStandard,
    SchemaObject,
    SchemaProperty,
)

from jobs.tables import origin, window
from schemas.contract import MOMENT_TYPES, MOMENTS, Field, Promise, Table
from schemas.lineage import TABLES

STANDARD = "v3.2.0"
LOGICAL = {"string": "string", "double": "number", "bigint": "integer"}


def write_odcs(folder: Path) -> list[Path]:
    """One YAML file per table, ``folder/mart/coil_yields.yaml``; the files written."""
    files = [folder / f"{table.path}.yaml" for table in TABLES.values()]
    for file, table in zip(files, TABLES.values(), strict=True):
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(odcs(table).to_yaml(), encoding="utf-8")
    return files


def odcs(table: Table) -> OpenDataContractStandard:
    """The contract of one table; the standard's own package refuses what is not of the standard."""
    return OpenDataContractStandard(
        apiVersion=STANDARD,
        kind="DataContract",
        id=f"coilmart/{table.path}",
        name=table.path,
        version=version("coilmart"),
        status="active",
        domain="hot strip mill",
        description=Description(purpose=table.meaning),
        schema=[_schema(table)],
    )


def _schema(table: Table) -> SchemaObject:
    made_from = [window(declared) for declared in table.made_from] or [origin(table)]
    return SchemaObject(
        name=table.name,
        physicalName=table.path,
        physicalType="delta table",
        logicalType="object",
        description=table.meaning,
        dataGranularityDescription=f"One row per {table.row}.",
        properties=[_property(table, field) for field in table.fields],
        quality=[_quality(promise) for promise in table.promises] or None,
        customProperties=[
            CustomProperty(property="dayOf", value=table.day_of),
            CustomProperty(property="madeFrom", value=made_from),
        ],
    )


def _property(table: Table, field: Field) -> SchemaProperty:
    in_key = field.name in table.key
    limits = {"minimum": field.minimum, "maximum": field.maximum}
    is_day = field.name == "production_day"
    return SchemaProperty(
        name=field.name,
        description=field.meaning,
        physicalType=field.type,
        required=field.required,
        examples=[_plain(field.example)] if field.example is not None else None,
        enum=[EnumValue(value=value) for value in field.values] or None,
        logicalTypeOptions={name: limit for name, limit in limits.items() if limit is not None} or None,
        primaryKey=in_key or None,
        primaryKeyPosition=table.key.index(field.name) + 1 if in_key else None,
        partitioned=is_day or None,
        partitionKeyPosition=1 if is_day else None,
        customProperties=[CustomProperty(property="unit", value=field.unit)] if field.unit else None,
        **_logical_type(field.type),
    )


def _logical_type(name: str) -> dict[str, Any]:
    if name.startswith("array<"):
        inner = name.removeprefix("array<").removesuffix(">")
        return {"logicalType": "array", "items": SchemaProperty(**_logical_type(inner), physicalType=inner)}
    if name.startswith("map<"):
        text = SchemaProperty(logicalType="string", physicalType="string")
        return {"logicalType": "map", "map": {"key": text, "value": text}}
    if name == MOMENTS:
        parts = [
            SchemaProperty(name=part, **_logical_type(inner), physicalType=inner)
            for part, inner in MOMENT_TYPES.items()
        ]
        return {"logicalType": "object", "properties": parts}
    return {"logicalType": LOGICAL.get(name, name)}


def _quality(promise: Promise) -> DataQuality:
    # Where rows are chosen, a window cannot be asked for.
    rows = f"(select {promise.condition} as kept from ${{table}})"
    return DataQuality.model_validate(
        {
            "name": promise.name,
            "description": promise.meaning,
            "type": "sql",
            "query": f"select count(*) from {rows} where not kept",
            "mustBe": 0,
            "severity": promise.severity.value,
        }
    )


def _plain(example: Any) -> Any:
    return example.isoformat() if isinstance(example, date | datetime) else example
