"""Ours and the peer's tables, row by row by their keys: numbers to 1e-9 of the greater, all else equal."""

from collections.abc import Iterator
from pathlib import Path

import duckdb
from deltalake import DeltaTable

from schemas.contract import Field, Table
from schemas.core.coils import CORE_COILS
from schemas.mart.coil_yields import MART_COIL_YIELDS
from schemas.raw.finishing_readings import RAW_FINISHING_READINGS

BOTH_MAKE = (RAW_FINISHING_READINGS, CORE_COILS, MART_COIL_YIELDS)
NOT_COMPARED = {"delivery_id", "attributes", "superseded_at", "system"}
"""What the peer does not keep; rows that were superseded are not compared."""

LEDGER_KEY = ("table_path", "source_file")
COUNTS = ("status", "rows_read", "rows_kept", "rows_quarantined", "rows_duplicate", "cells_faulty")


def disagreements(ours: Path, peers: Path) -> list[str]:
    """One sentence per table, field and count of the ledger in which the two lakes differ."""
    of_tables = [line for table in BOTH_MAKE for line in _of_table(ours, peers, table)]
    return [*of_tables, *_of_ledger(ours, peers)]


def _of_table(ours: Path, peers: Path, table: Table) -> Iterator[str]:
    fields = [f for f in table.fields if not f.of_the_run and f.name not in NOT_COMPARED]
    compared = {field.name: _differs(field) for field in fields if field.name not in table.key}
    key = tuple(name for name in table.key if name not in NOT_COMPARED)
    holding = "where superseded_at is null" if table.layer == "raw" else ""
    yield from _differences(ours, peers, table.path, key, compared, holding)


def _of_ledger(ours: Path, peers: Path) -> Iterator[str]:
    exact = {name: f"ours.{name} is distinct from peer.{name}" for name in COUNTS}
    both_read = "where table_path in (select table_path from peer_rows)"
    yield from _differences(ours, peers, "core/ingest_ledger", LEDGER_KEY, exact, both_read)


def _differs(field: Field) -> str:
    one, other = f"ours.{field.name}", f"peer.{field.name}"
    if field.type != "double":
        return f"{one} is distinct from {other}"
    # Two that are missing have no difference, so neither branch is true.
    apart = f"abs({one} - {other}) > 1e-9 * greatest(abs({one}), abs({other}))"
    return f"(({one} is null) <> ({other} is null) or coalesce({apart}, false))"


def _differences(
    ours: Path, peers: Path, path: str, key: tuple[str, ...], compared: dict[str, str], holding: str
) -> Iterator[str]:
    connection = duckdb.connect()
    connection.execute("set enable_progress_bar = false")
    for name, lake in {"our_rows": ours, "peer_rows": peers}.items():
        connection.register(name, DeltaTable(str(lake / path)).to_pyarrow_dataset())
    same_key = " and ".join(f"ours.{name} = peer.{name}" for name in key)
    alone = f"(ours.{key[0]} is null or peer.{key[0]} is null)"
    names = ", ".join([*key, *compared])
    counts = ", ".join(f"count(*) filter (not {alone} and ({differs}))" for differs in compared.values())
    row = connection.sql(
        f"""select count(*) filter ({alone}), {counts}
        from (select {names} from our_rows {holding}) ours
        full join (select {names} from peer_rows) peer on {same_key}"""
    ).fetchall()[0]
    for name, count in zip(["a row of one lake alone", *compared], row, strict=True):
        if count:
            yield f"{path}: {count} rows differ in {name}."
