"""The columns of a file beside those that a map asks for."""

from collections.abc import Collection

from pipelines.raw.blocks import UnreadableError
from pipelines.raw.source_map import FieldMap, TableMap

SHOWN = 12


def require_columns(table_map: TableMap, found: Collection[str]) -> None:
    """An UnreadableError where a field that every row must have lacks its column."""
    for field in table_map.table.fields:
        lacking = _lacking(table_map.fields.get(field.name), _there(table_map, found))
        if lacking and field.required:
            if alike := _alike(lacking[0], found):
                raise UnreadableError(
                    f"{table_map.table.path} promises the column {lacking[0]!r}, but the file writes it "
                    f"{alike!r}: upper and lower case count; rename it, or name it so in a source.toml."
                )
            listed = ", ".join(list(found)[:SHOWN]) + (" ..." if len(found) > SHOWN else "")
            raise UnreadableError(
                f"{table_map.table.path} promises {field.name} in every row, but the file has no column "
                f"{lacking[0]!r}, only {listed}; deliver that column, or mend the map."
            )


def remark(table_map: TableMap, found: Collection[str]) -> str | None:
    """One sentence on columns that a source.toml names and the file lacks, or has and nobody keeps."""
    lacking = [
        column
        for name, taken in table_map.fields.items()
        for column in _lacking(taken, _there(table_map, found))
        # In the contract's own names a column may be left out.
        if column != name
    ]
    dropped = (
        []
        if table_map.attributes is True
        else [c for c in unknown(table_map, found) if not keeps(table_map, c)]
    )
    remarks = [f"There is no column {', '.join(lacking)}."] if lacking else []
    remarks += [
        f"Column {column} is not taken for {name}: upper and lower case count."
        for column in unknown(table_map, found)
        for name in table_map.columns_read
        if column.casefold() == name.casefold() and name not in found
    ]
    if dropped and table_map.attributes:
        remarks.append(f"Not kept, since attributes does not list it: {', '.join(dropped)}.")
    return " ".join(remarks) or None


def unknown(table_map: TableMap, found: Collection[str]) -> list[str]:
    """The columns that no field takes."""
    made = table_map.rows_from_columns
    taken = {*table_map.columns_read, *((made.name, made.value) if made else ())}
    return [column for column in found if column not in taken]


def keeps(table_map: TableMap, column: str) -> bool:
    """True where a column that no field takes goes into ``attributes``."""
    return table_map.attributes is True or column in (table_map.attributes or ())


def _alike(column: str, found: Collection[str]) -> str | None:
    return next((name for name in found if name.casefold() == column.casefold()), None)


def _there(table_map: TableMap, found: Collection[str]) -> set[str]:
    made = table_map.rows_from_columns
    return {*found, *table_map.told, *((made.name, made.value) if made else ())}


def _lacking(taken: FieldMap | None, there: Collection[str]) -> list[str]:
    return [column for column in taken.columns if column not in there] if taken else []
