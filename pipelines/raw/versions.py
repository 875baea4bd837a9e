"""Rows of several files that say the same of a key, or something else: which of them holds.

Versions of a key are put in the order of their files: by the time they were written, then by name. A version
that says the same as the one before it is a duplicate; otherwise it takes its place. A file that was
corrected or is read again replaces what it said before: rows that it no longer has hold no longer.
"""

import duckdb
import pyarrow as pa

from pipelines.raw.duplicates import content_hash
from pipelines.raw.sql import name
from schemas.contract import Table

DUCKDB_TYPES = {"string": "varchar", "timestamp": "timestamptz"}
NO_VERDICTS = pa.schema(
    [
        ("place", pa.int64()),
        ("row_number", pa.int64()),
        ("delivery_id", pa.string()),
        ("verdict", pa.string()),
        ("takes_place", pa.bool_()),
    ]
).empty_table()
VERDICTS = """
with own as (
    -- what an arriving file said before, and still holds
    select old.*, arriving.delivery_id as arriving_id, arriving.modified_at as arriving_at
    from candidates old join arriving using (source_file) where not old.is_new and old.holds
), matched as (
    select own.place, new.place as new_place, own.delivery_id = new.delivery_id as is_replay
    from own join candidates new
    on new.is_new and new.source_file = own.source_file and new.key = own.key and new.content = own.content
), gone as (
    select * from own where place not in (select place from matched)
), competing as (
    select * from candidates where is_new and place not in (select new_place from matched)
    union all
    select * from candidates where not is_new and holds and place not in (select place from own)
    union all
    select * exclude (arriving_id, arriving_at) replace (arriving_at as modified_at)
    from own where place in (select place from matched)
), compared as (
    select *, content is distinct from lag(content) over versions as is_other,
        last_value(case when is_new then delivery_id end ignore nulls) over (
            versions rows between unbounded preceding and unbounded following) as latest_arrival
    from competing window versions as (partition by key order by modified_at, source_file)
), numbered as (
    select *, sum(is_other::integer) over (partition by key order by modified_at, source_file) as version
    from compared
), ranked as (
    select *, version = max(version) over (partition by key) as is_last,
        -- Of equal rows the one that is in the table already stays, else the first.
        row_number() over (partition by key, version order by is_new, modified_at, source_file) = 1 as is_kept
    from numbered
), superseded_before as (
    select {'d': delivery_id, 'k': key, 'c': content} as version
    from candidates where not is_new and not holds
), verdicts as (
    select place, row_number, delivery_id, 'duplicate' as verdict, false as takes_place
    from ranked where not is_kept
    union all
    select new.place, new.row_number, new.delivery_id,
        case when is_replay then 'unchanged' else 'duplicate' end, false
    from matched join candidates new on new.place = new_place
    union all
    select place, row_number, coalesce(latest_arrival, delivery_id),
        case
            when is_last then 'holds'
            when not is_new then 'superseded'
            when {'d': delivery_id, 'k': key, 'c': content} in (from superseded_before) then 'unchanged'
            else 'superseded'
        end,
        is_new and (
            version > 1 or {'s': source_file, 'k': key} in (select {'s': source_file, 'k': key} from gone)
        )
    from ranked where is_kept
    union all
    select place, row_number, arriving_id, 'superseded', false from gone
)
from verdicts where verdict <> 'holds' or takes_place order by place
"""


def find_recurring(table: Table, connection: duckdb.DuckDBPyConnection) -> int:
    """Find the keys that recur among ``new_rows`` and the rows of ``old_rows`` that hold; how many."""
    connection.execute(f"""create or replace temp table recurring as
        select {_key_hash(table)} as key_hash from (
            from (select {_key(table)} from new_rows) union all
            (select {_key(table)} from old_rows where superseded_at is null)
        ) group by key_hash having count(*) > 1""")
    return connection.sql("from recurring").count("*").fetchall()[0][0]


def make_room(table: Table, connection: duckdb.DuckDBPyConnection) -> None:
    """Make an empty table of candidates: rows that could be in conflict."""
    types = {field.name: DUCKDB_TYPES.get(field.type, field.type) for field in table.fields}
    key = ", ".join(f"{name(field)} {types[field]}" for field in table.key)
    connection.execute(f"""create or replace temp table candidates (
        place bigint, row_number bigint, delivery_id varchar, source_file varchar, is_new boolean,
        holds boolean, key struct({key}), content ubigint, modified_at timestamptz)""")


def has_candidates(table: Table, connection: duckdb.DuckDBPyConnection) -> bool:
    """True where a row of ``rows_of_file`` could be in conflict: its key recurs, or its file arrives again.

    ``arriving`` has delivery_id, source_file, modified_at and is_again of what is ingested now.
    """
    return bool(connection.sql(f"select 1 from rows_of_file where {_is_candidate(table)} limit 1").fetchall())


def add_candidates(table: Table, is_new: bool, connection: duckdb.DuckDBPyConnection) -> None:
    """Add the candidates of ``rows_of_file``: the contract's fields, and ``place``, where a row is stored.

    ``written`` has delivery_id and modified_at of all deliveries.
    """
    key = ", ".join(f"{name(field)}: {name(field)}" for field in table.key)
    connection.execute(f"""insert into candidates
        select place, row_number, delivery_id, source_file, {is_new}, superseded_at is null, {{{key}}},
            {content_hash(table)}, modified_at
        from rows_of_file join written using (delivery_id) where {_is_candidate(table)}""")


def verdicts(connection: duckdb.DuckDBPyConnection) -> pa.Table:
    """Of candidates that are not simply kept: place, row_number, delivery_id, verdict, takes_place.

    ``duplicate``: there is an equal row. ``unchanged``: it was kept from this delivery before.
    ``superseded``: a later version holds; of a row that was there already, ``delivery_id`` is what took its
    place. ``takes_place``: a new row that took the place of an older version.
    """
    return connection.sql(VERDICTS).to_arrow_table()


def _is_candidate(table: Table) -> str:
    return f"""({_key_hash(table)} in (from recurring)
        or source_file in (select source_file from arriving where is_again))
        and (superseded_at is null or delivery_id in (select delivery_id from arriving))"""


def _key(table: Table) -> str:
    return ", ".join(name(field) for field in table.key)


def _key_hash(table: Table) -> str:
    return f"hash({_key(table)})"
