"""Read one delivery: a file with the content it has, for one raw table. Runs inside a task of the engine."""

from collections.abc import Collection, Iterable, Iterator
from itertools import chain, islice

import duckdb
import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from jobs.lake.delta import arrow_schema
from jobs.lake.rewriting import batches_of
from jobs.landing import is_unchanged
from jobs.opening import READ_ERRORS, Opened, open_file
from jobs.outcomes import GROWING, Outcome, Plan
from jobs.settings import CACHE
from jobs.staging import Staging
from pipelines.raw.blocks import Block, UnreadableError
from pipelines.raw.cells import Delivered, cleaned, null_words
from pipelines.raw.columns import keeps, remark, require_columns, unknown
from pipelines.raw.duplicates import duplicates, repeated
from pipelines.raw.file_names import with_told
from pipelines.raw.long_rows import long_rows
from pipelines.raw.measured import measured, of_kept_rows
from pipelines.raw.rows import CELL_FAULT, ROW_FAULT, ROW_NUMBER, RowsSql, rows_sql
from schemas.core.cell_faults import CORE_CELL_FAULTS
from schemas.core.quarantine import CORE_QUARANTINE


def connect(threads: int) -> duckdb.DuckDBPyConnection:
    """A connection to read with, of bounded memory."""
    settings: dict[str, str | bool | int | float | list[str]] = {
        "threads": threads,
        "memory_limit": "1GB",
        "temp_directory": str(CACHE / "spill"),
    }
    connection = duckdb.connect(config=settings)
    connection.execute("set timezone = 'UTC'")
    return connection


def read_delivery(plan: Plan, connection: duckdb.DuckDBPyConnection) -> Outcome:
    """Read the file, stage what it holds, and say where each of its rows went."""
    if plan.file.size_bytes == 0:
        # An export that failed: what an earlier version of the file said holds on.
        return Outcome(plan, "empty", "The file is empty, without even a header.")
    try:
        opened = open_file(plan.file.path, plan.table_map, connection)
        require_columns(plan.table_map, opened.columns or plan.table_map.columns_read)
    except READ_ERRORS as error:
        return _unreadable(plan, error)
    reading = _Reading(plan, connection, opened)
    damage = reading.stage_rows()
    if damage is None and is_unchanged(plan.file):
        return reading.outcome()
    reading.staging.discard([plan.table, CORE_CELL_FAULTS, CORE_QUARANTINE])
    return _unreadable(plan, damage)


def _unreadable(plan: Plan, damage: Exception | None) -> Outcome:
    """Nothing is taken of the file: it is damaged, or not yet or no longer what was listed."""
    if damage is None or not is_unchanged(plan.file):
        return Outcome(plan, GROWING)
    if isinstance(damage, UnreadableError):
        return Outcome(plan, "unreadable", str(damage))
    told = f"A delivery promises a whole file, but it cannot be read to its end ({damage}); deliver it again."
    return Outcome(plan, "unreadable", told)


class _Reading:
    """A delivery while it is read."""

    def __init__(self, plan: Plan, connection: duckdb.DuckDBPyConnection, opened: Opened) -> None:
        self.plan, self.connection, self.opened = plan, connection, opened
        self.staging = Staging(plan.lake, plan.run_id)
        self.rows_read = self.rows_duplicate = 0
        self.columns: dict[str, None] = dict.fromkeys(opened.columns or ())
        self.row_numbers: list[np.ndarray] = []
        self.key_hashes: list[np.ndarray] = []

    def stage_rows(self) -> Exception | None:
        """Stage all that the file holds, or return what is wrong with the file."""
        damage: list[Exception] = []

        def kept_rows() -> Iterator[pa.RecordBatch]:
            try:
                yield from self._kept_rows()
            except READ_ERRORS as error:
                # A writer that is stopped leaves half a file behind: it ends as if all were well.
                damage.append(error)

        self.staging.write(self.plan.table, kept_rows())
        if damage:
            return damage[0]
        try:
            self._settle_staged_rows()
        except READ_ERRORS as error:
            return error
        return None

    def _kept_rows(self) -> Iterator[pa.RecordBatch]:
        blocks = self._blocks()
        first_two = list(islice(blocks, 2))
        if len(first_two) == 1:
            # Most files are one block: what its keys say is settled before it is written.
            rows = self._rows_of(first_two[0])
            yield from self._settled(rows, first_two).to_batches()
            return
        for block in chain(first_two, blocks):
            rows = self._rows_of(block)
            self.row_numbers.append(rows[ROW_NUMBER].to_numpy())
            self.key_hashes.append(rows["key_hash"].to_numpy())
            yield from rows.drop_columns(["key_hash"]).to_batches()

    def _settled(self, rows: pa.Table, blocks: Iterable[Block]) -> pa.Table:
        """The rows without those whose key occurs twice: of equal ones all but the first, of others all."""
        suspects = pa.array(repeated(rows["key_hash"].to_numpy()))
        rows = rows.drop_columns(["key_hash"])
        out = self._take_out(rows.take(suspects).to_reader(), blocks) if len(suspects) else suspects
        return rows.filter(pc.invert(pc.is_in(rows[ROW_NUMBER], out))) if len(out) else rows

    def _settle_staged_rows(self) -> None:
        """The same for rows of many blocks, which are staged already."""
        numbers = np.concatenate([*self.row_numbers, np.empty(0, np.int64)])
        suspects = numbers[repeated(np.concatenate([*self.key_hashes, np.empty(0, np.uint64)]))]
        if len(suspects):
            out = self._take_out(self._staged(suspects), self._blocks())
            self.staging.without(self.plan.table, out)

    def _take_out(self, suspects: pa.RecordBatchReader, blocks: Iterable[Block]) -> pa.Array:
        """Count duplicates, quarantine contradictions; the places of both."""
        equal, different = duplicates(suspects, self.plan.table, self.connection)
        out = pa.concat_arrays([*equal["row_number"].chunks, *different["row_number"].chunks])
        self.staging.without(CORE_CELL_FAULTS, out)
        self.rows_duplicate = len(equal)
        for block in blocks if len(different) else ():
            self._quarantine_rows(block, different)
        return out

    def outcome(self) -> Outcome:
        """What became of the delivery, all of it staged."""
        for table in (CORE_CELL_FAULTS, CORE_QUARANTINE):
            self.staging.flush(table)
        table_map = self.plan.table_map
        remarks = filter(None, (self.opened.note, remark(table_map, self.columns)))
        return Outcome(
            plan=self.plan,
            status="ingested" if self.rows_read else "empty",
            message=" ".join(remarks) or (None if self.rows_read else "The file has no rows."),
            rows_read=self.rows_read,
            rows_kept=self.staging.rows(self.plan.table),
            rows_quarantined=self.staging.rows(CORE_QUARANTINE),
            rows_duplicate=self.rows_duplicate,
            cells_faulty=self.staging.rows(CORE_CELL_FAULTS),
            unknown_columns=[c for c in unknown(table_map, self.columns) if keeps(table_map, c)],
            files=self.staging.files,
        )

    def _blocks(self) -> Iterator[Block]:
        wanted, told = self.plan.table_map.rows_from_columns, self.plan.table_map.told
        for block in (with_told(block, told) for block in self.opened.blocks() if block.rows):
            yield long_rows(block, wanted) if wanted else block

    def _rows_of(self, block: Block) -> pa.Table:
        """The rows of the block that can be kept, with the contract's fields and their ``key_hash``."""
        self.rows_read += block.rows
        self._quarantine((r.row_number, r.line_no, None, r.reason, r.original) for r in block.rejected)
        plain = measured(self.plan.table_map, block.cells)
        queries = self._queries(block, plain.values)
        rows = self.connection.sql(queries.rows).to_arrow_table()
        for name, column in plain.values.items():
            rows = rows.append_column(name, column)
        faults = pc.unique(rows["fault"]).to_pylist()
        if CELL_FAULT in faults:
            self._take_cell_faults(self.connection.sql(queries.cell_faults).to_arrow_table())
        self._take_cell_faults(of_kept_rows(plain.faults, rows))
        if ROW_FAULT in faults:
            self._quarantine_rows(block, self.connection.sql(queries.row_faults).to_arrow_table())
            rows = rows.filter(pc.less(rows["fault"], ROW_FAULT))
        return rows.select([*self.plan.table.field_names, "key_hash"]).combine_chunks()

    def _queries(self, block: Block, left_out: Collection[str]) -> RowsSql:
        """The queries over the block, which DuckDB sees from now on."""
        cells = cleaned(block.cells, null_words(self.plan.table_map))
        places = {f"c{place}": column for place, column in enumerate(cells.columns)}
        self.connection.register("block", pa.table(places | {ROW_NUMBER: pa.array(block.row_numbers)}))
        types = dict(zip(block.cells.column_names, block.cells.schema.types, strict=True))
        self.columns |= dict.fromkeys(types)
        table_map = self.plan.table_map
        # In one order, so that rows of files with another are equal.
        kept = sorted(column for column in unknown(table_map, types) if keeps(table_map, column))
        delivered = Delivered(types, self.opened.decimal, table_map.format.thousands)
        return rows_sql(table_map, delivered, kept, self.plan.arrival, left_out)

    def _take_cell_faults(self, cells: pa.Table) -> None:
        arrival = self.plan.arrival
        where = {
            "delivery_id": arrival.delivery_id,
            "table_path": self.plan.table.path,
            "source_file": arrival.source_file,
        }
        for name, value in where.items():
            cells = cells.append_column(name, pa.repeat(pa.scalar(value), len(cells)))
        self.staging.add(CORE_CELL_FAULTS, cells)

    def _quarantine_rows(self, block: Block, faults: pa.Table) -> None:
        """Quarantine those rows of the block that the faults name, with column_name and reason."""
        told = {f["row_number"]: f for f in faults.filter(_within(faults["row_number"], block)).to_pylist()}
        places = np.flatnonzero(np.isin(block.row_numbers, np.fromiter(told, np.int64, len(told))))
        self._quarantine(
            (
                int(number),
                original.line_no,
                told[number]["column_name"],
                told[number]["reason"],
                original.text,
            )
            for place in places
            if (number := block.row_numbers[place]) and (original := block.original(int(place)))
        )

    def _quarantine(self, rows: Iterable[tuple[int, int | None, str | None, str, str]]) -> None:
        arrival = self.plan.arrival
        where = {
            "delivery_id": arrival.delivery_id,
            "table_path": self.plan.table.path,
            "source_file": arrival.source_file,
            "ingested_at": arrival.ingested_at,
            "production_day": arrival.ingested_on,
        }
        names = ("row_number", "line_no", "column_name", "reason", "original")
        self.staging.add(CORE_QUARANTINE, [where | dict(zip(names, row, strict=True)) for row in rows])

    def _staged(self, row_numbers: np.ndarray) -> pa.RecordBatchReader:
        """Rows that are staged for the raw table, by their place in the delivery."""
        wanted = pa.array(row_numbers)
        files = self.staging.files[self.plan.table.path]
        batches = (b for file in files for b in batches_of(self.plan.lake, self.plan.table, file))
        found = (batch.filter(pc.is_in(batch[ROW_NUMBER], wanted)) for batch in batches)
        return pa.RecordBatchReader.from_batches(arrow_schema(self.plan.table), found)


def _within(row_numbers: pa.ChunkedArray, block: Block) -> pa.ChunkedArray:
    if not len(block.row_numbers):
        return pc.less(row_numbers, 0)
    return pc.and_(
        pc.greater_equal(row_numbers, int(block.row_numbers[0])),
        pc.less_equal(row_numbers, int(block.row_numbers[-1])),
    )
