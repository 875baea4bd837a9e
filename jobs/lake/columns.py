"""The columns of a Delta table: those of its contract, and the signals that a plant declared beside it."""

import json
from collections.abc import Iterator

from deltalake import DeltaTable
from deltalake import Field as DeltaField
from deltalake import Schema as DeltaSchema
from deltalake.schema import ArrayType, MapType, PrimitiveType, StructType

from schemas.contract import MOMENT_TYPES, MOMENTS, Field, Table

DELTA_NAMES = {"bigint": "long"}

SIGNAL = "coilmart.signal"
"""Key of a column's metadata: what a plant said of its own signal, which no contract knows, as JSON."""


class LakeError(RuntimeError):
    """A table in the lake is not what its contract says."""


def delta_schema(table: Table) -> DeltaSchema:
    """The table's fields as Delta types."""
    return DeltaSchema([DeltaField(f.name, _delta_type(f.type), metadata=_said(f)) for f in table.fields])


def signals_beside(table: Table, schema: DeltaSchema) -> Iterator[Field]:
    """The columns beside the table's fields that a plant declared, as it did."""
    for column in schema.fields:
        if column.name not in table.field_names and SIGNAL in column.metadata:
            type_name = MOMENTS if isinstance(column.type, StructType) else "double"
            said = json.loads(column.metadata[SIGNAL])
            yield Field(column.name, type_name, example=None, required=False, of_the_plant=True, **said)


def bring_up_to(found: DeltaTable, table: Table) -> None:
    """Add the columns that the table promises and the lake lacks, and what is said anew of a signal."""
    promised = delta_schema(table).fields
    has = {column.name: column for column in found.schema().fields}
    changed = [
        column.name for column in promised if column.name in has and has[column.name].type != column.type
    ]
    if changed:
        raise LakeError(
            f"{table.path} promises other types for {changed} than the table in {found.table_uri} has; "
            "make the table again into an empty folder."
        )
    if new := [column for column in promised if column.name not in has]:
        found.alter.add_columns(new)
    for column in promised:
        if column.metadata and column.name in has and column.metadata != has[column.name].metadata:
            found.alter.set_column_metadata(column.name, column.metadata)


def _said(field: Field) -> dict[str, str]:
    if not field.of_the_plant:
        return {}
    said = {"meaning": field.meaning, "minimum": field.minimum, "maximum": field.maximum}
    return {SIGNAL: json.dumps(said, ensure_ascii=False)}


def _delta_type(name: str) -> PrimitiveType | MapType | ArrayType | StructType:
    if name == MOMENTS:
        parts = [DeltaField(part, _delta_type(type_name)) for part, type_name in MOMENT_TYPES.items()]
        return StructType(parts)
    if name.startswith("array<"):
        return ArrayType(PrimitiveType(name.removeprefix("array<").removesuffix(">")))
    if name.startswith("map<"):
        return MapType(PrimitiveType("string"), PrimitiveType("string"))
    return PrimitiveType(DELTA_NAMES.get(name, name))
