"""Keys that occur twice in one file: equal rows are duplicates, different ones contradict each other."""

import duckdb
import numpy as np
import pyarrow as pa

from pipelines.raw.sql import literal, name
from schemas.contract import Table
from schemas.raw_table import delivered


def repeated(hashes: np.ndarray) -> np.ndarray:
    """Places of the values that occur more than once.

    >>> repeated(np.array([7, 5, 7, 3, 5, 7])).tolist()
    [0, 1, 2, 4, 5]
    """
    order = np.argsort(hashes, kind="stable")
    same = hashes[order][1:] == hashes[order][:-1]
    is_repeated = np.zeros(len(hashes), bool)
    is_repeated[order[:-1][same]] = True
    is_repeated[order[1:][same]] = True
    return np.flatnonzero(is_repeated)


def content_hash(table: Table) -> str:
    """SQL: what a row says, but for where it came from."""
    maps = {field.name for field in table.fields if field.type.startswith("map")}
    names = [*(field.name for field in delivered(table)), "attributes"]
    # A map says the same in any order.
    said = (f"list_sort(map_entries({name(n)}))" if n in maps else name(n) for n in names)
    return f"hash({', '.join(said)})"


def duplicates(
    rows: pa.RecordBatchReader, table: Table, connection: duckdb.DuckDBPyConnection
) -> tuple[pa.Table, pa.Table]:
    """Of rows of one file with hashes of keys that repeat: the duplicates and the contradictions.

    The first has row_number; the second row_number, column_name and reason.
    """
    key = ", ".join(name(field) for field in table.key)
    # A part of the key that is missing is not shown.
    parts = ", ".join(f"{literal(field + ' ')} || {name(field)}::varchar" for field in table.key)
    shown = f"concat_ws(', ', {parts})"
    connection.register("repeated", rows)
    connection.execute(
        f"""create or replace temp table same_key as
        select row_number, row_number = min(row_number) over same as is_first,
            min(content) over same = max(content) over same as is_equal, count(*) over same as copies,
            {shown} || ' occurs ' || copies || ' times in this file, with different content.' as reason
        from (select *, {content_hash(table)} as content from repeated)
        window same as (partition by {key}) qualify copies > 1"""
    )
    connection.unregister("repeated")
    told = f"row_number, {literal(', '.join(table.key))} as column_name, reason"
    equal = "select row_number from same_key where is_equal and not is_first"
    different = f"select {told} from same_key where not is_equal order by row_number"
    return connection.sql(equal).to_arrow_table(), connection.sql(different).to_arrow_table()
