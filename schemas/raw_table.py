"""A raw table: the fields that the plant delivers, and those that say where a row came from."""

from schemas.contract import Field, Table
from schemas.fields import DELIVERY_ID, INGESTED_AT, PRODUCTION_DAY, ROW_NUMBER, SOURCE_FILE

SUPERSEDED_AT = Field(
    "superseded_at",
    "timestamp",
    "When a later delivery took this row's place; missing while the row holds.",
    None,
    required=False,
    of_the_run=True,
)
ATTRIBUTES = Field(
    "attributes",
    "map<string,string>",
    "What was delivered beside the contract's fields, as delivered.",
    {},
    required=False,
)
WHERE_FROM = (DELIVERY_ID, SOURCE_FILE, ROW_NUMBER, INGESTED_AT, SUPERSEDED_AT, ATTRIBUTES, PRODUCTION_DAY)


def raw_table(
    name: str,
    row: str,
    meaning: str,
    *,
    key: tuple[str, ...],
    day_of: str,
    fields: tuple[Field, ...],
    readings: bool = False,
    key_days: int = 40,
) -> Table:
    """A raw table; ``fields`` are what the plant delivers.

    Readings carry their time in the key, so a correction cannot move them to another day.
    """
    return Table(
        layer="raw",
        name=name,
        row=row,
        meaning=meaning,
        key=key,
        fields=fields + WHERE_FROM,
        day_of=day_of,
        readings=readings,
        key_days=0 if readings else key_days,
    )


def delivered(table: Table) -> tuple[Field, ...]:
    """The fields of a raw table that the plant delivers."""
    added = {field.name for field in WHERE_FROM}
    return tuple(field for field in table.fields if field.name not in added)
